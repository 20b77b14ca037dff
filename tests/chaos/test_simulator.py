"""The simulator of the vendors, through the product's own adapters: what it promises to a chaos run."""

import io
import json
import urllib.error
import uuid
from typing import Any

import pytest
from aiohttp import web
from PIL import Image, UnidentifiedImageError

from bench.simulator.media import mark_of
from bench.simulator.profiles import FILE_FAULTS, LOOK_FAULTS, SUBMIT_FAULTS
from creative_hub.providers.ports import ProviderError, Ready, Running
from tests.chaos.simulated import ADAPTERS, Simulator
from tests.http.servers import serve
from tests.processes import wait_until
from wevion.http.errors import HttpError

NOT_TAKEN = ("429", "429 with Retry-After", "503", "moderated", "reset before it is taken")
STILL_RUNNING = ("unknown status", "backwards")

both = pytest.mark.parametrize("name", ADAPTERS)


def text() -> str:
    return f"a red bicycle {uuid.uuid4()}"


def submitted(simulator: Simulator, name: str, words: str = "", **how: Any) -> str:
    found = simulator.submit(name, words or text(), **how)
    assert isinstance(found, Running)
    return found.ref


@both
def test_an_order_goes_its_whole_way_to_a_file_of_its_own(simulator: Simulator, name: str) -> None:
    words = text()
    ready = simulator.look(name, submitted(simulator, name, words))
    assert isinstance(ready, Ready)
    content = simulator.download(ready.url)
    work = next(work for work in simulator.witness()["orders"][name] if work.startswith(words))
    assert mark_of(work) in content
    assert simulator.orders(name, words) == 1
    if name == "bfl":
        Image.open(io.BytesIO(content)).load()
    assert simulator.witness()["complaints"] == []


@both
def test_a_render_runs_until_its_time_has_come(simulator: Simulator, name: str) -> None:
    simulator.control(image_seconds=[0.5, 0, 9], avatar_seconds=[0.5, 0, 9])
    ref = submitted(simulator, name)
    assert isinstance(simulator.look(name, ref), Running)
    wait_until(lambda: isinstance(simulator.look(name, ref), Ready))


@both
@pytest.mark.parametrize("fault", SUBMIT_FAULTS)
def test_a_submit_that_fails_is_known_to_be_taken_or_not(simulator: Simulator, name: str, fault: str) -> None:
    simulator.control(submit={fault: 1})
    words = text()
    with pytest.raises(ProviderError) as caught:
        simulator.submit(name, words, timeout_seconds=0.7)
    taken = fault not in NOT_TAKEN
    assert simulator.orders(name, words) == taken
    if taken:
        assert caught.value.accepted


@both
@pytest.mark.parametrize("fault", LOOK_FAULTS)
def test_a_look_that_fails_says_nothing_about_the_work(simulator: Simulator, name: str, fault: str) -> None:
    simulator.control(look={fault: 1}, image_seconds=[9, 0, 9], avatar_seconds=[9, 0, 9])
    ref = submitted(simulator, name)
    if fault in STILL_RUNNING:
        assert isinstance(simulator.look(name, ref), Running)
        return
    with pytest.raises(ProviderError) as caught:
        simulator.look(name, ref, timeout_seconds=0.7)
    assert caught.value.retryable


@pytest.mark.parametrize("fault", FILE_FAULTS)
def test_a_download_can_fail_in_every_way(simulator: Simulator, fault: str) -> None:
    ready = simulator.look("bfl", submitted(simulator, "bfl"))
    assert isinstance(ready, Ready)
    simulator.control(file={fault: 1})
    if fault == "damaged":
        with pytest.raises(UnidentifiedImageError):
            Image.open(io.BytesIO(simulator.download(ready.url))).load()
    else:
        with pytest.raises(HttpError):
            simulator.download(ready.url)


@both
def test_what_is_refused_later_is_told_by_a_look(simulator: Simulator, name: str) -> None:
    simulator.control(fate={"moderated later": 1})
    with pytest.raises(ProviderError) as caught:
        simulator.look(name, submitted(simulator, name))
    assert caught.value.code == "content_rejected"


def test_a_repeated_key_gets_the_first_answer_and_a_repeated_order_without_one_is_a_second(simulator: Simulator) -> None:
    words, key = text(), uuid.uuid4().hex
    assert submitted(simulator, "heygen", words, key=key) == submitted(simulator, "heygen", words, key=key)
    assert simulator.orders("heygen", words) == 1
    submitted(simulator, "bfl", words)
    submitted(simulator, "bfl", words)
    assert simulator.orders("bfl", words) == 2


def test_a_link_that_has_expired_brings_nothing(simulator: Simulator) -> None:
    simulator.control(fate={"short link": 1}, short_link_seconds=0)
    ready = simulator.look("bfl", submitted(simulator, "bfl"))
    assert isinstance(ready, Ready)
    with pytest.raises(HttpError):
        simulator.download(ready.url)


def test_a_fault_that_nobody_knows_is_refused(simulator: Simulator) -> None:
    with pytest.raises(urllib.error.HTTPError):
        simulator.control(look={"earthquake": 1})


@pytest.mark.parametrize(
    ("fault", "calls"), [("", 1), ("duplicate", 2), ("reordered", 2), ("early", 2), ("forged", 2), ("lost", 0)]
)
def test_callbacks_come_as_they_are_told_to(simulator: Simulator, fault: str, calls: int) -> None:
    received: list[dict[str, Any]] = []

    async def note(request: web.Request) -> web.Response:
        received.append({"headers": dict(request.headers), "body": json.loads(await request.text())})
        return web.Response()

    app = web.Application()
    app.router.add_post("/{name}", note)
    simulator.control(image_seconds=[0.2, 0, 1], callback={fault: 1} if fault else {})
    with serve(app) as address:
        simulator.control(callback_origin=f"http://{address}")
        order = {"prompt": text(), "webhook_url": "https://example.com/done", "webhook_secret": "s"}
        request = {"x-key": "key", "Content-Type": "application/json"}
        answer = simulator.post("/v1/flux-2-pro", order, request)
        assert "polling_url" not in answer
        marker = {"prompt": text(), "webhook_url": "https://example.com/done"}
        simulator.control(image_seconds=[1, 0, 1], profile="none")
        last = simulator.post("/v1/flux-2-pro", marker, request)["id"]
        wait_until(lambda: any(call["body"]["id"] == last for call in received))
    ours = [call for call in received if call["body"]["id"] == answer["id"]]
    assert len(ours) == calls
    assert len({call["headers"]["X-BFL-Signature"] for call in ours}) == (
        2 if fault in ("forged", "reordered") else min(calls, 1)
    )
