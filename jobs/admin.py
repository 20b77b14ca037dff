"""The backoffice's view of jobs, their timeline, and the team's money."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from jobs import clock
from jobs.entry_form import EntryForm
from jobs.models import CreditAccount, Item, Job, JobEvent, LedgerEntry, ProviderHealth, UnknownOutcome
from jobs.models.ledger import dollars
from jobs.studio import studio
from wevion.accounts.backoffice import ReadOnlyInline, TeamAdmin, backoffice
from wevion.accounts.models import User
from wevion.refusal import Refusal

if TYPE_CHECKING:  # Django's own class takes no type parameter when it runs
    OutcomeModelForm = forms.ModelForm[UnknownOutcome]
else:
    OutcomeModelForm = forms.ModelForm


class EventInline(ReadOnlyInline):
    model = JobEvent
    verbose_name_plural = "timeline"
    fields = readonly_fields = ("seq", "time", "from_status", "to_status", "note", "detail")

    def time(self, event: JobEvent) -> str:
        return f"{event.at:%Y-%m-%d %H:%M:%S} UTC"


class ItemInline(ReadOnlyInline):
    model = Item
    fields = ("position", "stage", "status", "progress_percent", "cost_cents", "error_code", "error_message")


class LedgerInline(ReadOnlyInline):
    model = LedgerEntry
    verbose_name_plural = "ledger"
    fields = ("at", "kind", "amount_cents", "balance_cents", "reason")


@admin.register(Job, site=backoffice)
class JobAdmin(TeamAdmin):
    list_display = ("created_at", "type", "provider", "user", "short_prompt", "status", "cost", "error_code", "delayed")
    list_filter = ("status", "type", "provider", "error_code", ("delayed_at", admin.EmptyFieldListFilter), "created_at")
    search_fields = ("=id", "prompt", "user__email")
    list_select_related = ("user",)
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    show_full_result_count = False
    list_per_page = 50
    inlines = (EventInline, ItemInline, LedgerInline)
    exclude = ("fingerprint",)

    @admin.display(description="prompt")
    def short_prompt(self, job: Job) -> str:
        return job.prompt[:60]

    @admin.display(description="cost", ordering="cost_cents")
    def cost(self, job: Job) -> str:
        return dollars(job.cost_cents) if job.cost_cents else "–"

    @admin.display(boolean=True, description="delayed")
    def delayed(self, job: Job) -> bool:
        return job.delayed_at is not None


class OutcomeForm(OutcomeModelForm):
    """What the vendor says; and the file, if the vendor made one that can still be had."""

    file = forms.FileField(required=False, help_text="If the vendor made it: the file, for the person's library.")

    class Meta:
        model = UnknownOutcome
        fields = ("verdict", "vendor_cost_cents", "note")


@admin.register(UnknownOutcome, site=backoffice)
class UnknownOutcomeAdmin(TeamAdmin):
    """Raised when nobody knows whether a vendor made, and billed us for, a job. Superusers settle them."""

    team_path = "job__team"
    form = OutcomeForm
    list_display = ("raised_at", "job", "provider", "verdict", "vendor_cost_cents", "settled_by", "settled_at")
    list_filter = ("verdict", "job__provider", ("settled_at", admin.EmptyFieldListFilter))
    list_select_related = ("job", "settled_by")
    readonly_fields = ("job", "raised_at", "settled_at", "settled_by")
    ordering = ("-raised_at",)

    @admin.display(ordering="job__provider")
    def provider(self, outcome: UnknownOutcome) -> str:
        return outcome.job.provider

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def save_model(self, request: HttpRequest, obj: UnknownOutcome, form: Any, change: bool) -> None:
        """Records the finding on the job's timeline, with its author. The job stays as it ended."""
        now = clock.now()
        obj.settled_at, obj.settled_by = now, cast(User, request.user)
        obj.save()
        found = obj.get_verdict_display() or "No verdict"
        Job.objects.locked(obj.job_id).note(now, f"Settled by {request.user}: {found}. {obj.note}".strip())
        if uploaded := form.cleaned_data.get("file"):
            try:
                studio().adopt(obj.job, uploaded)
            except ValueError as error:
                self.message_user(request, f"The file was not kept: {error}", messages.ERROR)


@admin.register(ProviderHealth, site=backoffice)
class ProviderHealthAdmin(TeamAdmin):
    """The breakers, for superusers: they are no team's."""

    list_display = ("provider", "errors", "open_until")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProviderHealth]:
        return ProviderHealth.objects.all() if request.user.is_superuser else ProviderHealth.objects.none()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)


@admin.register(LedgerEntry, site=backoffice)
class LedgerEntryAdmin(TeamAdmin):
    """Superusers record payments and refunds; owners do not give themselves credit. Nobody changes an entry."""

    list_display = ("at", "team", "kind", "amount", "balance", "job", "actor", "reason")
    list_filter = ("kind", "at")
    list_select_related = ("team", "job", "actor")
    ordering = ("-at", "-id")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def get_fields(self, request: HttpRequest, obj: LedgerEntry | None = None) -> Any:
        if obj is None:
            return ["kind", "team", "job_id", "amount", "reason"]
        return ["at", "team", "kind", "amount", "balance", "job", "actor", "reason"]

    def get_form(self, request: HttpRequest, obj: LedgerEntry | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **({} if obj else {"form": EntryForm}) | kwargs)

    def save_model(self, request: HttpRequest, obj: LedgerEntry, form: Any, change: bool) -> None:
        recorded = form.record(cast(User, request.user).pk)
        for field in LedgerEntry._meta.concrete_fields:  # what the admin logs and shows
            setattr(obj, field.attname, getattr(recorded, field.attname))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """What is refused only at the last moment, such as a second refund from another window, is said in the list."""
        try:
            return super().add_view(request, form_url, extra_context)
        except (Refusal, IntegrityError) as error:
            text = error.message if isinstance(error, Refusal) else "This reference has been recorded already."
            self.message_user(request, f"{text} Nothing was recorded.", messages.ERROR)
            return redirect("admin:jobs_ledgerentry_changelist")

    @admin.display(ordering="amount_cents")
    def amount(self, entry: LedgerEntry) -> str:
        return dollars(entry.amount_cents)

    @admin.display(ordering="balance_cents")
    def balance(self, entry: LedgerEntry) -> str:
        return dollars(entry.balance_cents)


@admin.register(CreditAccount, site=backoffice)
class CreditAccountAdmin(TeamAdmin):
    list_display = ("team", "posted", "held", "available")
    list_select_related = ("team",)

    @admin.display(ordering="posted_cents")
    def posted(self, account: CreditAccount) -> str:
        return dollars(account.posted_cents)

    @admin.display(ordering="held_cents")
    def held(self, account: CreditAccount) -> str:
        return dollars(account.held_cents)

    @admin.display()
    def available(self, account: CreditAccount) -> str:
        return dollars(account.available_cents)
