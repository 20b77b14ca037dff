from django.urls import include, path

from creative_hub.api import views
from creative_hub.orders import ORDERS

urlpatterns = [
    *(path(name.replace("_", "-"), views.Generate.as_view(job_type=name), name=f"api-generate-{name}") for name in ORDERS),
    path("quote", views.Quote.as_view(), name="api-quote"),
    path("", include("jobs.api.urls")),
]
