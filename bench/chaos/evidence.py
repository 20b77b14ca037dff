"""What the vendors and the files testify, laid beside the database."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.chaos import database
from bench.chaos.clients import Seen
from bench.chaos.invariants import Violations
from bench.simulator.media import mark_of

ITEMS: Final = """
SELECT j.id, j.type, j.prompt, (j.settings->>'seed')::int + i.position, i.status, i.error_code,
       i.result->>'file', i.result->>'sha256'
  FROM jobs_item i JOIN jobs_job j ON j.id = i.job_id
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """An item, and the name under which the simulator knows its work."""

    job: str
    work: str
    status: str
    error_code: str
    file: str
    sha256: str


def pieces() -> list[Piece]:
    return [
        Piece(str(job), f"{prompt} #{seed}" if kind == "image" else prompt, status, code, file or "", sha256 or "")
        for job, kind, prompt, seed, status, code, file, sha256 in database.rows(ITEMS)
    ]


def doubled(found: list[Piece], witness: dict[str, Any]) -> Violations:
    """Work that a vendor was asked for more often than there are items that want it."""
    wanted = Counter(piece.work for piece in found)
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for key, work in witness["keys"].items():
        keys[work].add(key)
    return kept(
        {
            "orders of one work": [
                (vendor, work, count)
                for vendor, works in witness["orders"].items()
                for work, count in works.items()
                if count > wanted[work] > 0
            ],
            "keys of one work": [(work, *sorted(names)) for work, names in keys.items() if len(names) > wanted[work]],
        }
    )


def lost(found: list[Piece], witness: dict[str, Any], seen: Seen, media: Path) -> Violations:
    """Jobs and files that somebody was promised, and that are not there."""
    wanted = {piece.work for piece in found}
    jobs = {piece.job for piece in found}
    taken = {work for works in witness["orders"].values() for work in works}
    done = [piece for piece in found if piece.status == "completed"]
    return kept(
        {
            "accepted submits without a job": [(key, job) for key, job in seen.jobs.items() if job not in jobs],
            "submits that were never answered": [(key,) for key in seen.unanswered],
            "jobs of submits that were refused": database.rows(
                "SELECT id, idempotency_key FROM jobs_job WHERE idempotency_key = ANY(%s)", list(seen.refused)
            ),
            "orders of no item": [(work,) for work in taken - wanted],
            "deliveries that nobody made": [(piece.job, piece.work) for piece in done if piece.work not in taken],
            "files that are not what was made": [(piece.job, piece.file) for piece in done if not genuine(piece, media)],
        }
    )


def genuine(piece: Piece, media: Path) -> bool:
    """Whether the stored bytes are those that were recorded, and those of this work."""
    file = media / piece.file
    if not file.is_file():
        return False
    content = file.read_bytes()
    return hashlib.sha256(content).hexdigest() == piece.sha256 and mark_of(piece.work) in content


def crooked(found: list[Piece], witness: dict[str, Any], seen: Seen) -> Violations:
    hanging = {work for work, fate in witness["fates"].items() if fate == "stuck"}
    return kept(
        {
            "what clients must never see": [(words,) for words in seen.wrong],
            "what vendors must never see": [(words,) for words in witness["complaints"]],
            "deliveries of what hangs": [
                (piece.job, piece.work) for piece in found if piece.work in hanging and piece.status == "completed"
            ],
        }
    )


def kept(violations: Violations) -> Violations:
    return {name: rows for name, rows in violations.items() if rows}


def wasted(found: list[Piece], witness: dict[str, Any]) -> Counter[str]:
    """Work that a vendor took and did not refuse, and that was not delivered: by the code of the failure."""
    ended_well = {work for works in witness["orders"].values() for work in works if witness["fates"].get(work, "") == ""}
    return Counter(piece.error_code for piece in found if piece.status == "failed" and piece.work in ended_well)
