"""`manage.py check_providers`: which vendors are configured, which answer, and whether they take our key.

Each configured vendor is asked one free question; nothing is ordered. Exit code 1 if one does not answer or refuses the key.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from creative_hub import catalog
from creative_hub.catalog import Model
from creative_hub.pipelines.adapters import account, vendor, without_key
from creative_hub.providers.classify import AccountError
from creative_hub.providers.ports import ProviderError
from creative_hub.storage.door import door
from wevion.http.errors import HttpError


class Command(BaseCommand):
    help = "Ask every configured provider, free of charge, whether it answers and takes our key."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = []
        for model in catalog.CATALOG:
            works, said = _state(model)
            self.stdout.write(f"{model.slug:<16} {said}")
            if not works:
                broken.append(model.slug)
        if broken:
            raise CommandError(f"Not usable: {', '.join(broken)}.")


def _state(model: Model) -> tuple[bool, str]:
    """Whether all is well, and what to print. A vendor that is not configured is well."""
    if model.is_local:
        return True, "renders on this machine, needs no key"
    if model.unavailable:
        return True, model.unavailable
    if model.parts:
        return True, f"is made with {' and '.join(part.slug for part in model.parts)}"
    port, reached = vendor(model), account(model)
    try:
        note = port.read_check(door().send(port.check_request(reached)))
    except HttpError as error:
        return False, f"does not answer at {reached.base_url}: {error.kind}"
    except AccountError as error:
        return False, f"refuses our key or account: {_line(model, error.detail)}"
    except ProviderError as error:
        return False, f"answers with an error: {_line(model, error.detail)}"
    return True, "answers and takes the key" + (f" ({note})" if note else "")


def _line(model: Model, words: str) -> str:
    """A vendor's words on one line, without the key."""
    return " ".join(without_key(model, words).split())[:200]
