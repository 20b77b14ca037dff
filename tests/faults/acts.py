"""What the tests of failures do: make a real process die at a named place, and let time pass for what it left behind."""

import signal
import subprocess
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db.models import F

from jobs import admission, clock, doorbell, runner, runs
from jobs.models import ItemRun, Job
from tests.faults.invariants import check
from tests.line.test_vendors import polling, submitted
from tests.processes import Stack, wait_until
from tests.providers.fakes.server import FakeVendor
from wevion.accounts.models import Membership

LANES = ("io", "media")


def image(member: Membership, prompt: str = "a lamp") -> Job:
    return submitted(member, "image", provider="flux_2_pro", prompt=prompt)


def avatar(member: Membership, script: str = "Hello") -> Job:
    return submitted(member, "avatar", provider="heygen", script=script, avatar_id="a1", voice_id="v1")


def result(job: Job) -> tuple[str, str]:
    job.refresh_from_db()
    return job.status, job.error_code


def fired(stack: Stack) -> list[str]:
    """The failpoints that fired so far, each with its action."""
    log = Path(stack.environment["FAILPOINTS_LOG"])
    return log.read_text().splitlines() if log.exists() else []


def start(stack: Stack, name: str, failpoints: str = "") -> "subprocess.Popen[bytes]":
    """The real process, with the vendors that this one knows. It is stopped with the stack."""
    known = {"HTTP_ALLOW_PRIVATE": ",".join(settings.HTTP_ALLOW_PRIVATE)}
    for vendor, (base_url, key) in settings.VENDORS.items():
        known |= {f"{vendor.upper()}_BASE_URL": base_url, f"{vendor.upper()}_API_KEY": key}
    stack.spawn(name, stack.command(name), FAILPOINTS=failpoints, **known)
    return stack.processes[name]


def killed(stack: Stack, name: str, point: str, turn: int = 1) -> None:
    """Runs the real process until it reaches the failpoint, and is killed there with SIGKILL."""
    process = start(stack, name, f"{point}=kill@{turn}")
    if name == "media":
        # A pool process dies, and its parent would fork another: so it is killed too, as the machine would be.
        wait_until(ringing("media", lambda: "signal 9 (SIGKILL)" in stack.log("media")), what=f"a death at {point}")
        stack.kill("media")
    else:
        wait_until(ringing("io", lambda: process.poll() is not None), what=f"a death at {point}")
        assert process.returncode == -signal.SIGKILL, stack.log(name)
    assert fired(stack)[-1] == f"{point} kill", stack.log(name)


def ringing(lane: str, condition: Callable[[], bool]) -> Callable[[], bool]:
    """The condition, ringing for the lane now and then: a worker that is just starting misses nothing by it."""
    asked = 0

    def rings() -> bool:
        nonlocal asked
        if asked % 20 == 0 and dict(runs.overdue(0)).get(lane):
            doorbell.ring("jobs.advance", lane, expires_seconds=30)
        asked += 1
        return condition()

    return rings


def leases_run_out() -> None:
    """Lets pass the time until nobody waits any more for a process that is known to be dead."""
    ItemRun.objects.exclude(lease_until=None).update(lease_until=clock.now() - timedelta(seconds=1))


def pass_time(**amount: float) -> None:
    """Moves what has happened into the past."""
    by = timedelta(**amount)
    ItemRun.objects.update(
        queued_at=F("queued_at") - by,
        wake_at=F("wake_at") - by,
        lease_until=F("lease_until") - by,
        last_progress_at=F("last_progress_at") - by,
        deadline_at=F("deadline_at") - by,
    )
    Job.objects.update(created_at=F("created_at") - by)


def work(*lanes: str) -> None:
    """One turn of healthy workers of these lanes (all, if none is named) in this process, without the waiting."""
    admission.admit()
    ItemRun.objects.filter(lease_until=None).exclude(wake_at=None).update(wake_at=clock.now())
    for lane in lanes or LANES:
        runner.advance(lane)


def all_ended() -> bool:
    return not Job.objects.active().exists()


def finish(what: str = "the end of all jobs") -> None:
    """Healthy workers and a poller, in this process, until every job has ended."""

    def ended() -> bool:
        work()
        return all_ended()

    with polling():
        wait_until(ended, 60, what)


def until_with_the_vendor(vendor: FakeVendor, orders: int = 1) -> None:
    """Works until the vendor has the orders and only the poller has something to do."""
    wait_until(partial(_ordered, vendor, orders), 30, "the order at the vendor")


def _ordered(vendor: FakeVendor, orders: int) -> bool:
    work()
    return len(vendor.orders) == orders and not ItemRun.objects.exclude(lane="poll").exists()


def until_to_be_fetched(vendor: FakeVendor, orders: int = 1) -> None:
    """Works until the vendor is done with all, and the files are to be downloaded."""

    def answered() -> bool:
        work("io")
        return ItemRun.objects.filter(lane="media").count() == orders

    until_with_the_vendor(vendor, orders)
    with polling():
        wait_until(answered, 30, "the vendor's answers")


def carried_on(job: Job, *vendors: FakeVendor) -> tuple[str, str]:
    """The dead process's lease runs out, and healthy ones take over: how the job ended."""
    leases_run_out()
    finish()
    check(*vendors)
    return result(job)
