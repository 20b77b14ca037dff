"""A bucket of our own at moto's server, which is a process and speaks S3 over HTTP."""

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest

from tests.processes import free_port, wait_until
from wevion import s3
from wevion.s3 import Bucket

NAME = "wevion-files"


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of the server; it lives as long as the tests."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(url), 60, "the S3 server")
        yield url
    finally:
        process.kill()
        process.wait()


def answers(url: str, path: str = "/moto-api/") -> bool:
    try:
        with urllib.request.urlopen(f"{url}{path}", timeout=2):
            return True
    except OSError:
        return False


def bucket_at(endpoint: str, public: str = "") -> Bucket:
    return Bucket(NAME, "eu-west-1", endpoint, public or endpoint, "path", "test-key", "test-secret")


def use(bucket: Bucket, settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, **s3.storages(bucket)}


@contextmanager
def made(server: str) -> Iterator[None]:
    """An empty private bucket, gone afterwards with all in it."""
    found = boto3.resource(
        "s3", endpoint_url=server, region_name="eu-west-1", aws_access_key_id="test-key", aws_secret_access_key="test-secret"
    ).Bucket(NAME)
    found.create(CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    yield
    found.objects.all().delete()
    found.delete()


@pytest.fixture
def bucket(s3_server: str, settings: Any) -> Iterator[Bucket]:
    """It, as the default storage."""
    with made(s3_server):
        use(bucket_at(s3_server), settings)
        yield bucket_at(s3_server)
