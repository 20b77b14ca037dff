"""What `make run` says when it cannot start: one line, before anything is started."""

import os
import socket
from pathlib import Path

import pytest

from tests.stack.harness import refused, server_processes, servers
from wevion import embedded
from wevion.stack.terminal import ROOT


def test_a_taken_port_is_one_line_and_nothing_is_started(place: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = str(taken.getsockname()[1])
        assert refused("run", place / "var", PORT=number).startswith(f"Port {number} is taken")
    assert not (place / "var").exists()


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_a_port_that_is_no_port_is_one_line(place: Path, port: str) -> None:
    assert "PORT must be a number from 1 to 65535" in refused("run", place / "var", PORT=port)


def test_an_unreachable_database_is_one_line_without_the_password(place: Path) -> None:
    url = f"postgresql://app:hunter2@127.0.0.1:{closed_port()}/app"
    said = refused("run", place / "var", PORT=closed_port(), DATABASE_URL=url)
    assert said.startswith("The database of DATABASE_URL cannot be reached: ")
    assert "hunter2" not in said
    assert server_processes(place / "var") == []


def test_a_database_that_does_not_exist_is_one_line(place: Path) -> None:
    with servers(place / "var"):
        url = embedded.database_url(place / "var", "elsewhere")
        assert 'database "elsewhere" does not exist' in refused("run", place / "other", PORT=closed_port(), DATABASE_URL=url)


@pytest.mark.parametrize("url", ["mysql://db.example.com/app", "postgresql://app:hunter2@[/app", "postgresql://h/app?hunter2=1"])
def test_a_database_url_that_is_none_is_one_line_without_its_text(place: Path, url: str) -> None:
    said = refused("run", place / "var", PORT=closed_port(), DATABASE_URL=url)
    assert said.startswith("DATABASE_URL is no PostgreSQL URL")
    assert "hunter2" not in said


def test_an_unreachable_redis_is_one_line(place: Path) -> None:
    said = refused("run", place / "var", PORT=closed_port(), REDIS_URL=f"redis://127.0.0.1:{closed_port()}/0")
    assert said.startswith("The Redis of REDIS_URL cannot be reached: ")
    assert "is no Redis URL" in refused("run", place / "var", PORT=closed_port(), REDIS_URL="http://127.0.0.1/")


def test_a_folder_that_is_a_file_is_one_line(place: Path) -> None:
    (place / "var").write_text("")
    assert "cannot be written" in refused("run", place / "var", PORT=closed_port())


def test_given_servers_are_used_and_none_is_started(place: Path) -> None:
    theirs, ours = place / "theirs", place / "ours"
    urls = {"DATABASE_URL": embedded.database_url(theirs), "REDIS_URL": embedded.redis_url(theirs)}
    with servers(theirs), servers(ours, **urls):
        assert server_processes(ours) == []
        assert not (ours / "postgres").exists()


def closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def test_the_environment_file_adds_what_is_not_set(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from wevion.stack.environment import load

    (place / ".env").write_text("# words\n\nexport ONE_WV=1\nTWO_WV = 'a b = c'\nTHREE_WV=file\nFOUR_WV=\n")
    monkeypatch.setenv("THREE_WV", "shell")
    for name in ("ONE_WV", "TWO_WV", "FOUR_WV"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    load(place / ".env")
    assert [os.environ.get(name) for name in ("ONE_WV", "TWO_WV", "THREE_WV", "FOUR_WV")] == ["1", "a b = c", "shell", None]
    (place / ".env").write_text("good=1\nno equals sign\n")
    with pytest.raises(embedded.CannotStart, match=r"\.env, line 2"):
        load(place / ".env")


def test_a_copy_of_the_example_file_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It lists every variable: one that it leaves empty must not stand in the way of what `make run` sets."""
    from wevion.stack.environment import load

    before = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    monkeypatch.setattr(os, "environ", dict(before))
    load(ROOT / ".env.example")
    assert not [name for name, value in os.environ.items() if not value]
    assert {"DEVELOPMENT", "DEBUG", "STATIC_ROOT", "VAR_DIR", "DATABASE_URL"}.isdisjoint(os.environ)
