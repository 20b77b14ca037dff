"""The clip engine's contract over style transfers: the stages really run, here and now, on small real clips."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from creative_hub.api.document import document
from creative_hub.contracts.clips import represent
from creative_hub.models import Asset
from creative_hub.pipelines.style import STYLE
from creative_hub.storage.door import door
from jobs import admission, clock, runner, runs, submission
from jobs.models import CreditAccount, Job
from jobs.pipeline import LeaseLost, stage_named
from tests.api.calling import BASE, Api, Drain, error_of, standing, valid
from tests.http.servers import serve
from tests.renderers.clips import make
from wevion.accounts.models import Membership

OnCommit = Callable[..., Any]
WARM = "gradients=c0=0x402010:c1=0xffc070:n=2:seed=1:speed=0.01"
COLD = "gradients=c0=0x04101c:c1=0x6090c0:n=2:seed=1:speed=0.01"
QUICK = {"config": {"quality": "draft"}}


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("clips")
    tone = "sine=frequency=440:duration=9,volume=-12dB"
    return {
        "cold": make(folder / "cold.mp4", [COLD, "smptebars"], sound=tone).read_bytes(),
        "warm": make(folder / "warm.mp4", [WARM], size="108x192").read_bytes(),
    }


@pytest.fixture
def program(bob: Membership, api: Api) -> APIClient:
    return api(bob)


def uploaded(program: APIClient, content: bytes, name: str = "clip.mp4") -> str:
    answer = program.post("/api/v1/videos/upload", {"file": SimpleUploadedFile(name, content)}, format="multipart")
    assert answer.status_code == 201, answer.content
    valid(document(), "ClipsUploaded", answer.json())
    video_id: str = answer.json()["video_id"]
    return video_id


def ordered(program: APIClient, **body: Any) -> str:
    answer = program.post("/api/v1/jobs", body)
    assert answer.status_code == 200, answer.content
    job_id: str = answer.json()["job_id"]
    return job_id


def seen(program: APIClient, job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = program.get(f"/api/v1/jobs/{job_id}").json()
    return found


def stored(under: str) -> list[str]:
    """Every file below the folder of the storage."""
    root = Path(default_storage.path(under))
    return [str(path.relative_to(root)) for path in root.rglob("*")] if root.exists() else []


def credit(member: Membership) -> tuple[int, int]:
    account = CreditAccount.objects.get(team=member.team)
    return account.posted_cents, account.held_cents


# The whole line


def test_a_clip_is_given_the_style_of_another(program: APIClient, bob: Membership, clips: dict[str, bytes], drain: Drain) -> None:
    video, template = uploaded(program, clips["cold"]), uploaded(program, clips["warm"], "template.mp4")
    job_id = ordered(program, video_id=video, template_video_id=template, **QUICK)
    queued = seen(program, job_id)
    assert (queued["status"], queued["progress_percent"], queued["current_stage"]) == ("queued", 0, None)
    assert (queued["video_id"], queued["template_video_id"]) == (video, template)
    assert "error" not in queued
    error_of(program.get(f"/api/v1/jobs/{job_id}/result"), 409, "result_not_ready")
    drain()
    done = seen(program, job_id)
    assert (done["status"], done["progress_percent"], done["current_stage"]) == ("completed", 100, None)
    assert done["data"] == {name: value for name, value in done.items() if name not in ("data", "success", "message")}
    result = program.get(f"/api/v1/jobs/{job_id}/result").json()
    valid(document(), "ClipsResult", result)
    assert result["output_video_url"]
    assert result["processing_time_seconds"] >= 0
    assert "warm" in result["style_json"]["words"]
    clip = Asset.objects.get(item__job_id=job_id)
    assert (clip.kind, clip.width, clip.height) == ("video", 192, 108)
    assert clip.duration_seconds == pytest.approx(2, abs=0.1)
    assert clip.name == "clip in the style of template.mp4"
    assert credit(bob) == (980, 0)
    assert stored("work") == []


def test_the_same_key_gives_the_same_job_though_the_clip_was_renamed_meanwhile(
    program: APIClient, clips: dict[str, bytes]
) -> None:
    body = {"video_id": uploaded(program, clips["cold"])}
    first = program.post(f"{BASE}/style-transfer", body, headers={"Idempotency-Key": "k"})
    Asset.objects.update(name="another name.mp4")
    again = program.post(f"{BASE}/style-transfer", body, headers={"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code) == (202, 202), again.content
    assert first.json()["job_id"] == again.json()["job_id"]
    other = program.post(f"{BASE}/style-transfer", {**body, "title": "Mine"}, headers={"Idempotency-Key": "k"})
    error_of(other, 422, "idempotency_mismatch")


def test_a_template_alone_ends_after_its_style_is_known(
    program: APIClient, bob: Membership, clips: dict[str, bytes], drain: Drain
) -> None:
    job_id = ordered(program, template_video_id=uploaded(program, clips["warm"]))
    drain()
    done = seen(program, job_id)
    assert (done["status"], done["progress_percent"], done["video_id"]) == ("completed", 100, None)
    assert Job.objects.get(pk=job_id).items.get().stage == "style_extraction"
    result = program.get(f"/api/v1/jobs/{job_id}/result").json()
    valid(document(), "ClipsResult", result)
    assert result["output_video_url"] is None
    assert result["style_card_url"]
    assert result["style_json"]["palette"]
    assert credit(bob) == (995, 0)


def test_our_own_api_takes_the_same_order(program: APIClient, clips: dict[str, bytes], drain: Drain) -> None:
    body = {"video_id": uploaded(program, clips["cold"]), "look": "noir", "quality": "draft", "strength": 70}
    answer = program.post(f"{BASE}/style-transfer", body)
    assert answer.status_code == 202, answer.content
    drain()
    job = program.get(f"{BASE}/jobs/{answer.json()['job_id']}").json()
    assert (job["status"], job["type"], job["cost_cents"], len(job["result_urls"])) == ("completed", "style_transfer", 20, 1)
    assert job["prompt"] == "clip: Noir"


def test_stage_and_percent_are_of_one_moment_though_a_stage_ends_while_they_are_read(
    program: APIClient, clips: dict[str, bytes]
) -> None:
    job_id = ordered(program, template_video_id=uploaded(program, clips["warm"]))
    admission.admit()
    [claim] = runs.claim("media")
    runner._begin(claim)
    job = Job.objects.get(pk=job_id)
    assert runner.record(claim, STYLE, STYLE[0], runner._outcome(claim, STYLE[0]))
    assert job.items.get().stage == "audio_analysis"
    found = represent(job)
    assert (found["status"], found["current_stage"], found["progress_percent"]) == ("processing", "video_analysis", 1)


def test_the_stages_and_their_ranges_are_those_of_the_contract() -> None:
    assert [(stage.name, *stage.progress) for stage in STYLE] == [
        ("video_analysis", 1, 20),
        ("audio_analysis", 21, 35),
        ("motion_analysis", 36, 55),
        ("style_extraction", 56, 65),
        ("style_application", 66, 85),
        ("rendering", 86, 99),
    ]


@pytest.fixture
def shop(clips: dict[str, bytes], settings: Any) -> Iterator[str]:
    """A site that has a clip, and a page that is none."""

    async def clip(request: web.Request) -> web.Response:
        return web.Response(body=clips["cold"], content_type="video/mp4")

    async def page(request: web.Request) -> web.Response:
        return web.Response(body=b"<html>", content_type="video/mp4")

    app = web.Application()
    app.add_routes([web.get("/clip.mp4", clip), web.get("/page.mp4", page)])
    with serve(app) as address:
        settings.HTTP_ALLOW_PRIVATE = frozenset({address})
        door.cache_clear()
        yield f"http://{address}"
        door().close()
        door.cache_clear()


def test_a_clip_from_an_address_is_fetched_once_and_not_kept(
    program: APIClient, shop: str, drain: Drain, django_capture_on_commit_callbacks: OnCommit
) -> None:
    job_id = ordered(program, video_id=f"{shop}/clip.mp4", **QUICK)
    with django_capture_on_commit_callbacks(execute=True):
        drain()
    assert seen(program, job_id)["status"] == "completed"
    assert stored("work") == []


def test_an_address_without_a_clip_is_said_in_the_same_words_as_a_page_s(program: APIClient, shop: str, drain: Drain) -> None:
    job_id = ordered(program, template_video_id=f"{shop}/gone.mp4")
    drain()
    job = Job.objects.get(pk=job_id)
    assert (job.status, job.error_code) == ("failed", "invalid_request")
    assert job.error_message == "template_video_id: the file answered 404 (not found). Check the address."


def test_the_job_s_page_shows_the_style_as_swatches_and_before_beside_after(
    program: APIClient, bob: Membership, clips: dict[str, bytes], drain: Drain, client_of: Callable[[Membership], Client]
) -> None:
    video, template = uploaded(program, clips["cold"]), uploaded(program, clips["warm"])
    styled = ordered(program, video_id=video, template_video_id=template, **QUICK)
    noir, alone = (
        ordered(program, video_id=video, config={"look": "noir", "quality": "draft"}),
        ordered(program, template_video_id=template),
    )
    drain()
    shown = {job_id: client_of(bob).get(f"/creative-hub/jobs/{job_id}").content.decode() for job_id in (styled, noir, alone)}
    palette = program.get(f"/api/v1/jobs/{styled}/result").json()["style_json"]["palette"]
    assert all(f'fill="{swatch["hex"]}"' in shown[styled] for swatch in palette)
    for words in ("Your clip", "Template clip", "Result", "Before", "After"):
        assert words in shown[styled]
    assert "Template clip</strong>" not in shown[noir]
    assert "Before" not in shown[alone]
    Asset.objects.filter(pk=video).update(deleted_at=clock.now())
    assert "Before" not in client_of(bob).get(f"/creative-hub/jobs/{styled}").content.decode()


# What goes wrong


@pytest.mark.parametrize("page", ["page.mp4", "gone.mp4"])
def test_an_address_without_a_clip_fails_in_the_first_stage(
    program: APIClient, shop: str, bob: Membership, drain: Drain, page: str
) -> None:
    job_id = ordered(program, video_id=f"{shop}/{page}", **QUICK)
    drain()
    failed = seen(program, job_id)
    assert (failed["status"], failed["current_stage"]) == ("failed", None)
    assert failed["progress_percent"] < 100
    assert failed["error"]["stage"] == "video_analysis"
    assert "clip" in failed["error"]["message"] or "address" in failed["error"]["message"]
    assert credit(bob) == (1000, 0)
    error_of(program.get(f"/api/v1/jobs/{job_id}/result"), 409, "result_not_ready")


def test_a_clip_that_was_spoilt_fails_with_the_stage_s_name(
    program: APIClient, clips: dict[str, bytes], bob: Membership, drain: Drain
) -> None:
    video = uploaded(program, clips["cold"])
    Path(Asset.objects.get(pk=video).file.path).write_bytes(clips["cold"][:3000])
    job_id = ordered(program, video_id=video, **QUICK)
    drain()
    failed = seen(program, job_id)
    assert failed["status"] == "failed"
    assert failed["error"] == {"stage": "video_analysis", "message": "The clip cannot be read as a clip."}
    assert credit(bob) == (1000, 0)


def test_a_clip_deleted_meanwhile_is_said_plainly(program: APIClient, clips: dict[str, bytes], drain: Drain) -> None:
    video = uploaded(program, clips["cold"])
    job_id = ordered(program, video_id=video, **QUICK)
    Asset.objects.get(pk=video).file.delete(save=False)
    Asset.objects.filter(pk=video).delete()
    drain()
    assert "library" in seen(program, job_id)["error"]["message"]


# Cancel


def test_a_queued_job_is_cancelled_and_a_second_time_nothing_changes(
    program: APIClient, clips: dict[str, bytes], bob: Membership
) -> None:
    job_id = ordered(program, video_id=uploaded(program, clips["cold"]), **QUICK)
    for _ in range(2):
        answer = program.post(f"/api/v1/jobs/{job_id}/cancel")
        assert (answer.status_code, answer.json()["status"], answer.json()["current_stage"]) == (200, "cancelled", None)
    assert credit(bob) == (1000, 0)
    assert "error" not in seen(program, job_id)


@pytest.mark.parametrize("name", [stage.name for stage in STYLE])
def test_a_cancel_at_any_stage_leaves_nothing_behind(
    program: APIClient, shop: str, bob: Membership, name: str, django_capture_on_commit_callbacks: OnCommit
) -> None:
    """The worker is through with the stage when the cancel comes, and has not written it down."""
    job_id = ordered(program, video_id=f"{shop}/clip.mp4", **QUICK)
    admission.admit()
    [claim] = runs.claim("media")
    runner._begin(claim)
    stage = STYLE[0]
    while stage.name != name:
        again = runner.record(claim, STYLE, stage, runner._outcome(claim, stage))
        assert again
        claim, stage = again, stage_named(STYLE, again.item.stage)
    outcome = runner._outcome(claim, stage)
    with django_capture_on_commit_callbacks(execute=True):
        assert program.post(f"/api/v1/jobs/{job_id}/cancel").json()["status"] == "cancelled"
    with pytest.raises(LeaseLost):
        runner.record(claim, STYLE, stage, outcome)
    assert stored("work") == []
    assert stored("results") == []
    assert not Asset.objects.exists()
    assert credit(bob) == (1000, 0)


@pytest.mark.parametrize("name", ["video_analysis", "rendering"])
def test_what_a_worker_stores_after_the_cancel_is_removed_by_itself(
    program: APIClient, shop: str, bob: Membership, name: str, django_capture_on_commit_callbacks: OnCommit
) -> None:
    job_id = ordered(program, video_id=f"{shop}/clip.mp4", **QUICK)
    admission.admit()
    [claim] = runs.claim("media")
    runner._begin(claim)
    stage = STYLE[0]
    while stage.name != name:
        again = runner.record(claim, STYLE, stage, runner._outcome(claim, stage))
        assert again
        claim, stage = again, stage_named(STYLE, again.item.stage)
    with django_capture_on_commit_callbacks(execute=True):
        submission.cancel(bob.user, Job.objects.get(pk=job_id))
    with pytest.raises(LeaseLost):
        runner.record(claim, STYLE, stage, runner._outcome(claim, stage))
    assert stored("results") == []
    assert stored("work") == []


def test_an_ended_job_cannot_be_cancelled(program: APIClient, clips: dict[str, bytes], drain: Drain) -> None:
    job_id = ordered(program, template_video_id=uploaded(program, clips["warm"]))
    drain()
    error_of(program.post(f"/api/v1/jobs/{job_id}/cancel"), 409, "not_cancellable")


# Who may, and what is refused


def test_a_stranger_and_a_teammate_get_404(
    program: APIClient, api: Api, alice: Membership, charlie: Membership, clips: dict[str, bytes]
) -> None:
    video = uploaded(program, clips["cold"])
    job_id = ordered(program, video_id=video, **QUICK)
    for other in (api(alice), api(charlie)):
        for method, path in (("get", ""), ("get", "/result"), ("post", "/cancel")):
            error_of(getattr(other, method)(f"/api/v1/jobs/{job_id}{path}"), 404, "not_found")
        error_of(other.post("/api/v1/jobs", {"video_id": video}), 404, "not_found")
        assert other.get("/api/v1/jobs").json()["total"] == 0


def test_a_viewer_may_neither_upload_nor_order(api: Api, vera: Membership, clips: dict[str, bytes]) -> None:
    before = standing()
    files = {"file": SimpleUploadedFile("clip.mp4", clips["cold"])}
    error_of(api(vera).post("/api/v1/videos/upload", files, format="multipart"), 403, "forbidden")
    error_of(api(vera).post("/api/v1/jobs", {"video_id": "x"}), 403, "forbidden")
    assert standing() == before


def test_both_headers_are_taken_and_none_is_401(bob: Membership, key_of: Callable[[Membership], str]) -> None:
    key = key_of(bob)
    assert APIClient(headers={"x-api-key": key}).get("/api/v1/jobs").status_code == 200
    assert APIClient(headers={"authorization": f"Bearer {key}"}).get("/api/v1/jobs").status_code == 200
    error_of(APIClient().get("/api/v1/jobs"), 401, "unauthorized")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "video_id"),
        ({"video_id": "nonsense"}, "video_id"),
        ({"video_id": "http://169.254.169.254/clip.mp4"}, "video_id"),
        ({"video_id": "00000000-0000-4000-8000-000000000000", "colour": "red"}, "colour"),
        ({"template_video_id": "https://example.com/a.mp4", "config": {"speed": 2}}, "config"),
        ({"template_video_id": "https://example.com/a.mp4", "config": {"look": "none"}}, "look"),
        ({"template_video_id": "https://example.com/a.mp4", "config": []}, "config"),
        ({"template_video_id": "https://example.com/a.mp4", "webhook_url": 0}, "webhook_url"),
        ({"template_video_id": "https://example.com/a.mp4", "webhook_url": "http://127.0.0.1/"}, "webhook_url"),
    ],
)
def test_a_wrong_order_is_refused_by_the_field_s_name(program: APIClient, body: dict[str, Any], field: str) -> None:
    before = standing()
    assert field in error_of(program.post("/api/v1/jobs", body), 400, "invalid_request")["details"]
    assert standing() == before


def test_an_upload_is_told_by_its_bytes(program: APIClient) -> None:
    for content in (b"just words", b"GIF89a" + bytes(40), b""):
        files = {"file": SimpleUploadedFile("clip.mp4", content, "video/mp4")}
        answer = program.post("/api/v1/videos/upload", files, format="multipart")
        assert answer.status_code in (400, 415), answer.content
    error_of(program.post("/api/v1/videos/upload", {}, format="multipart"), 400, "invalid_request")
    hooked = {"file": SimpleUploadedFile("clip.mp4", b"words"), "webhook_url": "https://example.com/hook"}
    answer = program.post("/api/v1/videos/upload", hooked, format="multipart")
    assert "webhook_url" in error_of(answer, 400, "invalid_request")["details"]
    error_of(program.post("/api/v1/videos/upload", {}), 415, "unsupported_media_type")
    assert not Asset.objects.exists()


def test_a_key_makes_a_repeated_order_the_same_job_and_the_webhook_is_kept(program: APIClient) -> None:
    body = {"template_video_id": "https://example.com/a.mp4", "webhook_url": "https://example.com/hook"}
    ids = {program.post("/api/v1/jobs", body, headers={"idempotency-key": "one"}).json()["job_id"] for _ in range(2)}
    assert len(ids) == 1
    assert Job.objects.get().webhook_url == "https://example.com/hook"


def test_the_list_has_style_transfers_alone_by_page(program: APIClient, django_assert_max_num_queries: Any) -> None:
    ids = [ordered(program, template_video_id="https://example.com/a.mp4") for _ in range(3)]
    program.post(f"{BASE}/image", {"prompt": "a red bicycle"})
    with django_assert_max_num_queries(8):
        first = program.get("/api/v1/jobs", {"page": 1, "page_size": 2}).json()
    second = program.get("/api/v1/jobs", {"page": 2, "page_size": 2}).json()
    assert (first["total"], first["page"], first["page_size"], len(first["jobs"])) == (3, 1, 2, 2)
    assert {job["job_id"] for job in first["jobs"] + second["jobs"]} == set(ids)
    for wrong in ({"page": 0}, {"page_size": 101}, {"page": "two"}):
        error_of(program.get("/api/v1/jobs", wrong), 400, "invalid_request")


def test_a_job_of_another_type_is_not_known_here(program: APIClient) -> None:
    other = program.post(f"{BASE}/image", {"prompt": "a red bicycle"}).json()["job_id"]
    for method, path in (("get", ""), ("get", "/result"), ("post", "/cancel")):
        error_of(getattr(program, method)(f"/api/v1/jobs/{other}{path}"), 404, "not_found")
