"""Where gunicorn begins: `gunicorn "services.profiles.wsgi:application()"`."""

from __future__ import annotations

from flask import Flask

from services.profiles.app import create_app
from services.profiles.settings import from_environment


def application() -> Flask:
    """The app as the environment describes it."""
    return create_app(from_environment().service)
