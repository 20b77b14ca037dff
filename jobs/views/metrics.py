"""What is under way, for Prometheus: read from the rows when it asks, so every process tells the same."""

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

# name, what it is, the name of its label, and a query of (label, value)
GAUGES: Final = (
    (
        "hub_jobs_active",
        "Jobs that have not ended",
        "status",
        "SELECT status, count(*) FROM jobs_job WHERE status IN ('pending', 'processing') AND id IN"
        " (SELECT job_id FROM jobs_item WHERE id IN (SELECT item_id FROM jobs_itemrun)) GROUP BY status",
    ),
    ("hub_runs", "Items under way, held by a worker or not", "lane", "SELECT lane, count(*) FROM jobs_itemrun GROUP BY lane"),
    (
        "hub_runs_waiting_for_a_slot",
        "Queued items that are not admitted",
        "provider",
        "SELECT provider, count(*) FROM jobs_itemrun WHERE wake_at IS NULL AND queued_at IS NOT NULL GROUP BY provider",
    ),
    (
        "hub_oldest_due_seconds",
        "For how long the longest due item has waited for a worker",
        "lane",
        "SELECT lane, extract(epoch FROM now() - min(wake_at))::float8 FROM jobs_itemrun"
        " WHERE wake_at < now() AND (lease_until IS NULL OR lease_until < now()) GROUP BY lane",
    ),
    (
        "hub_provider_held_back",
        "1 while a provider's breaker is open",
        "provider",
        "SELECT provider, (open_until > now())::int FROM jobs_providerhealth WHERE open_until IS NOT NULL",
    ),
    (
        "hub_unknown_outcomes_open",
        "Orders of which nobody knows yet what became of them",
        "verdict",
        "SELECT 'open', count(*) FROM jobs_unknownoutcome WHERE settled_at IS NULL",
    ),
)


class Rows(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, about, label, query in GAUGES:
            gauge = GaugeMetricFamily(name, about, labels=[label])
            with connection.cursor() as cursor:
                cursor.execute(query)
                for value, number in cursor.fetchall():
                    gauge.add_metric([value], number)
            yield gauge


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """With `Authorization: Bearer <METRICS_TOKEN>`; anything else, or no such token in the settings, is 404."""
    _, _, token = request.headers.get("authorization", "").partition(" ")
    if not settings.METRICS_TOKEN or not constant_time_compare(token.strip(), settings.METRICS_TOKEN):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Rows())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
