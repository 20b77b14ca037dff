"""What each adapter asks for, what it refuses to ask for, and where it takes its key."""

from typing import Any

import pytest

from creative_hub.providers import (
    creatomate,
    elevenlabs,
    flux_2_pro,
    gpt_image_1_5,
    heygen,
    luma_ray3,
    openai_tts,
    runway_gen4,
)
from creative_hub.providers.origin import belongs, under
from creative_hub.providers.ports import Account, Brief, ProviderError, Running, Vendor
from wevion.http.messages import Response

BFL = Account("https://api.bfl.ai", "key")
LUMA = Account("https://agents.lumalabs.ai/v1", "key")
HEYGEN = Account("https://api.heygen.com", "key")
ELEVENLABS = Account("https://api.elevenlabs.io", "key")
OPENAI = Account("https://api.openai.com/v1", "key")
RUNWAY = Account("https://api.dev.runwayml.com", "key")
CREATOMATE = Account("https://api.creatomate.com", "key")


def image(position: int = 0, **settings: Any) -> Any:
    return flux_2_pro.VENDOR.submit_request(BFL, Brief("image", "a red bicycle", settings, position), "k").json


def test_variants_of_a_seeded_image_have_consecutive_seeds_and_an_unseeded_one_has_none() -> None:
    assert [image(position, seed=7, num_variants=3)["seed"] for position in range(3)] == [7, 8, 9]
    assert "seed" not in image(num_variants=3)


@pytest.mark.parametrize("ratio", flux_2_pro.SIZES)
def test_an_aspect_ratio_becomes_a_size_within_the_first_billed_megapixel(ratio: str) -> None:
    body = image(aspect_ratio=ratio)
    across, down = map(int, ratio.split(":"))
    assert body["width"] % 16 == body["height"] % 16 == 0
    assert body["width"] * down == body["height"] * across
    assert 700_000 < body["width"] * body["height"] <= 2**20


@pytest.mark.parametrize(
    "asked",
    [
        {"aspect_ratio": "7:5"},
        {"width": 1024},
        {"width": 1024, "height": 1000},
        {"width": 32, "height": 1024},
        {"width": 2048, "height": 2048},
        {"aspect_ratio": "1:1", "width": 1024, "height": 1024},
    ],
)
def test_a_size_that_cannot_be_made_is_refused_with_the_rule(asked: dict[str, Any]) -> None:
    with pytest.raises(ProviderError, match=r"aspect_ratio|width and height") as caught:
        image(**asked)
    assert caught.value.code == "invalid_request"


def test_an_explicit_size_is_passed_on() -> None:
    assert {"width": 1600, "height": 912}.items() <= image(width=1600, height=912, aspect_ratio=None).items()


def test_a_first_frame_is_a_keyframe_which_ten_seconds_allow_too() -> None:
    brief = Brief("video", "waves", {"duration": 10, "image_url": "https://example.com/a.png"})
    body = luma_ray3.VENDOR.submit_request(LUMA, brief, "k").json
    assert body["video"]["keyframes"] == [{"url": "https://example.com/a.png"}]
    assert (body["video"]["keyframe_indexes"], body["video"]["duration"]) == ([0], "10s")


@pytest.mark.parametrize("asked", [{"duration": 7}, {"aspect_ratio": "2:1"}, {"seed": 1}])
def test_a_video_option_out_of_range_is_refused_by_name(asked: dict[str, Any]) -> None:
    with pytest.raises(ProviderError, match=next(iter(asked))):
        luma_ray3.VENDOR.submit_request(LUMA, Brief("video", "waves", asked), "k")


@pytest.mark.parametrize("asked", [{"voice_id": "v"}, {"avatar_id": "a", "aspect_ratio": "21:9"}, {"avatar_id": "a", "seed": 1}])
def test_an_avatar_order_that_cannot_be_made_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ProviderError, match=r"avatar_id|aspect_ratio|seed"):
        heygen.VENDOR.submit_request(HEYGEN, Brief("avatar", "Hello", asked), "k")


def test_a_key_the_vendor_would_not_honour_is_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match="idempotency key"):
        heygen.VENDOR.submit_request(HEYGEN, Brief("avatar", "Hello", {"avatar_id": "a"}), "no spaces")


def test_a_voice_id_cannot_leave_its_place_in_the_url() -> None:
    brief = Brief("tts", "Hello", {"voice_id": "../../v1/voices?x="})
    request = elevenlabs.VENDOR.submit_request(ELEVENLABS, brief, "k")
    assert request.url.startswith("https://api.elevenlabs.io/v1/text-to-speech/..%2F..%2Fv1%2Fvoices%3Fx%3D?output_format=")


def test_naming_a_language_chooses_the_model_that_obeys_it() -> None:
    def body(**settings: Any) -> Any:
        return elevenlabs.VENDOR.submit_request(ELEVENLABS, Brief("tts", "Hallo", {"voice_id": "v", **settings}), "k").json

    assert body() == {"text": "Hallo", "model_id": "eleven_multilingual_v2"}
    assert body(language="de") == {"text": "Hallo", "model_id": "eleven_flash_v2_5", "language_code": "de"}
    with pytest.raises(ProviderError, match="language"):
        body(language="German")


@pytest.mark.parametrize(
    ("vendor", "account", "asked", "limit"),
    [
        (luma_ray3.VENDOR, LUMA, {}, 6000),
        (heygen.VENDOR, HEYGEN, {"avatar_id": "a"}, 5000),
        (elevenlabs.VENDOR, ELEVENLABS, {"voice_id": "v"}, 10_000),
        (gpt_image_1_5.VENDOR, OPENAI, {}, 32_000),
        (openai_tts.VENDOR, OPENAI, {}, 4096),
        (runway_gen4.VENDOR, RUNWAY, {}, 1000),
    ],
)
def test_a_text_beyond_the_vendors_limit_is_refused_and_not_cut(
    vendor: Vendor, account: Account, asked: dict[str, Any], limit: int
) -> None:
    vendor.submit_request(account, Brief("x", "a" * limit, asked), "k")
    with pytest.raises(ProviderError, match=f"{limit:,}"):
        vendor.submit_request(account, Brief("x", "a" * (limit + 1), asked), "k")


def made(vendor: Vendor, account: Account, text: str, **settings: Any) -> Any:
    return vendor.submit_request(account, Brief("x", text, settings), "k")


def test_openai_is_asked_for_the_model_that_the_operator_names() -> None:
    assert made(gpt_image_1_5.VENDOR, OPENAI, "x").json["model"] == "gpt-image-1.5"
    later = Account(OPENAI.base_url, "key", "gpt-image-2.6-flare")
    assert made(gpt_image_1_5.VENDOR, later, "x").json["model"] == "gpt-image-2.6-flare"
    assert made(openai_tts.VENDOR, OPENAI, "x").json["model"] == "gpt-4o-mini-tts"


def test_a_picture_of_openai_has_one_of_three_sizes_and_a_quality_with_a_price() -> None:
    body = made(gpt_image_1_5.VENDOR, OPENAI, "a poster", aspect_ratio="2:3", num_variants=4).json
    assert (body["size"], body["quality"], body["n"]) == ("1024x1536", "medium", 1)


@pytest.mark.parametrize("asked", [{"aspect_ratio": "16:9"}, {"seed": 1}, {"width": 1024}])
def test_what_gpt_image_cannot_make_is_refused_by_name(asked: dict[str, Any]) -> None:
    with pytest.raises(ProviderError, match=next(iter(asked))):
        made(gpt_image_1_5.VENDOR, OPENAI, "x", **asked)


@pytest.mark.parametrize("asked", [{"voice_id": "rachel"}, {"language": "de"}])
def test_what_openai_cannot_speak_is_refused_by_name(asked: dict[str, Any]) -> None:
    with pytest.raises(ProviderError, match=next(iter(asked))):
        made(openai_tts.VENDOR, OPENAI, "x", **asked)


def test_runway_films_from_words_or_from_a_picture_at_two_addresses() -> None:
    words = made(runway_gen4.VENDOR, RUNWAY, "waves", aspect_ratio="9:16", duration=10)
    assert (words.url, words.json["ratio"], words.json["duration"]) == (
        "https://api.dev.runwayml.com/v1/text_to_video",
        "720:1280",
        10,
    )
    picture = made(runway_gen4.VENDOR, RUNWAY, "waves", aspect_ratio="1:1", image_url="https://example.com/a.png")
    assert picture.url.endswith("/v1/image_to_video")
    assert (picture.json["promptImage"], picture.json["ratio"]) == ("https://example.com/a.png", "960:960")
    assert picture.headers["X-Runway-Version"] == "2024-11-06"


@pytest.mark.parametrize(
    ("text", "asked", "named"),
    [
        ("waves", {"aspect_ratio": "1:1"}, "aspect_ratio"),
        ("waves", {"duration": 8}, "duration"),
        ("waves", {"image_url": "https://example.com/" + "a" * 2048}, "image_url"),
        ("🌊" * 501, {}, "1,002"),
    ],
)
def test_what_runway_cannot_film_is_refused_by_name(text: str, asked: dict[str, Any], named: str) -> None:
    with pytest.raises(ProviderError, match=named) as caught:
        made(runway_gen4.VENDOR, RUNWAY, text, **asked)
    assert caught.value.code == "invalid_request"


def test_a_creatomate_template_gets_the_slots_by_name_and_a_bound_on_its_size() -> None:
    body = made(creatomate.VENDOR, CREATOMATE, "", template_id="t", headline_text="Sale", resolution="1080p").json
    assert body == {"template_id": "t", "modifications": {"headline_text": "Sale"}, "max_width": 1920, "max_height": 1920}


@pytest.mark.parametrize("ratio", creatomate.RATIOS)
@pytest.mark.parametrize("resolution", creatomate.RESOLUTIONS)
def test_a_layout_without_a_template_has_the_size_that_was_asked_for(ratio: str, resolution: str) -> None:
    body = made(creatomate.VENDOR, CREATOMATE, "", headline_text="Sale", aspect_ratio=ratio, resolution=resolution).json
    across, down = map(int, ratio.split(":"))
    assert min(body["width"], body["height"]) == int(resolution.removesuffix("p"))
    assert body["width"] * down == body["height"] * across
    assert body["duration"] == creatomate.STILL_SECONDS


def test_the_sound_decides_the_length_of_a_layout_and_the_clip_repeats_under_it() -> None:
    slots = {
        "product_video": "https://example.com/a.mp4",
        "audio": "https://example.com/a.mp3",
        "image": "https://example.com/a.png",
    }
    body = made(creatomate.VENDOR, CREATOMATE, "", **slots).json
    assert "duration" not in body
    video, image, audio = body["elements"]
    assert (video["loop"], video["duration"]) == (True, None)
    assert [element["source"] for element in (video, image, audio)] == [slots["product_video"], slots["image"], slots["audio"]]
    assert image["fit"] == "contain"


@pytest.mark.parametrize(
    "asked", [{}, {"template_id": "t", "image": "u", "aspect_ratio": "1:1"}, {"image": "u", "resolution": "4k"}]
)
def test_a_composite_that_cannot_be_put_together_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ProviderError, match=r"at least one of|aspect_ratio|resolution"):
        made(creatomate.VENDOR, CREATOMATE, "", **asked)


def test_only_vendors_that_call_back_are_told_where() -> None:
    def told(vendor: Vendor, account: Account, **settings: Any) -> str:
        brief = Brief("x", "Hello", settings, callback_url="https://site.example.com/callback/token")
        return str(vendor.submit_request(account, brief, "k").json)

    assert "callback_url" in told(heygen.VENDOR, HEYGEN, avatar_id="a")
    assert "webhook_url" in told(creatomate.VENDOR, CREATOMATE, headline_text="Sale")
    for vendor, account in ((flux_2_pro.VENDOR, BFL), (luma_ray3.VENDOR, LUMA), (runway_gen4.VENDOR, RUNWAY)):
        assert "site.example.com" not in told(vendor, account)


@pytest.mark.parametrize(
    ("url", "admitted"),
    [
        ("https://delivery-eu.bfl.ai/a.jpg?sig=1", True),
        ("https://bfl.ai/a.jpg", True),
        ("https://notbfl.ai/a.jpg", False),
        ("https://bfl.ai.evil.net/a.jpg", False),
        ("https://evil.net/bfl.ai", False),
        ("https://bfl.ai@evil.net/a.jpg", False),
        ("https://evil.net\\.bfl.ai/a.jpg", False),
        ("https://delivery.bfl.ai:8443/a.jpg", False),
        ("http://delivery.bfl.ai/a.jpg", False),
    ],
)
def test_files_come_from_the_named_domains_alone(url: str, admitted: bool) -> None:
    assert under(url, ("bfl.ai",)) == admitted


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://api.eu2.bfl.ai/v1/get_result?id=1", True),
        ("https://api.bfl.ai/v1/get_result?id=1", True),
        ("https://api.bfl.ai:443/v1", True),
        ("https://bfl.ai.evil.net/v1", False),
        ("https://evilbfl.ai/v1", False),
        ("https://evil.net/bfl.ai", False),
        ("https://evil.net?api.bfl.ai/", False),
        ("https://evil.net#.bfl.ai/", False),
        ("https://evil.net\\.bfl.ai/", False),
        ("https://api.bfl.ai@evil.net/", False),
        ("https://evil.net@api.bfl.ai/", False),
        ("https://api.bfl.ai:8443/v1", False),
        ("http://api.bfl.ai/v1", False),
        ("https://127.0.0.1/v1", False),
        ("//api.bfl.ai/v1", False),
        ("", False),
    ],
)
def test_a_polling_url_outside_the_vendors_domain_never_sees_the_key(url: str, ours: bool) -> None:
    assert belongs(url, BFL.base_url) == ours
    if ours:
        assert flux_2_pro.VENDOR.poll_request(BFL, url).headers["x-key"] == "key"
    elif "://" in url:
        with pytest.raises(ProviderError, match="domain"):
            flux_2_pro.VENDOR.poll_request(BFL, url)


def test_on_an_address_or_a_bare_name_only_the_same_port_is_the_vendors() -> None:
    assert belongs("http://127.0.0.1:9001/v1/get_result?id=1", "http://127.0.0.1:9001")
    assert not belongs("http://127.0.0.1:9002/", "http://127.0.0.1:9001")
    assert not belongs("https://10.9.0.1/", "https://127.0.0.1")
    assert belongs("http://localhost:9001/x", "http://localhost:9001")
    assert not belongs("https://localhost/x", "http://localhost:9001")


def test_an_answer_without_a_polling_url_is_looked_up_by_its_id() -> None:
    running = flux_2_pro.VENDOR.read_submit(Response(200, {}, b'{"id": "a b", "status": "Pending"}'))
    assert isinstance(running, Running)
    assert flux_2_pro.VENDOR.poll_request(BFL, running.ref).url == "https://api.bfl.ai/v1/get_result?id=a%20b"
