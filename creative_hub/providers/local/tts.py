"""Voiceover by the local preview renderer: speech as an MP3."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from creative_hub.providers.local.ffmpeg import run
from creative_hub.providers.local.policy import refuse_unsafe
from creative_hub.providers.local.speech import speak
from creative_hub.providers.ports import Brief

_MP3 = ("-c:a", "libmp3lame", "-b:a", "128k", "-ac", "1", "-ar", "44100", "-map_metadata", "-1", "-f", "mp3")


def render(brief: Brief, out: Path, report: Callable[[int], None]) -> None:
    """Write `brief.text`, spoken, to `out` as MP3 (44.1 kHz, 128 kbit/s, mono).

    Settings: `voice_id`, `language` and `speed` (0.5..2, 1 by default). Raises ProviderError: `content_rejected`,
    `invalid_request` when there is nothing to say or no such voice or language, `provider_error`.
    """
    refuse_unsafe(brief.text)
    settings = brief.settings
    with tempfile.TemporaryDirectory(prefix="tts-") as folder:
        wav = Path(folder, "speech.wav")
        speech = speak(
            brief.text,
            wav,
            voice_id=str(settings.get("voice_id") or ""),
            language=str(settings.get("language") or ""),
            speed=float(settings.get("speed") or 1),
            report=lambda percent: report(percent * 8 // 10),
        )
        run(
            ["-i", wav, *_MP3, out],
            seconds=speech.duration_seconds,
            report=lambda percent: report(80 + percent * 19 // 99),
        )
