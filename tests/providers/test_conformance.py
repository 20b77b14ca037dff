"""Every vendor's adapter, through the real door, against a strict server of that vendor's API: the same promises from each."""

import dataclasses
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest

from creative_hub.providers import (
    classify,
    creatomate,
    elevenlabs,
    flux_2_pro,
    gpt_image_1_5,
    heygen,
    luma_ray3,
    openai_tts,
    runway_gen4,
)
from creative_hub.providers.ports import Account, Brief, ProviderError, Ready, Running, Vendor
from tests.http.servers import closed_port
from tests.providers.fakes import bfl, luma, openai, runway, script
from tests.providers.fakes import creatomate as fake_creatomate
from tests.providers.fakes import elevenlabs as fake_elevenlabs
from tests.providers.fakes import heygen as fake_heygen
from tests.providers.fakes.server import FakeVendor
from wevion.http.blocking import BlockingDoor
from wevion.http.errors import BadStatus, HttpError
from wevion.http.messages import Request


@dataclass(frozen=True)
class Subject:
    """A vendor under test: its adapter, its fake, and an order it takes."""

    vendor: Vendor
    serve: Callable[[], AbstractContextManager[FakeVendor]]
    type: str
    settings: dict[str, Any]
    tells_progress: bool = False
    synchronous: bool = False
    moderates: bool = True
    text_in: str = ""  # the setting that holds the text, where it is one slot among others


SUBJECTS = {
    "flux_2_pro": Subject(
        flux_2_pro.VENDOR, bfl.serve, "image", {"aspect_ratio": "16:9", "num_variants": 2, "seed": 7}, tells_progress=True
    ),
    "luma_ray3": Subject(
        luma_ray3.VENDOR, luma.serve, "video", {"duration": 10, "aspect_ratio": "9:16", "image_url": "https://example.com/a.png"}
    ),
    "heygen": Subject(heygen.VENDOR, fake_heygen.serve, "avatar", {"avatar_id": "anna", "voice_id": "v1", "aspect_ratio": "1:1"}),
    "elevenlabs": Subject(
        elevenlabs.VENDOR, fake_elevenlabs.serve, "tts", {"voice_id": "v1", "language": "de"}, synchronous=True
    ),
    "gpt_image_1_5": Subject(
        gpt_image_1_5.VENDOR, openai.serve_images, "image", {"aspect_ratio": "3:2", "num_variants": 2}, synchronous=True
    ),
    "openai_tts": Subject(openai_tts.VENDOR, openai.serve_speech, "tts", {"voice_id": "marin"}, synchronous=True),
    "runway_gen4": Subject(
        runway_gen4.VENDOR,
        runway.serve,
        "video",
        {"duration": 10, "aspect_ratio": "1:1", "image_url": "https://example.com/a.png"},
        tells_progress=True,
    ),
    "creatomate": Subject(
        creatomate.VENDOR,
        fake_creatomate.serve,
        "composite",
        {"template_id": "t-1", "product_video": "https://example.com/a.mp4", "resolution": "1080p"},
        moderates=False,
        text_in="headline_text",
    ),
}
ALL = list(SUBJECTS)
LOOKED_IN_ON = [name for name, subject in SUBJECTS.items() if not subject.synchronous]
MODERATING = [name for name, subject in SUBJECTS.items() if subject.moderates]
TELLING_PROGRESS = [name for name, subject in SUBJECTS.items() if subject.tells_progress]


class Line:
    """A vendor reached as the engine reaches it: build, send, read; every failure a ProviderError."""

    def __init__(self, subject: Subject, fake: FakeVendor) -> None:
        self.subject, self.vendor, self.fake = subject, subject.vendor, fake
        self.account = fake.account
        self.door = BlockingDoor(allow=frozenset({fake.address}))

    def submit(
        self, case: str = script.OK, key: str = "job:item:stage:0", timeout_seconds: float = 10, **settings: Any
    ) -> Running | Ready:
        text = "a red bicycle" if case == script.OK else f"a red bicycle [{case}]"
        request = self.vendor.submit_request(self.account, self.brief(text, **settings), key)
        return self.vendor.read_submit(self._send(request, timeout_seconds, submitting=True))

    def brief(self, text: str, **settings: Any) -> Brief:
        slot = {self.subject.text_in: text} if self.subject.text_in else {}
        return Brief(self.subject.type, text, {**self.subject.settings, **slot, **settings})

    def look(self, ref: str) -> Running | Ready:
        request = self.vendor.poll_request(self.account, ref)
        return self.vendor.read_poll(self._send(request, 10, submitting=False), ref)

    def check(self) -> str:
        request = self.vendor.check_request(dataclasses.replace(self.account, model="some-model"))
        assert request.method == "GET"
        return self.vendor.read_check(self._send(request, 10, submitting=False))

    def look_until_done(self, outcome: Running | Ready) -> tuple[Ready, list[Running]]:
        on_the_way: list[Running] = []
        while isinstance(outcome, Running):
            on_the_way.append(outcome)
            assert len(on_the_way) < 10
            outcome = self.look(outcome.ref)
        return outcome, on_the_way

    def result(self, ready: Ready) -> bytes:
        if ready.content:
            return ready.content
        sink = io.BytesIO()
        self.door.download(ready.url, sink, max_bytes=1_000_000)
        return sink.getvalue()

    def _send(self, request: Request, timeout_seconds: float, *, submitting: bool) -> Any:
        try:
            return self.door.send(dataclasses.replace(request, timeout_seconds=timeout_seconds))
        except HttpError as error:
            raise classify.by_http_error(error, self.vendor, submitting=submitting) from error


@pytest.fixture
def line(request: pytest.FixtureRequest) -> Iterator[Line]:
    subject = SUBJECTS[request.param]
    with subject.serve() as fake:
        line = Line(subject, fake)
        yield line
        line.door.close()
        assert fake.complaints == []


every_vendor = pytest.mark.parametrize("line", ALL, indirect=True)
every_asynchronous_vendor = pytest.mark.parametrize("line", LOOKED_IN_ON, indirect=True)
every_moderating_vendor = pytest.mark.parametrize("line", MODERATING, indirect=True)


@every_vendor
def test_an_order_is_submitted_once_and_ends_with_the_vendors_bytes(line: Line) -> None:
    ready, _ = line.look_until_done(line.submit())
    assert line.result(ready) == line.fake.result
    assert len(line.fake.submits) == len(line.fake.orders) == 1


@every_asynchronous_vendor
def test_an_unfinished_order_says_running_under_the_same_reference(line: Line) -> None:
    _, on_the_way = line.look_until_done(line.submit())
    assert len(on_the_way) == 1 + line.fake.looks
    assert len({running.ref for running in on_the_way}) == 1


@every_asynchronous_vendor
def test_progress_rises_below_a_hundred_and_is_absent_where_the_vendor_tells_none(line: Line) -> None:
    _, on_the_way = line.look_until_done(line.submit())
    told = [running.progress_percent for running in on_the_way if running.progress_percent is not None]
    assert told == sorted(told)
    assert all(0 <= percent < 100 for percent in told)
    assert bool(told) == line.subject.tells_progress


@every_moderating_vendor
def test_content_refused_at_the_submit_is_content_rejected_and_not_retried(line: Line) -> None:
    with pytest.raises(ProviderError) as caught:
        line.submit(script.MODERATED)
    assert_failure(caught.value, "content_rejected")


@pytest.mark.parametrize("line", [name for name in LOOKED_IN_ON if name in MODERATING], indirect=True)
def test_content_refused_later_is_content_rejected_and_not_retried(line: Line) -> None:
    with pytest.raises(ProviderError) as caught:
        line.look_until_done(line.submit(script.MODERATED_LATER))
    assert_failure(caught.value, "content_rejected")


@every_asynchronous_vendor
def test_a_render_that_failed_is_a_provider_error_that_no_further_look_mends(line: Line) -> None:
    with pytest.raises(ProviderError) as caught:
        line.look_until_done(line.submit(script.FAILED_LATER))
    assert_failure(caught.value, "provider_error")


@every_vendor
def test_a_rate_limit_says_when_to_come_back_and_then_takes_the_order(line: Line) -> None:
    with pytest.raises(ProviderError) as caught:
        line.submit(script.RATE_LIMITED)
    assert_failure(caught.value, "rate_limited", retryable=True)
    assert caught.value.retry_after_seconds == script.RETRY_AFTER_SECONDS
    line.look_until_done(line.submit(script.RATE_LIMITED))
    assert len(line.fake.orders) == 1


@every_vendor
def test_our_empty_account_is_the_operators_business_and_never_the_users(line: Line) -> None:
    with pytest.raises(classify.AccountError) as caught:
        line.submit(script.OUT_OF_CREDIT)
    assert_failure(caught.value, "provider_error")
    assert caught.value.message == ""


@every_vendor
def test_a_refused_key_is_the_operators_business(line: Line) -> None:
    line.account = Account(line.account.base_url, "wrong")
    with pytest.raises(classify.AccountError):
        line.submit()


@every_asynchronous_vendor
def test_a_key_refused_while_rendering_may_be_put_right_in_time(line: Line) -> None:
    running = line.submit()
    assert isinstance(running, Running)
    right, line.account = line.account, Account(line.account.base_url, "wrong")
    with pytest.raises(classify.AccountError) as caught:
        line.look(running.ref)
    assert caught.value.retryable
    line.account = right
    assert isinstance(line.look_until_done(running)[0], Ready)


@every_vendor
@pytest.mark.parametrize(
    ("case", "code"),
    [
        (script.SERVER_ERROR, "provider_error"),
        (script.HANG, "provider_timeout"),
        (script.RESET, "provider_error"),
        (script.GARBAGE, "provider_error"),
    ],
)
def test_a_submit_without_a_clear_answer_is_repeated_only_under_an_idempotency_key(line: Line, case: str, code: str) -> None:
    with pytest.raises(ProviderError) as caught:
        line.submit(case, timeout_seconds=0.5 if case == script.HANG else 10)
    assert_failure(caught.value, code, retryable=line.vendor.idempotent, accepted=True)
    assert len(line.fake.submits) == 1


@every_vendor
def test_a_vendor_that_cannot_be_reached_was_asked_for_nothing(line: Line) -> None:
    line.account = Account(f"http://{(address := closed_port())}", "key")
    line.door.close()
    line.door = BlockingDoor(allow=frozenset({address}))
    with pytest.raises(ProviderError) as caught:
        line.submit()
    assert_failure(caught.value, "provider_error", retryable=True)


@every_asynchronous_vendor
@pytest.mark.parametrize("case", [script.GARBAGE_LATER, script.BUSY_LATER])
def test_a_look_that_fails_is_looked_at_again(line: Line, case: str) -> None:
    running = line.submit(case)
    assert isinstance(running, Running)
    with pytest.raises(ProviderError) as caught:
        line.look(running.ref)
    assert_failure(caught.value, "provider_error", retryable=True)
    assert isinstance(line.look_until_done(running)[0], Ready)


@every_asynchronous_vendor
def test_a_link_that_has_expired_is_replaced_by_looking_again(line: Line) -> None:
    running = line.submit(script.EXPIRED_LINK)
    ready, _ = line.look_until_done(running)
    with pytest.raises(BadStatus):
        line.result(ready)
    assert isinstance(running, Running)
    again, on_the_way = line.look_until_done(line.look(running.ref))
    assert (line.result(again), on_the_way) == (line.fake.result, [])


@every_vendor
def test_the_free_question_is_answered_to_the_right_key_alone(line: Line) -> None:
    assert line.check() == line.check()
    line.account = Account(line.account.base_url, "wrong", "some-model")
    with pytest.raises(classify.AccountError):
        line.check()
    assert line.fake.submits == []


@every_asynchronous_vendor
def test_a_status_nobody_has_documented_counts_as_running(line: Line) -> None:
    ready, on_the_way = line.look_until_done(line.submit(script.NEW_STATUS))
    assert ready.url
    assert len(on_the_way) == 1 + line.fake.looks


@every_asynchronous_vendor
def test_an_order_the_vendor_does_not_know_yet_is_looked_at_again(line: Line) -> None:
    running = line.submit()
    assert isinstance(running, Running)
    line.fake.orders.clear()
    with pytest.raises(ProviderError) as caught:
        line.look(running.ref)
    assert_failure(caught.value, "provider_error", retryable=True)


@every_vendor
def test_an_option_the_vendor_cannot_express_is_refused_by_name_before_anything_is_sent(line: Line) -> None:
    with pytest.raises(ProviderError, match="watermark") as caught:
        line.submit(watermark="ours")
    assert_failure(caught.value, "invalid_request")
    assert line.fake.submits == []


@every_vendor
def test_the_key_is_in_no_repr(line: Line) -> None:
    request = line.vendor.submit_request(line.account, line.brief("x"), "k")
    assert line.fake.api_key not in repr(request) + repr(line.account)


def assert_failure(error: ProviderError, code: str, *, retryable: bool = False, accepted: bool = False) -> None:
    assert (error.code, error.retryable, error.accepted) == (code, retryable, accepted)
    assert error.detail or error.message
