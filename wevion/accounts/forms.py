"""The forms of the settings pages."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, PasswordResetForm, SetPasswordForm
from django.http import HttpRequest
from django.utils import timezone

from wevion.accounts import guesses, resets
from wevion.accounts.models import Membership, Permission, Role, Team, User

if TYPE_CHECKING:  # Django's own classes take no type parameters when they run
    TeamModelForm = forms.ModelForm[Team]
    NewPasswordForm = SetPasswordForm[User]
    MemberChoice = forms.ModelChoiceField[Membership]
else:
    TeamModelForm, NewPasswordForm, MemberChoice = forms.ModelForm, SetPasswordForm, forms.ModelChoiceField

LIFETIMES: Final = [("30", "30 days"), ("90", "90 days"), ("365", "1 year"), ("never", "No expiry")]
MOST_CENTS: Final = 2_000_000_000  # what the column holds
LENGTH_HINT: Final = "At least 8 characters, and none of the very common ones."


class TeamForm(TeamModelForm):
    class Meta:
        model = Team
        fields = ("name",)


class InviteForm(forms.Form):
    """An address, and one of the roles the actor may give."""

    email = forms.EmailField(label="E-mail", max_length=254)
    role = forms.ChoiceField(initial=Role.MEDIABUYER)

    def __init__(self, actor: Membership, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["role"]).choices = [(role.value, role.label) for role in actor.may_grant]


class MemberForm(forms.Form):
    role = forms.ChoiceField()
    cap = forms.DecimalField(
        label="Monthly limit in dollars",
        required=False,
        min_value=0,
        max_value=MOST_CENTS // 100,
        decimal_places=2,
        help_text="What this person's jobs may cost the team in a calendar month. Empty: no limit.",
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "placeholder": "No limit"}),
    )

    def __init__(self, actor: Membership, member: Membership, data: Any = None) -> None:
        cents = member.monthly_cap_cents
        super().__init__(data, initial={"role": member.role, "cap": None if cents is None else Decimal(cents) / 100})
        cast(forms.ChoiceField, self.fields["role"]).choices = [(role.value, role.label) for role in actor.may_grant]

    @property
    def cap_cents(self) -> int | None:
        cap: Decimal | None = self.cleaned_data["cap"]
        return None if cap is None else int(cap * 100)


class KeyForm(forms.Form):
    """A key for a member whom the actor may manage: one that acted for somebody above would lend their role."""

    name = forms.CharField(max_length=100, widget=forms.TextInput(attrs={"placeholder": "For example: Nightly renders"}))
    member = MemberChoice(
        Membership.objects.none(),
        label="Acts as",
        empty_label=None,
        help_text="Its jobs are this person's, within this person's role and limit.",
    )
    lifetime = forms.ChoiceField(label="Works for", choices=LIFETIMES, initial="90")
    permissions = forms.MultipleChoiceField(
        label="May",
        choices=Permission.choices,
        initial=Permission.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "A key that may do nothing is of no use. Tick at least one."},
    )

    def __init__(self, actor: Membership, data: Any = None) -> None:
        super().__init__(data, initial={"member": actor.pk})
        members = Membership.objects.filter(team=actor.team_id, role__in=actor.may_grant).select_related("user")
        cast(MemberChoice, self.fields["member"]).queryset = members.order_by("user__name", "user__email")

    @property
    def expires_at(self) -> Any:
        days = self.cleaned_data["lifetime"]
        return timezone.now() + timedelta(days=int(days)) if days != "never" else None


class JoinForm(NewPasswordForm):
    """A name and a password for the new account of somebody who was invited."""

    name = forms.CharField(label="Your name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ("name", "new_password1", "new_password2")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        _in_our_words(self.fields, "Password")

    def fill(self) -> User:
        """The person with the name and password, not saved."""
        person: User = self.user
        person.name = self.cleaned_data["name"].strip()
        person.set_password(self.cleaned_data["new_password1"])
        return person


class ReturnForm(forms.Form):
    """The password of a former member, whose account sleeps, so that the login page does not take it."""

    password = forms.CharField(strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    def __init__(self, request: HttpRequest, person: User, data: Any = None) -> None:
        super().__init__(data)
        self.request, self.person = request, person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            right = guesses.counted(self.request, self.person.email, lambda: self.person.check_password(password) or None)
        except guesses.TooMany as many:
            raise forms.ValidationError(many.message) from None
        if not right:
            raise forms.ValidationError("This is not the password of the account. Check it, and try again.")
        return password


class ForgottenForm(PasswordResetForm):
    """The address to which a link for a new password shall go, whether or not there is such a person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail"
        self.fields["email"].widget.attrs |= {"autocomplete": "username", "autofocus": True}

    def save(self, *args: Any, request: HttpRequest | None = None, **options: Any) -> None:
        """Leaves the mail to a worker. Raises guesses.TooMany."""
        assert request is not None
        resets.ask(request, self.cleaned_data["email"])


class NewForm(NewPasswordForm):
    """A new password twice, for somebody who came by the link of the mail."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        _in_our_words(self.fields, "New password")
        self.fields["new_password1"].widget.attrs["autofocus"] = True


class PasswordForm(PasswordChangeForm):
    """The present password, and a new one twice."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["old_password"].label = "Present password"
        _in_our_words(self.fields, "New password")


def _in_our_words(fields: dict[str, Any], label: str) -> None:
    fields["new_password1"].label, fields["new_password1"].help_text = label, LENGTH_HINT
    fields["new_password2"].label, fields["new_password2"].help_text = f"{label} again", ""
