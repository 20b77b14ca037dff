"""A program written from the story generator's public description alone, over nothing but HTTP, against the running server."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from tests.processes import Stack
from wevion.accounts.models import Membership


class Generator:
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
        """Polls until the status is completed or failed."""
        limit, answers = time.monotonic() + 120, list[dict[str, Any]]()
        while not answers or answers[-1]["status"] not in ("completed", "failed"):
            assert time.monotonic() < limit, answers[-1:]
            status, answer = self.call("GET", f"/v1/jobs/{job_id}")
            assert status == 200, answer
            check(answer)
            answers.append(answer)
            time.sleep(0.1)
        return answers


def check(job: dict[str, Any]) -> None:
    """What the description promises of every answer."""
    assert job["status"] in ("pending", "processing", "completed", "failed")
    assert job["created_at"].endswith("Z")
    assert 0 <= job["scenes_completed"] <= job["scenes_total"]
    assert ("completed_at" in job) == (job["status"] in ("completed", "failed"))
    assert ("started_at" in job) or job["status"] in ("pending", "failed")
    assert ("error" in job) == (job["status"] == "failed")
    assert ("result" in job) == (job["status"] == "completed")


def test_a_program_of_the_story_generator_works_here(stack: Stack, bob: Membership, key_of: Callable[[Membership], str]) -> None:
    generator = Generator(stack.url, key_of(bob))
    order = {
        "prompt": "A girl and her dog on the moon",
        "characters": [{"name": "Nora", "appearance": "a girl with a black bob and an orange hoodie"}],
        "scenes": ["Nora looks at the moon.", "Nora stands in the desert of the moon.", "Nora flies home through space."],
        "aspect_ratio": "16:9",
    }
    status, accepted = generator.call("POST", "/v1/generate/story", order)
    assert status == 202, accepted
    answers = generator.watch(accepted["job_id"])
    assert answers[-1]["status"] == "completed", answers[-1]
    counts = [answer["scenes_completed"] for answer in answers]
    assert counts == sorted(counts)
    assert (counts[-1], answers[-1]["scenes_total"]) == (3, 3)
    for scene in answers[-1]["result"]["scenes"]:
        with urllib.request.urlopen(scene["image_url"], timeout=60) as picture:
            assert picture.headers["Content-Type"] == "image/png"

    status, refused = generator.call("POST", "/v1/generate/story", {**order, "scenes": ["explicit nude people"]})
    failed = generator.watch(refused["job_id"])[-1]
    assert (failed["status"], failed["error"]["code"]) == ("failed", "content_rejected")
    assert failed["error"]["message"]

    for path, wanted in ((f"/v1/jobs/{'0' * 8}-0000-4000-8000-{'0' * 12}", 404), ("/v1/jobs/nonsense", 404)):
        status, error = generator.call("GET", path)
        assert status == wanted
        assert {"error", "message", "details", "request_id"} <= set(error)
    assert Generator(stack.url, "wv_live_wrong").call("GET", f"/v1/jobs/{accepted['job_id']}")[0] == 401
