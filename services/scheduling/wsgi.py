"""Where gunicorn begins: `gunicorn "services.scheduling.wsgi:application()"`."""

from __future__ import annotations

from flask import Flask

from services.scheduling.app import create_app
from services.scheduling.settings import from_environment


def application() -> Flask:
    """The app as the environment describes it."""
    return create_app(from_environment().service)
