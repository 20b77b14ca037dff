"""From submitted to ended: what the rows say at each step."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from jobs import admission, clock, runner, submission
from jobs.models import Item, ItemRun, Job, JobEvent, JobFeed
from jobs.models.status import DELIVERED, FAILURES, TERMINAL, TRANSITIONS, IllegalTransition, Status
from jobs.submission import Order
from tests.engine.workshop import order
from wevion.accounts.models import Membership

Drain = Callable[[], int]


def due_now() -> None:
    """Brings every wait to its end, as time would."""
    ItemRun.objects.exclude(wake_at=None).update(wake_at=clock.now())


def test_a_submitted_job_is_pending_and_its_price_is_held(bob: Membership) -> None:
    job = submission.submit(bob, order(items=2, cents=25))
    bob.team.credit.refresh_from_db()
    assert (job.status, job.estimated_cost_cents, job.cost_cents) == ("pending", 50, 0)
    assert (bob.team.credit.held_cents, bob.team.credit.posted_cents) == (50, 1000)
    assert [event.to_status for event in job.events.all()] == ["pending"]


def test_a_job_runs_to_completion_and_is_charged_once(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order(items=2))
    drain()
    job.refresh_from_db()
    bob.team.credit.refresh_from_db()
    assert (job.status, job.progress_percent, job.cost_cents, job.current_stage) == ("completed", 100, 50, "")
    assert (bob.team.credit.held_cents, bob.team.credit.posted_cents) == (0, 950)
    assert job.ledger.get().amount_cents == -50
    assert job.duration_seconds is not None
    assert job.duration_seconds >= 0
    assert not ItemRun.objects.exists()
    transitions = [(event.from_status, event.to_status) for event in job.events.all() if event.is_transition]
    assert transitions == [("", "pending"), ("pending", "processing"), ("processing", "completed")]


def test_a_refused_job_fails_with_text_and_remedy_and_is_not_charged(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order(make={"0": "content_rejected"}))
    drain()
    job.refresh_from_db()
    bob.team.credit.refresh_from_db()
    assert (job.status, job.error_code, job.cost_cents) == ("failed", "content_rejected", 0)
    assert job.error_message == "refused: content_rejected"
    assert job.failure is not None
    assert job.failure.remedy
    assert (bob.team.credit.held_cents, bob.team.credit.posted_cents) == (0, 1000)
    assert not job.may_retry


def test_an_image_with_one_lost_variant_completes_and_charges_the_delivered(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order(items=3, make={"1": "provider_error"}))
    drain()
    job.refresh_from_db()
    assert (job.status, job.cost_cents, job.estimated_cost_cents) == ("completed", 50, 75)
    assert job.metadata["failed_items"] == [{"position": 1, "code": "provider_error"}]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (order(), ["1 file delivered, $0.25 charged"]),
        (order(items=3), ["3 files delivered, $0.75 charged"]),
        (order(items=2, cents=0), ["2 files delivered, nothing charged"]),
        (
            order(items=3, make={"1": "provider_error"}),
            ["Number 2 of 3 failed: refused: provider_error", "2 of 3 delivered, $0.50 charged"],
        ),
        (order(make={"0": "provider_error"}), ["refused: provider_error; $0.25 released, nothing charged"]),
        (order(cents=0, make={"0": "provider_error"}), ["refused: provider_error; nothing charged"]),
        (
            order(items=2, make={"0": "provider_error", "1": "content_rejected"}),
            [
                "Number 1 of 2 failed: refused: provider_error",
                "Number 2 of 2 failed: refused: content_rejected",
                "refused: provider_error; $0.50 released, nothing charged",
            ],
        ),
    ],
)
def test_the_timeline_says_what_was_delivered_and_charged(asked: Order, said: list[str], bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, asked)
    drain()
    *lines, last = list(job.events.values_list("note", flat=True))[2:]
    assert (sorted(lines), last) == (said[:-1], said[-1])  # which of the items fails first is chance


def test_the_timeline_is_for_people_and_the_backoffice_has_the_rest(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order(make={"0": "break"}))
    drain()
    tried = job.events.last()
    assert tried is not None
    assert tried.note == "Making: Something went wrong on our side; trying again in 2 s"
    assert tried.detail == "RuntimeError('broken on purpose')"


def test_a_failure_without_words_takes_the_text_of_its_code(bob: Membership) -> None:
    job = submission.submit(bob, order())
    with transaction.atomic():
        Job.objects.locked(job.pk).fail("provider_timeout", "", clock.now())
    job.refresh_from_db()
    assert job.error_message == FAILURES["provider_timeout"].text


def test_a_transient_error_is_tried_again_and_then_fails(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order(make={"0": ["provider_error", "retryable"]}))
    for _ in range(6):
        drain()
        job.refresh_from_db()
        due_now()
    drain()
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "provider_error")
    assert sum("trying again" in event.note for event in job.events.all()) == 5


def test_a_stage_that_breaks_fails_the_job_and_never_the_worker(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order(make={"0": "break"}))
    for _ in range(7):
        drain()
        due_now()
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "internal_error")


def test_progress_is_shown_while_a_stage_waits(bob: Membership) -> None:
    job = submission.submit(bob, order(make={"0": "wait"}))
    admission.admit()
    runner.advance("media")
    job.refresh_from_db()
    assert (job.status, job.progress_percent, job.current_stage) == ("processing", 45, "making")


def test_every_visible_change_raises_the_persons_feed(bob: Membership, drain: Drain) -> None:
    submission.submit(bob, order())
    before = JobFeed.version_of(bob.user)
    drain()
    assert JobFeed.version_of(bob.user) >= before + 2


def test_a_viewer_may_not_submit_and_nothing_is_left_behind(vera: Membership) -> None:
    with pytest.raises(PermissionDenied):
        submission.submit(vera, order())
    assert not Job.objects.exists()


def test_no_method_leaves_a_terminal_status(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order())
    drain()
    job.refresh_from_db()
    acts: list[Callable[[], None]] = [
        lambda: job.start(clock.now()),
        lambda: job.complete(1, clock.now()),
        lambda: job.fail("internal_error", "", clock.now()),
    ]
    for act in acts:
        with pytest.raises(IllegalTransition), transaction.atomic():
            act()


WAY_TO = {
    "pending": (),
    "processing": ("processing",),
    "completed": ("processing", "completed"),
    "failed": ("failed",),
    "partial": ("processing", "partial"),
    "cancelled": ("cancelled",),
}


@pytest.mark.parametrize(("before", "after"), [(a, b) for a in Status for b in Status if a != b and b not in TRANSITIONS[a]])
def test_the_database_itself_refuses_what_the_table_does_not_have(before: str, after: str, bob: Membership) -> None:
    job = submission.submit(bob, order())
    now = clock.now()
    for step in WAY_TO[before]:
        Job.objects.filter(pk=job.pk).update(**_row(step, now))
    with pytest.raises(DatabaseError, match="not a transition"), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**_row(after, now))


def _row(status: str, now: object) -> dict[str, object]:
    failed = status == "failed"
    return {
        "status": status,
        "started_at": now,
        "completed_at": now if status in TERMINAL else None,
        "progress_percent": 100 if status in DELIVERED else 0,
        "error_code": "internal_error" if failed else "",
        "error_message": "x" if failed else "",
    }


def test_history_cannot_be_rewritten(bob: Membership) -> None:
    submission.submit(bob, order())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        JobEvent.objects.update(note="it never happened")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        JobEvent.objects.all()._raw_delete("default")


def test_hiding_keeps_the_row_and_takes_it_from_the_list(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order())
    with pytest.raises(submission.StillActive):
        submission.hide(bob.user, job)
    drain()
    submission.hide(bob.user, job)
    assert not Job.objects.of(bob.user).exists()
    assert Job.objects.of_team(bob.team).get() == job
    assert Item.objects.get().status == "completed"


def test_a_retry_is_a_new_job_that_names_the_first(bob: Membership, drain: Drain) -> None:
    first = submission.submit(bob, order(make={"0": "provider_timeout"}))
    drain()
    first.refresh_from_db()
    second = submission.retry(bob, first)
    assert (second.retry_of, second.settings, second.status) == (first, first.settings, "pending")
    assert submission.retry(bob, first) == second, "pressing twice gives the same job"


def test_what_would_be_refused_again_cannot_be_retried(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order(make={"0": "content_rejected"}))
    drain()
    job.refresh_from_db()
    with pytest.raises(submission.NotRetryable):
        submission.retry(bob, job)
