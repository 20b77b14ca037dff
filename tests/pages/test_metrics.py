"""The numbers for Prometheus."""

import json
from collections.abc import Callable
from typing import Any

from django.test import Client

from wevion.accounts.models import Membership

BODY = {"prompt": "a lamp", "provider": "local_image"}


def test_the_numbers_are_for_who_has_the_token(bob: Membership, key_of: Callable[[Membership], str], settings: Any) -> None:
    url = "/api/v1/creative-hub/generate/image"
    Client(headers={"x-api-key": key_of(bob)}).post(url, json.dumps(BODY), content_type="application/json")
    assert Client().get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "scrape-me"
    assert Client(headers={"authorization": "Bearer wrong"}).get("/metrics").status_code == 404
    told = Client(headers={"authorization": "Bearer scrape-me"}).get("/metrics")
    assert told.status_code == 200
    lines = told.content.decode().splitlines()
    assert 'hub_jobs_active{status="pending"} 1.0' in lines
    assert 'hub_runs_waiting_for_a_slot{provider="local_image"} 1.0' in lines
    assert 'hub_unknown_outcomes_open{verdict="open"} 0.0' in lines
