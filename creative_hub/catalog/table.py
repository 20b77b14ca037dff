"""The literal table of models."""

from typing import Final

from creative_hub.catalog.media import MEDIA
from creative_hub.catalog.workflows import WORKFLOWS

CATALOG: Final = (*MEDIA, *WORKFLOWS)
