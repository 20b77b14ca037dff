"""Settings → Webhooks: for owners and admins, of their own team, and the secret once."""

from collections.abc import Callable

import pytest
from django.test import Client

from jobs.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from jobs.webhooks import endpoints, outbox
from tests.pages.making import page
from tests.webhooks.acts import ended
from wevion.accounts.models import Membership

SignIn = Callable[[Membership], Client]
HERE = "/settings/team/webhooks"
URL = "https://hooks.example.com/wevion"


@pytest.fixture
def endpoint(alice: Membership) -> WebhookEndpoint:
    return endpoints.add(alice, URL, WebhookEvent.values, "Import")[0]


def test_an_owner_adds_one_and_sees_its_secret_in_that_answer_only(client_of: SignIn, alice: Membership) -> None:
    client = client_of(alice)
    assert "No webhooks yet" in page(client.get(HERE))
    made = client.post(HERE, {"url": URL, "description": "Import", "events": ["job.failed"]})
    assert (made.status_code, "whsec_" in page(made), made["Cache-Control"].split(",")[0]) == (200, True, "max-age=0")
    found = WebhookEndpoint.objects.get()
    assert (found.url, found.events, found.created_by) == (URL, ["job.failed"], alice.user)
    for url in (HERE, f"{HERE}/{found.pk}"):
        assert URL in page(client.get(url))
        assert "whsec_" not in page(client.get(url))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"url": "http://example.com", "events": ["job.failed"]}, "only https"),
        ({"url": "https://10.0.0.1/x", "events": ["job.failed"]}, "not public"),
        ({"url": URL}, "Tick at least one"),
        ({"events": ["job.failed"]}, "required"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(form: dict[str, object], said: str, client_of: SignIn, alice: Membership) -> None:
    answer = client_of(alice).post(HERE, form)
    assert (answer.status_code, said in page(answer)) == (422, True), page(answer)
    assert not WebhookEndpoint.objects.exists()


def test_it_is_changed_tested_disabled_enabled_rotated_and_deleted(
    client_of: SignIn, alice: Membership, endpoint: WebhookEndpoint
) -> None:
    client, one = client_of(alice), f"{HERE}/{endpoint.pk}"
    assert client.post(one, {"url": URL + "/2", "events": ["job.completed"]}).status_code == 302
    assert "A test event is on its way" in page(client.post(f"{one}/test", follow=True))
    assert "is disabled" in page(client.post(f"{one}/switch", {"on": "no"}, follow=True))
    assert "Enable it first" in page(client.post(f"{one}/test", follow=True))
    assert "Disabled by Alice" in page(client.get(one))
    assert "is enabled" in page(client.post(f"{one}/switch", {"on": "yes"}, follow=True))
    assert "whsec_" in page(client.post(f"{one}/rotate"))
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.events, endpoint.enabled) == (URL + "/2", ["job.completed"], True)
    assert "is deleted" in page(client.post(f"{one}/delete", follow=True))
    assert not WebhookEndpoint.objects.exists()


def test_the_log_shows_every_attempt_and_sends_again(client_of: SignIn, alice: Membership, endpoint: WebhookEndpoint) -> None:
    ended(alice)
    delivery = outbox.claim(5)[0]
    outbox.record(delivery, outbox.Tried(312, 500, answer=b"<b>no</b>"))
    client = client_of(alice)
    seen = page(client.get(f"{HERE}/{endpoint.pk}"))
    assert all(words in seen for words in ("job.completed", "1 attempt", "500", "312 ms", "&lt;b&gt;no&lt;/b&gt;", "Failing"))
    answer = client.post(f"{HERE}/deliveries/{delivery.pk}/replay", follow=True)
    assert "sent again" in page(answer)
    assert WebhookDelivery.objects.get().tries == 0


def test_addresses_in_orders_have_a_log_and_a_secret_of_the_team(client_of: SignIn, alice: Membership, bob: Membership) -> None:
    client = client_of(alice)
    assert "no order of the team" in page(client.get(f"{HERE}/orders"))
    ended(bob, webhook_url=URL + "/mine")
    assert URL + "/mine" in page(client.get(f"{HERE}/orders"))
    delivery = WebhookDelivery.objects.get()
    assert client.post(f"{HERE}/deliveries/{delivery.pk}/replay")["Location"] == f"{HERE}/orders"
    assert "whsec_" in page(client.post(f"{HERE}/secret"))


def test_a_stranger_finds_nothing_a_teammate_may_not_and_a_visitor_logs_in_first(
    client_of: SignIn, alice: Membership, bob: Membership, charlie: Membership, endpoint: WebhookEndpoint
) -> None:
    ended(alice)
    delivery = WebhookDelivery.objects.get()
    one, replay = f"{HERE}/{endpoint.pk}", f"{HERE}/deliveries/{delivery.pk}/replay"
    posts = [*(f"{one}/{act}" for act in ("rotate", "switch", "test", "delete")), replay]
    for member, status in ((charlie, 404), (bob, 403)):
        client = client_of(member)
        assert client.get(one).status_code == status
        assert [client.post(path).status_code for path in posts] == [status] * len(posts)
    assert client_of(bob).get(HERE).status_code == 403
    assert str(endpoint.pk) not in page(client_of(charlie).get(HERE))
    assert Client().get(HERE).status_code == 302
    assert [client_of(alice).get(path).status_code for path in posts] == [405] * len(posts)
    endpoint.refresh_from_db()
    assert endpoint.enabled
