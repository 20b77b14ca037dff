"""The pages of the hub, under /creative-hub/."""

from django.urls import path

from creative_hub.views.files import download, file, thumbnail
from creative_hub.views.generate import generate, quote
from creative_hub.views.hub import folder, hub, new_folder
from creative_hub.views.theme import theme

urlpatterns = [
    path("", hub, name="hub"),
    path("folders/new", new_folder, name="folder-new"),
    path("folders/<uuid:folder_id>", folder, name="folder"),
    path("generate/<slug:job_type>", generate, name="generate"),
    path("generate/<slug:job_type>/quote", quote, name="quote"),
    path("files/<uuid:asset_id>", file, name="file"),
    path("files/<uuid:asset_id>/download", download, name="file-download"),
    path("files/<uuid:asset_id>/thumbnail", thumbnail, name="thumbnail"),
    path("theme", theme, name="theme"),
]
