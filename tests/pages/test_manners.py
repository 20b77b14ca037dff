"""What holds for every page: its policy, its failures, its templates."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

from creative_hub.catalog import TYPES
from creative_hub.templatetags.hub import icon
from tests.pages.making import page
from wevion.accounts.models import Membership

SignIn = Callable[[Membership], Client]
FOLDER = Path(settings.ROOT) / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html") if "admin" not in path.parts)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles_is_short_and_has_nothing_inline(name: str) -> None:
    get_template(name)
    text = (FOLDER / name).read_text()
    assert len(text.splitlines()) <= 80
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:|hx-on|hx-vals=.js", text)


def test_every_icon_exists() -> None:
    names = {name for path in FOLDER.rglob("*.html") for name in re.findall(r'{% lucide "([^"]+)"', path.read_text())}
    for name in names | {icon(job_type) for job_type in (*TYPES, "audio", "file")}:
        try:
            lucide(name)
        except IconDoesNotExist:
            pytest.fail(f"no icon {name}")


def test_a_page_may_run_our_own_files_only(alice: Membership, client_of: SignIn) -> None:
    policy = client_of(alice).get("/creative-hub/")["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"
    assert "style-src 'self';" in f"{policy};"
    assert "unsafe" not in policy


def test_a_form_without_its_token_gets_a_page_that_says_what_to_do(alice: Membership) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice.user)
    response = client.post("/creative-hub/generate/image", {"prompt": "x"})
    assert response.status_code == 403
    assert "reload the page" in page(response)
    assert client.post("/creative-hub/generate/image", headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_page_that_is_not_there_says_so_in_our_words(client: Client, db: None) -> None:
    response = client.get("/creative-hub/nowhere")
    assert response.status_code == 404
    assert "Nothing is here" in page(response)


def test_the_page_for_our_own_failures_needs_nothing(client: Client) -> None:
    text = get_template("500.html").render({})
    assert "nothing is charged" in text


def test_pages_go_out_compressed_and_nothing_else_does(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    asked = {"accept-encoding": "gzip"}
    found = client.get("/creative-hub/", headers=asked)
    assert found["Content-Encoding"] == "gzip"
    assert b"Creative Hub" in gzip.decompress(found.content)
    assert "Content-Encoding" not in client.get("/api/v1/schema", headers=asked)
