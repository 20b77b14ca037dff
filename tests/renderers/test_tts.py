"""The local preview renderer for voiceovers, and the synthesizer under it."""

import math
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import av
import pytest

from creative_hub.providers.local import sentences, speech, tts
from creative_hub.providers.local.ffmpeg import ffmpeg_path
from creative_hub.providers.ports import Brief, ProviderError
from tests.renderers.running import left_running

HELLO = {
    "en": "Hello friends",
    "en-GB": "Hello friends",
    "es": "Hola amigos",
    "es-419": "Hola amigos",
    "fr": "Bonjour à tous",
    "de": "Guten Tag",
    "it": "Buongiorno",
    "pt": "Bom dia",
    "pt-BR": "Bom dia",
    "nl": "Goedemorgen",
    "pl": "Dzień dobry",
    "sv": "God morgon",
    "tr": "Merhaba",
    "ru": "Доброе утро",
    "uk": "Добрий день",
    "ar": "مرحبا بكم",
    "hi": "नमस्ते दोस्तों",
    "zh": "你好，世界",
}


def render(out: Path, text: str, **settings: Any) -> list[int]:
    seen: list[int] = []
    tts.render(Brief("tts", text, settings), out, seen.append)
    return seen


def nothing(percent: int) -> None:
    """A report nobody reads."""


def loudness_lufs(path: Path) -> float:
    """Integrated loudness, as ffmpeg's own meter has it."""
    command = [ffmpeg_path(), "-hide_banner", "-i", str(path), "-af", "ebur128", "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return float(told.rpartition("I:")[2].split()[0])


def test_a_voiceover_is_an_mp3_of_the_right_length_and_loudness(tmp_path: Path) -> None:
    out, wav = tmp_path / "voice.mp3", tmp_path / "voice.wav"
    text = "Hello there, and welcome to the show. Today we look at shoes."
    seen = render(out, text, voice_id="miles")
    said = speech.speak(text, wav, voice_id="miles", report=nothing)
    with av.open(str(out)) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.codec_context.sample_rate) == ("mp3float", 44_100)
        assert stream.codec_context.bit_rate == 128_000
        assert container.duration is not None
        assert abs(container.duration / 1_000_000 - said.duration_seconds) < 0.1
    assert abs(loudness_lufs(out) + 16) < 1
    assert seen == sorted(seen)
    assert seen[0] >= 0
    assert seen[-1] <= 99


def test_four_thousand_characters_are_said_whole(tmp_path: Path) -> None:
    text = ("The quick brown fox jumps over the lazy dog. " * 90)[:4000]
    said = speech.speak(text, tmp_path / "voice.wav", report=nothing)
    assert " ".join(sentence.text for sentence in said.sentences) == text.strip()
    assert 200 < said.duration_seconds < 400


@pytest.mark.parametrize("language", speech.LANGUAGES)
def test_every_language_listed_is_spoken(tmp_path: Path, language: str) -> None:
    wav = tmp_path / "voice.wav"
    said = speech.speak(HELLO[language], wav, language=language, report=nothing)
    with wave.open(str(wav)) as sound:
        assert abs(sound.getnframes() / sound.getframerate() - said.duration_seconds) < 0.05
    assert said.sentences[0].end_seconds - said.sentences[0].start_seconds > 0.3
    assert len([name for _, name in said.phonemes if not name.startswith("_")]) >= 4


def test_every_voice_sounds_different(tmp_path: Path) -> None:
    spoken = set()
    for voice_id in speech.VOICES:
        wav = tmp_path / f"{voice_id}.wav"
        speech.speak("The same words.", wav, voice_id=voice_id, language="fr", report=nothing)
        spoken.add(wav.read_bytes())
    assert len(spoken) == len(speech.VOICES)


def test_speed_changes_the_length(tmp_path: Path) -> None:
    text = "One sentence said at two speeds, to be compared."
    slow, fast = (speech.speak(text, tmp_path / "v.wav", speed=speed, report=nothing) for speed in (0.7, 1.4))
    assert slow.duration_seconds > 1.4 * fast.duration_seconds


@pytest.mark.parametrize("text", ["…", "🔥🔥 👍🏽", "?! — *", "\n\n", "\x00"])
def test_a_text_without_words_is_refused_in_a_plain_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(ProviderError) as refusal:
        render(tmp_path / "voice.mp3", text)
    assert refusal.value.code == "invalid_request"
    assert refusal.value.message == "There is nothing to say: the text has no words."


def test_an_unknown_voice_or_language_is_named(tmp_path: Path) -> None:
    for settings in ({"voice_id": "zorg"}, {"language": "zorg"}):
        with pytest.raises(ProviderError, match="zorg") as refusal:
            render(tmp_path / "voice.mp3", "Hello", **settings)
        assert refusal.value.code == "invalid_request"


def test_unsafe_text_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(ProviderError) as refusal:
        render(tmp_path / "voice.mp3", "a song about suicide")
    assert refusal.value.code == "content_rejected"


def test_a_report_that_raises_stops_the_work_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    class Stopped(Exception):
        """What a runner raises when the lease is lost."""

    def stop_after(limit: int) -> None:
        def report(percent: int) -> None:
            if percent >= limit:
                raise Stopped

        with pytest.raises(Stopped):
            tts.render(Brief("tts", "One. Two. Three. Four. " * 40, {}), tmp_path / "voice.mp3", report)

    for limit in (0, 10, 45, 85):
        stop_after(limit)
    assert left_running() == []
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_a_synthesizer_that_dies_fails_the_voiceover_and_not_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(speech.VOICES, "gone", speech.Voice("Gone", "no-such-variant-file", 50, 150))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ProviderError) as failure:
        speech.speak("Hello", tmp_path / "voice.wav", voice_id="gone", report=nothing)
    assert failure.value.code == "provider_error"


def test_a_synthesizer_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = tmp_path / "hanging"
    hanging.write_text("#!/bin/sh\nexec sleep 60\n")
    hanging.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(hanging))
    monkeypatch.setattr(speech, "_LONGEST_SECONDS", 0.3)
    with pytest.raises(ProviderError) as failure:
        speech.speak("Hello", tmp_path / "voice.wav", report=nothing)
    assert "ended with -9" in failure.value.detail


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Dr. Smith paid 3.50 for it. Fine!", ["Dr. Smith paid 3.50 for it.", "Fine!"]),
        ("First line\nsecond. Third", ["First line", "second.", "Third"]),
        ("你好。很高兴！", ["你好。", "很高兴！"]),
        ("Wait… “Really?” Yes.", ["Wait…", "“Really?”", "Yes."]),
    ],
)
def test_texts_are_cut_where_a_speaker_would_pause(text: str, parts: list[str]) -> None:
    assert [part for part, _ in sentences.split(text)] == parts


def test_emoji_are_not_read_out_but_signs_with_a_name_are_kept() -> None:
    assert sentences.speakable("Hot 🔥 20 °C ™\nnow").split() == ["Hot", "20", "°C", "™", "now"]


def test_sentences_and_phonemes_are_in_order_and_within_the_sound(tmp_path: Path) -> None:
    said = speech.speak("One thing. And another.\n\nThe last.", tmp_path / "v.wav", report=nothing)
    times = [time for sentence in said.sentences for time in (sentence.start_seconds, sentence.end_seconds)]
    assert times == sorted(times)
    assert math.isclose(times[0], speech.LEAD_SECONDS)
    starts = [at for at, _ in said.phonemes]
    assert starts == sorted(starts)
    assert starts[-1] <= said.duration_seconds
