"""How much memory a file takes on its way: `python -m tests.storage.memory MEGABYTES` prints it as JSON.

Fetches a sound of that size over HTTP, stores it, reads it back and compares its hash, as a job does; where it is stored
is told by the environment (S3_… or MEDIA_ROOT). The growth is over what a small file took before.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import django

MB = 1024 * 1024


def sound(file: Path, size: int) -> None:
    with wave.open(str(file), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(48_000)
        for _ in range(size // MB):
            out.writeframes(os.urandom(MB))


def carry(url: str, folder: Path, number: int) -> None:
    from creative_hub.storage import store
    from creative_hub.storage.door import door
    from jobs.pipeline import Done

    with (folder / "fetched").open("wb") as sink:
        fetched = door().download(url, sink, max_bytes=4000 * MB)
    kept = store.keep(folder / "fetched", f"memory/{number}", tick=lambda: None)
    assert isinstance(kept, Done), kept
    store.copy(kept.memo["file"], folder / "back")
    assert store.sha256(folder / "back") == fetched.sha256 == kept.memo["sha256"]
    store.delete(kept.memo["file"])


def peak() -> int:
    """The most that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(megabytes: int, port: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sound(folder / "small.wav", 20 * MB)
        sound(folder / "large.wav", megabytes * MB)
        command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "-d", name]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            from tests.processes import wait_until
            from tests.storage.conftest import answers

            wait_until(lambda: answers(f"http://127.0.0.1:{port}", "/"), 30, "the file server")
            carry(f"http://127.0.0.1:{port}/small.wav", folder, 0)
            before = peak()
            carry(f"http://127.0.0.1:{port}/large.wav", folder, 1)
            sys.stdout.write(json.dumps({"megabytes": megabytes, "before": before, "after": peak()}) + "\n")
        finally:
            server.kill()
            server.wait()


if __name__ == "__main__":
    from tests.processes import free_port

    at = free_port()
    os.environ["HTTP_ALLOW_PRIVATE"] = f"127.0.0.1:{at}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wevion.settings")
    django.setup()
    main(int(sys.argv[1]), at)
