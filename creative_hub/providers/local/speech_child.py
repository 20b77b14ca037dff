"""espeak-ng in a process of its own: a request on stdin, a WAV file out, one JSON line on stdout for each sentence.

Run as a file, never imported by the rest: espeak-ng is GPL and native code, so neither its licence nor a crash of it may
reach the caller. The request is a JSON object: `out` (path), `voice` (espeak's name, with variant), `rate` (words a
minute), `pitch` and `range` (0..100) and `sentences`, a list of [text, pause after it in milliseconds]. Each line tells
the `start` and `end` of a sentence in seconds, and its `phonemes` as [seconds, espeak mnemonic].
The process ends itself after LIMIT_SECONDS, whatever espeak does.
"""

import ctypes
import json
import signal
import sys
import wave
from typing import Any

import espeakng_loader

LIMIT_SECONDS = 60
_SYNCHRONOUS_RETRIEVAL = 1
_PHONEME_EVENTS_AND_NO_EXIT = 0x0001 | 0x8000
_UTF8 = 1
_RATE, _PITCH, _RANGE = 1, 3, 4
_PHONEME = 7
_QUIET = 60  # of 32768: what espeak leaves after the last sound of a sentence


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_void_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))


class _Espeak:
    """The library, saying one text at a time into `samples` (16 bit mono at `hertz`) and `phonemes`."""

    def __init__(self) -> None:
        self._lib = ctypes.CDLL(espeakng_loader.get_library_path())
        data = str(espeakng_loader.get_data_path()).encode()
        self.hertz: int = self._lib.espeak_Initialize(_SYNCHRONOUS_RETRIEVAL, 0, data, _PHONEME_EVENTS_AND_NO_EXIT)
        if self.hertz <= 0:
            raise SystemExit("espeak-ng did not start")
        self.samples = bytearray()
        self.phonemes: list[tuple[float, str]] = []
        self._callback = _Callback(self._receive)  # kept, or ctypes frees what espeak still calls
        self._lib.espeak_SetSynthCallback(self._callback)

    def choose(self, voice: str, rate: int, pitch: int, range_: int) -> None:
        if self._lib.espeak_SetVoiceByName(voice.encode()):
            raise SystemExit(f"espeak-ng has no voice {voice}")
        for parameter, value in ((_RATE, rate), (_PITCH, pitch), (_RANGE, range_)):
            self._lib.espeak_SetParameter(parameter, value, 0)

    def say(self, text: str) -> None:
        self.samples.clear()
        self.phonemes.clear()
        raw = text.encode()
        if self._lib.espeak_Synth(raw, len(raw) + 1, 0, 1, 0, _UTF8, None, None):
            raise SystemExit("espeak-ng refused a text")
        self._lib.espeak_Synchronize()

    def _receive(self, samples: int | None, count: int, events: Any) -> int:
        if samples and count:
            self.samples += ctypes.string_at(samples, count * 2)
        position = 0
        while events[position].type:
            if events[position].type == _PHONEME:
                name = bytes(events[position].id.string).decode(errors="replace")
                self.phonemes.append((events[position].sample / self.hertz, name))
            position += 1
        return 0


def _without_trailing_silence(samples: bytearray) -> bytes:
    values = memoryview(bytes(samples)).cast("h")
    end = len(values)
    while end and abs(values[end - 1]) < _QUIET:
        end -= 1
    return values[:end].tobytes()


def main() -> None:
    signal.alarm(LIMIT_SECONDS)
    request = json.load(sys.stdin)
    espeak = _Espeak()
    espeak.choose(request["voice"], request["rate"], request["pitch"], request["range"])
    written = 0
    with wave.open(request["out"], "wb") as wav:
        wav.setparams((1, 2, espeak.hertz, 0, "NONE", ""))
        for text, pause_ms in request["sentences"]:
            espeak.say(text)
            sound = _without_trailing_silence(espeak.samples)
            start, length = written / espeak.hertz, len(sound) // 2 / espeak.hertz
            phonemes = [(start + at, name) for at, name in espeak.phonemes if at <= length]
            print(json.dumps({"start": start, "end": start + length, "phonemes": phonemes}), flush=True)  # noqa: T201
            silence = bytes(2 * (espeak.hertz * pause_ms // 1000))
            wav.writeframes(sound + silence)
            written += (len(sound) + len(silence)) // 2


if __name__ == "__main__":
    main()
