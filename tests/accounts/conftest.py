from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from tests import conftest


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hasher of the product is slow on purpose, and these tests ask it hundreds of times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(conftest, "hashed", lambda: make_password(conftest.PASSWORD))
