"""Google's own client for Drive, speaking through our door and to two hosts only: Drive, and where its tokens come from."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httplib2
from django.conf import settings
from google.oauth2.service_account import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc

from creative_hub.drive import account
from creative_hub.drive.account import NotSetUp
from creative_hub.storage.door import door
from wevion.http.errors import Refused
from wevion.http.messages import Request

SCOPE = "https://www.googleapis.com/auth/drive"
CALL_SECONDS = 90  # of which most is for sending a part of a file
OURS = ("content-length", "accept-encoding")  # headers that the door sets itself


class DoorHttp:
    """What the client takes for an httplib2.Http. The token goes to `hosts` and nowhere else, whatever an answer says."""

    def __init__(self, hosts: frozenset[str]) -> None:
        self.hosts = hosts

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        redirections: int = 0,
        connection_type: object = None,
    ) -> tuple[httplib2.Response, bytes]:
        if urlsplit(uri).netloc not in self.hosts:
            raise Refused(f"{urlsplit(uri).netloc} is not Google Drive")
        sent = {name: value for name, value in (headers or {}).items() if name.lower() not in OURS}
        content = body.encode() if isinstance(body, str) else body
        empty = b"" if method in ("PUT", "POST", "PATCH") else None
        answer = door().send(Request(method, uri, sent, content=content or empty, timeout_seconds=CALL_SECONDS))
        return httplib2.Response({**answer.headers, "status": str(answer.status)}), answer.body


def drive() -> Any:
    """The client of Drive v3, made once for each key and address. Raises NotSetUp."""
    return _client(settings.DRIVE_URL.rstrip("/"), json.dumps(account.key(), sort_keys=True))


@cache
def _client(base: str, key: str) -> Any:
    info = json.loads(key)
    document = json.loads(get_static_doc("drive", "v3")) | {"rootUrl": f"{base}/", "baseUrl": f"{base}/drive/v3/"}
    hosts = frozenset(urlsplit(address).netloc for address in (base, info["token_uri"]))
    try:
        credentials = Credentials.from_service_account_info(info, scopes=[SCOPE])  # type: ignore[no-untyped-call]
    except ValueError:
        raise NotSetUp("the service account's key is not one") from None
    return build_from_document(document, http=AuthorizedHttp(credentials, http=DoorHttp(hosts)))
