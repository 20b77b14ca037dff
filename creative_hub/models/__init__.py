"""The library: folders, the files in them, uploads under way, and the campaign drafts that use files."""

from creative_hub.models.asset import Asset
from creative_hub.models.campaign import CampaignCreative, CampaignDraft
from creative_hub.models.drive import DriveFolder, DriveMirror, TeamDrive
from creative_hub.models.folder import Folder
from creative_hub.models.upload import Upload

__all__ = ["Asset", "CampaignCreative", "CampaignDraft", "DriveFolder", "DriveMirror", "Folder", "TeamDrive", "Upload"]
