"""The generation dialog, as a page and as a fragment."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from creative_hub.models import Folder
from jobs.models import CreditAccount, Job
from tests.pages.making import HTMX, fail, make, page
from wevion.accounts.models import Membership

SignIn = Callable[[Membership], Client]
IMAGE = "/creative-hub/generate/image"
FILLED = {
    "image": {"prompt": "a lighthouse"},
    "video": {"prompt": "waves"},
    "avatar": {"script": "Hello there."},
    "tts": {"text": "Hello there."},
    "composite": {"headline_text": "Sale"},
}


@pytest.mark.parametrize("job_type", FILLED)
def test_every_tab_has_its_own_page_form_and_price(job_type: str, alice: Membership, client_of: SignIn) -> None:
    text = page(client_of(alice).get(f"/creative-hub/generate/{job_type}"))
    for words in ("Image", "Video", "Avatar", "TTS", "Composite", 'aria-current="page"', "you have $10.00", "Jobs"):
        assert words in text
    assert re.search(r"<strong>\$\d+\.\d\d</strong>", text)


@pytest.mark.parametrize(("job_type", "fields"), FILLED.items())
def test_every_type_can_be_submitted(job_type: str, fields: dict[str, str], alice: Membership, client_of: SignIn) -> None:
    response = client_of(alice).post(f"/creative-hub/generate/{job_type}", {**fields, "idempotency_key": str(uuid4())})
    assert response.status_code == 302, page(response)
    assert Job.objects.get().type == job_type


def test_what_the_page_offers_is_what_it_accepts(alice: Membership, client_of: SignIn) -> None:
    """Each form is posted as a browser would post it: every control with its shown value."""
    client = client_of(alice)
    for job_type, fields in FILLED.items():
        text = client.get(f"/creative-hub/generate/{job_type}").content.decode()
        form = text[text.index('<form id="order"') : text.index("</form>", text.index('<form id="order"'))]
        shown = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"[^>]* checked', form))
        for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
            chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
            shown[name] = chosen[1] if chosen else ""
        blank = dict.fromkeys(re.findall(r'<input id="order-\w+" name="(\w+)" type="(?:text|number)"', form), "")
        response = client.post(f"/creative-hub/generate/{job_type}", {**blank, **shown, **fields})
        assert response.status_code == 302, page(response)


def test_a_provider_that_is_not_configured_is_disabled_and_says_why(alice: Membership, client_of: SignIn) -> None:
    text = page(client_of(alice).get(IMAGE))
    assert re.search(r'value="flux_2_pro" disabled', text)
    assert "Not configured: set BFL_API_KEY" in text
    assert re.search(r'value="local_image" checked', text)


def test_htmx_gets_the_dialog_alone_and_the_browser_its_address(alice: Membership, client_of: SignIn) -> None:
    response = client_of(alice).get(f"{IMAGE}?status=failed&type=", headers=HTMX)
    assert b"<html" not in response.content
    assert response["HX-Push-Url"] == f"{IMAGE}?status=failed"
    assert "HX-Request" in response["Vary"]


def test_errors_stand_beside_their_fields_and_typed_values_are_kept(alice: Membership, client_of: SignIn) -> None:
    key = str(uuid4())
    typed = {"prompt": "", "width": "100", "seed": "11", "num_variants": "3", "idempotency_key": key}
    response = client_of(alice).post(IMAGE, typed)
    text = page(response)
    assert response.status_code == 422
    assert "Please fill this in." in text
    assert "At least 256." in text
    assert 'name="seed" type="number" value="11"' in text
    assert '<option value="3" selected>' in text
    assert f'name="idempotency_key" value="{key}"' in text
    assert not Job.objects.exists()


def test_the_same_form_sent_twice_makes_one_job(alice: Membership, client_of: SignIn) -> None:
    client, order = client_of(alice), {"prompt": "a lighthouse", "idempotency_key": str(uuid4())}
    assert [client.post(IMAGE, order).status_code for _ in range(2)] == [302, 302]
    assert Job.objects.count() == 1


def test_an_old_form_with_other_contents_is_renewed_rather_than_sent(alice: Membership, client_of: SignIn) -> None:
    client, key = client_of(alice), str(uuid4())
    client.post(IMAGE, {"prompt": "a lighthouse", "idempotency_key": key})
    again = client.post(IMAGE, {"prompt": "a harbour", "idempotency_key": key})
    assert again.status_code == 422
    assert "sent before" in page(again)
    assert "a harbour" in page(again)
    assert key not in page(again)
    assert Job.objects.count() == 1


def test_the_price_follows_what_is_typed_and_creates_nothing(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    four = client.post(f"{IMAGE}/quote", {"prompt": "x", "num_variants": "4"}, headers=HTMX)
    assert "$0.08" in page(four)
    assert b"<form" not in four.content
    without = client.post(f"{IMAGE}/quote", {"prompt": "kept", "num_variants": "4"})
    assert "$0.08" in page(without)
    assert "kept" in page(without)
    assert not Job.objects.exists()


def test_choosing_another_provider_brings_its_fields_and_keeps_the_text(
    alice: Membership, client_of: SignIn, settings: Any
) -> None:
    settings.VENDORS = settings.VENDORS | {"heygen": ("https://api.heygen.com", "a-key")}
    typed = {"script": "Hello there.", "provider": "local_avatar", "avatar_id": "ava"}
    client, url = client_of(alice), "/creative-hub/generate/avatar/quote"
    local = page(client.post(url, typed, headers=HTMX | {"HX-Target": "form#order"}))
    other = page(client.post(url, typed | {"provider": "heygen"}, headers=HTMX | {"HX-Target": "form#order"}))
    for text in (local, other):
        assert text.startswith('<form id="order"')
        assert "Hello there.</textarea>" in text
    assert '<select id="order-language"' in local
    assert "order-language" not in other
    assert '<input id="order-avatar_id" name="avatar_id" type="text"' in other


def test_without_enough_credit_nothing_is_made_and_the_page_says_so(alice: Membership, client_of: SignIn) -> None:
    CreditAccount.objects.update(posted_cents=1)
    response = client_of(alice).post(IMAGE, {"prompt": "a lighthouse"})
    assert response.status_code == 402
    assert "Nothing was charged" in page(response)
    assert "a lighthouse" in page(response)
    assert not Job.objects.exists()


def test_a_viewer_sees_the_wand_disabled_with_the_reason_and_cannot_submit(vera: Membership, client_of: SignIn) -> None:
    client = client_of(vera)
    hub = page(client.get("/creative-hub/"))
    assert 'aria-disabled="true" title="Your role, Viewer, may look but not generate."' in hub
    response = client.post(IMAGE, {"prompt": "a lighthouse"})
    assert response.status_code == 403
    assert not Job.objects.exists()


def test_edit_and_resubmit_fills_the_form_from_the_failed_job(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    job = fail(make(alice, "a famous brand", seed=5, num_variants=2), "content_rejected")
    text = page(client_of(alice).get(f"{IMAGE}?again={job.pk}"))
    assert "a famous brand</textarea>" in text
    assert 'name="seed" type="number" value="5"' in text
    assert '<option value="2" selected>' in text
    assert "Reword it" in text
    assert client_of(bob).get(f"{IMAGE}?again={job.pk}").status_code == 404
    assert client_of(alice).get(f"{IMAGE}?again=nonsense").status_code == 404


def test_the_dialog_opened_in_a_folder_files_there(alice: Membership, client_of: SignIn) -> None:
    root = Folder.objects.root_of(alice.user, alice.team)
    folder = Folder.objects.create(owner=alice.user, team=alice.team, parent=root, name="Summer")
    text = page(client_of(alice).get(f"{IMAGE}?into={folder.pk}"))
    assert f'<option value="{folder.pk}" selected>Summer' in text
    assert f'data-close data-variant="ghost" data-size="icon-sm" href="/creative-hub/folders/{folder.pk}"' in text


def test_somebody_elses_folder_is_refused(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    foreign = Folder.objects.root_of(bob.user, bob.team)
    response = client_of(alice).post(IMAGE, {"prompt": "x", "drive_folder_id": str(foreign.pk)})
    assert response.status_code == 422
    assert "no such folder" in page(response)
    assert not Job.objects.exists()


def test_an_unknown_type_is_not_found(alice: Membership, client_of: SignIn) -> None:
    assert client_of(alice).get("/creative-hub/generate/poem").status_code == 404
