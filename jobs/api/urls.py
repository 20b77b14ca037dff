from django.urls import path

from jobs.api import views

urlpatterns = [
    path("jobs", views.JobList.as_view(), name="api-jobs"),
    path("jobs/<uuid:pk>", views.JobDetail.as_view(), name="api-job"),
    path("jobs/<uuid:pk>/retry", views.JobRetry.as_view(), name="api-job-retry"),
    path("jobs/<uuid:pk>/cancel", views.JobCancel.as_view(), name="api-job-cancel"),
]
