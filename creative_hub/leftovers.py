"""What an ended job leaves behind in storage, and who sweeps it up."""

import logging
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models.functions import Now

from creative_hub.models import Asset
from creative_hub.storage import work
from jobs.models import ACTIVE, Job, Status

log = logging.getLogger(__name__)

LATE: Final = timedelta(hours=2)  # longer than a storage takes to give up


def clear(job_id: UUID) -> None:
    """After the job's end: removes what its stages stored on the way, and results that nobody will be given.

    Safe to call twice. A storage that fails keeps them: the job has ended all the same.
    """
    try:
        _remove(job_id)
    except OSError as error:
        log.warning("what job %s left behind is still there: %s", job_id, error)


def _remove(job_id: UUID) -> None:
    work.forget(job_id)
    if Job.objects.filter(pk=job_id, status__in=(Status.FAILED, Status.CANCELLED)).exists():
        folder = f"results/{job_id}"
        found = work.names(folder)
        filed = set(Asset.objects.filter(file__in=found).values_list("file", flat=True))
        work.remove([name for name in found if name not in filed], folder)


def dropped(job_id: UUID) -> bool:
    """Whether the job was cancelled while something was being stored for it, which is then removed.

    Ask after each store. The cancel either came before, and this removes the file; or it comes after, and its own clearing
    finds the file.
    """
    if Job.objects.filter(pk=job_id, status__in=ACTIVE).exists():
        return False
    clear(job_id)
    return True


def sweep() -> int:
    """Clears anew after jobs that ended while a thread was still storing something for them, which nobody waited for.

    Returns how many it looked at. A storage that fails is swept the next time.
    """
    try:
        ended = _with_work() | _cancelled()
        for job_id in ended:
            _remove(job_id)
    except OSError as error:
        log.warning("what ended jobs left behind is still there: %s", error)
        return 0
    return len(ended)


def _with_work() -> set[UUID]:
    """The jobs that have a folder, and have ended."""
    found = set(work.jobs())
    return found - set(Job.objects.filter(pk__in=found, status__in=ACTIVE).values_list("pk", flat=True))


def _cancelled() -> set[UUID]:
    """Those of late. Of a result that came after the cancel no folder tells."""
    of_late = Job.objects.filter(status=Status.CANCELLED, completed_at__gt=Now() - LATE)
    return set(of_late.values_list("pk", flat=True))
