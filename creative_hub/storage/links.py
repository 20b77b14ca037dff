"""Signed addresses of files in a bucket, minted here without asking it. Files on a disk have none: they are streamed."""

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.core.files.storage import storages
from django.utils.http import content_disposition_header

if TYPE_CHECKING:
    from storages.backends.s3 import S3Storage


def signed(file: str, mime: str, name: str, *, download: bool = False, method: str = "GET") -> str:
    """An address that gives the file to whoever has it, for two hours and for this method; empty where files lie on a disk.

    The bucket answers with this type and file name, whatever it has noted for the file. The host is the public one.
    """
    if "links" not in settings.STORAGES:
        return ""
    disposition = content_disposition_header(download, " ".join(name.split())) or "inline"
    parameters = {"ResponseContentType": mime, "ResponseContentDisposition": disposition}
    minted = cast("S3Storage", storages["links"]).url(file, parameters=parameters, http_method=method)
    return str(minted)
