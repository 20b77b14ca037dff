"""The description of the API: whole, true, and shown under the strict policy of the site."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from creative_hub.orders import ORDERS
from tests.api.calling import BASE, BODIES, Api, begin, complete, error_of, fail, submitted, valid
from wevion.accounts.models import Membership
from wevion.drf.openapi import ERRORS

SCHEMA = "/api/v1/schema"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = APIClient().get(SCHEMA).json()
    return found


def test_anybody_may_read_it_and_an_unchanged_one_is_not_sent_again() -> None:
    first = APIClient().get(SCHEMA)
    assert (first.status_code, first["Content-Type"]) == (200, "application/vnd.oai.openapi+json")
    assert APIClient().get(SCHEMA, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_it_has_every_path_method_and_code(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    hub = "/api/v1/creative-hub"
    operations = {(method.upper(), path.removeprefix(hub)) for path, said in document["paths"].items() for method in said}
    expected = {("POST", f"/generate/{job_type.replace('_', '-')}") for job_type in ORDERS} | {
        *(("POST", path) for path in ("/generate/quote", "/generate/jobs/{id}/retry", "/generate/jobs/{id}/cancel")),
        *(("GET", path) for path in ("/generate/jobs", "/generate/jobs/{id}", "/webhooks", "/webhooks/{id}")),
        *(("GET", path) for path in ("/webhooks/deliveries", "/webhooks/deliveries/{id}")),
        *(("POST", f"/webhooks{path}") for path in ("", "/secret", "/deliveries/{id}/replay", "/{id}/rotate", "/{id}/test")),
        ("DELETE", "/generate/jobs/{id}"),
        ("DELETE", "/webhooks/{id}"),
        ("PATCH", "/webhooks/{id}"),
        *(("GET", path) for path in ("/api/v1/jobs", "/api/v1/jobs/{id}", "/api/v1/jobs/{id}/result")),
        *(("POST", path) for path in ("/api/v1/jobs", "/api/v1/jobs/{id}/cancel", "/api/v1/generate", "/api/v1/videos/upload")),
        *(("GET", path) for path in ("/v1/jobs/{id}", "/v1/generate/story/{id}")),
        ("POST", "/v1/generate/story"),
    }
    assert operations == expected
    said = [operation for path in document["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in said}) == len(said)
    assert all({"apiKey": []} in operation["security"] and {"bearer": []} in operation["security"] for operation in said)
    examples = [
        name for one in said for status, answer in one["responses"].items() if status >= "4" for name in _examples(answer)
    ]
    assert set(examples) == set(ERRORS)


def _examples(answer: dict[str, Any]) -> list[str]:
    return list(answer.get("content", {}).get("application/json", {}).get("examples", {}))


def test_jobs_in_every_state_are_as_described(document: dict[str, Any], api: Api, bob: Membership) -> None:
    client = api(bob)
    jobs = [submitted(client) for _ in range(4)]
    begin(jobs[1])
    complete(jobs[2], lost=(1,))
    fail(jobs[3])
    for job_id in jobs:
        valid(document, "Job", client.get(f"{BASE}/jobs/{job_id}").json())
    valid(document, "JobPage", client.get(f"{BASE}/jobs?totals=true&limit=2").json())
    valid(document, "Error", client.get(f"{BASE}/jobs?limit=0").json())


@pytest.mark.parametrize("job_type", BODIES)
def test_the_examples_are_orders_that_are_taken(job_type: str, document: dict[str, Any], api: Api, bob: Membership) -> None:
    content = document["paths"][f"{BASE}/{job_type}"]["post"]["requestBody"]["content"]["application/json"]
    answer = api(bob).post(f"{BASE}/{job_type}", content["example"])
    assert answer.status_code == 202, answer.content
    valid(document, "Accepted", answer.json())


@pytest.mark.parametrize(
    ("job_type", "field", "value"),
    [("image", "seed", "7"), ("image", "prompt", 5), ("video", "duration", "5"), ("tts", "text", 1.5)],
)
def test_a_value_of_another_type_than_described_is_refused_by_name(
    job_type: str, field: str, value: Any, api: Api, bob: Membership
) -> None:
    answer = api(bob).post(f"{BASE}/{job_type}", BODIES[job_type] | {field: value})
    assert field in error_of(answer, 400, "invalid_request")["details"]
