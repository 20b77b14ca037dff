"""The map of the site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path
from django.views import defaults
from django.views.generic import RedirectView

from creative_hub.api import document
from creative_hub.api.views import result
from creative_hub.views.campaigns import campaign_list
from creative_hub.views.help import help_page
from jobs.callbacks import callback
from jobs.views import billing, dashboard, metrics
from wevion import health
from wevion.accounts import views as accounts
from wevion.accounts.backoffice import backoffice
from wevion.drf import errors


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return errors.not_found(request) if request.path.startswith(errors.PATHS) else defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return errors.server_error(request) if request.path.startswith(errors.PATHS) else defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return errors.bad_request(request) if request.path.startswith(errors.PATHS) else defaults.bad_request(request, exception)


def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it by themselves, for a file in its own tab too."""
    return redirect(static("logo.svg"), permanent=True)


handler400 = bad_request
handler404 = page_not_found
handler500 = server_error

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="hub")),
    path("login", accounts.sign_in, name="login"),
    path("logout", accounts.sign_out, name="logout"),
    path("help", help_page, name="help"),
    path("creative-hub/", include("creative_hub.urls")),
    path("creative-hub/", include("jobs.urls")),
    path("campaign-creator", campaign_list, name="campaigns"),
    path("campaign-creator/", include("creative_hub.campaign_urls")),
    path("", include("wevion.accounts.urls")),
    path("dashboard", dashboard.dashboard, name="dashboard"),
    path("settings/team/billing", billing.billing, name="billing"),
    path("settings/team/billing.csv", billing.billing_csv, name="billing-csv"),
    path("settings/team/", include("jobs.webhook_urls")),
    path("files/<str:token>", result, name="result"),
    path("hooks/<str:token>", callback, name="callback"),
    path("api/v1/creative-hub/generate/", include("creative_hub.api.urls")),
    path("api/v1/creative-hub/", include("jobs.api.webhook_urls")),
    path("", include("creative_hub.api.neighbours.urls")),
    path("api/v1/schema", document.schema, name="api-schema"),
    path("api/v1/docs", document.docs, name="api-docs"),
    path("backoffice/", backoffice.urls),
    path("favicon.ico", favicon),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", metrics.metrics, name="metrics"),
]
