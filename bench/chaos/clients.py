"""The API's clients: they submit by plan, repeat what got no answer under the same key, and watch progress."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from bench.chaos.plan import Submit

PATH: Final = "/api/v1/creative-hub/generate"
FINAL: Final = (202, 400, 401, 402, 403, 404, 422)
TIMEOUT: Final = aiohttp.ClientTimeout(total=20)
BREAK_OFF_SECONDS: Final = (0.0, 0.06)
AGAIN_SECONDS: Final = (0.3, 2.0)
GIVE_UP_SECONDS: Final = 300
AT_ONCE: Final = 16  # requests under way: after an outage everybody comes back, but no crowd lasts for ever
WATCH_SECONDS: Final = 0.7
RANKS: Final = {"pending": 0, "processing": 1, "completed": 2, "failed": 2}


@dataclass
class Seen:
    """`jobs` has for each Idempotency-Key the job of its 202; `wrong` what a client must never see, in words."""

    statuses: Counter[str] = field(default_factory=Counter)
    jobs: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    slowest_submit_seconds: float = 0.0
    progress: dict[str, tuple[int, int]] = field(default_factory=dict)
    samples: int = 0


class Clients:
    def __init__(self, url: str, secrets: list[str], dice: random.Random) -> None:
        self.url, self.secrets, self.dice = url + PATH, secrets, dice
        self.seen = Seen()
        self.at_once = asyncio.Semaphore(AT_ONCE)

    async def submit_all(self, submits: list[Submit], started: float) -> None:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session, asyncio.TaskGroup() as group:
            for submit in submits:
                await asyncio.sleep(max(0.0, started + submit.at - time.monotonic()))
                group.create_task(self._submit(session, submit))

    async def _submit(self, session: aiohttp.ClientSession, submit: Submit) -> None:
        if submit.lost:
            await self._break_off(session, submit)
        status = await self._until_answered(session, submit, submit.body)
        if status == 202 and submit.again:
            await asyncio.sleep(self.dice.uniform(*AGAIN_SECONDS))
            await self._until_answered(session, submit, submit.body)
        if status == 202 and submit.other:
            other = {**submit.body, next(iter({"prompt", "script"} & set(submit.body))): "something else"}
            if (status := await self._until_answered(session, submit, other)) not in (422, 0):
                self.seen.wrong.append(f"key {submit.key} with another body: {status}")

    async def _break_off(self, session: aiohttp.ClientSession, submit: Submit) -> None:
        """Sends the order, and goes away before the answer."""
        sending = asyncio.create_task(self._post(session, submit, submit.body))
        await asyncio.sleep(self.dice.uniform(*BREAK_OFF_SECONDS))
        sending.cancel()
        await asyncio.wait([sending])
        self.seen.statuses["broken off by the client"] += 1

    async def _until_answered(self, session: aiohttp.ClientSession, submit: Submit, body: dict[str, Any]) -> int:
        """Repeats it under its key until the answer is final; 0 when none came in time."""
        limit = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < limit:
            try:
                status, answer = await self._post(session, submit, body)
            except (aiohttp.ClientError, TimeoutError) as error:
                self.seen.statuses[type(error).__name__] += 1
            else:
                self.seen.statuses[_word(status, answer)] += 1
                if status in FINAL:
                    self._note(submit, status, answer)
                    return status
                if status not in (500, 503):
                    self.seen.wrong.append(f"a submit was answered {status}")
            await asyncio.sleep(self.dice.uniform(*AGAIN_SECONDS))
        self.seen.unanswered.add(submit.key)
        return 0

    async def _post(self, session: aiohttp.ClientSession, submit: Submit, body: dict[str, Any]) -> tuple[int, Any]:
        headers = {"x-api-key": submit.secret, "Idempotency-Key": submit.key}
        async with self.at_once:
            began = time.monotonic()
            async with session.post(f"{self.url}/{submit.type}", json=body, headers=headers) as answer:
                self.seen.slowest_submit_seconds = max(self.seen.slowest_submit_seconds, time.monotonic() - began)
                try:
                    return answer.status, await answer.json()
                except (ValueError, aiohttp.ContentTypeError):
                    return answer.status, {}

    def _note(self, submit: Submit, status: int, answer: Any) -> None:
        if status == 202:
            job = answer["job_id"]
            if self.seen.jobs.setdefault(submit.key, job) != job:
                self.seen.wrong.append(f"key {submit.key} gave two jobs: {self.seen.jobs[submit.key]} and {job}")
        elif status == 402:
            self.seen.refused.add(submit.key)
        elif status != 422:
            self.seen.wrong.append(f"a submit was answered {status}: {answer}")

    async def watch(self) -> None:
        """Looks at somebody's newest jobs, again and again: progress never falls, and a status never goes back."""
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            while True:
                try:
                    headers = {"x-api-key": self.dice.choice(self.secrets)}
                    async with session.get(f"{self.url}/jobs?limit=100", headers=headers) as answer:
                        body = await answer.json() if answer.status == 200 else {}
                except (aiohttp.ClientError, TimeoutError, ValueError):
                    body = {}
                for job in body.get("results", []):
                    self._compare(job)
                await asyncio.sleep(WATCH_SECONDS)

    def _compare(self, job: dict[str, Any]) -> None:
        now = (RANKS[job["status"]], job["progress_percent"])
        before = self.seen.progress.get(job["id"], (0, 0))
        self.seen.samples += 1
        if now[0] < before[0] or now[1] < before[1]:
            self.seen.wrong.append(f"job {job['id']} went back from {before} to {now}")
        self.seen.progress[job["id"]] = now


def _word(status: int, answer: Any) -> str:
    code = answer.get("error") if isinstance(answer, dict) else ""
    return f"{status} {code}" if code else str(status)
