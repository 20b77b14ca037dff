"""The table of models: the menu, the choices of the forms, the validation, the price list and the dispatch table."""

from typing import Final

from creative_hub.catalog.model import Model
from creative_hub.catalog.table import CATALOG

__all__ = ["CATALOG", "TYPES", "Model", "default_model", "model", "models_of"]

TYPES: Final = {
    "image": "Image",
    "video": "Video",
    "avatar": "Avatar",
    "tts": "TTS",
    "composite": "Composite",
    "style_transfer": "Style",
    "story": "Story",
    "ad": "Ad",
}

_BY_SLUG: Final = {model.slug: model for model in CATALOG}


def model(slug: str) -> Model:
    """Raises KeyError for a slug that the catalog does not have."""
    return _BY_SLUG[slug]


def models_of(job_type: str) -> list[Model]:
    """The models of a type, the preferred first."""
    return [row for row in CATALOG if row.type == job_type]


def default_model(job_type: str) -> Model:
    """The first of the type that can be chosen here: a configured vendor, or else the local one."""
    rows = models_of(job_type)
    return next((row for row in rows if not row.unavailable), rows[0])
