"""Under /api/v1/creative-hub/webhooks."""

from django.urls import path

from jobs.api import webhooks

urlpatterns = [
    path("webhooks", webhooks.EndpointList.as_view(), name="api-webhooks"),
    path("webhooks/secret", webhooks.TeamSecret.as_view(), name="api-webhook-secret"),
    path("webhooks/deliveries", webhooks.DeliveryList.as_view(), name="api-webhook-deliveries"),
    path("webhooks/deliveries/<uuid:pk>", webhooks.DeliveryDetail.as_view(), name="api-webhook-delivery"),
    path("webhooks/deliveries/<uuid:pk>/replay", webhooks.DeliveryReplay.as_view(), name="api-webhook-replay"),
    path("webhooks/<uuid:pk>", webhooks.EndpointDetail.as_view(), name="api-webhook"),
    path("webhooks/<uuid:pk>/rotate", webhooks.EndpointRotate.as_view(), name="api-webhook-rotate"),
    path("webhooks/<uuid:pk>/test", webhooks.EndpointTest.as_view(), name="api-webhook-test"),
]
