"""The product's settings with our studio. Every process of a run has DJANGO_SETTINGS_MODULE point here."""

from wevion.settings import *  # noqa: F403

JOBS_STUDIO = "bench.chaos.studio"
