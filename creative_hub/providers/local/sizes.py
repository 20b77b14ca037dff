"""The sizes in pixels behind the aspect ratios of the orders. All even, all of exactly their ratio."""

from collections.abc import Mapping
from typing import Any

from creative_hub.providers.local.drawing import Size
from creative_hub.providers.ports import ProviderError

# ratio: (picture of about a megapixel, video of the 720p class)
_SIZES: dict[str, tuple[Size, Size]] = {
    "1:1": ((1024, 1024), (960, 960)),
    "4:5": ((896, 1120), (832, 1040)),
    "5:4": ((1120, 896), (1040, 832)),
    "3:4": ((864, 1152), (816, 1088)),
    "4:3": ((1152, 864), (1088, 816)),
    "2:3": ((832, 1248), (768, 1152)),
    "3:2": ((1248, 832), (1152, 768)),
    "9:16": ((756, 1344), (720, 1280)),
    "16:9": ((1344, 756), (1280, 720)),
    "21:9": ((1540, 660), (1470, 630)),
    "9:21": ((660, 1540), (630, 1470)),
}


def picture_size(settings: Mapping[str, Any]) -> Size:
    """From `width` and `height` (64..2048), else `aspect_ratio`, else square. Raises ProviderError("invalid_request")."""
    width, height = settings.get("width"), settings.get("height")
    if width and height:
        if not (64 <= int(width) <= 2048 and 64 <= int(height) <= 2048):
            raise ProviderError("invalid_request", "Width and height must be between 64 and 2048 pixels.")
        return int(width), int(height)
    return _sizes(settings, "1:1")[0]


def video_size(settings: Mapping[str, Any]) -> Size:
    """From `aspect_ratio`, else 16:9. Raises ProviderError("invalid_request")."""
    return _sizes(settings, "16:9")[1]


def _sizes(settings: Mapping[str, Any], default: str) -> tuple[Size, Size]:
    ratio = str(settings.get("aspect_ratio") or default)
    if ratio not in _SIZES:
        raise ProviderError("invalid_request", f"The aspect ratio {ratio[:20]} is not one of {', '.join(_SIZES)}.")
    return _SIZES[ratio]
