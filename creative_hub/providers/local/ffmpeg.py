"""The ffmpeg program as a child that never outlives its caller: frames in, MP4 out."""

import ctypes
import fcntl
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from imageio_ffmpeg import get_ffmpeg_exe  # type: ignore[import-untyped]
from PIL import Image

_STUCK_SECONDS = 60.0
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

H264 = (
    *("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-threads", "2"),
    *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
)
"""Output options for video every browser plays."""
AAC = ("-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "44100")
MP4 = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-movflags", "+faststart", "-f", "mp4")
"""Container options: playable before it is fully loaded, and free of dates, so equal input gives equal bytes."""


class FFmpegError(RuntimeError):
    """ffmpeg failed, was killed or stopped answering; the text ends with what it last printed."""


def ffmpeg_path() -> str:
    return str(get_ffmpeg_exe())


def run(
    args: Sequence[str | Path],
    *,
    seconds: float | None = None,
    report: Callable[[int], None] | None = None,
    timeout_seconds: float = 900,
) -> None:
    """Run ffmpeg with `args` (inputs, options and output; the output is overwritten).

    With `seconds`, the length of what comes out, and `report`, the percentage (0..99, never falling) is reported twice a
    second. Whatever `report` raises ends ffmpeg and comes through. Raises FFmpegError, also past `timeout_seconds`, and
    for an ffmpeg that says nothing for a minute, which it does twice a second while it works.
    """
    give_up = time.monotonic() + timeout_seconds
    with tempfile.TemporaryFile() as progress, _child(["-progress", "pipe:1", *args], None, progress) as (process, errors):
        percent, said, stuck_at = 0, -1, 0.0
        while not _ended(process, 0.5):
            if report:
                percent = max(percent, _percent_done(progress, seconds))
                report(percent)
            if (size := os.fstat(progress.fileno()).st_size) > said:
                said, stuck_at = size, time.monotonic() + _STUCK_SECONDS
            if time.monotonic() > give_up:
                raise FFmpegError(f"ffmpeg was still running after {timeout_seconds:.0f} s. {_tail(errors)}")
            if time.monotonic() > stuck_at:
                raise FFmpegError(f"ffmpeg said nothing for {_STUCK_SECONDS:.0f} s. {_tail(errors)}")
        _require_success(process, errors)


def encode_frames(
    frames: Iterable[Image.Image | bytes],
    size: tuple[int, int],
    fps: int,
    out: Path,
    *,
    audio: Path | None = None,
    total_frames: int,
    report: Callable[[int], None],
) -> None:
    """Write `frames` (images, or raw RGB bytes, of exactly `size`) to `out` as H.264 in MP4, with `audio` as AAC.

    The file lasts total_frames / fps: longer audio is cut. An odd width or height loses one pixel. Reports 0..99, never
    falling, at least once a second as long as the frames come. Raises FFmpegError; whatever `frames` or `report` raise
    ends ffmpeg and comes through.
    """
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", str(fps), "-i", "pipe:0"]
    sound = ["-i", str(audio), "-map", "0:v", "-map", "1:a", *AAC] if audio else []
    shape = ["-vf", "crop=trunc(iw/2)*2:trunc(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv"]
    length = ["-t", f"{total_frames / fps:.6f}"]
    args = [*source, *sound, *shape, *H264, *length, *MP4, str(out)]
    with _child(args, subprocess.PIPE, subprocess.DEVNULL) as (process, errors):
        assert process.stdin is not None
        try:
            _feed(process.stdin, frames, size, total_frames, report)
            process.stdin.close()
        except BrokenPipeError:
            _ended(process, 5)  # it explains itself on stderr, below
        give_up = time.monotonic() + _STUCK_SECONDS
        while not _ended(process, 1):
            report(99)
            if time.monotonic() > give_up:
                raise FFmpegError(f"ffmpeg did not finish the file. {_tail(errors)}")
        _require_success(process, errors)


def read_frames(args: Sequence[str | Path], size: tuple[int, int]) -> Generator[Image.Image, None, None]:
    """The pictures (RGB, of `size`) that ffmpeg makes with `args` (inputs and filters), one by one, as fast as they are taken.

    Close it if it is not read to its end. Raises FFmpegError, also when nothing comes for a minute.
    """
    length = size[0] * size[1] * 3
    with _child([*args, "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"], None, subprocess.PIPE) as (process, errors):
        assert process.stdout is not None
        while len(raw := _read(process.stdout.fileno(), length)) == length:
            yield Image.frombytes("RGB", size, raw)
        if not _ended(process, 5):
            raise FFmpegError(f"ffmpeg did not end. {_tail(errors)}")
        _require_success(process, errors)


def _read(descriptor: int, length: int) -> bytes:
    """`length` bytes, or fewer at the end; FFmpegError when nothing comes for a minute."""
    found = bytearray()
    while len(found) < length:
        if not select.select([descriptor], [], [], _STUCK_SECONDS)[0]:
            raise FFmpegError("ffmpeg stopped giving frames.")
        if not (piece := os.read(descriptor, length - len(found))):
            break
        found += piece
    return bytes(found)


def _feed(
    pipe: IO[bytes], frames: Iterable[Image.Image | bytes], size: tuple[int, int], total: int, report: Callable[[int], None]
) -> None:
    told, told_at = -1, 0.0
    os.set_blocking(pipe.fileno(), False)
    if sys.platform == "linux":  # 64 KB by default: forty wake-ups of both processes for every frame
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, 1 << 20)
    for number, frame in enumerate(frames):
        raw = frame if isinstance(frame, bytes) else frame.convert("RGB").tobytes()
        if len(raw) != size[0] * size[1] * 3:
            raise ValueError(f"frame {number} is not {size[0]}x{size[1]} RGB")
        _write(pipe.fileno(), raw)
        percent = min(99, 100 * number // max(total, 1))
        if percent > told or time.monotonic() - told_at >= 1:
            told, told_at = percent, time.monotonic()
            report(percent)


def _write(descriptor: int, raw: bytes) -> None:
    """Write all of `raw`; FFmpegError when nobody reads for a minute."""
    rest = memoryview(raw)
    while rest:
        if not select.select([], [descriptor], [], _STUCK_SECONDS)[1]:
            raise FFmpegError("ffmpeg stopped reading frames.")
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            continue


@contextmanager
def _child(
    args: Sequence[str | Path], stdin: int | None, stdout: int | IO[bytes]
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    command = [ffmpeg_path(), "-hide_banner", "-loglevel", "error", "-nostdin", "-nostats", "-y", *map(str, args)]
    with tempfile.TemporaryFile() as errors:  # a file and not a pipe: nobody needs to drain it
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL if stdin is None else stdin,
            stdout=stdout,
            stderr=errors,
            bufsize=0,
            preexec_fn=_die_with(os.getpid()),
        )
        try:
            yield process, errors
        finally:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
            process.wait()


def _die_with(parent: int) -> Callable[[], None] | None:
    """What the child runs before ffmpeg, so that a SIGKILL of the worker takes ffmpeg along (Linux only)."""
    if _LIBC is None:
        return None
    prctl = _LIBC.prctl

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _percent_done(progress: IO[bytes], seconds: float | None) -> int:
    # pread, because moving the offset shared with the child would make it overwrite its own output
    size = os.fstat(progress.fileno()).st_size
    latest = os.pread(progress.fileno(), 2000, max(0, size - 2000)).rpartition(b"out_time_us=")[2].split(b"\n")[0]
    return min(99, int(int(latest) / 10_000 / seconds)) if seconds and latest.isdigit() else 0


def _require_success(process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
    if process.returncode:
        raise FFmpegError(f"ffmpeg ended with {process.returncode}. {_tail(errors)}")


def _tail(errors: IO[bytes]) -> str:
    size = os.fstat(errors.fileno()).st_size
    return os.pread(errors.fileno(), 1000, max(0, size - 1000)).decode(errors="replace").strip()
