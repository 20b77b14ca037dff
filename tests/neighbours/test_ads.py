"""The ad contract over our jobs, and what is made: one ad is really rendered, the rest ends before."""

import io
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiohttp import web
from django.test import Client
from PIL import Image

from creative_hub import studio
from creative_hub.api.document import document
from creative_hub.models import Asset
from creative_hub.storage import work
from creative_hub.storage.door import door
from jobs import clock, submission
from jobs.models import Item, ItemRun, Job
from tests.api.calling import begin, valid
from tests.http.servers import serve
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db

Api = Callable[[Membership], Client]
Drain = Callable[[], int]
PRODUCT = {
    "@type": "Product",
    "name": "Aurora Desk Lamp",
    "description": "A warm light that follows your day. It dims by itself in the evening.",
    "image": "/lamp.png",
    "offers": {"price": "89.00", "priceCurrency": "EUR"},
}


async def lamp(request: web.Request) -> web.Response:
    data = f'<script type="application/ld+json">{json.dumps(PRODUCT)}</script>'
    return web.Response(text=f"<html><head>{data}</head></html>", content_type="text/html")


async def photo(request: web.Request) -> web.Response:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), (200, 120, 40)).save(out, "PNG")
    return web.Response(body=out.getvalue(), content_type="image/png")


async def news(request: web.Request) -> web.Response:
    return web.Response(text="<html><title>News</title></html>", content_type="text/html")


@pytest.fixture
def shop(settings: Any) -> Iterator[Callable[[str], str]]:
    app = web.Application()
    app.add_routes([web.get("/lamp", lamp), web.get("/lamp.png", photo), web.get("/news", news)])
    with serve(app) as address:
        settings.HTTP_ALLOW_PRIVATE = frozenset({address})
        door.cache_clear()
        yield lambda path: f"http://{address}/{path}"
        door().close()
        door.cache_clear()


def ordered(client: Client, *urls: str, **more: Any) -> Any:
    return client.post("/api/v1/generate", {"urls": list(urls), **more}, content_type="application/json")


def seen(client: Client, job_id: str) -> Any:
    answer = client.get(f"/api/v1/jobs/{job_id}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_of_two_pages_the_one_with_a_product_becomes_an_ad_and_is_charged(
    bob: Membership, api: Api, shop: Callable[[str], str], drain: Drain, django_capture_on_commit_callbacks: Any
) -> None:
    client = api(bob)
    accepted = ordered(client, shop("lamp"), shop("news"), aspectRatio="9:16", adDuration=15)
    assert (accepted.status_code, accepted.json()["totalProjects"], accepted.json()["status"]) == (202, 2, "pending")
    job_id = accepted.json()["jobId"]
    with django_capture_on_commit_callbacks(execute=True):
        drain()
    found = seen(client, job_id)
    assert (found["status"], found["overallProgress"], found["stage"]) == ("partial", 100, None)
    assert (found["completedProjects"], found["failedProjects"]) == (1, 1)
    valid(document(), "AdsJob", found)
    done, lost = found["completedDetails"]
    assert (done["title"], done["status"], done["aspectRatio"]) == ("Aurora Desk Lamp", "completed", "9:16")
    assert abs(done["durationSeconds"] - 15) < 0.1
    assert "Yours for €89.00." in done["script"]
    assert (lost["status"], lost["error"]["code"], lost["finalOutputUrl"]) == ("failed", "invalid_request", None)
    clip = b"".join(Client().get("/files/" + done["finalOutputUrl"].rpartition("/files/")[2]))
    assert clip[4:8] == b"ftyp"
    job = Job.objects.get(pk=job_id)
    assert (job.cost_cents, job.estimated_cost_cents) == (30, 60)
    asset = Asset.objects.get()
    assert (asset.kind, asset.width, asset.height, bool(asset.thumbnail)) == ("video", 720, 1280, True)
    assert work.names(f"work/{job_id}") == []

    again = submission.retry(bob, job)
    assert again.settings["projects"] == [{"url": shop("news"), "variant": 0}]
    assert again.estimated_cost_cents == 30


def test_pages_times_versions_are_projects_of_their_own(bob: Membership, api: Api, shop: Callable[[str], str]) -> None:
    client = api(bob)
    job_id = ordered(client, shop("lamp"), shop("news"), variantCount=3).json()["jobId"]
    found = seen(client, job_id)
    assert (found["status"], found["stage"], found["totalProjects"], len(found["projects"])) == ("pending", "preparing", 6, 6)
    assert {project["status"] for project in found["projects"]} == {"pending"}
    assert "completedDetails" not in found


@pytest.mark.parametrize(
    ("percent", "project", "job"),
    [
        (0, "preparing", "preparing"),
        (20, "generating", "video"),
        (69, "generating", "video"),
        (70, "post_processing", "audio"),
        (99, "stitching", "stitching"),
    ],
)
def test_a_stage_that_only_some_provider_has_is_told_as_one_of_the_contract_s(
    percent: int, project: str, job: str, bob: Membership, api: Api, shop: Callable[[str], str]
) -> None:
    client = api(bob)
    job_id = ordered(client, shop("lamp")).json()["jobId"]
    begin(job_id)
    Item.objects.update(status="processing", stage="filming", progress_percent=percent)
    found = seen(client, job_id)
    assert (found["stage"], found["projects"][0]["status"]) == (job, project)


def test_a_job_of_which_every_page_fails_costs_nothing(
    bob: Membership, api: Api, shop: Callable[[str], str], drain: Drain
) -> None:
    client = api(bob)
    job_id = ordered(client, shop("news")).json()["jobId"]
    drain()
    found = seen(client, job_id)
    assert (found["status"], found["overallProgress"], found["failedProjects"]) == ("failed", 100, 1)
    assert Job.objects.get().cost_cents == 0


@pytest.fixture
def lookups(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The C library's resolver, which knows no shop; with each time that it was asked for one."""
    asked: list[str] = []
    known = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if str(host).endswith(".example"):
            asked.append(str(host))
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_shop_that_is_not_found_is_the_person_s_address_after_a_few_tries(
    bob: Membership, api: Api, drain: Drain, lookups: list[str]
) -> None:
    client = api(bob)
    job_id = ordered(client, "https://shop.example/lamp").json()["jobId"]
    for _ in range(5):
        drain()
        ItemRun.objects.exclude(wake_at=None).update(wake_at=clock.now())
    job = Job.objects.get(pk=job_id)
    assert (job.status, job.error_code) == ("failed", "invalid_request")
    assert job.error_message == "shop.example could not be found. Check the address."
    assert len(lookups) == 6, "three tries, of robots.txt and of the page"
    said = list(job.events.values_list("note", flat=True))
    assert said[2:] == [
        "Preparing: shop.example could not be found; trying again in 2 s",
        "Preparing: shop.example could not be found; trying again in 5 s",
        "shop.example could not be found; $0.30 released, nothing charged",
    ]
    assert [("ClientConnectorDNSError" in event.detail) for event in job.events.all()] == [False, False, True, True, True]


def test_a_page_that_is_gone_is_the_person_s_address_at_once(
    bob: Membership, api: Api, drain: Drain, shop: Callable[[str], str]
) -> None:
    job_id = ordered(api(bob), shop("no-such-page")).json()["jobId"]
    drain()
    job = Job.objects.get(pk=job_id)
    assert (job.status, job.error_code) == ("failed", "invalid_request")
    assert job.error_message == "The page answered 404 (not found). Check the address."


def test_an_ad_is_cancelled_and_costs_nothing(bob: Membership, api: Api, shop: Callable[[str], str]) -> None:
    client = api(bob)
    job_id = ordered(client, shop("lamp")).json()["jobId"]
    assert client.post(f"/api/v1/jobs/{job_id}/cancel").json()["status"] == "cancelled"
    assert client.post(f"/api/v1/jobs/{job_id}/cancel").status_code == 200
    found = seen(client, job_id)
    assert (found["status"], found["overallProgress"], found["completedDetails"]) == ("cancelled", 100, [])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"urls": []}, "urls"),
        ({"urls": ["https://a.example"] * 4}, "urls"),
        ({"urls": ["http://127.0.0.1:9/x"]}, "urls"),
        ({"urls": ["ftp://a.example"]}, "urls"),
        ({"urls": "https://a.example"}, "urls"),
        ({"variantCount": 4}, "variantCount"),
        ({"adDuration": 20}, "adDuration"),
        ({"aspectRatio": "4:5"}, "aspectRatio"),
        ({"contentType": "organic"}, "contentType"),
        ({"selectedActorId": "nobody"}, "selectedActorId"),
        ({"variant_count": 1}, "variant_count"),
        ({"urls": ["https://shop.example/\ud83d"]}, "urls"),
        ({"urls": ["https://shop.example/\x00"]}, "urls"),
        ({"webhookUrl": "http://localhost/hook"}, "webhookUrl"),
    ],
)
def test_what_is_wrong_is_400_and_named(changes: dict[str, Any], field: str, bob: Membership, api: Api) -> None:
    body = {"urls": ["https://shop.example/lamp"], **changes}
    refused = api(bob).post("/api/v1/generate", json.dumps(body), content_type="application/json")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")
    assert field in refused.json()["details"]
    assert not Job.objects.exists()


def test_an_ad_is_its_owner_s_alone(
    alice: Membership, bob: Membership, vera: Membership, charlie: Membership, api: Api, shop: Callable[[str], str]
) -> None:
    job_id = ordered(api(bob), shop("lamp")).json()["jobId"]
    for other in (alice, charlie):
        assert api(other).get(f"/api/v1/jobs/{job_id}").status_code == 404
        assert api(other).post(f"/api/v1/jobs/{job_id}/cancel").status_code == 404
    assert ordered(api(vera), shop("lamp")).status_code == 403
    assert Client().post("/api/v1/generate", {}, content_type="application/json").status_code == 401


def test_an_order_that_is_repeated_asks_for_the_same_projects(bob: Membership, api: Api, shop: Callable[[str], str]) -> None:
    ordered(api(bob), shop("lamp"), variantCount=2)
    job = Job.objects.get()
    assert studio.order_again(job).fingerprint() == job.fingerprint
