"""An order becomes a job, with the price it was quoted; the same order twice becomes one."""

import json
import threading
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from creative_hub.models import Folder
from jobs.models import Item, Job
from tests.api.calling import AUTHENTICATION_QUERIES, BASE, BODIES, Api, Drain, error_of, standing, submitted
from wevion.accounts.models import Membership

RTL = "دراجة حمراء بجانب البحر ‎— אופניים"
EMOJI = "A 🚲 by the sea 👩‍🚀🇧🇷 — “schön”"


@pytest.mark.parametrize("job_type", BODIES)
def test_an_order_is_accepted_and_told_where_to_look(job_type: str, api: Api, bob: Membership) -> None:
    client = api(bob)
    answer = client.post(f"{BASE}/{job_type}", BODIES[job_type])
    assert answer.status_code == 202
    body = answer.json()
    assert set(body) == {"job_id", "status"}
    assert body["status"] == "pending"
    assert answer["Retry-After"] == "5"
    assert answer["Location"] == f"http://testserver{BASE}/jobs/{body['job_id']}"
    assert client.get(answer["Location"]).json()["type"] == job_type


@pytest.mark.parametrize("variants", [1, 4])
def test_a_submit_takes_eight_statements_after_authentication(variants: int, api: Api, bob: Membership) -> None:
    client = api(bob)
    submitted(client)  # makes the folder, and notes the key's use
    with CaptureQueriesContext(connection) as caught:
        submitted(client, num_variants=variants)
    # folder · begin · the time · hold · job · items with their runs · event with the feed · commit
    assert len(caught) - AUTHENTICATION_QUERIES == 8


@pytest.mark.parametrize("job_type", BODIES)
def test_a_quote_is_the_price_that_is_held_and_creates_nothing(job_type: str, api: Api, bob: Membership) -> None:
    client, before = api(bob), standing()
    quote = client.post(f"{BASE}/quote", {"type": job_type} | BODIES[job_type]).json()
    assert (standing(), Folder.objects.count()) == (before, 0)
    assert set(quote) == {"cost_cents", "eta_seconds"}
    assert set(quote["eta_seconds"]) == {"p50", "p90"}
    job = client.get(f"{BASE}/jobs/{submitted(client, job_type)}").json()
    assert quote["cost_cents"] == job["estimated_cost_cents"] > 0


def test_the_quoted_price_is_the_charged_one(api: Api, bob: Membership, drain: Drain) -> None:
    client = api(bob)
    quote = client.post(f"{BASE}/quote", {"type": "tts"} | BODIES["tts"]).json()
    job_id = submitted(client, "tts")
    drain()
    assert client.get(f"{BASE}/jobs/{job_id}").json()["cost_cents"] == quote["cost_cents"]


@pytest.mark.parametrize("wrong", [None, 5, ["image"], {"a": 1}, "hologram", "\ud800"])
def test_a_quote_for_no_type_names_the_field(wrong: Any, api: Api, bob: Membership) -> None:
    answer = api(bob).post(f"{BASE}/quote", json.dumps({"type": wrong}), content_type="application/json")
    assert "type" in error_of(answer, 400, "invalid_request")["details"]


@pytest.mark.parametrize("prompt", [RTL, EMOJI, "a\nb\tc", "x" * 4000])
def test_a_prompt_comes_back_as_it_was_sent(prompt: str, api: Api, bob: Membership) -> None:
    client = api(bob)
    assert client.get(f"{BASE}/jobs/{submitted(client, prompt=prompt)}").json()["prompt"] == prompt


def test_without_a_folder_the_result_goes_to_the_persons_own(api: Api, bob: Membership) -> None:
    client = api(bob)
    job = client.get(f"{BASE}/jobs/{submitted(client)}").json()
    assert job["drive_folder_id"] == str(Folder.objects.get(owner=bob.user, parent=None).pk)


def test_a_named_folder_is_kept(api: Api, bob: Membership) -> None:
    client = api(bob)
    root = Folder.objects.root_of(bob.user, bob.team)
    folder = Folder.objects.create(owner=bob.user, team=bob.team, parent=root, name="Ads")
    job = client.get(f"{BASE}/jobs/{submitted(client, drive_folder_id=str(folder.pk))}").json()
    assert job["drive_folder_id"] == str(folder.pk)


def test_one_key_and_one_body_are_one_job_even_after_it_ended(api: Api, bob: Membership, drain: Drain) -> None:
    client = api(bob)
    answers = [client.post(f"{BASE}/tts", BODIES["tts"], headers={"Idempotency-Key": "k"})]
    drain()
    answers.append(client.post(f"{BASE}/tts", BODIES["tts"], headers={"Idempotency-Key": "k"}))
    assert answers[0].json() == answers[1].json()
    assert answers[0]["Location"] == answers[1]["Location"]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert Job.objects.count() == 1


def test_one_key_and_another_body_are_refused(api: Api, bob: Membership) -> None:
    client = api(bob)
    client.post(f"{BASE}/image", BODIES["image"], headers={"Idempotency-Key": "k"})
    before = standing()
    answer = client.post(f"{BASE}/image", {"prompt": "another"}, headers={"Idempotency-Key": "k"})
    error_of(answer, 422, "idempotency_mismatch")
    assert standing() == before


def test_a_key_belongs_to_the_person_who_used_it(api: Api, bob: Membership, alice: Membership) -> None:
    for member in (bob, alice):
        assert api(member).post(f"{BASE}/image", BODIES["image"], headers={"Idempotency-Key": "k"}).status_code == 202
    assert Job.objects.count() == 2


def test_a_key_that_is_too_long_is_named(api: Api, bob: Membership) -> None:
    answer = api(bob).post(f"{BASE}/image", BODIES["image"], headers={"Idempotency-Key": "k" * 256})
    assert "Idempotency-Key" in error_of(answer, 400, "invalid_request")["details"]


@pytest.mark.django_db(transaction=True)
def test_one_key_from_ten_threads_at_once_is_one_job_and_one_hold(api: Api, bob: Membership) -> None:
    clients = [api(bob) for _ in range(10)]
    together = threading.Barrier(len(clients))
    answers: list[Any] = []

    def submit(client: Any) -> None:
        try:
            together.wait()
            answers.append(client.post(f"{BASE}/image", BODIES["image"], headers={"Idempotency-Key": "same"}))
        finally:
            connection.close()

    threads = [threading.Thread(target=submit, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [202] * 10
    assert len({answer.json()["job_id"] for answer in answers}) == 1
    assert (Job.objects.count(), Item.objects.count()) == (1, 2)
    bob.team.credit.refresh_from_db()
    assert bob.team.credit.held_cents == Job.objects.get().estimated_cost_cents
