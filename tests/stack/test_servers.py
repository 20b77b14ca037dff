"""The embedded servers, under an owner that ends well, badly, or meets what another left."""

import os
import signal
import socket
import stat
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from tests.stack.harness import cache, end, query, refused, server_processes, servers, started, until_gone
from wevion.embedded.account import STATE
from wevion.embedded.addresses import digest, postgres_folder, socket_folder
from wevion.embedded.owner import make_socket_folder
from wevion.embedded.postgres import postgres
from wevion.embedded.server import Server
from wevion.embedded.valkey import valkey


def test_the_database_is_durable_and_searches_case_insensitively_beyond_ascii(place: Path) -> None:
    with servers(place / "var"):
        found = query(
            place / "var", "SELECT current_setting('fsync'), 'ÑANDÚ' ILIKE 'ñandú', current_setting('listen_addresses')"
        )
        assert found == [("on", True, "")]
        assert query(place / "var", "SELECT datlocprovider FROM pg_database WHERE datname = 'template1'") == [("b",)]


def test_two_folders_run_at_once_and_a_restart_keeps_the_data_of_each(place: Path) -> None:
    one, two = place / "one", place / "two"
    with servers(one), servers(two):
        query(one, "CREATE TABLE seen AS SELECT 'one' AS name")
        query(two, "CREATE TABLE seen AS SELECT 'two' AS name")
        cache(one).set("name", "one")
        assert cache(two).get("name") is None
    with servers(one), servers(two):
        assert query(one, "SELECT name FROM seen") == [("one",)]
        assert query(two, "SELECT name FROM seen") == [("two",)]
        assert cache(one).get("name") == b"one"


def test_a_second_owner_is_refused_and_the_first_one_stays(place: Path) -> None:
    with servers(place / "var") as first:
        said = refused("servers", place / "var")
        assert f"process {first.pid}" in said
        assert query(place / "var", "SELECT 1") == [(1,)]


def test_a_signal_stops_the_servers_and_leaves_no_socket(place: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        process = started(place / "var")
        assert end(process, number) == 0
        assert server_processes(place / "var") == []
        assert not socket_folder(place / "var").exists()


def test_an_owner_that_is_killed_takes_its_servers_along_and_the_next_finds_the_data(place: Path) -> None:
    process = started(place / "var")
    query(place / "var", "CREATE TABLE kept AS SELECT 7 AS number")
    end(process, signal.SIGKILL)
    until_gone(place / "var")
    with servers(place / "var"):
        assert query(place / "var", "SELECT number FROM kept") == [(7,)]


def test_servers_that_are_killed_are_started_again(place: Path) -> None:
    with servers(place / "var") as owner:
        query(place / "var", "CREATE TABLE kept AS SELECT 7 AS number")
        for process in server_processes(place / "var"):
            if process.ppid() == owner.pid:
                process.kill()
        assert owner.stdout is not None
        assert {owner.stdout.readline().split()[0], owner.stdout.readline().split()[0]} == {"PostgreSQL", "Valkey"}
        assert answer_of(place / "var") == [(7,)]


def answer_of(var: Path) -> list[tuple[object, ...]]:
    """The answer once PostgreSQL is back."""
    for _ in range(600):
        try:
            return query(var, "SELECT number FROM kept")
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise AssertionError("PostgreSQL did not come back")


@pytest.mark.parametrize("content", ["", "a stranger's"])
def test_a_stale_pid_file_neither_stops_the_start_nor_harms_the_process_it_names(place: Path, content: str) -> None:
    var = place / "var"
    with servers(var):
        query(var, "CREATE TABLE kept AS SELECT 7 AS number")
    stranger = subprocess.Popen(["sleep", "600"], preexec_fn=lambda: unprivileged(var))
    try:
        lines = [str(stranger.pid), str(var / "postgres"), "1", "5432", str(postgres_folder(var)), "", "1 1", "ready"]
        (var / "postgres" / "postmaster.pid").write_text("\n".join(lines) + "\n" if content else "")
        with servers(var):
            assert query(var, "SELECT number FROM kept") == [(7,)]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def unprivileged(var: Path) -> None:
    """The user that owns the data: PostgreSQL takes only a process it may signal for another server."""
    os.setuid((var / "postgres").stat().st_uid)


def test_servers_that_outlived_their_owner_are_replaced(place: Path) -> None:
    """As on a system where the kernel does not end them with it."""
    var = place / "var"
    with servers(var):
        query(var, "CREATE TABLE kept AS SELECT 7 AS number")
    make_socket_folder(var)
    left = [orphan(server) for server in (postgres(var), valkey(var))]
    with servers(var):
        assert [process.wait(timeout=30) for process in left] == [0, 0]
        assert query(var, "SELECT number FROM kept") == [(7,)]


def orphan(server: Server) -> "subprocess.Popen[bytes]":
    """The server running, in its data folder, with nobody to end it."""
    account = {"user": server.account.pw_uid, "group": server.account.pw_gid, "extra_groups": []} if server.account else {}
    process = subprocess.Popen(server.command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/", **account)  # type: ignore[call-overload]
    while not server.answers():
        assert process.poll() is None
    return process  # type: ignore[no-any-return]


def test_a_long_path_with_spaces_and_accents_will_do(place: Path) -> None:
    var = place / "größe und länge" / ("x" * 120) / "var"
    with servers(var):
        assert query(var, "SELECT 1") == [(1,)]
        assert cache(var).ping()


def test_variables_meant_for_another_postgresql_are_not_obeyed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others = {"PGPORT": "6000", "PGDATA": "/nonexistent", "PGHOST": "db.example.com", "LC_ALL": "xx_XX.UTF-8"}
    with servers(place / "var", **others):
        monkeypatch.setenv("PGPORT", "6000")
        assert query(place / "var", "SELECT 1") == [(1,)]


def test_a_checkout_below_a_private_folder_works_and_the_folder_stays_private(place: Path) -> None:
    private = place / "home"
    private.mkdir(mode=0o700)
    var = private / "var"
    outside = STATE / digest(var)  # where root's PostgreSQL keeps it
    try:
        with servers(var):
            query(var, "CREATE TABLE kept AS SELECT 7 AS number")
        with servers(var):
            assert query(var, "SELECT number FROM kept") == [(7,)]
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        assert (var / "postgres").is_dir()
    finally:
        if outside.exists():
            subprocess.run(["rm", "-r", str(outside)], check=True)


def test_nothing_listens_on_a_network(place: Path) -> None:
    with servers(place / "var"):
        opened = [c for p in server_processes(place / "var") for c in p.net_connections("inet")]
        assert [c for c in opened if c.family in (socket.AF_INET, socket.AF_INET6)] == []
