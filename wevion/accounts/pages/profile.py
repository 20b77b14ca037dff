"""Settings → Profile: the name, the colours, and how one is told that a job has ended."""

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from wevion.accounts.models import MailWhenDone, User

if TYPE_CHECKING:  # Django's own class takes no type parameter when it runs
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm

YEAR_SECONDS: Final = 365 * 24 * 3600
THEMES: Final = [("", "Like the system"), ("light", "Light"), ("dark", "Dark")]


class ProfileForm(UserForm):
    """The theme is a cookie, since each screen has a light of its own; the rest is kept with the person."""

    theme = forms.ChoiceField(choices=THEMES, required=False, widget=forms.RadioSelect, label="Colours on this device")
    mail_when_done = forms.ChoiceField(choices=MailWhenDone.choices, widget=forms.RadioSelect, label="E-mail")
    notify_in_browser = forms.BooleanField(required=False, label="Notify me in the browser when a job ends")

    class Meta:
        model = User
        fields = ("name", "mail_when_done", "notify_in_browser")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        if not settings.SENDS_MAIL:
            self.fields["mail_when_done"].disabled = True


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own profile; saved as a whole."""
    assert isinstance(request.user, User)
    person = User.objects.get(
        pk=request.user.pk
    )  # a form writes into what it is given; the page goes on showing who is logged in
    sent = request.POST if request.method == "POST" else None
    form = ProfileForm(sent, instance=person, initial={"theme": request.COOKIES.get("theme", "")})
    if form.is_valid():
        form.save()
        messages.success(request, "Your profile is saved.")
        return _with_theme(request, redirect("profile"), form.cleaned_data["theme"])
    context = {"section": "settings", "tab": "profile", "form": form, "sends_mail": settings.SENDS_MAIL}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


def _with_theme(request: HttpRequest, response: HttpResponse, theme: str) -> HttpResponse:
    if theme:
        response.set_cookie("theme", theme, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response
