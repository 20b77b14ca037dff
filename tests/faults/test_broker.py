"""F19: whatever Redis does, a submit is taken, and every job ends."""

import json
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import pytest
import redis
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from jobs import runner
from jobs.models import Job
from tests.api.calling import BASE
from tests.faults.acts import all_ended, start
from tests.faults.invariants import check
from tests.processes import START_SECONDS, Stack, wait_until
from tests.providers.fakes.bfl import FakeBfl
from wevion.accounts.models import Membership
from wevion.embedded.process import spawn
from wevion.embedded.valkey import program

pytestmark = pytest.mark.django_db(transaction=True)


class Broker:
    """A Redis of this test's own, that forgets everything when it ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "redis.sock"
        self.client = redis.Redis(unix_socket_path=str(self.socket), retry=Retry(NoBackoff(), 0), password="")
        self.start()

    def start(self) -> None:
        words = [str(program()), "--port", "0", "--unixsocket", str(self.socket), "--save", "", "--dir", str(self.folder)]
        self.process: subprocess.Popen[bytes] = spawn(words, stdout=subprocess.DEVNULL, farewell=signal.SIGKILL)
        wait_until(self._answers, 30, "Redis")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False


@contextmanager
def killed(broker: Broker) -> Iterator[None]:
    broker.kill()
    yield
    broker.start()


@contextmanager
def flushed(broker: Broker) -> Iterator[None]:
    yield
    broker.client.flushall()


@contextmanager
def frozen(broker: Broker) -> Iterator[None]:
    broker.process.send_signal(signal.SIGSTOP)
    yield
    broker.process.send_signal(signal.SIGCONT)


@contextmanager
def full(broker: Broker) -> Iterator[None]:
    broker.client.config_set("maxmemory", 1)
    yield
    broker.client.config_set("maxmemory", 0)


@contextmanager
def cut_off(broker: Broker) -> Iterator[None]:
    """Every connection is cut, several times a second."""
    over = threading.Event()

    def cut() -> None:
        while not over.wait(0.1):
            broker.client.client_kill_filter(_type="normal", skipme=True)

    thread = threading.Thread(target=cut)
    thread.start()
    yield
    over.set()
    thread.join()


@contextmanager
def locked_out(broker: Broker) -> Iterator[None]:
    """Whoever connects anew lacks the password."""
    broker.client.config_set("requirepass", "changed")
    broker.client.client_kill_filter(_type="normal", skipme=True)
    yield
    broker.client.config_set("requirepass", "")


Fault = Callable[[Broker], AbstractContextManager[None]]


@pytest.fixture
def broker() -> Iterator[Broker]:
    folder = Path(tempfile.mkdtemp(prefix="wevion-test-"))
    broker = Broker(folder)
    yield broker
    broker.client.close()
    broker.kill()
    shutil.rmtree(folder)


@pytest.fixture
def line(broker: Broker, bfl: FakeBfl, tmp_path: Path) -> Iterator[Stack]:
    """Web, the io worker and the poller over that Redis; the media lane is worked in this process."""
    stack = Stack(connection.settings_dict, f"unix://{broker.socket}?db=0", tmp_path)
    try:
        for name in ("web", "io", "poller"):
            start(stack, name)
        wait_until(stack.answers, START_SECONDS, "the web server")
        wait_until(partial(stack.said, "io", "ready."), START_SECONDS, "the worker")
        yield stack
    finally:
        stack.stop()


def submit(line: Stack, key: str, prompt: str) -> int:
    client = HTTPConnection("127.0.0.1", line.port, timeout=60)
    body = json.dumps({"provider": "flux_2_pro", "prompt": prompt})
    with closing(client):
        client.request("POST", f"{BASE}/image", body, {"x-api-key": key, "content-type": "application/json"})
        return client.getresponse().status


@pytest.mark.parametrize("faults", [(killed, flushed, cut_off), (frozen, full, locked_out)])
def test_f19_submits_are_taken_and_all_jobs_end(
    faults: tuple[Fault, ...], broker: Broker, line: Stack, bfl: FakeBfl, bob: Membership, key_of: Callable[[Membership], str]
) -> None:
    key = key_of(bob)

    def ended() -> bool:
        runner.advance("media")
        return all_ended()

    for fault in faults:
        with fault(broker):
            assert [submit(line, key, f"{fault.__name__} {number}") for number in range(2)] == [202, 202]
        wait_until(ended, 90, f"the end of all jobs after it was {fault.__name__}")
    assert set(Job.objects.values_list("status", flat=True)) == {"completed"}
    assert len(bfl.submits) == 2 * len(faults)
    check(bfl)
