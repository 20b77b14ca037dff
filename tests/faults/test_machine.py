"""Any order of submits, claims, crashes, late writes, clocks and answers, against a small model of statuses and money."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from jobs import admission, looks, reconciliation, runner, runs, submission, sweeper
from jobs.models import FAILURES, CreditAccount, Job, JobEvent, LedgerEntry, ledger
from jobs.models.status import TERMINAL, TRANSITIONS
from jobs.pipeline import Done, LeaseLost, StepFailed, Wait, stage_after, stage_named
from jobs.runs import Claim
from tests.conftest import join
from tests.engine import workshop
from tests.faults.acts import leases_run_out, pass_time
from wevion.accounts.models import Role, Team

CENTS = 1000
LANES = ("io", "media", "poll")
ORDERS = st.tuples(st.sampled_from(sorted(workshop.STAGES)), st.integers(1, 3), st.sampled_from([0, 1, 25, 250]))
REFUSED = [StepFailed(code, f"refused: {code}") for code in ("content_rejected", "provider_error", "storage_error")]
AGAIN = StepFailed("provider_error", retryable=True)
OUTCOMES = st.sampled_from([None, None, None, None, Wait(0, 30), Wait(0), AGAIN, *REFUSED])

ACTS = [
    *["answer"] * 8,
    *["claim"] * 4,
    *["look", "submit_one", "admit", "crash"] * 2,
    *["time_passes", "retry", "hide", "top_up"],
]


@dataclass
class Expected:
    """What the job must say. `items` has the status of each, `delivered` what the completed ones cost."""

    price: int
    items: list[str]
    status: str = "pending"
    cost: int = 0
    code: str = ""
    hidden: bool = False
    codes: dict[int, str] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        return self.status in ("pending", "processing")

    def begin(self, position: int) -> None:
        self.items[position] = self.status = "processing"

    def end(self, position: int, code: str = "") -> None:
        self.items[position] = "failed" if code else "completed"
        if code:
            self.codes[position] = code
        if all(item in TERMINAL for item in self.items):
            self.cost = self.items.count("completed") * self.price
            self.status = "completed" if "completed" in self.items else "failed"
            self.code = "" if "completed" in self.items else self.codes[min(self.codes)]


class Lifecycle(RuleBasedStateMachine):
    """One team, one member; time moves only when a rule moves it. Every example ends with a rollback."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.team = Team.objects.create(name="Northlight")
        ledger.top_up(self.team, CENTS)
        self.bob = join(self.team, "bob@example.com", Role.MEDIABUYER)
        self.balance = CENTS
        self.jobs: dict[UUID, Expected] = {}
        self.retries: dict[UUID, UUID] = {}
        self.hands: list[Claim] = []  # every claim ever made, dead or alive
        self.newest: dict[int, int] = {}  # item → the attempt that may write

    def teardown(self) -> None:
        try:
            assert not [name for name, rows in reconciliation.findings() if rows]
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @property
    def held(self) -> int:
        return sum(job.price * len(job.items) for job in self.jobs.values() if job.active)

    @initialize(orders=st.lists(ORDERS, min_size=2, max_size=4))
    def open(self, orders: list[tuple[str, int, int]]) -> None:
        for order in orders:
            self._submit(order)
        admission.admit()

    @rule(act=st.sampled_from(ACTS), data=st.data())
    def turn(self, act: str, data: Any) -> None:
        """One rule for all: left to choose between rules, Hypothesis spends its steps on those that lead nowhere."""
        getattr(self, f"_{act}")(data)

    # What people do

    def _submit_one(self, data: Any) -> None:
        self._submit(data.draw(ORDERS))

    def _submit(self, order: tuple[str, int, int]) -> None:
        provider, items, cents = order
        asked = workshop.order(provider, items, cents)
        if self.held + items * cents > self.balance:
            with pytest.raises(ledger.InsufficientCredits), transaction.atomic():
                submission.submit(self.bob, asked)
        else:
            self.jobs[submission.submit(self.bob, asked).pk] = Expected(cents, ["pending"] * items)

    def _top_up(self, data: Any) -> None:
        cents = data.draw(st.integers(1, 500))
        ledger.top_up(self.team, cents)
        self.balance += cents

    def _hide(self, data: Any) -> None:
        pk = data.draw(st.sampled_from(list(self.jobs)))
        if self.jobs[pk].active:
            with pytest.raises(submission.StillActive):
                submission.hide(self.bob.user, Job.objects.get(pk=pk))
        else:
            submission.hide(self.bob.user, Job.objects.get(pk=pk))
            self.jobs[pk].hidden = True

    def _retry(self, data: Any) -> None:
        failed = [pk for pk, job in self.jobs.items() if job.status == "failed"]
        if not failed:
            return
        pk = data.draw(st.sampled_from(failed))
        job, new = Job.objects.get(pk=pk), Expected(25, ["pending"])  # the workshop's price of today
        if not FAILURES[self.jobs[pk].code].retry:
            with pytest.raises(submission.NotRetryable):
                submission.retry(self.bob, job)
        elif pk in self.retries:
            assert submission.retry(self.bob, job).pk == self.retries[pk], "pressed twice"
        elif self.held + new.price > self.balance:
            with pytest.raises(ledger.InsufficientCredits), transaction.atomic():
                submission.retry(self.bob, job)
        else:
            self.retries[pk] = submission.retry(self.bob, job).pk
            self.jobs[self.retries[pk]] = new

    # What workers do

    def _admit(self, data: Any) -> None:
        admission.admit()

    def _claim(self, data: Any) -> None:
        """All that is due, and in one order: an example has to run the same way twice."""
        for lane in LANES:
            for claim in sorted(runs.claim(lane, 100), key=lambda claim: claim.item.pk):
                runner._begin(claim)
                self.hands.append(claim)
                self.newest[claim.item.pk] = claim.attempt
                self.jobs[claim.job.pk].begin(claim.item.position)

    def _crash(self, data: Any) -> None:
        """Every worker dies. Their claims may still write, until somebody else has claimed the item."""
        leases_run_out()

    def _answer(self, data: Any) -> None:
        """A worker, dead or alive, writes what its stage answered: None stands for Done."""
        if not self.hands:
            return
        claim = data.draw(st.sampled_from(self.hands))
        alive = self.newest.get(claim.item.pk) == claim.attempt
        stages = workshop.STAGES[claim.job.provider]
        last = stage_after(stages, claim.item.stage) is None
        outcome = data.draw(OUTCOMES) or Done(memo={"made": 1}, result={"made": 1} if last else None)
        stage = stage_named(stages, claim.item.stage)
        if not alive:
            with pytest.raises(LeaseLost), transaction.atomic():
                runner.record(claim, stages, stage, outcome)
            return
        again = runner.record(claim, stages, stage, outcome)
        if again:
            self.hands[self.hands.index(claim)] = again
            return
        del self.newest[claim.item.pk]
        if claim.item.status in TERMINAL:
            self._end(claim.job.pk, claim.item.position, claim.item.error_code)

    def _end(self, pk: UUID, position: int, code: str) -> None:
        job = self.jobs[pk]
        job.end(position, code)
        if not job.active:
            self.balance -= job.cost

    # What the poller and the sweeper do

    def _look(self, data: Any) -> None:
        polled = [claim for claim in self.hands if claim.lane == "poll"]
        if not polled:
            return
        claim = data.draw(st.sampled_from(polled))
        outcome = data.draw(st.sampled_from([Wait(5, 50), Wait(5), Done(), AGAIN]))
        looks.settle([looks.Look(claim, stage_named(workshop.STAGES["polled"], "watching"), outcome)])
        if self.newest.get(claim.item.pk) == claim.attempt:
            del self.newest[claim.item.pk]

    def _time_passes(self, data: Any) -> None:
        minutes = data.draw(st.sampled_from([1, 1, 1, 16, 31]))
        pass_time(minutes=minutes)
        sweeper.sweep()
        if minutes < 15:
            return
        for pk, job in self.jobs.items():
            for position, status in enumerate(job.items):
                if status == "processing":
                    self._end(pk, position, "provider_timeout")
        self.newest.clear()

    # What is always true

    @invariant()
    def every_job_says_what_it_must(self) -> None:
        rows = {job.pk: job for job in Job.objects.prefetch_related("items")}
        assert rows.keys() == self.jobs.keys()
        for pk, expected in self.jobs.items():
            row = rows[pk]
            assert (row.status, row.cost_cents, row.error_code) == (expected.status, expected.cost, expected.code)
            assert (row.hidden_at is not None) == expected.hidden
            assert [item.status for item in row.items.all()] == expected.items

    @invariant()
    def the_money_adds_up(self) -> None:
        account = CreditAccount.objects.get(team=self.team)
        assert (account.posted_cents, account.held_cents) == (self.balance, self.held)
        charged = sum(job.cost > 0 for job in self.jobs.values())
        assert LedgerEntry.objects.filter(kind="charge").count() == charged

    @invariant()
    def history_is_legal(self) -> None:
        ways = JobEvent.objects.exclude(from_status="").values_list("from_status", "to_status")
        assert all(to == before or to in TRANSITIONS[before] for before, to in ways)
        ended = JobEvent.objects.filter(to_status__in=TERMINAL).exclude(from_status__in=TERMINAL).count()
        assert ended == sum(not job.active for job in self.jobs.values())


@pytest.mark.django_db
@pytest.mark.usefixtures("workshop_studio")
def test_no_order_of_events_breaks_a_status_or_loses_a_cent() -> None:
    run_state_machine_as_test(
        Lifecycle,
        settings=settings(
            max_examples=45,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
