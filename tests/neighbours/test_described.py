"""The neighbours' calls in the API's description: their answers in every state, and their examples, are as it says."""

from collections.abc import Callable

import pytest
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from creative_hub.api.document import document
from creative_hub.contracts import ads, clips
from jobs.models import Job
from tests.api.calling import Api, begin, complete, fail, valid
from wevion.accounts.models import Membership

CALLS = {
    "clips": ("/api/v1/jobs", "ClipsJobAnswer", "/api/v1/jobs/{}", "ClipsJobAnswer"),
    "stories": ("/v1/generate/story", "StoriesAccepted", "/v1/jobs/{}", "StoriesJob"),
    "ads": ("/api/v1/generate", "AdsAccepted", "/api/v1/jobs/{}", "AdsJob"),
}


def ordered(client: APIClient, contract: str) -> str:
    """The id of a job that was made from the description's own example."""
    path, schema, *_ = CALLS[contract]
    said = document()["paths"][path]["post"]
    answer = client.post(path, said["requestBody"]["content"]["application/json"]["example"])
    assert str(answer.status_code) in said["responses"], answer.content
    valid(document(), schema, answer.json())
    return str(answer.json().get("job_id") or answer.json().get("jobId"))


@pytest.mark.parametrize("contract", CALLS)
@pytest.mark.parametrize("to", [None, begin, fail, complete])
def test_an_order_from_the_example_is_taken_and_shown_as_described(
    contract: str, to: Callable[[str], None] | None, api: Api, bob: Membership
) -> None:
    client = api(bob)
    job_id = ordered(client, contract)
    if to:
        to(job_id)
    answer = client.get(CALLS[contract][2].format(job_id))
    assert answer.status_code == 200, answer.content
    valid(document(), CALLS[contract][3], answer.json())
    if contract != "stories":
        valid(document(), "NeighbourJob", answer.json())
        told = {"clips": clips.told, "ads": ads.told}[contract](Job.objects.get(pk=job_id)) if to in (fail, complete) else None
        if told:
            valid(document(), f"{contract.capitalize()}Told", told.said)


def test_the_list_of_clip_jobs_is_as_described_and_a_filter_that_there_is_not_is_named(api: Api, bob: Membership) -> None:
    client = api(bob)
    ordered(client, "clips")
    valid(document(), "ClipsJobPage", client.get("/api/v1/jobs").json())
    assert "status" in client.get("/api/v1/jobs?status=queued").json()["details"]


def test_the_answers_that_are_shown_as_examples_are_as_described() -> None:
    found = document()
    answers = [
        answer.get("content", {}).get("application/json", {})
        for operations in found["paths"].values()
        for operation in operations.values()
        for answer in operation["responses"].values()
    ]
    for content in answers:
        examples = [each["value"] for each in content.get("examples", {}).values()]
        for example in [*examples, *([content["example"]] if "example" in content else [])]:
            Draft202012Validator({**content["schema"], "components": found["components"]}).validate(example)
