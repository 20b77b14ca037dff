import asyncio
import io
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from aiohttp import web

from tests.http.servers import serve
from wevion.http.blocking import BlockingDoor
from wevion.http.errors import Refused, TimedOut
from wevion.http.messages import Request


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


async def hang(_request: web.Request) -> web.Response:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    app = web.Application()
    app.router.add_route("*", "/echo", echo)
    app.router.add_route("*", "/hang", hang)
    with serve(app) as address:
        yield address


@pytest.fixture
def door(address: str) -> Iterator[BlockingDoor]:
    door = BlockingDoor(allow=frozenset({address}))
    yield door
    door.close()


def door_threads() -> int:
    return sum(thread.name == "http-door" for thread in threading.enumerate())


def test_many_threads_share_one_loop_thread(door: BlockingDoor, address: str) -> None:
    def call(number: int) -> bool:
        body = str(number).encode()
        return door.send(Request("POST", f"http://{address}/echo", content=body)).body == body

    before = door_threads()
    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(call, range(64)))
    assert door_threads() == before + 1


def test_its_errors_and_downloads_are_those_of_the_door(door: BlockingDoor, address: str) -> None:
    with pytest.raises(Refused):
        door.send(Request("GET", "http://127.0.0.1:1/"))
    with pytest.raises(TimedOut):
        door.send(Request("GET", f"http://{address}/hang", timeout_seconds=0.2))
    assert door.download(f"http://{address}/echo", io.BytesIO(), max_bytes=10).bytes == 0


def test_a_closed_door_opens_again_and_closes_twice(door: BlockingDoor, address: str) -> None:
    door.send(Request("GET", f"http://{address}/echo"))
    door.close()
    door.close()
    assert door.send(Request("GET", f"http://{address}/echo")).status == 200


FORKING = """
import os, sys
from wevion.http.blocking import BlockingDoor
from wevion.http.messages import Request

url = sys.argv[1]
door = BlockingDoor(allow=frozenset({url.split("/")[2]}))
def call():
    assert door.send(Request("GET", url)).status == 200
    assert door.send(Request("POST", url)).status == 200
call()
for _ in range(3):
    child = os.fork()
    if child == 0:
        call()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    call()
print("all answered")
"""


def test_a_forked_child_opens_its_own_door_and_leaves_the_parents_alone(address: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKING, f"http://{address}/echo"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": ""},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "all answered\n", "")
