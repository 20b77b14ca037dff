"""What programs that were made from the API's description find: a client that works, and nothing that it does not say."""

import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from jobs.models import CreditAccount
from tests.api.calling import Drain
from tests.processes import Stack
from wevion.accounts.models import Membership

SECONDS = int(os.environ.get("FUZZ_SECONDS", "30"))
# Its cases for this one are orders that fit the description and yet not the chosen provider or the person's library.
NOT_ASKED = "positive_data_acceptance"


def tool(folder: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the tool in the folder, where it may leave what it likes."""
    command = [str(Path(sys.executable).with_name(name)), *arguments]
    environment = {**os.environ, "NO_COLOR": "1", "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis")}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)


@pytest.fixture
def library(site: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """The modules of a client that openapi-python-client has just generated from the running server's description."""
    (tmp_path / "config.yml").write_text("post_hooks: []\n")
    there = ["--output-path", str(tmp_path / "hub_client"), "--meta", "none", "--config", str(tmp_path / "config.yml")]
    made = tool(tmp_path, "openapi-python-client", "generate", "--url", f"{site.url}/api/v1/schema", *there)
    assert made.returncode == 0, made.stdout + made.stderr
    assert "Warning" not in made.stdout + made.stderr, made.stdout + made.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    yield lambda name: importlib.import_module(f"hub_client.{name}")
    for name in [name for name in sys.modules if name.partition(".")[0] == "hub_client"]:
        del sys.modules[name]


def test_a_generated_client_submits_polls_and_downloads(
    library: Callable[[str], Any], site: Stack, alice: Membership, key_of: Callable[[Membership], str], drain: Drain
) -> None:
    client = library("client").AuthenticatedClient(base_url=site.url, token=key_of(alice))
    order = library("models").TtsOrder(text="Welcome to the shop.")
    accepted = library("api.generate.submit_tts").sync(client=client, body=order)
    job = library("api.jobs.get_job").sync(accepted.job_id, client=client)
    assert (job.status.value, job.type_.value) == ("pending", "tts")
    drain()
    job = library("api.jobs.get_job").sync(accepted.job_id, client=client)
    assert (job.status.value, job.progress_percent, job.error) == ("completed", 100, None)
    file = client.get_httpx_client().get(job.result_urls[0])
    assert (file.status_code, file.content[:3]) == (200, b"ID3") or file.content[:2] == b"\xff\xfb" or file.content[:4] == b"RIFF"
    listed = library("api.jobs.list_jobs").sync(client=client, totals=True)
    assert [each.id for each in listed.results] == [job.id]
    refused = library("api.generate.submit_tts").sync_detailed(client=client, body=library("models").TtsOrder(text=""))
    assert refused.status_code == 400


def test_schemathesis_finds_nothing(site: Stack, alice: Membership, key_of: Callable[[Membership], str]) -> None:
    """For FUZZ_SECONDS: half a minute here, longer with `make fuzz`."""
    CreditAccount.objects.update(posted_cents=10**9)
    connection.close()
    found = tool(
        site.folder,
        "schemathesis",
        "run",
        f"{site.url}/api/v1/schema",
        *("--header", f"x-api-key: {key_of(alice)}"),
        *("--checks", "all", "--exclude-checks", NOT_ASKED),
        *("--phases", "examples,coverage,fuzzing"),
        *("--max-time", str(SECONDS), "--max-examples", str(SECONDS), "--request-timeout", "20", "--warnings", "off"),
    )
    assert found.returncode == 0, found.stdout + found.stderr + site.log("web")[-3000:]
