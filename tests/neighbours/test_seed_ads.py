"""A program written from the ad generator's public description alone, over nothing but HTTP, against the running server."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from tests.processes import Stack
from wevion.accounts.models import Membership

TERMINAL = ("completed", "partial", "failed", "cancelled")
STAGES = ("preparing", "video", "audio", "lip_sync", "stitching")
PROJECT_RANGES = {"preparing": (0, 20), "generating": (20, 70), "post_processing": (70, 85), "stitching": (85, 99)}


class Studio:
    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = url, key

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.url}{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def watch(self, job_id: str) -> list[dict[str, Any]]:
        limit, answers = time.monotonic() + 120, list[dict[str, Any]]()
        while not answers or answers[-1]["status"] not in TERMINAL:
            assert time.monotonic() < limit, answers[-1:]
            status, answer = self.call("GET", f"/api/v1/jobs/{job_id}")
            assert status == 200, answer
            check(answer)
            answers.append(answer)
            time.sleep(0.2)
        return answers


def check(job: dict[str, Any]) -> None:
    """What the description promises of every answer."""
    ended = job["status"] in TERMINAL
    assert job["status"] in ("pending", "running", *TERMINAL)
    assert (job["overallProgress"] == 100) == ended
    assert ended or job["stage"] in STAGES
    assert ("completedDetails" in job) == ended
    assert len(job["projects"]) == job["totalProjects"]
    for project in job["projects"]:
        if project["status"] in PROJECT_RANGES:
            low, high = PROJECT_RANGES[project["status"]]
            assert low <= project["progress"] <= high, project


def test_a_program_of_the_ad_generator_works_here(stack: Stack, bob: Membership, key_of: Callable[[Membership], str]) -> None:
    studio = Studio(stack.url, key_of(bob))
    pages = ["https://no-such-shop.invalid/lamp", "https://no-such-shop.invalid/mug"]
    status, accepted = studio.call("POST", "/api/v1/generate", {"urls": pages, "variantCount": 1})
    assert status in (200, 202), accepted
    assert (accepted["totalProjects"], accepted["status"] in ("pending", "running")) == (2, True)
    status, stopped = studio.call("POST", f"/api/v1/jobs/{accepted['jobId']}/cancel")
    assert (status, stopped["status"]) == (200, "cancelled")
    assert studio.watch(accepted["jobId"])[-1]["completedDetails"] == []

    page = f"{stack.url}/login"  # a page that shows no product, in a network that is not asked
    status, error = studio.call("POST", "/api/v1/generate", {"urls": [page]})
    assert status == 400
    assert set(error) == {"error", "message", "details", "request_id"}
    status, error = studio.call("GET", "/api/v1/jobs/00000000-0000-4000-8000-000000000000")
    assert status == 404
    assert Studio(stack.url, "wv_live_wrong").call("GET", f"/api/v1/jobs/{accepted['jobId']}")[0] == 401
