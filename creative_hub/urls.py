"""The pages of the hub, under /creative-hub/."""

from django.urls import path

from creative_hub.views.acts import delete, move, new_folder, rename
from creative_hub.views.archive import download_many
from creative_hub.views.drive import try_drive_again
from creative_hub.views.file_page import file_page
from creative_hub.views.files import download, file, thumbnail
from creative_hub.views.generate import generate, quote
from creative_hub.views.hub import folder, hub, look
from creative_hub.views.media_picker import media_files
from creative_hub.views.theme import theme
from creative_hub.views.trash import purge, restore, trash
from creative_hub.views.uploads import upload_form, upload_part, uploads

urlpatterns = [
    path("", hub, name="hub"),
    path("folders/new", new_folder, name="folder-new"),
    path("folders/<uuid:folder_id>", folder, name="folder"),
    path("look", look, name="library-look"),
    path("rename", rename, name="rename"),
    path("move", move, name="move"),
    path("delete", delete, name="delete"),
    path("download", download_many, name="download-many"),
    path("trash", trash, name="trash"),
    path("trash/restore", restore, name="trash-restore"),
    path("trash/purge", purge, name="trash-purge"),
    path("uploads/", uploads, name="upload"),
    path("uploads/form", upload_form, name="upload-form"),
    path("uploads/<uuid:upload_id>", upload_part, name="upload-part"),
    path("generate/<slug:job_type>", generate, name="generate"),
    path("generate/<slug:job_type>/quote", quote, name="quote"),
    path("generate/files/<slug:kind>", media_files, name="media-files"),
    path("files/<uuid:asset_id>", file, name="file"),
    path("files/<uuid:asset_id>/view", file_page, name="file-view"),
    path("files/<uuid:asset_id>/download", download, name="file-download"),
    path("files/<uuid:asset_id>/thumbnail", thumbnail, name="thumbnail"),
    path("files/<uuid:asset_id>/drive", try_drive_again, name="drive-again"),
    path("theme", theme, name="theme"),
]
