"""The product's map, and the floors beside it."""

from django.urls import include, path

from bench.figures import floor
from wevion import urls as product

handler404 = product.page_not_found
handler500 = product.server_error

urlpatterns = [
    path("bench/page", floor.page),
    path("bench/api", floor.Api.as_view()),
    path("", include("wevion.urls")),
]
