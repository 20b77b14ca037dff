"""What was asked for in a job, in the words of the form it was asked with."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import template

from creative_hub import catalog
from creative_hub.models import Asset
from creative_hub.orders import ORDERS, MediaField, typed_in
from jobs.models import Job
from jobs.templatetags.job_display import words

register = template.Library()


@dataclass(frozen=True, slots=True)
class Asked:
    """One option: its label, what was chosen, and the file if that was one that is still in the library."""

    label: str
    value: str
    file: Asset | None = None


@register.simple_tag
def asked_for(job: Job) -> list[Asked]:
    """The job's options in the order of its form, without the text and the provider, which the page shows elsewhere.

    Of a provider that is not in the catalog any more the values are shown as they were stored.
    """
    return list(_options(job))


def _options(job: Job) -> Iterator[Asked]:
    kind = ORDERS[job.type]
    elsewhere = {"provider", "drive_folder_id", *(() if kind.text_in_settings else (kind.text_field,))}
    choices = next((row.choices for row in catalog.models_of(job.type) if row.slug == job.provider), {})
    typed = {name: value for name, value in typed_in(job).items() if name not in elsewhere}
    fields = {name: field for name, field in kind().get_fields().items() if name in typed}
    files = _files(job, [typed[name] for name, field in fields.items() if isinstance(field, MediaField)])
    for name, field in fields.items():
        value = str(typed[name])
        file = files.get(value) if isinstance(field, MediaField) else None
        yield Asked(str(field.label or words(name)), file.name if file else choices.get(name, {}).get(value, value), file)


def _files(job: Job, named: list[str]) -> dict[str, Asset]:
    """By id, those that are still in the library. What is an address is none."""
    ids = [value for value in named if "://" not in value]
    return {str(pk): file for pk, file in Asset.objects.of(job.user).in_bulk(ids).items()} if ids else {}
