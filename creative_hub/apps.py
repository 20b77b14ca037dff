from typing import Any

from celery.signals import worker_init
from django.apps import AppConfig


class CreativeHubConfig(AppConfig):
    name = "creative_hub"
    verbose_name = "Creative Hub"

    def ready(self) -> None:
        worker_init.connect(sweep_scratch)


def sweep_scratch(**_: Any) -> None:
    from creative_hub.storage import scratch

    scratch.sweep()
