"""What a message sets off. Each may be lost, repeated or late without harm."""

from celery import shared_task

from jobs import admission, runner


@shared_task(name="jobs.advance")
def advance(lane: str) -> None:
    """Advances one item of the lane, if any is due."""
    runner.advance(lane)


@shared_task(name="jobs.admit")
def admit() -> None:
    """Lets queued items into free slots."""
    admission.admit()
