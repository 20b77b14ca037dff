"""What the generation form offers: examples, remembered choices, earlier jobs, files, and a price that says why."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from creative_hub import catalog
from creative_hub.models import Asset, Folder
from creative_hub.views.examples import EXAMPLES
from jobs import clock
from jobs.models import Job
from tests.pages.making import HTMX, make, page, start
from tests.pages.shelf import file_of
from wevion.accounts.models import Membership

SignIn = Callable[[Membership], Client]
WHOLE = HTMX | {"HX-Target": "form#order"}


def at(job_type: str, action: str = "") -> str:
    return f"/creative-hub/generate/{job_type}{action}"


def chosen_file(text: str, field: str) -> str:
    """The id of the file that is ticked in a field of the form."""
    found = re.search(rf'name="{field}-file" value="([^"]*)" checked', text)
    return found[1] if found else ""


@pytest.mark.parametrize("job_type", catalog.TYPES)
def test_every_example_fills_the_form_and_has_a_price(job_type: str, alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    for number, example in enumerate(EXAMPLES.get(job_type, ())):
        response = client.post(at(job_type, "/quote"), {"example": str(number)}, headers=WHOLE)
        text = page(response)
        assert text.startswith('<form id="order"')
        assert re.search(r"<strong>\$\d+\.\d\d</strong>", text), example.name
        assert "data-keep" in text  # they stay, to try the next one
        assert example.name in text


def test_an_example_keeps_the_other_choices_and_works_without_htmx(alice: Membership, client_of: SignIn) -> None:
    response = client_of(alice).post(at("image", "/quote"), {"num_variants": "3", "seed": "7", "example": "1"})
    text = page(response)
    assert "red bicycle leaning" in text
    assert '<option value="3" selected>' in text
    assert 'value="7"' in text
    for none in ("99", "9" * 5000, "-1", "x"):
        assert "red bicycle" not in page(client_of(alice).post(at("image", "/quote"), {"example": none}))


def test_the_choices_of_the_last_job_are_remembered_but_not_its_words(alice: Membership, client_of: SignIn) -> None:
    root = Folder.objects.root_of(alice.user, alice.team)
    summer = Folder.objects.create(owner=alice.user, team=alice.team, parent=root, name="Summer")
    make(alice, "a secret launch", aspect_ratio="16:9", num_variants=3, seed=11, drive_folder_id=str(summer.pk))
    text = page(client_of(alice).get(at("image")))
    assert '<option value="16:9" selected>' in text
    assert '<option value="3" selected>' in text
    assert f'<option value="{summer.pk}" selected>' in text
    form = text[text.index('<form id="order"') : text.index("</form>", text.index('<form id="order"'))]
    assert "a secret launch" not in form
    assert 'value="11"' not in form


def test_a_size_of_ones_own_is_remembered_and_a_chosen_ratio_goes_before_it(alice: Membership, client_of: SignIn) -> None:
    make(alice, "a poster", width=640, height=800)
    client = client_of(alice)
    text = page(client.get(at("image")))
    assert 'name="width" type="number" value="640"' in text
    assert '<option value="">My own width and height' in text
    assert '<option value="1:1" selected>' not in text
    order = {"prompt": "x", "width": "640", "height": "800", "aspect_ratio": "1:1", "idempotency_key": str(uuid4())}
    assert client.post(at("image"), order).status_code == 302
    job = Job.objects.get(prompt="x")
    assert job.settings["aspect_ratio"] == "1:1"
    assert "width" not in job.settings


def test_a_remembered_folder_that_is_gone_is_forgotten(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    root = Folder.objects.root_of(alice.user, alice.team)
    gone = Folder.objects.create(owner=alice.user, team=alice.team, parent=root, name="Gone")
    make(alice, drive_folder_id=str(gone.pk))
    Folder.objects.filter(pk=gone.pk).update(deleted_at=clock.now())
    client = client_of(alice)
    assert str(gone.pk) not in page(client.get(at("image")))
    assert client.post(at("image"), {"prompt": "x", "drive_folder_id": ""}).status_code == 302


def test_the_page_knows_the_key_of_the_last_job_so_that_its_draft_goes(alice: Membership, client_of: SignIn) -> None:
    client, key = client_of(alice), str(uuid4())
    assert 'data-last="" data-restore' in page(client.get(at("image")))
    client.post(at("image"), {"prompt": "a lighthouse", "idempotency_key": key})
    assert f'data-last="{key}" data-restore' in page(client.get(at("image")))
    assert "data-restore" not in page(client.post(at("image"), {"prompt": ""}))


def test_a_completed_job_can_be_used_again_by_its_owner_alone(
    alice: Membership, bob: Membership, charlie: Membership, client_of: SignIn
) -> None:
    job = start(make(alice, "a lighthouse at dawn", seed=5, num_variants=2))
    with transaction.atomic():
        Job.objects.locked(job.pk).complete(4, clock.now())
    text = page(client_of(alice).get(f"{at('image')}?again={job.pk}"))
    assert "a lighthouse at dawn</textarea>" in text
    assert 'name="seed" type="number" value="5"' in text
    assert '<option value="2" selected>' in text
    assert "Filled in from <a" in text
    assert "data-restore" not in text
    for other in (bob, charlie):
        assert client_of(other).get(f"{at('image')}?again={job.pk}").status_code == 404


def test_a_file_of_the_library_starts_a_video_or_a_composite(
    alice: Membership, bob: Membership, charlie: Membership, client_of: SignIn
) -> None:
    picture, clip = file_of(alice), file_of(alice, "clip.mp4", "video")
    client = client_of(alice)
    assert chosen_file(page(client.get(f"{at('video')}?image={picture.pk}")), "image_url") == str(picture.pk)
    both = page(client.get(f"{at('composite')}?image={picture.pk}&video={clip.pk}"))
    assert chosen_file(both, "image") == str(picture.pk)
    assert chosen_file(both, "product_video") == str(clip.pk)
    assert client.get(f"{at('video')}?image={clip.pk}").status_code == 404
    assert client.get(f"{at('video')}?image=nonsense").status_code == 404
    for other in (bob, charlie):
        assert client_of(other).get(f"{at('video')}?image={picture.pk}").status_code == 404


def test_a_chosen_file_is_ordered_and_a_typed_address_goes_before_it(alice: Membership, client_of: SignIn) -> None:
    picture, client = file_of(alice), client_of(alice)
    order = {"prompt": "it turns slowly", "image_url": "", "image_url-file": str(picture.pk)}
    assert client.post(at("video"), order).status_code == 302
    assert Job.objects.get().settings["image_url"] == str(picture.pk)
    client.post(at("video"), order | {"prompt": "it falls", "image_url": "https://example.com/a.png"})
    assert Job.objects.get(prompt="it falls").settings["image_url"] == "https://example.com/a.png"


def test_somebody_elses_file_and_a_bad_address_are_refused_beside_the_field(
    alice: Membership, bob: Membership, client_of: SignIn
) -> None:
    foreign, client = file_of(bob), client_of(alice)
    refused = client.post(at("video"), {"prompt": "x", "image_url-file": str(foreign.pk)})
    assert refused.status_code == 422
    assert "no such file in your library" in page(refused)
    bad = client.post(at("video"), {"prompt": "x", "image_url": "http://127.0.0.1/a.png"})
    assert bad.status_code == 422
    assert 'id="order-image_url-error"' in page(bad)
    assert 'value="http://127.0.0.1/a.png"' in page(bad)
    assert not Job.objects.exists()


def test_the_picker_shows_ones_own_files_of_the_kind_and_finds_them_by_name(
    alice: Membership, bob: Membership, client_of: SignIn
) -> None:
    url = "/creative-hub/generate/files/image?field=image_url"
    bicycle, harbour = file_of(alice, "bicycle.png"), file_of(alice, "harbour.png")
    file_of(alice, "clip.mp4", "video")
    foreign = file_of(bob, "bicycle of bob.png")
    client = client_of(alice)
    text = page(client.get(url))
    assert "bicycle.png" in text
    assert "harbour.png" in text
    assert "clip.mp4" not in text
    assert str(foreign.pk) not in page(client.get(f"{url}&chosen={foreign.pk}"))
    found = page(client.get(f"{url}&find=BICYCLE&chosen={harbour.pk}"))
    assert chosen_file(found, "image_url") == str(harbour.pk)  # what is chosen stays, whatever is searched
    assert str(bicycle.pk) in found
    assert "No image of yours is named like" in page(client.get(f"{url}&find=zebra"))
    assert client.get("/creative-hub/generate/files/poem?field=x").status_code == 400
    assert client.get("/creative-hub/generate/files/image?field=<b>").status_code == 400


def test_the_price_says_what_is_wrong_and_what_would_be_left(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    left = page(client.post(at("image", "/quote"), {"prompt": "x", "num_variants": "4"}, headers=HTMX))
    assert "you have $10.00, $9.92 after this" in left
    wrong = page(client.post(at("image", "/quote"), {"prompt": "x", "seed": "-1"}, headers=HTMX))
    assert "Seed: At least 0." in wrong
    alice.monthly_cap_cents = 5
    alice.save()
    over = page(client.post(at("image", "/quote"), {"prompt": "x", "num_variants": "4"}, headers=HTMX))
    assert "data-short>your limit leaves $0.05 this month" in over


def test_the_form_says_plainly_that_a_viewer_may_only_look(vera: Membership, client_of: SignIn) -> None:
    text = page(client_of(vera).get(at("image")))
    assert "Your role, Viewer, may look but not generate." in text
    assert "ask an owner or admin of Northlight" in text
    assert 'id="order-submit"' not in text


def test_a_provider_with_shorter_texts_says_so_and_refuses_longer_ones(
    alice: Membership, client_of: SignIn, settings: Any
) -> None:
    settings.VENDORS = settings.VENDORS | {"runway": ("https://api.example.com", "a-key")}
    client = client_of(alice)
    typed = {"provider": "runway_gen4", "aspect_ratio": "16:9", "prompt": "x" * 1001}
    form = page(client.post(at("video", "/quote"), typed | {"prompt": "x"}, headers=WHOLE))
    assert 'data-count="1000"' in form
    response = client.post(at("video"), typed)
    assert response.status_code == 422
    assert "At most 1000 characters." in page(response)
    assert not Job.objects.exists()


def test_options_that_a_provider_does_not_take_together_are_refused_before_they_cost(
    alice: Membership, client_of: SignIn, settings: Any
) -> None:
    settings.VENDORS = settings.VENDORS | {"runway": ("https://api.example.com", "a-key")}
    response = client_of(alice).post(at("video"), {"provider": "runway_gen4", "aspect_ratio": "1:1", "prompt": "waves"})
    assert response.status_code == 422
    assert re.search(r'id="order-(aspect_ratio|image_url)-error"', page(response))
    assert not Job.objects.exists()


def test_a_file_that_was_taken_down_is_not_offered_and_not_ordered(alice: Membership, client_of: SignIn) -> None:
    down, client = file_of(alice), client_of(alice)
    Asset.objects.update(taken_down_at=clock.now())
    url = f"/creative-hub/generate/files/image?field=image_url&chosen={down.pk}"
    for text in (page(client.get(url)), page(client.get(f"{url}&find=bicycle"))):
        assert "bicycle.png" not in text
    assert client.get(f"{at('video')}?image={down.pk}").status_code == 404
    refused = client.post(at("video"), {"prompt": "x", "image_url-file": str(down.pk)})
    assert (refused.status_code, Job.objects.count()) == (422, 0)


def test_signs_that_no_text_has_are_left_out(alice: Membership, client_of: SignIn) -> None:
    file_of(alice)
    client = client_of(alice)
    found = client.get("/creative-hub/generate/files/image", {"field": "image_url", "find": "bicy\x00cle"})
    assert "bicycle.png" in page(found)
    assert client.post(at("image"), {"prompt": "a lamp", "idempotency_key": "a\x00b"}).status_code == 302
