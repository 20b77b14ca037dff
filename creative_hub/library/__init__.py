"""The library: results and uploads are filed here, moved, deleted and restored, and links to them minted."""

from creative_hub.library.results import LINK_SALT, adopt, deliver, link, linked_asset, links

__all__ = ["LINK_SALT", "adopt", "deliver", "link", "linked_asset", "links"]
