"""One serializer for each job type. The API validates with it; the dialog posts to it and renders its fields.

There is no second definition of what a request may hold: choices come from the catalog's row of the chosen provider.
"""

from typing import Any

from creative_hub.orders.ad import AdOrder
from creative_hub.orders.avatar import AvatarOrder
from creative_hub.orders.base import OrderSerializer
from creative_hub.orders.composite import CompositeOrder
from creative_hub.orders.fields import MAX_TEXT, ListField, MediaField, NotYours
from creative_hub.orders.image import ImageOrder
from creative_hub.orders.story import StoryOrder
from creative_hub.orders.style_transfer import StyleTransferOrder
from creative_hub.orders.tts import TtsOrder
from creative_hub.orders.video import VideoOrder
from jobs.models import Job

__all__ = ["MAX_TEXT", "ORDERS", "MediaField", "NotYours", "OrderSerializer", "typed_in"]

ORDERS: dict[str, type[OrderSerializer]] = {
    "image": ImageOrder,
    "video": VideoOrder,
    "avatar": AvatarOrder,
    "tts": TtsOrder,
    "composite": CompositeOrder,
    "style_transfer": StyleTransferOrder,
    "story": StoryOrder,
    "ad": AdOrder,
}


def typed_in(job: Job) -> dict[str, Any]:
    """What was asked for in a job, under the names of the fields: to fill the form with, or to order again."""
    kind = ORDERS[job.type]
    text = {} if kind.text_in_settings else {kind.text_field: job.prompt}
    asked = {"provider": job.provider, **job.settings, **text, "drive_folder_id": job.drive_folder_id}
    known = kind().get_fields()
    return {name: _as_typed(known[name], value) for name, value in asked.items() if name in known and value not in (None, "")}


def _as_typed(field: Any, value: Any) -> Any:
    """A list is typed as lines."""
    return field.lines(value) if isinstance(field, ListField) and isinstance(value, list) else value
