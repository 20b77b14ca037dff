"""Audio analysis: how loud the clip is (LUFS, EBU R128), and how fast its music beats."""

from pathlib import Path
from typing import Any

import av
import numpy as np

from creative_hub.providers.local.style.frames import OPENED, Reals, Report, progress

RATE = 11025
HOP = 256
WINDOW = 1024
SLOWEST, FASTEST = 60, 180  # beats a minute
SURE = 0.12
"""How clearly the beat must repeat for the tempo to be told."""
SILENT_LUFS = -60.0


def analyse(path: Path, seconds: float, report: Report) -> dict[str, Any] | None:
    """`loudness_lufs` (integrated), `peak_db` (true peak), `tempo_bpm` and `first_beat_seconds`, or None without a sound.

    A silent track has no loudness, and speech mostly no tempo: these are None then.
    """
    with av.open(str(path), options=OPENED) as container:
        if not container.streams.audio:
            return None
        loudness, onsets = _listen(container, progress(report, seconds))
    lufs, peak = loudness
    bpm, first = tempo(onsets)
    return {
        "loudness_lufs": round(lufs, 1) if lufs > SILENT_LUFS else None,
        "peak_db": round(peak, 1) if lufs > SILENT_LUFS else None,
        "tempo_bpm": round(bpm) if bpm else None,
        "first_beat_seconds": round(first, 2) if bpm else None,
    }


def _listen(container: Any, tell: Any) -> tuple[tuple[float, float], Reals]:
    """((LUFS, true peak in dB), the strength of the onsets, one for each HOP): both as the sound goes by."""
    stream = container.streams.audio[0]
    meter, resampler = _meter(), av.AudioResampler(format="fltp", layout="mono", rate=RATE)
    shaped = av.AudioResampler(format="fltp", layout="stereo", rate=48000)
    said: dict[str, str] = {}
    onsets, rest, before = list[float](), np.zeros(0, np.float32), np.zeros(WINDOW // 2 + 1, np.float32)
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        for frame in frames:
            tell(frame.time or 0.0)
            frame.pts = None
            for piece in shaped.resample(frame):
                said |= _metered(meter, piece)
            for piece in resampler.resample(frame):
                rest = np.concatenate([rest, piece.to_ndarray().ravel().astype(np.float32)])
                rest, before = _onsets(rest, before, onsets)
    lufs, peaks = float(said.get("lavfi.r128.I", -70)), [float(said[key]) for key in said if "true_peaks_ch" in key]
    peak = 20 * np.log10(max(peaks)) if peaks and max(peaks) > 0 else -70.0
    return (lufs, float(peak)), np.array(onsets, np.float32)


def _meter() -> Any:
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=48000, format="fltp", layout="stereo")
    meter, sink = graph.add("ebur128", "metadata=1:peak=true"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    return graph


def _metered(meter: Any, piece: Any) -> dict[str, str]:
    """What the meter says after the piece, if it says anything."""
    piece.pts = None
    meter.push(piece)
    said: dict[str, str] = {}
    while True:
        try:
            said = dict(meter.pull().metadata)
        except (av.error.BlockingIOError, av.error.EOFError):
            return said


def _onsets(samples: Reals, before: Reals, onsets: list[float]) -> tuple[Reals, Reals]:
    """Adds how much louder each window's spectrum is than that of the one before; returns what is left over."""
    shape = np.hanning(WINDOW).astype(np.float32)
    while len(samples) >= WINDOW:
        spectrum = np.log1p(50 * np.abs(np.fft.rfft(samples[:WINDOW] * shape))).astype(np.float32)
        onsets.append(float(np.maximum(spectrum - before, 0).mean()))
        before, samples = spectrum, samples[HOP:]
    return samples, before


def tempo(onsets: Reals) -> tuple[float, float]:
    """(beats a minute, seconds of the first beat), or (0, 0) where nothing repeats clearly."""
    per_second = RATE / HOP
    if len(onsets) < 4 * per_second or onsets.std() < 1e-4:
        return 0.0, 0.0
    wave = onsets - np.convolve(onsets, np.ones(43) / 43, "same")
    wave = np.maximum(wave, 0) - np.maximum(wave, 0).mean()
    spectrum = np.abs(np.fft.rfft(wave, 2 * len(wave))) ** 2
    repeats = np.fft.irfft(spectrum)[: len(wave)]
    repeats = repeats / max(float(repeats[0]), 1e-9)
    beats = np.arange(SLOWEST, FASTEST, 0.5)
    usual = np.exp(-0.5 * (np.log2(beats / 115) / 0.6) ** 2)  # of two tempos that fit, the one that feet would tap
    lags = 60 * per_second / beats
    strength = np.interp(lags, np.arange(len(repeats)), repeats) + 0.5 * np.interp(2 * lags, np.arange(len(repeats)), repeats)
    best = int(np.argmax(strength * usual))
    if strength[best] < SURE:
        return 0.0, 0.0
    lag = lags[best]
    phases = np.arange(0, lag, 1.0)
    hits = [float(np.interp(np.arange(phase, len(wave), lag), np.arange(len(wave)), wave).sum()) for phase in phases]
    return float(beats[best]), float((phases[int(np.argmax(hits))] * HOP + WINDOW / 2) / RATE)
