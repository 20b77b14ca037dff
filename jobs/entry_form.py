"""What an operator records in the backoffice: a payment that came in, or a job's charge given back. Nobody else adds credit."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms

from jobs.models import Job, LedgerEntry, ledger

if TYPE_CHECKING:  # Django's own class takes no type parameter when it runs
    EntryModelForm = forms.ModelForm[LedgerEntry]
else:
    EntryModelForm = forms.ModelForm

MOST_DOLLARS = 10_000_000


class EntryForm(EntryModelForm):
    """An entry is for ever: a wrong one is put right by another. The reference of a payment can be used once for each team."""

    kind = forms.ChoiceField(
        choices=[("topup", "Top-up: a payment that came in"), ("refund", "Refund: a job's charge given back")],
    )
    job_id = forms.UUIDField(
        label="Job", required=False, help_text="For a refund: the id of the job. Once for each job, at most its charge."
    )
    amount = forms.DecimalField(
        label="Amount in dollars",
        min_value=0,
        max_value=MOST_DOLLARS,
        decimal_places=2,
    )

    class Meta:
        model = LedgerEntry
        fields = ("team", "reason")
        labels = {"reason": "Reference"}
        help_texts = {
            "team": "For a top-up. A refund goes to the team of the job.",
            "reason": "The invoice's or payment's number, or why it is given back. The team sees it.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].required = False
        self.fields["reason"].required = True

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("amount") == 0:
            self.add_error("amount", "At least one cent.")
        if found.get("kind") == "topup":
            self._check_top_up(found)
        elif found.get("kind") == "refund" and not Job.objects.filter(pk__in=[found.get("job_id")]).exists():
            self.add_error("job_id", "There is no job with this id.")
        return found

    def _check_top_up(self, found: dict[str, Any]) -> None:
        team, reference = found.get("team"), found.get("reason")
        if team is None:
            self.add_error("team", "Choose the team that paid.")
        elif LedgerEntry.objects.filter(team=team, kind="topup", reason=reference).exists():
            self.add_error("reason", "This reference has been recorded for the team already.")

    def record(self, actor_id: UUID) -> LedgerEntry:
        """Writes the entry. Call it in a transaction. Raises Refusal for a refund that cannot be."""
        wanted = self.cleaned_data
        cents = int(wanted["amount"] * 100)
        if wanted["kind"] == "topup":
            return ledger.top_up(wanted["team"], cents, actor_id, wanted["reason"])
        return ledger.refund(Job.objects.get(pk=wanted["job_id"]), cents, actor_id, wanted["reason"])
