"""The pages of the jobs, under /creative-hub/."""

from django.urls import path

from jobs.views import panel, several
from jobs.views.preview import job
from jobs.views.pulse import pulse

urlpatterns = [
    path("jobs", panel.jobs, name="jobs"),
    path("jobs/pulse", pulse, name="jobs-pulse"),
    path("jobs/download", several.download_several, name="jobs-download"),
    path("jobs/retry", several.retry_several, name="jobs-retry"),
    path("jobs/hide", several.hide_several, name="jobs-hide"),
    path("jobs/unhide", several.unhide_several, name="jobs-unhide"),
    path("jobs/<uuid:job_id>", job, name="job"),
    path("jobs/<uuid:job_id>/zip", several.download_job, name="job-zip"),
    path("jobs/<uuid:job_id>/retry", panel.retry, name="job-retry"),
    path("jobs/<uuid:job_id>/cancel", panel.cancel, name="job-cancel"),
    path("jobs/<uuid:job_id>/hide", panel.hide, name="job-hide"),
]
