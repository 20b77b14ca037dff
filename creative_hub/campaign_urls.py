"""The Campaign Creator, under /campaign-creator/."""

from django.urls import path

from creative_hub.views.campaigns import campaign, campaign_delete, campaign_new, campaign_step

urlpatterns = [
    path("new", campaign_new, name="campaign-new"),
    path("step", campaign_step, name="campaign-step"),
    path("<uuid:draft_id>", campaign, name="campaign"),
    path("<uuid:draft_id>/delete", campaign_delete, name="campaign-delete"),
]
