"""An S3 bucket as Django's storages, from the environment: `S3_BUCKET` names it. See docs/storage.md."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from wevion import env

PART_BYTES = 16 * 1024 * 1024
LINK_SECONDS = 2 * 3600
BACKEND = "storages.backends.s3.S3Storage"


@dataclass(frozen=True, slots=True)
class Bucket:
    """`endpoint` is where this program reaches it, `public` where browsers and programs outside do."""

    name: str
    region: str
    endpoint: str
    public: str
    style: str  # of addresses: "path" (host/bucket/file) or "virtual" (bucket.host/file)
    access_key: str
    secret_key: str = field(repr=False)

    @property
    def origin(self) -> str:
        """The origin that signed links lead to, for the Content-Security-Policy."""
        parts = urlsplit(self.public)
        return f"{parts.scheme}://{parts.netloc if self.style == 'path' else f'{self.name}.{parts.netloc}'}"


def from_environment() -> Bucket | None:
    """None: files lie on the disk. Without keys, the client finds them where AWS's own tools do (a role of the machine)."""
    name = env.text("S3_BUCKET")
    if not name:
        return None
    region = env.text("S3_REGION", "us-east-1")
    endpoint = env.text("S3_ENDPOINT_URL")
    return Bucket(
        name=name,
        region=region,
        endpoint=endpoint or f"https://s3.{region}.amazonaws.com",
        public=env.text("S3_PUBLIC_URL") or endpoint or f"https://s3.{region}.amazonaws.com",
        style=env.text("S3_ADDRESSING_STYLE", "path" if endpoint else "virtual"),
        access_key=env.text("S3_ACCESS_KEY_ID"),
        secret_key=env.text("S3_SECRET_ACCESS_KEY"),
    )


def storages(bucket: Bucket) -> dict[str, Any]:
    """`default` keeps the files; `links` only mints signed addresses, for the host that those who follow them can reach."""
    return {
        "default": {"BACKEND": BACKEND, "OPTIONS": _options(bucket, bucket.endpoint)},
        "links": {"BACKEND": BACKEND, "OPTIONS": _options(bucket, bucket.public)},
    }


def _options(bucket: Bucket, endpoint: str) -> dict[str, Any]:
    from boto3.s3.transfer import TransferConfig  # only where there is a bucket: it takes a moment, and memory
    from botocore.config import Config

    return {
        "bucket_name": bucket.name,
        "region_name": bucket.region,
        "endpoint_url": endpoint,
        "access_key": bucket.access_key or None,
        "secret_key": bucket.secret_key or None,
        "default_acl": None,  # private, as the bucket is
        "file_overwrite": False,
        "querystring_expire": LINK_SECONDS,
        "max_memory_size": PART_BYTES,  # an opened file beyond it lies on the disk; the library's default is all in memory
        # One part at a time: the threads of the default would hold 160 MB and more for a large file.
        "transfer_config": TransferConfig(multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, use_threads=False),
        "client_config": Config(
            signature_version="s3v4",
            s3={"addressing_style": bucket.style},
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "total_max_attempts": 3},
            # The checksums that the client adds by itself since 2025 are refused by other makes of S3. Nothing is lost:
            # every file is read back and its SHA-256 compared before its job completes.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    }
