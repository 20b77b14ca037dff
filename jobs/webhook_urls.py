"""The pages of the webhooks, under /settings/team/."""

from django.urls import path

from jobs.views import webhooks

urlpatterns = [
    path("webhooks", webhooks.webhooks, name="webhooks"),
    path("webhooks/secret", webhooks.team_secret, name="webhook-team-secret"),
    path("webhooks/orders", webhooks.orders, name="webhook-orders"),
    path("webhooks/deliveries/<uuid:delivery_id>/replay", webhooks.replay, name="webhook-replay"),
    path("webhooks/<uuid:endpoint_id>", webhooks.webhook, name="webhook"),
    path("webhooks/<uuid:endpoint_id>/rotate", webhooks.rotate, name="webhook-rotate"),
    path("webhooks/<uuid:endpoint_id>/switch", webhooks.switch, name="webhook-switch"),
    path("webhooks/<uuid:endpoint_id>/test", webhooks.test, name="webhook-test"),
    path("webhooks/<uuid:endpoint_id>/delete", webhooks.delete, name="webhook-delete"),
]
