"""Where gunicorn begins: `gunicorn "services.notifications.wsgi:application()"`. A web process never opens the bus."""

from __future__ import annotations

from flask import Flask

from services.notifications.app import create_app
from services.notifications.settings import from_environment


def application() -> Flask:
    """The app as the environment describes it."""
    return create_app(from_environment().service)
