"""Several jobs' files as one zip, made while it is sent: nothing is written to disk, and memory stays flat."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.files import File
from django.db.models import Prefetch
from zipstream import ZIP_STORED, ZipStream

from jobs.models import Item, Job

CHUNK_BYTES = 256 * 1024
COLUMNS = ("file", "job_id", "type", "provider", "prompt", "cost_cents", "created_at", "completed_at", "bytes", "sha256", "note")
WITH_FILES = Prefetch("items", Item.objects.select_related("asset").order_by("position"))
GONE = "The file is no longer in storage."


def files_of(job: Job) -> list[Any]:
    """The job's files in the order of its items, without what is in the trash or taken down: of what `WITH_FILES` brought."""
    found = [item.asset for item in job.items.all() if hasattr(item, "asset")]
    return [asset for asset in found if asset.deleted_at is None and asset.taken_down_at is None]


def stream(jobs: Iterable[Job]) -> Iterator[bytes]:
    """The parts of the zip: the files as they are (pictures and clips do not shrink), then manifest.csv and manifest.json.

    A file that storage has lost is left out and named so in the manifest; one that breaks off ends the stream, so that the
    browser reports a download that failed, and not a zip that looks whole.
    """
    archive = ZipStream(compress_type=ZIP_STORED, sized=False)
    rows: list[dict[str, Any]] = []
    names: set[str] = set()
    for job in jobs:
        found = files_of(job)
        rows += [] if found else [_row(job, "", "No file: the job has none in the library.")]
        for asset in found:
            try:
                opened = asset.file.open("rb")
            except OSError:
                rows.append(_row(job, asset.name, GONE, asset))
                continue
            name = _free(asset.name, names)
            archive.add(_read(opened), name)
            yield from archive.all_files()
            rows.append(_row(job, name, "", asset))
    archive.add(_csv(rows), "manifest.csv")
    archive.add(json.dumps(rows, indent=2, ensure_ascii=False).encode(), "manifest.json")
    yield from archive.finalize()


def _read(opened: "File[bytes]") -> Iterator[bytes]:
    with opened:
        while chunk := opened.read(CHUNK_BYTES):
            yield chunk


def _free(name: str, names: set[str]) -> str:
    """The name on one level, with a number if it is taken: two jobs may have the same words."""
    name = name.replace("/", "-").replace("\\", "-").lstrip(".") or "file"
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    free, number = name, 1
    while free.lower() in names:
        number += 1
        free = f"{stem} ({number}){dot}{suffix}"
    names.add(free.lower())
    return free


def _row(job: Job, name: str, note: str, asset: Any = None) -> dict[str, Any]:
    about: dict[str, Any] = {
        "job_id": str(job.pk),
        "type": job.type,
        "provider": job.provider,
        "prompt": job.prompt,
        "created_at": job.created_at.isoformat(),
        "completed_at": job.completed_at.isoformat() if job.completed_at else "",
        "note": note,
    }
    about |= {"file": name, "cost_cents": asset.item.cost_cents if asset else job.cost_cents}
    return about | {"bytes": asset.bytes if asset else 0, "sha256": asset.sha256 if asset else ""}


def _csv(rows: Iterable[dict[str, Any]]) -> bytes:
    """With a byte order mark, for the spreadsheet that people open it with."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows({name: _inert(value) for name, value in row.items()} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _inert(value: object) -> object:
    """A text that a spreadsheet would take for a formula, as the text it is."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
