"""The product's settings, with the floor's page added and the slots of the providers opened."""

from wevion.settings import *  # noqa: F403

ROOT_URLCONF = "bench.figures.urls"
JOBS_STUDIO = "bench.figures.studio"
