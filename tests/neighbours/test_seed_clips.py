"""A program written from the clip engine's public description alone, over nothing but HTTP, against the running server."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.processes import Stack
from tests.renderers.clips import make
from wevion.accounts.models import Membership

STATUSES = {"queued", "processing", "completed", "failed", "cancelled"}
TERMINAL = {"completed", "failed", "cancelled"}
RANGES = {
    "video_analysis": (1, 20),
    "audio_analysis": (21, 35),
    "motion_analysis": (36, 55),
    "style_extraction": (56, 65),
    "style_application": (66, 85),
    "rendering": (86, 99),
}


class Engine:
    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = url, key

    def call(self, method: str, path: str, body: bytes | None = None, content_type: str = "application/json") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": content_type}
        request = urllib.request.Request(f"{self.url}{path}", body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def upload(self, clip: Path) -> str:
        mark = "a-line-that-is-in-no-clip"
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{clip.name}"\r\nContent-Type: video/mp4\r\n\r\n'
        )
        body = head.encode() + clip.read_bytes() + f"\r\n--{mark}--\r\n".encode()
        status, answer = self.call("POST", "/api/v1/videos/upload", body, f"multipart/form-data; boundary={mark}")
        assert status < 300, answer
        return str(answer["video_id"])

    def create(self, **order: Any) -> str:
        status, answer = self.call("POST", "/api/v1/jobs", json.dumps(order).encode())
        assert status < 300, answer
        assert answer["status"] in STATUSES
        return str(answer["job_id"])

    def job(self, job_id: str) -> dict[str, Any]:
        status, answer = self.call("GET", f"/api/v1/jobs/{job_id}")
        assert status == 200, answer
        assert isinstance(answer, dict)
        check(answer)
        return answer

    def watch(self, job_id: str, until: set[str] = TERMINAL, seconds: float = 180) -> list[dict[str, Any]]:
        """Every different answer until the job has one of the statuses; progress never goes back on the way."""
        limit, answers = time.monotonic() + seconds, list[dict[str, Any]]()
        while not answers or answers[-1]["status"] not in until:
            assert time.monotonic() < limit, answers[-1]
            found = self.job(job_id)
            if not answers or found != answers[-1]:
                answers.append(found)
            time.sleep(0.1)
        percents = [answer["progress_percent"] for answer in answers]
        assert percents == sorted(percents)
        return answers


def check(job: dict[str, Any]) -> None:
    """What the description promises of every answer."""
    status, percent, stage = job["status"], job["progress_percent"], job["current_stage"]
    assert status in STATUSES
    assert isinstance(percent, int)
    assert (percent == 100) == (status == "completed")
    assert ("error" in job) == (status == "failed")
    if status == "processing":
        low, high = RANGES[stage]
        assert low <= percent <= high, job
    else:
        assert stage is None


def test_a_program_of_the_clip_engine_works_here(
    stack: Stack, bob: Membership, key_of: Callable[[Membership], str], tmp_path: Path
) -> None:
    engine = Engine(stack.url, key_of(bob))
    clip = engine.upload(
        make(tmp_path / "clip.mp4", ["testsrc2", "mandelbrot"], seconds=4, sound="sine=duration=9", size="640x360")
    )
    template = engine.upload(make(tmp_path / "template.mp4", ["smptebars"], size="108x192"))

    whole = engine.create(video_id=clip, template_video_id=template, config={"quality": "high"})
    answers = engine.watch(whole)
    assert answers[-1]["status"] == "completed", answers[-1]
    passed = [answer["current_stage"] for answer in answers if answer["current_stage"]]
    assert passed == sorted(passed, key=list(RANGES).index)
    assert "rendering" in passed
    status, result = engine.call("GET", f"/api/v1/jobs/{whole}/result")
    assert status == 200
    with urllib.request.urlopen(result["output_video_url"], timeout=60) as film:
        assert film.headers["Content-Type"] == "video/mp4"
        assert film.read(12)[4:8] == b"ftyp"
    assert result["style_json"]

    style_only = engine.create(template_video_id=template)
    stages = {answer["current_stage"] for answer in engine.watch(style_only)}
    assert engine.job(style_only)["status"] == "completed"
    assert not stages & {"style_application", "rendering"}

    broken = engine.create(video_id="https://no-such-site.invalid/clip.mp4")
    failed = engine.watch(broken)[-1]
    assert failed["status"] == "failed"
    assert failed["error"]["stage"] == "video_analysis"
    assert failed["error"]["message"]

    stopped = engine.create(video_id=clip, config={"quality": "high"})
    engine.watch(stopped, {"processing", *TERMINAL})
    status, answer = engine.call("POST", f"/api/v1/jobs/{stopped}/cancel")
    assert (status, answer["status"]) == (200, "cancelled")
    assert engine.job(stopped)["status"] == "cancelled"

    status, listed = engine.call("GET", "/api/v1/jobs?page=1&page_size=3")
    assert (status, listed["total"], listed["page"], listed["page_size"], len(listed["jobs"])) == (200, 4, 1, 3, 3)
    for job in listed["jobs"]:
        check(job)
    assert engine.job(whole)["status"] == "completed"
