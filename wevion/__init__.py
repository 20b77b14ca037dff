"""Wevion: settings, accounts and the rooms that every part stands on."""

from wevion.celery import app as celery_app

__all__ = ["celery_app"]
