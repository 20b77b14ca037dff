"""Sending what is due. One thread of a worker's lane sends for all teams, many at once: a receiver that hangs holds up nobody."""

import logging
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import cache

from django.conf import settings
from django.db import DatabaseError

from jobs import clock, doorbell, failpoints
from jobs.models import WebhookDelivery
from jobs.webhooks import outbox, payload, signing
from jobs.webhooks.outbox import Tried
from wevion.http.blocking import BlockingDoor
from wevion.http.errors import ConnectFailed, HttpError, Refused, TimedOut, TooLarge
from wevion.http.messages import Request

log = logging.getLogger(__name__)

AT_ONCE = 32
TIMEOUT_SECONDS = 15
MAX_ANSWER_BYTES = 64_000
ROUND_SECONDS = 8.0  # then the thread is the lane's again; the rest is rung for
TICK_SECONDS = 0.5

_sending = threading.Lock()
_asked = threading.Event()


@cache
def door() -> BlockingDoor:
    return BlockingDoor(allow=settings.HTTP_ALLOW_PRIVATE)


def send_due() -> int:
    """Sends what is due, and returns how many attempts that took. At once 0 while another thread here is at it: it goes on."""
    _asked.set()
    sent = 0
    while _asked.is_set() and _sending.acquire(blocking=False):
        try:
            _asked.clear()
            sent += _round()
        finally:
            _sending.release()
    return sent


def _round() -> int:
    sent, until = 0, time.monotonic() + ROUND_SECONDS
    flying: dict[Future[Tried], WebhookDelivery] = {}
    # The pool's threads do HTTP and nothing else: the database is this thread's.
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
        while True:
            over = time.monotonic() > until
            for delivery in outbox.claim(AT_ONCE - len(flying)) if not over and len(flying) < AT_ONCE else ():
                flying[_started(pool, delivery)] = delivery
            if not flying:
                break
            for done in wait(flying, TICK_SECONDS, FIRST_COMPLETED).done:
                failpoints.reach("before_webhook_marked")
                outbox.record(flying.pop(done), done.result())
                sent += 1
    if over:
        doorbell.ring(outbox.TASK, outbox.LANE)
    return sent


def _started(pool: ThreadPoolExecutor, delivery: WebhookDelivery) -> "Future[Tried]":
    """One message that cannot be put together fails alone, and not the round with all the others."""
    try:
        return pool.submit(attempt, _request(delivery))
    except DatabaseError:
        raise
    except Exception:
        log.exception("webhook message %s cannot be put together", delivery.message_id)
        failed: Future[Tried] = Future()
        failed.set_result(Tried(0, error="A fault of ours: the message could not be put together."))
        return failed


def _request(delivery: WebhookDelivery) -> Request:
    words = payload.words(delivery)
    content = words.encoded()
    keys = signing.live(delivery.team, delivery.endpoint)
    signed = signing.headers(keys, delivery.message_id, int(clock.now().timestamp()), content)
    if words.signature_header:
        signed[words.signature_header] = signing.of_body_alone(keys, content)
    if words.attempt_header:
        signed[words.attempt_header] = str(delivery.tries + 1)
    return Request(
        "POST",
        delivery.target,
        headers={"content-type": "application/json", **signed},
        content=content,
        timeout_seconds=TIMEOUT_SECONDS,
        max_bytes=MAX_ANSWER_BYTES,
    )


def attempt(request: Request) -> Tried:
    """One POST. Redirects are not followed, and whatever goes wrong is told and not raised."""
    started = time.monotonic()
    try:
        answer = door().send(request)
    except HttpError as error:
        return Tried(_since(started), error=_told(error))
    told = f"It answered with a redirect ({answer.status}), and those are not followed." if 300 <= answer.status < 400 else ""
    return Tried(_since(started), answer.status, told, answer.body, answer.retry_after_seconds)


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)


def _told(error: HttpError) -> str:
    match error:
        case Refused():
            return f"We do not connect there: {error}."
        case ConnectFailed():
            return "No connection: the name, the network or TLS failed."
        case TimedOut():
            return f"No complete answer within {TIMEOUT_SECONDS} seconds."
        case TooLarge():
            return f"The answer is larger than {MAX_ANSWER_BYTES // 1000} kB."
    return "The connection broke before the answer was complete."
