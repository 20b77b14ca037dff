"""The way back in for somebody who forgot the password: ask for a link, and choose a new one behind it."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import PasswordResetConfirmView, PasswordResetView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe

from wevion.accounts import guesses
from wevion.accounts.forms import ForgottenForm, NewForm
from wevion.accounts.models import User


class Forgotten(PasswordResetView):
    """Asks for the address. Where no mail is sent the page says so, and takes nothing."""

    form_class = ForgottenForm
    template_name = "accounts/forgotten.html"
    success_url = reverse_lazy("forgotten-sent")

    def form_valid(self, form: Any) -> HttpResponse:
        if not settings.SENDS_MAIL:
            return self.render_to_response(self.get_context_data(form=form), status=503)
        try:
            return super().form_valid(form)
        except guesses.TooMany as many:
            response = self.render_to_response(self.get_context_data(form=form, problem=many.message), status=429)
            response["Retry-After"] = many.details["retry_after_seconds"]
            return response

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(**more) | {"sends_mail": settings.SENDS_MAIL}


class NewPassword(PasswordResetConfirmView):
    """Behind the link. With the new password every session of the person ends, and the link and all others are used up."""

    form_class = NewForm
    template_name = "accounts/new_password.html"
    success_url = reverse_lazy("new-password-done")

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        guesses.remember(self.request, response, cast(User, form.user).email)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return response

    def render_to_response(self, context: dict[str, Any], **options: Any) -> Any:
        if not self.validlink:
            return render(self.request, "accounts/new_password_gone.html", status=404)
        return super().render_to_response(context, **options)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/forgotten_sent.html")


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/new_password_done.html")
