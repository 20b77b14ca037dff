"""The formats that are kept, and the names of those that are not. Pure: what a container says of itself goes in.

The container decides the format, as the documents promise it; the codec decides whether browsers are likely to play it.
"""

from collections.abc import Collection
from typing import Final

PICTURES: Final = {
    "avif": "an AVIF",
    "avis": "an AVIF",
    **dict.fromkeys(("heic", "heix", "heim", "hevc", "mif1", "msf1"), "a HEIC"),
}
"""Pictures in a clip's container, by its brand."""

WEBM_VIDEO: Final = ("vp8", "vp9", "av1")
WEBM_AUDIO: Final = ("vorbis", "opus")
PLAYED: Final = ("h264", "vp8", "vp9", "av1")
"""What the browsers of today play; whether they play HEVC depends on the machine."""

CODECS: Final = {
    "h264": "H.264",
    "hevc": "HEVC",
    "prores": "ProRes",
    "mpeg4": "MPEG-4 Part 2",
    "mjpeg": "Motion JPEG",
    "dnxhd": "DNxHD",
    "cfhd": "CineForm",
    "qtrle": "Animation",
    "mpeg2video": "MPEG-2",
    "aac": "AAC",
}
"""Names that people know; others are written as ffmpeg has them, in capitals."""

CALLED: Final = {
    "matroska": ("a Matroska (.mkv)", "a Matroska (.mka)"),
    "webm": ("a WebM (.webm)", "a WebM (.webm)"),
    "3gpp": ("a 3GPP (.3gp)", "a 3GPP (.3gp)"),
    "mp4": ("an MP4 (.mp4)", "an MPEG-4 (.m4a)"),
    "mov": ("a QuickTime (.mov)", "a QuickTime (.mov)"),
    "avi": ("an AVI (.avi)", "an AVI (.avi)"),
    "asf": ("a Windows Media (.wmv)", "a Windows Media (.wma)"),
    "mpegts": ("an MPEG transport stream (.ts)", "an MPEG transport stream (.ts)"),
    "mpeg": ("an MPEG (.mpg)", "an MPEG (.mpg)"),
    "flv": ("a Flash (.flv)", "a Flash (.flv)"),
    "ogg": ("an Ogg (.ogv)", "an Ogg (.ogg)"),
    "mxf": ("an MXF (.mxf)", "an MXF (.mxf)"),
    "mp2": ("", "an MP2 (.mp2)"),
    "flac": ("", "a FLAC (.flac)"),
    "aac": ("", "an AAC (.aac)"),
    "aiff": ("", "an AIFF (.aiff)"),
    "amr": ("", "an AMR (.amr)"),
    "caf": ("", "a Core Audio (.caf)"),
}
"""As a clip and as a sound."""
STILLS: Final = {
    "tiff_pipe": "a TIFF",
    "bmp_pipe": "a BMP",
    "j2k_pipe": "a JPEG 2000",
    "jpegxl_pipe": "a JPEG XL",
    "psd_pipe": "a PSD",
}

KEPT: Final = {
    "mp4": ("video/mp4", ".mp4"),
    "mov": ("video/quicktime", ".mov"),
    "webm": ("video/webm", ".webm"),
    "mp3": ("audio/mpeg", ".mp3"),
    "wav": ("audio/wav", ".wav"),
}


def picture(head: bytes) -> str:
    """The sentence about a picture of a telephone, which a decoder would take for a clip; empty for anything else."""
    brand = head[8:12].decode("latin-1") if head[4:8] == b"ftyp" else ""
    return _picture(PICTURES[brand]) if brand in PICTURES else ""


def container(names: Collection[str], brand: str, head: bytes) -> str:
    """The one format that the file is of, among those that its demuxer is for. `brand` as the file has it, or empty."""
    if "mp4" in names:
        if not brand or brand == "qt  ":
            return "mov"
        return "3gpp" if brand.startswith("3g") else "mp4"
    if "matroska" in names:
        return "webm" if _doctype(head) == b"webm" else "matroska"
    return next(iter(names), "")


def refusal(format: str, video: Collection[str], audio: Collection[str]) -> str | None:
    """Why a file of this format and these codecs is not kept, in words for the person; empty for want of words.

    None for one that is kept.
    """
    if format in STILLS:
        return _picture(STILLS[format])
    if video and format == "webm":
        foreign = [codec for codec in (*video, *audio) if codec not in WEBM_VIDEO + WEBM_AUDIO]
        return f"This WebM has {called(foreign[0])} in it, which it may not. {_SAVE_CLIP}" if foreign else None
    if video and format in ("mp4", "mov"):
        return None
    if format == "mp3" and "mp3" not in audio:
        format = "mp2"
    if audio and format in ("mp3", "wav"):
        return None
    as_clip, as_sound = CALLED.get(format, ("", ""))
    if video:
        return f"This is {as_clip} video. {_SAVE_CLIP}" if as_clip else ""
    return f"This is {as_sound} sound. Save it as MP3 or WAV." if as_sound and audio else ""


def playback_note(codec: str) -> str:
    """What to say beside a clip that browsers may not play; empty where they do, and where the codec is not known."""
    if codec in ("", *PLAYED):
        return ""
    return f"Your browser may not play this video ({called(codec)}). Download it to watch it."


def called(codec: str) -> str:
    return CODECS.get(codec, codec.upper())


_SAVE_CLIP: Final = "Save it as MP4 (H.264) or WebM."


def _picture(name: str) -> str:
    return f"This is {name} picture. Save it as PNG or JPEG."


def _doctype(head: bytes) -> bytes:
    """The name in the EBML header, in the first bytes of the file; without one it is Matroska."""
    at = head.find(b"\x42\x82")
    if at < 0 or at + 2 >= len(head):
        return b"matroska"
    length = head[at + 2] & 0x7F
    return head[at + 3 : at + 3 + length].rstrip(b"\0")
