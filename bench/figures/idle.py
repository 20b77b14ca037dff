"""Row 6: what the engine adds to a job when nothing else runs, with a bare Celery round trip in turns with it."""

import json
import time
import urllib.request
from dataclasses import dataclass

from bench.figures import arena, load, noop
from bench.figures.people import Person, person, start_afresh, use
from bench.figures.plan import Plan, Result
from bench.figures.report import Row
from creative_hub.providers.flux_2_pro import VENDOR as FLUX
from jobs.models import Job

END_SECONDS = 60
BODIES = {
    "image": {"provider": "flux_2_pro"},
    "tts": {"provider": "elevenlabs", "voice_id": "bench"},
}
TEXT = {"image": "prompt", "tts": "text"}


@dataclass(frozen=True, slots=True)
class Life:
    """Milliseconds of one job. `created` is when its transaction began, so a little before the commit."""

    to_provider: float
    whole: float
    vendor: float
    waited: float
    download: float

    @property
    def overhead(self) -> float:
        return self.whole - self.vendor - self.waited - self.download


def measure(plan: Plan) -> Result:
    url = arena.database(plan.var, "app")
    use(url)
    start_afresh()
    one = person(1, keys=1)
    lives: dict[str, list[Life]] = {"image": [], "tts": []}
    trips: list[float] = []
    with (
        arena.vendors() as (base, configured, _),
        arena.Site(plan.var, "idle", url, ("web", "io", "media", "poller"), configured) as site,
        noop.celery_worker(plan.var) as celery,
    ):
        for turn in range(-2, plan.idle_jobs):
            for kind, found in lives.items():
                life = _live(site.port, base, one, kind, f"{kind}-{turn}")
                if turn >= 0:
                    found.append(life)
                time.sleep(0.2)
            trip = celery.round_trip()
            trips += [trip * 1000] if turn >= 0 else []
    return Result(_rows(lives, trips), _notes(lives["image"]))


def _live(port: int, base: str, one: Person, kind: str, text: str) -> Life:
    body = BODIES[kind] | {TEXT[kind]: text}
    connection = load.Connection(port)
    status, answer = connection.send(load.post(port, f"/api/v1/creative-hub/generate/{kind}", body, x_api_key=one.keys[0]))
    connection.close()
    assert status == 202, answer
    pk = json.loads(answer)["job_id"]
    ended = arena.wait_until(lambda: Job.objects.filter(pk=pk, completed_at__isnull=False).first(), END_SECONDS, f"job {pk}")
    assert ended.status == "completed", ended.error_message
    with urllib.request.urlopen(f"{base}/seen") as seen:
        calls = json.load(seen)["seen"][text]
    created, completed = ended.created_at.timestamp(), ended.completed_at.timestamp()
    spans = {name: done - came for name, (came, done) in calls.items()}
    waited = calls["look"][0] - calls["submit"][1] if "look" in calls else 0.0
    vendor, download = spans["submit"] + spans.get("look", 0.0), spans.get("file", 0.0)
    milliseconds = (calls["submit"][0] - created, completed - created, vendor, waited, download)
    return Life(*(1000 * seconds for seconds in milliseconds))


def _rows(lives: dict[str, list[Life]], trips: list[float]) -> list[Row]:
    floor = f"Celery no-op round trip p50 {load.percentile(trips, 50):.0f} ms, p95 {load.percentile(trips, 95):.0f} ms"
    to_provider = [life.to_provider for kind in lives for life in lives[kind]]
    rows = [_row("Commit → provider called, idle system", to_provider, floor, trips, 100)]
    said = {"tts": "a provider that answers with the file", "image": "a provider that is looked in on, without that wait"}
    for kind, what in said.items():
        overhead = [life.overhead for life in lives[kind]]
        rows.append(_row(f"Whole job over provider and download: {what}", overhead, floor, trips, 150))
    return rows


def _row(what: str, values: list[float], floor: str, trips: list[float], target: int) -> Row:
    p50, p95 = load.percentile(values, 50), load.percentile(values, 95)
    ratio = f"p50 × {p50 / load.percentile(trips, 50):.1f}"
    return Row(6, what, f"p50 {p50:.0f} ms, p95 {p95:.0f} ms", floor, ratio, f"p95 ≤ {target} ms", p95 <= target)


def _notes(lives: list[Life]) -> list[str]:
    late = [life.waited - FLUX.poll_seconds * 1000 for life in lives]
    whole = [life.whole for life in lives]
    return [
        (
            "Idle jobs go one by one through the API and all processes. Times are the database's `created_at` (the start of"
            " the submitting transaction) and `completed_at`, and the vendor's own clock at its calls: one machine, one clock."
        ),
        (
            f"The vendor that is looked in on is asked first after {FLUX.poll_seconds:g} s: a whole job took p50"
            f" {load.percentile(whole, 50):.0f} ms, and that look came p50 {load.percentile(late, 50):.0f} ms, p95"
            f" {load.percentile(late, 95):.0f} ms after it was due. The overhead is the rest: queueing, storing, thumbnail."
        ),
    ]
