"""The pages of the jobs, under /creative-hub/."""

from django.urls import path

from jobs.views.panel import hide, jobs, retry
from jobs.views.preview import job

urlpatterns = [
    path("jobs", jobs, name="jobs"),
    path("jobs/<uuid:job_id>", job, name="job"),
    path("jobs/<uuid:job_id>/retry", retry, name="job-retry"),
    path("jobs/<uuid:job_id>/hide", hide, name="job-hide"),
]
