"""What every renderer on this machine promises, whichever it is."""

import tempfile
from pathlib import Path
from typing import Any

import pytest

from creative_hub.catalog import CATALOG, Model
from creative_hub.pipelines.adapters import renderer
from creative_hub.providers.ports import Brief, ProviderError
from creative_hub.storage.probe import probe
from tests.renderers.running import left_running

LOCAL = [row for row in CATALOG if row.made_by == "renderer"]
KINDS = {"image": "image", "video": "video", "avatar": "video", "tts": "audio", "composite": "video", "story": "image"}
SMALL: dict[str, dict[str, Any]] = {
    "image": {"width": 256, "height": 256},
    "video": {"duration": 5, "aspect_ratio": "1:1"},
    "avatar": {"avatar_id": "ava", "aspect_ratio": "1:1"},
    "tts": {"voice_id": "alba"},
    "composite": {"headline_text": "Cold all day"},
    "story": {"aspect_ratio": "1:1", "cast": [{"name": "Mia", "appearance": "a girl with red curls"}]},
}


class Stopped(Exception):
    """What the engine raises out of `report` when the lease was lost."""


def brief(model: Model, text: str = "Fresh coffee") -> Brief:
    words = {"composite": "headline_text", "story": "scene"}.get(model.type)
    settings = SMALL[model.type] | ({words: text} if words else {})
    return Brief(type=model.type, text=text, settings=settings)


@pytest.mark.parametrize("model", LOCAL, ids=lambda row: row.slug)
def test_it_writes_its_kind_of_file_and_reports_rising_progress(model: Model, tmp_path: Path) -> None:
    out, reported = tmp_path / f"out{model.suffix}", list[int]()
    renderer(model)(brief(model), out, reported.append)
    found = probe(out)
    assert (found.kind, found.suffix) == (KINDS[model.type], model.suffix)
    assert reported == sorted(reported)
    assert all(0 <= percent <= 99 for percent in reported)
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("model", LOCAL, ids=lambda row: row.slug)
def test_it_refuses_what_its_policy_refuses(model: Model, tmp_path: Path) -> None:
    with pytest.raises(ProviderError) as caught:
        renderer(model)(brief(model, "a scene of gore"), tmp_path / "out", lambda percent: None)
    assert caught.value.code == "content_rejected"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("model", LOCAL, ids=lambda row: row.slug)
def test_it_can_be_stopped_by_its_report_and_leaves_nothing_running(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    tempfile.tempdir = None  # asks the environment anew

    def stop(percent: int) -> None:
        raise Stopped

    try:
        with pytest.raises(Stopped):
            renderer(model)(brief(model), tmp_path / f"out{model.suffix}", stop)
    finally:
        tempfile.tempdir = None
    assert list(scratch.iterdir()) == []
    assert left_running() == []
