"""Creatomate, API v2: puts a video together from the customer's own template, or from a plain layout of ours.

A template's elements carry the names of the slots. An order that fits no element is taken all the same, with `warnings`, and
would come back without what was asked for: those that name a slot are refused. One object answers the submit (202) and every
look (200). No idempotency key, progress, cancel or moderation. Files stay 30 days. The callback is unsigned: a hint only.
Over 30 calls in ten seconds are a 429.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from creative_hub.providers import classify
from creative_hub.providers.ports import Account, Brief, ProviderError, Ready, Running
from wevion.http.messages import Request, Response

LABEL = "Creatomate"
BASE_URL = "https://api.creatomate.com"
SLOTS = ("headline_text", "product_video", "image", "cta_text", "audio")
RATIOS = {"9:16": (9, 16), "1:1": (1, 1), "4:5": (4, 5), "16:9": (16, 9)}
RESOLUTIONS = {"720p": 720, "1080p": 1080}  # the shorter side of our layout, in pixels
LONGER_SIDES = {"720p": 1280, "1080p": 1920}  # the most that a template's longer side may have
FRAMES_PER_SECOND = 30
STILL_SECONDS = 10  # a layout without clip and sound has no length of its own
# The words of a failed render that tell of what we gave it, rather than of a fault at Creatomate.
_OUR_MATERIAL = ("download", "fetch", "source", "file", "format", "template", "not found")


class Creatomate:
    idempotent = False
    poll_seconds = 5.0

    def submit_request(self, account: Account, brief: Brief, key: str) -> Request:
        given = classify.options(brief, ("template_id", "aspect_ratio", "resolution", *SLOTS), LABEL)
        resolution = classify.one_of(given, "resolution", RESOLUTIONS, LABEL) or "720p"
        ratio = classify.one_of(given, "aspect_ratio", ("auto", *RATIOS), LABEL) or "auto"
        slots = {name: given[name] for name in SLOTS if name in given}
        if not slots:
            raise classify.unsupported(f"{LABEL} needs at least one of {', '.join(SLOTS)}.")
        if "template_id" in given:
            if ratio != "auto":
                raise classify.unsupported(f"{LABEL} takes no aspect_ratio with a template_id: the template has its own.")
            most = LONGER_SIDES[resolution]
            body = {"template_id": given["template_id"], "modifications": slots, "max_width": most, "max_height": most}
        else:
            body = _layout(slots, RATIOS["9:16" if ratio == "auto" else ratio], RESOLUTIONS[resolution])
        if brief.callback_url:
            body["webhook_url"] = brief.callback_url
        return Request("POST", f"{account.base_url}/v2/renders", headers=_headers(account), json=body)

    def read_submit(self, response: Response) -> Running | Ready:
        body = classify.parsed(response)
        ref = body.get("id")
        if not classify.succeeded(response) or not isinstance(ref, str):
            raise classify.by_status(response, submitting=True)
        if unplaced := _unplaced(body):
            message = f"The template has no element named {', '.join(unplaced)}. Rename the element, or leave the slot empty."
            raise ProviderError("invalid_request", message, detail=classify.words(response))
        if body.get("status") == "failed":
            raise _failure(response, body)
        return Running(ref)

    def poll_request(self, account: Account, ref: str) -> Request:
        return Request("GET", f"{account.base_url}/v2/renders/{quote(ref, safe='')}", headers=_headers(account))

    def read_poll(self, response: Response, ref: str) -> Running | Ready:
        body = classify.parsed(response)
        match body.get("status"):
            case "succeeded" if isinstance(url := body.get("url"), str) and url:
                return Ready(url=url)
            case "failed" | "cancelled":
                raise _failure(response, body)
            case str(status) if classify.succeeded(response) and status != "succeeded":
                return Running(ref)
        raise classify.by_status(response, submitting=False)

    def check_request(self, account: Account) -> Request:
        return Request("GET", f"{account.base_url}/v2/templates", headers=_headers(account))

    def read_check(self, response: Response) -> str:
        classify.checked(response)
        return ""


def _headers(account: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.api_key}"}


def _layout(slots: Mapping[str, str], ratio: tuple[int, int], shorter: int) -> dict[str, Any]:
    """The clip fills the frame, or the picture does; words above and below. The sound decides the length, or else the clip."""
    unit = shorter / min(ratio)
    across, down = (round(side * unit / 2) * 2 for side in ratio)
    elements: list[dict[str, Any]] = []
    if "product_video" in slots:
        filling = {"loop": True, "duration": None} if "audio" in slots else {}
        elements.append({"type": "video", "track": 1, "source": slots["product_video"], "fit": "cover", **filling})
    if "image" in slots:
        inset = {"width": "46%", "height": "34%", "fit": "contain"} if "product_video" in slots else {"fit": "cover"}
        elements.append({"type": "image", "track": 2, "source": slots["image"], **inset})
    for track, name, middle in ((3, "headline_text", "13%"), (4, "cta_text", "88%")):
        if name in slots:
            elements.append(_words(track, slots[name], middle))
    if "audio" in slots:
        elements.append({"type": "audio", "track": 5, "source": slots["audio"]})
    body = {"output_format": "mp4", "width": across, "height": down, "frame_rate": FRAMES_PER_SECOND, "elements": elements}
    return body if {"product_video", "audio"} & slots.keys() else {**body, "duration": STILL_SECONDS}


def _words(track: int, text: str, middle: str) -> dict[str, Any]:
    return {
        "type": "text",
        "track": track,
        "text": text,
        "y": middle,
        "width": "86%",
        "height": "14%",
        "x_alignment": "50%",
        "y_alignment": "50%",
        "fill_color": "#ffffff",
        "background_color": "#000000",
        "font_weight": 700,
        "font_size_maximum": "8 vmin",
    }


def _unplaced(body: Mapping[str, Any]) -> list[str]:
    """The slots that a warning names. In quotes, because "image" and "audio" are also words."""
    told = body.get("warnings")
    warnings = " ".join(map(str, told)) if isinstance(told, list) else ""
    return [name for name in SLOTS if re.search(rf"[\"'`]{name}[.\"'`]", warnings)]


def _failure(response: Response, body: Mapping[str, Any]) -> ProviderError:
    said = str(body.get("error_message") or "").lower()
    ours = body.get("status") == "failed" and any(word in said for word in _OUR_MATERIAL)
    return ProviderError("invalid_request" if ours else "provider_error", detail=classify.words(response))


VENDOR = Creatomate()
