"""The size of a body is judged by its header, before a byte of it is read: shown with the server that production runs."""

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from creative_hub.models import Asset
from tests.conftest import redis_url
from tests.library.conftest import PDF, root_of
from tests.processes import Stack
from wevion.accounts.models import Membership

TOKEN = "t" * 32
FORM = "/creative-hub/uploads/form"
PIECE = "/creative-hub/uploads/0d9e0a7a-3d5c-4b6e-8f0a-1b2c3d4e5f60"
API = "/api/v1/creative-hub/generate/image"
CLIP = "/api/v1/videos/upload"


@pytest.fixture
def web(transactional_db: None, tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(connection.settings_dict, redis_url(), tmp_path)
    try:
        stack.start("web")
        yield stack
    finally:
        stack.stop()


def ask(web: Stack, method: str, path: str, body: bytes = b"", /, **headers: str) -> tuple[int, str]:
    """Sends the head, then this body, whatever the head has promised. The answer's status, and its text."""
    client = HTTPConnection("127.0.0.1", web.port, timeout=30)
    client.putrequest(method, path)
    for name, value in headers.items():
        client.putheader(name.replace("_", "-"), value)
    client.endheaders(body)
    answer = client.getresponse()
    found = answer.status, answer.read().decode()
    client.close()
    return found


def signed_in(member: Membership) -> str:
    client = Client()
    client.force_login(member.user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}; csrftoken={TOKEN}"


def test_a_body_is_refused_by_its_length_and_the_head_is_enough_for_it(web: Stack, bob: Membership) -> None:
    cookie = signed_in(bob)

    def promised(method: str, path: str, length: int, **headers: str) -> tuple[int, str]:
        return ask(web, method, path, Content_Length=str(length), Content_Type="multipart/form-data; boundary=x", **headers)

    def refused_on_a_page(answer: tuple[int, str], most: str) -> bool:
        return answer[0] == 413 and "<h1>That was too large</h1>" in answer[1] and f"At most {most} can" in answer[1]

    assert refused_on_a_page(promised("POST", "/login", 1_000_001), "1 MB")
    assert refused_on_a_page(promised("POST", "/creative-hub/move", 5_000_000_000, Cookie=cookie, X_CSRFToken=TOKEN), "1 MB")
    assert refused_on_a_page(promised("POST", FORM, 1_000_001, Cookie=f"csrftoken={TOKEN}", X_CSRFToken=TOKEN), "1 MB")
    assert refused_on_a_page(promised("POST", FORM, 1_100_000_000, Cookie=cookie, X_CSRFToken=TOKEN), "1000 MB")
    assert refused_on_a_page(promised("PATCH", PIECE, 500_000_001, Cookie=cookie, X_CSRFToken=TOKEN), "500 MB")
    for path, most in ((API, "1 MB"), (CLIP, "500 MB"), ("/api/v1/nothing", "1 MB")):
        status, text = promised("POST", path, 600_000_000)
        said = json.loads(text)
        assert (status, said["error"], said["message"]) == (413, "payload_too_large", f"The body is too large: at most {most}.")
        assert said["request_id"]

    chunked = {"Transfer_Encoding": "chunked", "Cookie": cookie, "X_CSRFToken": TOKEN}
    status, text = ask(web, "POST", FORM, b"5\r\nhello\r\n0\r\n\r\n", **chunked)
    assert (status, "how large it is" in text) == (411, True)
    status, text = ask(web, "POST", CLIP, b"5\r\nhello\r\n0\r\n\r\n", **chunked)
    assert (status, json.loads(text)["error"]) == (411, "length_required")
    assert ask(web, "POST", "/hooks/unknown", b"5\r\nhello\r\n0\r\n\r\n", **chunked)[0] == 404


def test_a_form_with_files_may_be_larger_than_other_forms(bob: Membership, client_of: Callable[[Membership], Client]) -> None:
    large = PDF.replace(b"%%EOF", b" " * 2_000_000 + b"%%EOF")
    sent = {"folder": str(root_of(bob).pk), "files": SimpleUploadedFile("brief.pdf", large)}
    assert client_of(bob).post(FORM, sent).status_code == 302
    assert Asset.objects.get().bytes == len(large)
