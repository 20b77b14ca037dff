"""The story contract over our jobs: who may ask, what is refused, what each status says."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from creative_hub import studio
from creative_hub.api.document import document
from creative_hub.models import Asset, Folder
from jobs.models import CreditAccount, Job
from tests.api.calling import valid
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db

Api = Callable[[Membership], Client]
Drain = Callable[[], int]
MIA = {"name": "Mia", "appearance": "a girl with short red curls and a yellow sweater"}
BODY = {
    "prompt": "Mia and a fox look for a treasure",
    "characters": [MIA, {"name": "Ferdinand", "appearance": "a small fox with a blue scarf"}],
    "scenes": ["Mia finds a map in the forest.", "Mia and Ferdinand sail across the sea."],
    "aspect_ratio": "1:1",
}


def order(client: Client, **changes: Any) -> Any:
    body = {name: value for name, value in {**BODY, **changes}.items() if value is not ...}
    return client.post("/v1/generate/story", body, content_type="application/json")


def test_a_story_is_made_scene_by_scene_and_its_pictures_open_without_a_key(bob: Membership, api: Api, drain: Drain) -> None:
    client = api(bob)
    accepted = order(client)
    assert accepted.status_code == 202
    pending = client.get(accepted["Location"]).json()
    assert pending == {
        "job_id": accepted.json()["job_id"],
        "status": "pending",
        "created_at": pending["created_at"],
        "scenes_completed": 0,
        "scenes_total": 2,
    }
    drain()
    done = client.get(f"/v1/jobs/{pending['job_id']}").json()
    assert (done["status"], done["scenes_completed"], done["result"]["cost_cents"]) == ("completed", 2, 4)
    assert "error" not in done
    valid(document(), "StoriesJob", done)
    assert [scene["description"] for scene in done["result"]["scenes"]] == BODY["scenes"]
    for scene in done["result"]["scenes"]:
        path = "/files/" + scene["image_url"].rpartition("/files/")[2]
        picture = b"".join(Client().get(path))
        assert picture.startswith(b"\x89PNG")


def test_a_scene_that_is_refused_fails_the_story_with_its_code_and_costs_nothing(bob: Membership, api: Api, drain: Drain) -> None:
    client = api(bob)
    job = order(client, scenes=["Mia waves.", "an explicit nude scene", "Mia goes home."]).json()["job_id"]
    drain()
    failed = client.get(f"/v1/jobs/{job}").json()
    assert (failed["status"], failed["error"]["code"], failed["scenes_completed"]) == ("failed", "content_rejected", 1)
    assert failed["error"]["message"]
    assert "result" not in failed
    assert Job.objects.get().cost_cents == 0
    assert not Asset.objects.exists()


def test_a_story_that_the_credit_does_not_cover_is_402_and_no_job(bob: Membership, api: Api) -> None:
    CreditAccount.objects.filter(team=bob.team).update(posted_cents=3)
    refused = order(api(bob))
    assert (refused.status_code, refused.json()["error"]) == (402, "insufficient_credits")
    assert not Job.objects.exists()


def test_a_story_with_a_picture_that_was_taken_down_is_451(bob: Membership, api: Api, drain: Drain) -> None:
    client = api(bob)
    job = order(client).json()["job_id"]
    drain()
    url = client.get(f"/v1/jobs/{job}").json()["result"]["scenes"][0]["image_url"]
    Asset.objects.filter(item__position=0).update(taken_down_at=timezone.now())
    refused = client.get(f"/v1/jobs/{job}")
    assert (refused.status_code, refused.json()["error"]) == (451, "unavailable_for_legal_reasons")
    assert Client().get("/files/" + url.rpartition("/files/")[2]).status_code == 451


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scenes": []}, "scenes"),
        ({"scenes": ...}, "scenes"),
        ({"scenes": ["x"] * 21}, "scenes"),
        ({"scenes": [""]}, "scenes"),
        ({"scenes": "one string"}, "scenes"),
        ({"characters": [{"name": "Mia"}]}, "characters"),
        ({"characters": [MIA, MIA]}, "characters"),
        ({"characters": [{**MIA, "age": 7}]}, "characters"),
        ({"characters": [{**MIA, "name": "Mia: the elder"}]}, "characters"),
        ({"characters": [{**MIA, "appearance": "a girl\x00"}]}, "characters"),
        ({"scenes": ["Mia \ud83d waves."]}, "scenes"),
        ({"scenes": ["Mia \x00 waves."]}, "scenes"),
        ({"webhook_url": "https://shop.example/\ud83d"}, "webhook_url"),
        ({"prompt": ""}, "prompt"),
        ({"mood": "sad"}, "mood"),
        ({"model": "no_such_model"}, "provider"),
        ({"model": "flux_2_pro_story"}, "provider"),
    ],
)
def test_what_is_wrong_is_400_and_named(changes: dict[str, Any], field: str, bob: Membership, api: Api) -> None:
    body = json.dumps({name: value for name, value in {**BODY, **changes}.items() if value is not ...})
    refused = api(bob).post("/v1/generate/story", body, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")
    assert field in refused.json()["details"]
    assert not Job.objects.exists()


def test_a_story_is_its_owner_s_alone_and_other_jobs_are_not_stories(
    alice: Membership, bob: Membership, vera: Membership, charlie: Membership, api: Api
) -> None:
    job = order(api(bob)).json()["job_id"]
    for other in (alice, charlie):
        assert api(other).get(f"/v1/jobs/{job}").status_code == 404
    image = api(bob).post(
        "/api/v1/creative-hub/generate/image", {"prompt": "a lamp", "provider": "local_image"}, content_type="application/json"
    )
    assert api(bob).get(f"/v1/jobs/{image.json()['job_id']}").status_code == 404
    assert order(api(vera)).status_code == 403
    assert Client().post("/v1/generate/story", BODY, content_type="application/json").status_code == 401


def test_the_same_key_gives_the_same_story(bob: Membership, api: Api) -> None:
    client = api(bob)
    first, again = (
        client.post("/v1/generate/story", BODY, content_type="application/json", headers={"Idempotency-Key": "k"})
        for _ in range(2)
    )
    assert first.json()["job_id"] == again.json()["job_id"]


def test_a_story_cannot_be_cancelled_and_is_also_a_job_of_ours(bob: Membership, api: Api) -> None:
    client = api(bob)
    job = order(client).json()["job_id"]
    ours = client.get(f"/api/v1/creative-hub/generate/jobs/{job}").json()
    assert (ours["type"], len(ours["items"]), ours["estimated_cost_cents"]) == ("story", 2, 4)
    assert client.post(f"/api/v1/creative-hub/generate/jobs/{job}/cancel").status_code == 409


def test_people_write_one_scene_and_one_character_on_each_line(
    bob: Membership, client_of: Callable[[Membership], Client]
) -> None:
    client = client_of(bob)
    sent = {
        "prompt": "Mia's day",
        "characters": "Mia: a girl with red curls\n\nRex: a dog with floppy ears",
        "scenes": "Mia wakes up.\nMia and Rex run in the meadow.\n",
        "provider": "local_story",
    }
    client.post("/creative-hub/generate/story", sent)
    job = Job.objects.get()
    assert job.settings["scenes"] == ["Mia wakes up.", "Mia and Rex run in the meadow."]
    assert job.settings["characters"][1] == {"name": "Rex", "appearance": "a dog with floppy ears"}
    page = client.get(f"/creative-hub/generate/story?again={job.pk}").content.decode()
    assert "Rex: a dog with floppy ears" in page


def test_a_story_is_made_again_with_the_same_scenes_and_characters_however_they_were_broken_into_lines(
    bob: Membership, api: Api
) -> None:
    order(
        api(bob),
        scenes=["Mia finds a map.\nIt is old.", "A storm\u2028comes\x85up."],
        characters=[{"name": "Mia\nMay", "appearance": "red curls:\r\n very short"}],
    )
    job = Job.objects.get()
    assert job.settings["scenes"] == ["Mia finds a map. It is old.", "A storm comes up."]
    assert job.settings["characters"] == [{"name": "Mia May", "appearance": "red curls: very short"}]
    again = studio.order_again(job)
    assert (again.fingerprint(), again.cost_cents) == (job.fingerprint, job.estimated_cost_cents)


def test_a_story_whose_folder_is_gone_is_made_again_into_the_root(bob: Membership, api: Api) -> None:
    root = Folder.objects.root_of(bob.user, bob.team)
    folder = Folder.objects.create(owner=bob.user, team=bob.team, parent=root, name="Treasure")
    order(api(bob))
    job = Job.objects.get()
    Job.objects.update(drive_folder_id=folder.pk)
    job.refresh_from_db()
    assert studio.order_again(job).drive_folder_id == folder.pk
    Folder.objects.filter(pk=folder.pk).update(deleted_at=timezone.now())
    assert studio.order_again(job).drive_folder_id == root.pk
