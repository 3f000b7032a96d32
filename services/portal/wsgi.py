"""Where gunicorn begins: `gunicorn "services.portal.wsgi:application()"`."""

from __future__ import annotations

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from services.portal.app import create_app, create_operations
from services.portal.settings import from_environment


def application() -> DispatcherMiddleware:
    """The pages, and beside them what trust IT asks of the portal as of every service."""
    portal = from_environment().portal
    return DispatcherMiddleware(create_app(portal), {"/api/portal": create_operations(portal)})  # type: ignore[arg-type]
