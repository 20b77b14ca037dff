"""What each adapter asks for, what it refuses to ask for, and where it takes its key."""

from typing import Any

import pytest

from creative_hub.providers import elevenlabs, flux_2_pro, heygen, luma_ray3
from creative_hub.providers.origin import belongs
from creative_hub.providers.ports import Account, Brief, ProviderError, Running, Vendor
from wevion.http.messages import Response

BFL = Account("https://api.bfl.ai", "key")
LUMA = Account("https://agents.lumalabs.ai/v1", "key")
HEYGEN = Account("https://api.heygen.com", "key")
ELEVENLABS = Account("https://api.elevenlabs.io", "key")


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
    ],
)
def test_a_text_beyond_the_vendors_limit_is_refused_and_not_cut(
    vendor: Vendor, account: Account, asked: dict[str, Any], limit: int
) -> None:
    vendor.submit_request(account, Brief("x", "a" * limit, asked), "k")
    with pytest.raises(ProviderError, match=f"{limit:,}"):
        vendor.submit_request(account, Brief("x", "a" * (limit + 1), asked), "k")


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
