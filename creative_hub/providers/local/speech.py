"""Text to speech on this machine: espeak-ng in a child process, its sound then cleaned and levelled by ffmpeg."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import NamedTuple

from creative_hub.providers.local import sentences
from creative_hub.providers.local.ffmpeg import run
from creative_hub.providers.ports import ProviderError

HERTZ = 44_100
LOUDNESS_LUFS = -16.0
LEAD_SECONDS = 0.2
TAIL_SECONDS = 0.5
_SILENCE_LUFS = -60.0
_SENTENCE_PAUSE_MS = 340
_PARAGRAPH_PAUSE_MS = 650
_LONGEST_SECONDS = 120.0  # the longest text takes a few


class Voice(NamedTuple):
    label: str
    variant: str
    """espeak's voice variant: the timbre, laid over any language."""
    pitch: int
    rate: int
    """Words a minute."""


VOICES: dict[str, Voice] = {
    "alba": Voice("Alba — warm, clear", "Annie", 44, 152),
    "noor": Voice("Noor — calm, low", "f2", 40, 148),
    "clara": Voice("Clara — bright, lively", "linda", 54, 160),
    "miles": Voice("Miles — friendly, even", "Alex", 48, 154),
    "theo": Voice("Theo — deep, unhurried", "Andy", 38, 146),
    "ravi": Voice("Ravi — crisp, quick", "Hugo", 56, 162),
}
DEFAULT_VOICE = "alba"

LANGUAGES: dict[str, str] = {
    "en": "English (US)",
    "en-GB": "English (UK)",
    "es": "Spanish (Spain)",
    "es-419": "Spanish (Latin America)",
    "fr": "French",
    "de": "German",
    "it": "Italian",
    "pt": "Portuguese (Portugal)",
    "pt-BR": "Portuguese (Brazil)",
    "nl": "Dutch",
    "pl": "Polish",
    "sv": "Swedish",
    "tr": "Turkish",
    "ru": "Russian",
    "uk": "Ukrainian",
    "ar": "Arabic",
    "hi": "Hindi",
    "zh": "Chinese (Mandarin)",
}
DEFAULT_LANGUAGE = "en"
_ESPEAK_NAMES = {"en": "en-us", "en-GB": "en-gb-x-rp", "pt-BR": "pt-br", "zh": "cmn"}

_CLEAN = (
    "highpass=f=75,equalizer=f=190:t=q:w=1:g=2,equalizer=f=3300:t=q:w=1.1:g=-3.5,treble=f=7500:g=-3,"
    "acompressor=threshold=-24dB:ratio=2.5:attack=6:release=140:makeup=2,aecho=0.95:0.9:19|31:0.07|0.05"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    start_seconds: float
    end_seconds: float


@dataclass(frozen=True, slots=True)
class Speech:
    """What was said and when, in seconds from the start of the WAV file. Phonemes are (start, espeak mnemonic)."""

    duration_seconds: float
    sentences: tuple[Sentence, ...]
    phonemes: tuple[tuple[float, str], ...]


def speak(
    text: str,
    out: Path,
    *,
    voice_id: str = "",
    language: str = "",
    speed: float = 1.0,
    report: Callable[[int], None],
) -> Speech:
    """Say `text` into `out`, a mono WAV at HERTZ and LOUDNESS_LUFS, beginning and ending with a moment of silence.

    An empty `voice_id` or `language` means the default. Reports 0..99. Raises ProviderError: `invalid_request` when
    nothing in the text can be spoken or the voice or language is unknown, `provider_error` when the synthesizer fails.
    """
    voice, name = _voice(voice_id or DEFAULT_VOICE), _espeak_name(language or DEFAULT_LANGUAGE)
    parts = sentences.split(sentences.speakable(text))
    if not parts:
        raise ProviderError("invalid_request", "There is nothing to say: the text has no words.")
    report(0)
    with tempfile.TemporaryDirectory(prefix="speech-") as folder:
        raw = Path(folder, "raw.wav")
        request = {
            "out": str(raw),
            "voice": f"{name}+{voice.variant}",
            "rate": round(voice.rate * min(2.0, max(0.5, speed))),
            "pitch": voice.pitch,
            "range": 56,
            "sentences": [(part, _PARAGRAPH_PAUSE_MS if last else _SENTENCE_PAUSE_MS) for part, last in parts],
        }
        said = _synthesize(request, [part for part, _ in parts], lambda percent: report(percent // 2))
        _master(raw, Path(folder), said.duration_seconds, out, lambda percent: report(50 + percent // 2))
    return said


def _voice(voice_id: str) -> Voice:
    if voice_id not in VOICES:
        raise ProviderError("invalid_request", f"There is no voice “{voice_id}”. The voices are {', '.join(VOICES)}.")
    return VOICES[voice_id]


def _espeak_name(language: str) -> str:
    if language not in LANGUAGES:
        raise ProviderError("invalid_request", f"The language “{language}” is not one of {', '.join(LANGUAGES)}.")
    return _ESPEAK_NAMES.get(language, language)


def _synthesize(request: dict[str, object], texts: list[str], report: Callable[[int], None]) -> Speech:
    command = [sys.executable, "-I", str(Path(__file__).with_name("speech_child.py"))]
    said: list[Sentence] = []
    phonemes: list[tuple[float, str]] = []
    with tempfile.TemporaryFile("w+") as errors, tempfile.TemporaryFile("w+") as asked:
        json.dump(request, asked)
        asked.seek(0)
        with subprocess.Popen(command, stdin=asked, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
            ending = Timer(_LONGEST_SECONDS, process.kill)  # the lines stop, then, and the status tells
            ending.start()
            try:
                assert process.stdout is not None
                for line in process.stdout:
                    heard = json.loads(line)
                    said.append(Sentence(texts[len(said)], LEAD_SECONDS + heard["start"], LEAD_SECONDS + heard["end"]))
                    phonemes += [(LEAD_SECONDS + at, name) for at, name in heard["phonemes"]]
                    report(99 * len(said) // len(texts))
            except BaseException:
                process.kill()
                raise
            finally:
                ending.cancel()
        if process.returncode or len(said) < len(texts):
            errors.seek(0)
            raise ProviderError("provider_error", detail=f"speech ended with {process.returncode}: {errors.read()[-500:]}")
    return Speech(said[-1].end_seconds + TAIL_SECONDS, tuple(said), tuple(phonemes))


def _master(raw: Path, folder: Path, seconds: float, out: Path, report: Callable[[int], None]) -> None:
    """Clean the synthesizer's sound, measure it, and write it at the right loudness with room before and after."""
    clean, measured = folder / "clean.wav", folder / "loudness.txt"
    padding = f"adelay={LEAD_SECONDS * 1000:.0f},apad=whole_dur={seconds:.3f}"
    measure = f"ebur128=metadata=1,ametadata=print:key=lavfi.r128.I:file={_filter_value(measured)}"
    as_float = ("-ar", str(HERTZ), "-ac", "1", "-c:a", "pcm_f32le")
    run(
        ["-i", raw, "-af", f"{padding},{_CLEAN},{measure}", *as_float, clean],
        seconds=seconds,
        report=lambda percent: report(percent // 2),
    )
    loudness = float(measured.read_text().rpartition("lavfi.r128.I=")[2])
    if loudness <= _SILENCE_LUFS:
        raise ProviderError("invalid_request", "There is nothing to say: the voice has no sounds for this text.")
    level = f"volume={LOUDNESS_LUFS - loudness:.2f}dB,alimiter=limit=0.8:level=false,atrim=duration={seconds:.3f}"
    run(
        ["-i", clean, "-af", level, "-ar", str(HERTZ), "-c:a", "pcm_s16le", out],
        seconds=seconds,
        report=lambda percent: report(50 + percent // 2),
    )


def _filter_value(path: Path) -> str:
    """A path as it is written inside a filter's options."""
    return re.sub(r"([\\':,;\[\]])", r"\\\1", str(path).replace("\\", "/"))
