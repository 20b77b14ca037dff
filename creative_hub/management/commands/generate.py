import argparse
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from creative_hub.models import Asset
from creative_hub.orders import ORDERS, OrderSerializer
from jobs import submission
from jobs.models import Job, Status
from jobs.models.ledger import dollars
from jobs.representation import eta_seconds
from wevion.accounts.models import Membership
from wevion.refusal import Refusal

LOOK_SECONDS = 0.25
BAR_WIDTH = 30
TEXTS = {kind.text_field for kind in ORDERS.values()}
FIELDS = sorted({name for kind in ORDERS.values() for name in kind._declared_fields} - TEXTS - {"drive_folder_id"})


class Command(BaseCommand):
    help = 'Makes something and saves it: generate image "a red bicycle" --out bike.png. The workers must be running.'

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("type", choices=sorted(ORDERS))
        parser.add_argument("words", nargs="?", help="the prompt, script, text or headline")
        parser.add_argument("--as", dest="email", default="alice@example.com", help="the member who submits and pays")
        parser.add_argument("--out", type=Path, help="the file to write; several variants get a number. Default: its name here")
        parser.add_argument("--folder", dest="drive_folder_id", help="id of the library folder; default: the member's own")
        for name in FIELDS:
            parser.add_argument(f"--{name.replace('_', '-')}", dest=name, default=argparse.SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            job = submit(options)
            note(f"Job {job.pk}: {job.provider}, at most {dollars(job.estimated_cost_cents)}")
            job = watch(job)
            if job.status == Status.FAILED:
                remedy = job.failure.remedy if job.failure else ""
                raise CommandError(f"{job.error_message} {remedy} Not charged.")
            for path in save(job, options["out"]):
                self.stdout.write(str(path))
            note(f"Charged {dollars(job.cost_cents)}.")
        except OperationalError:
            raise CommandError("The database cannot be reached. Start everything with `make run` first.") from None
        except KeyboardInterrupt:
            raise CommandError("Not waiting any longer. The job goes on, and its result will be in the library.") from None


def note(words: str) -> None:
    """For the person, beside the paths on standard output; the command's own stderr would be red."""
    sys.stderr.write(f"{words}\n")


def submit(options: dict[str, Any]) -> Job:
    membership = Membership.objects.select_related("user", "team").filter(user__email=options["email"].lower()).first()
    if membership is None:
        raise CommandError(f"{options['email']} is not a member of any team.")
    kind = ORDERS[options["type"]]
    data = {name: options[name] for name in (*FIELDS, "drive_folder_id") if options.get(name) is not None}
    if options["words"] is not None:
        data[kind.text_field] = options["words"]
    serializer: OrderSerializer = kind(data=data, context={"membership": membership})
    try:
        if not serializer.is_valid():
            raise CommandError("; ".join(f"{name}: {first(told)}" for name, told in serializer.errors.items()))
        return submission.submit(membership, serializer.order())
    except Refusal as refusal:
        raise CommandError(refusal.message) from None
    except PermissionDenied as denied:
        raise CommandError(str(denied)) from None


def first(told: Any) -> str:
    return str(told[0] if isinstance(told, list) else told)


def watch(job: Job) -> Job:
    """Shows the progress until the job has ended, and returns it as it is then."""
    started = time.monotonic()
    eta = eta_seconds(job)
    while True:
        job.refresh_from_db()
        seconds = time.monotonic() - started
        draw(job, seconds, f"usually {eta['p50']}–{eta['p90']} s" if eta else "")
        if not job.is_active:
            return job
        time.sleep(LOOK_SECONDS)


def draw(job: Job, seconds: float, usual: str) -> None:
    """One line, drawn over itself on a terminal; elsewhere only the end is written."""
    if not sys.stderr.isatty() and job.is_active:
        return
    filled = BAR_WIDTH * job.progress_percent // 100
    bar = "█" * filled + "░" * (BAR_WIDTH - filled)
    line = (
        f"{bar} {job.progress_percent:3d} %  {job.current_stage or job.status}  {seconds:.0f} s  {usual if job.is_active else ''}"
    )
    sys.stderr.write(f"\r\x1b[K{line}" if sys.stderr.isatty() else line)
    if not job.is_active:
        sys.stderr.write("\n")
    sys.stderr.flush()


def save(job: Job, out: Path | None) -> list[Path]:
    """Copies the job's files here, and returns where they are."""
    assets = list(Asset.objects.filter(item__job=job).order_by("item__position"))
    paths = []
    for number, asset in enumerate(assets, 1):
        path = out or Path(asset.name)
        if out and len(assets) > 1:
            path = out.with_stem(f"{out.stem}-{number}")
        path.parent.mkdir(parents=True, exist_ok=True)
        with default_storage.open(str(asset.file)) as stored, path.open("wb") as sink:
            shutil.copyfileobj(stored, sink)
        paths.append(path)
    return paths
