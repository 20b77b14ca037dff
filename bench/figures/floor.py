"""The least that an authenticated Django view can do: one indexed query. What the product's reads are measured against."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from jobs.models import JobFeed
from wevion.accounts.authentication import caller
from wevion.accounts.models import User


@login_required
def page(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    return HttpResponse(str(JobFeed.version_of(request.user)))


class Api(APIView):
    """The same behind an API key and the rate limit."""

    def get(self, request: Request) -> Response:
        return Response({"version": JobFeed.version_of(caller(request).user)})
