"""Where gunicorn begins: `gunicorn "services.portal.wsgi:application()"`."""

from __future__ import annotations

from typing import Any

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from services.portal.app import create_app, create_operations
from services.portal.gateway import Gateway
from services.portal.settings import from_environment

PASSED_ON = ("profiles", "scheduling", "notifications")


def application() -> DispatcherMiddleware:
    """The pages; beside them what trust IT asks of the portal as of every service, and the door to those others."""
    running = from_environment()
    operations = running.transport.here["portal"] = create_operations(running.portal)
    doors: dict[str, Any] = {f"/api/{name}": Gateway(name, running.portal.service.tokens, running.address_of)
                             for name in PASSED_ON}
    return DispatcherMiddleware(create_app(running.portal),  # type: ignore[arg-type]
                                {"/api/portal": operations, **doors})  # type: ignore[dict-item]
