"""The local preview renderer for pictures."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from creative_hub.providers.local import image
from creative_hub.providers.ports import Brief, ProviderError


def render(folder: Path, text: str, position: int = 0, **settings: Any) -> bytes:
    out = folder / "picture.png"
    image.render(Brief("image", text, {"width": 200, "height": 160, **settings}, position), out, lambda percent: None)
    return out.read_bytes()


def difference(folder: Path, first: bytes, second: bytes) -> float:
    """The mean distance between two pictures, 0..255."""
    pictures = []
    for name, content in (("a.png", first), ("b.png", second)):
        (folder / name).write_bytes(content)
        pictures.append(Image.open(folder / name).convert("RGB"))
    return sum(ImageStat.Stat(ImageChops.difference(*pictures)).mean) / 3


@pytest.mark.parametrize("seed", [None, 7])
def test_the_same_order_gives_the_same_bytes(tmp_path: Path, seed: int | None) -> None:
    assert render(tmp_path, "a red bicycle", seed=seed) == render(tmp_path, "a red bicycle", seed=seed)


@pytest.mark.parametrize("text", ["a lake in the mountains", "a red bicycle", "quarterly results"])
def test_variants_and_seeds_differ_visibly(tmp_path: Path, text: str) -> None:
    first = render(tmp_path, text, seed=1)
    assert difference(tmp_path, first, render(tmp_path, text, position=1, seed=1)) > 2
    assert difference(tmp_path, first, render(tmp_path, text, seed=2)) > 2


def test_prompts_decide_what_is_seen(tmp_path: Path) -> None:
    sea, city = render(tmp_path, "the sea at noon", seed=1), render(tmp_path, "a neon city at night", seed=1)
    assert difference(tmp_path, sea, city) > 40


def test_a_colour_word_colours_the_subject(tmp_path: Path) -> None:
    (tmp_path / "car.png").write_bytes(render(tmp_path, "a green car", seed=3))
    centre = Image.open(tmp_path / "car.png").convert("RGB").crop((60, 95, 140, 120))
    red, green, blue = ImageStat.Stat(centre).median
    assert green > red
    assert green > blue


@pytest.mark.parametrize(
    ("ratio", "across", "down"), [("1:1", 1, 1), ("4:5", 4, 5), ("3:4", 3, 4), ("4:3", 4, 3), ("16:9", 16, 9), ("9:16", 9, 16)]
)
def test_an_aspect_ratio_is_exact_and_about_a_megapixel(tmp_path: Path, ratio: str, across: int, down: int) -> None:
    out = tmp_path / "picture.png"
    image.render(Brief("image", "waves", {"aspect_ratio": ratio}), out, lambda percent: None)
    with Image.open(out) as picture:
        assert picture.width * down == picture.height * across
        assert 900_000 < picture.width * picture.height < 1_100_000
        assert picture.format == "PNG"


@pytest.mark.parametrize("size", [(64, 64), (65, 333), (2048, 64)])
def test_a_size_in_pixels_is_kept(tmp_path: Path, size: tuple[int, int]) -> None:
    (tmp_path / "x.png").write_bytes(render(tmp_path, "a perfume bottle on the beach", width=size[0], height=size[1]))
    assert Image.open(tmp_path / "x.png").size == size


@pytest.mark.parametrize("settings", [{"width": 63, "height": 900}, {"width": 900, "height": 4000}])
def test_a_size_out_of_range_is_refused(tmp_path: Path, settings: dict[str, int]) -> None:
    with pytest.raises(ProviderError) as refusal:
        render(tmp_path, "a tree", **settings)
    assert refusal.value.code == "invalid_request"


@pytest.mark.parametrize(
    "text",
    [
        "عطر فاخر في الصحراء عند الغروب",
        "אופניים אדומים על החוף",
        "夕焼けの海と赤い自転車",
        "한국의 봄 꽃 정원",
        "красный велосипед в горах",
        "🚲🌊🎉",
        "👩‍👩‍👧‍👦 zwj \u200b\u202e\ufeff marks",
        "word " * 800,
        "x" * 4000,
        "",
        " \n\t ",
        "a\x00b \x1b[31m \ud800 lone",
        'a poster that says "עכשיו במבצע"',
        "?!…—«»",
    ],
)
def test_no_text_is_too_odd(tmp_path: Path, text: str) -> None:
    assert render(tmp_path, text).startswith(b"\x89PNG")


PLACES_AND_THINGS = (
    "space|desert|beach|city in the rain|forest|coffee shop|mountain|meadow|sailing|night|dark studio|bicycle|car|shoe|"
    "headphones|perfume|face cream|juice bottle|tea|smartphone|laptop|watch|gift|handbag|burger|bouquet|rainy forest|bold sneaker"
)


@pytest.mark.parametrize("text", PLACES_AND_THINGS.split("|"))
@pytest.mark.parametrize("size", [(240, 96), (96, 240)])
def test_every_place_and_thing_is_drawn_in_wide_and_tall_frames(tmp_path: Path, text: str, size: tuple[int, int]) -> None:
    (tmp_path / "x.png").write_bytes(render(tmp_path, text, width=size[0], height=size[1]))
    assert max(ImageStat.Stat(Image.open(tmp_path / "x.png").convert("RGB")).stddev) > 8


@pytest.mark.parametrize("text", ["NSFW portrait", "lots of gore", "a nude, tasteful", "about self-harm"])
def test_a_listed_word_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ProviderError) as refusal:
        render(tmp_path, text)
    assert refusal.value.code == "content_rejected"
    assert "own short list" in refusal.value.detail
    assert not (tmp_path / "picture.png").exists()


@pytest.mark.parametrize("text", ["Al Gorey street", "grapes and rapeseed oil", "a denuded hill", "Scunthorpe"])
def test_a_listed_word_inside_another_is_no_reason_to_refuse(tmp_path: Path, text: str) -> None:
    assert render(tmp_path, text)


def test_progress_rises_to_99(tmp_path: Path) -> None:
    seen: list[int] = []
    image.render(Brief("image", "hills", {"width": 128, "height": 128}), tmp_path / "x.png", seen.append)
    assert seen == sorted(seen)
    assert len(seen) > 3
    assert seen[-1] == 99


def test_a_report_that_raises_stops_the_renderer(tmp_path: Path) -> None:
    def stop(percent: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        image.render(Brief("image", "hills", {}), tmp_path / "x.png", stop)
    assert not (tmp_path / "x.png").exists()
