"""The results: one picture and one clip, made at the start, and told apart by a mark that decoders pass over."""

import hashlib
import io
import struct
import subprocess

from PIL import Image

from creative_hub.providers.local.ffmpeg import ffmpeg_path

CLIP = ["-f", "lavfi", "-i", "testsrc=d=0.5:s=160x90:r=10", "-pix_fmt", "yuv420p", "-movflags", "frag_keyframe+empty_moov"]


def picture() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((160, 160)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def clip() -> bytes:
    command = [ffmpeg_path(), "-loglevel", "error", *CLIP, "-f", "mp4", "pipe:1"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def mark_of(work: str) -> bytes:
    """What the bytes of this work contain, and those of no other."""
    return b"work " + hashlib.sha256(work.encode()).hexdigest().encode()


def marked_picture(jpeg: bytes, work: str) -> bytes:
    """With the mark as a comment segment behind the start of the image."""
    mark = mark_of(work)
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(mark) + 2) + mark + jpeg[2:]


def marked_clip(mp4: bytes, work: str) -> bytes:
    """With the mark in a box of free space at the end."""
    mark = mark_of(work)
    return mp4 + struct.pack(">I", len(mark) + 8) + b"free" + mark
