"""The embedded platform: the services and their workers in one process, on SQLite and the embedded bus."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from chassis.adapters.bus_embedded import EmbeddedBus
from chassis.adapters.mail import FolderSender
from chassis.auth import TokenMaker
from chassis.clock import SystemClock
from chassis.settings import read_settings
from chassis.worker import Work, Worker
from services.notifications import app as notifications_app
from services.notifications import wiring as notifications
from services.notifications import worker as notifications_worker
from services.portal import app as portal_app
from services.portal import wiring as portal
from services.portal import worker as portal_worker
from services.portal.accounts.actions import make_sign_in_link
from services.portal.clients.transport import Tokens, WsgiTransport
from services.portal.settings import OIDC, providers_of
from services.profiles import app as profiles_app
from services.profiles import wiring as profiles
from services.profiles import worker as profiles_worker
from services.scheduling import app as scheduling_app
from services.scheduling import wiring as scheduling
from services.scheduling import worker as scheduling_worker
from tandem.data import DataFolder
from tandem.topics import topics_of

SENDER = "Tandem <no-reply@tandem.invalid>"


class Platform:
    """Everything of one machine, built and not yet running."""

    def __init__(self, data: DataFolder, url: str):
        clock, self.data, self.url = SystemClock(), data, url
        self.placement = data.placement()
        self.bus = EmbeddedBus(data.bus)
        self._declared: set[str] = set()
        self._declaring = threading.Lock()
        sender = FolderSender(data.mail, SENDER)
        schools = self._schools
        key = data.public_key()
        self.profiles = profiles.build(data.database_url("profiles"), key, clock, schools, self.place_school)
        self.scheduling = scheduling.build(data.database_url("scheduling"), key, clock, schools)
        self.notifications = notifications.build(
            data.database_url("notifications"), key, clock, schools, sender, url)
        self.apps: dict[str, Any] = {
            "profiles": profiles_app.create_app(self.profiles),
            "scheduling": scheduling_app.create_app(self.scheduling),
            "notifications": notifications_app.create_app(self.notifications),
        }
        self.portal = portal.build(
            data.database_url("portal"), key, data.secret(), clock,
            portal.Place(url, lambda: self.placement.trust, schools, data.mail,
                         providers=providers_of(read_settings((OIDC,)))), sender,
            WsgiTransport(self.apps, Tokens(TokenMaker(data.private_key(), clock), clock)))
        self.apps["portal"] = portal_app.create_operations(self.portal)
        self.wsgi = DispatcherMiddleware(portal_app.create_app(self.portal),
                                         {f"/api/{name}": app for name, app in self.apps.items()})
        self.workers = [Worker(work) for work in self._works()]

    def _works(self) -> list[Work]:
        return [
            profiles_worker.work(self.profiles, self.bus, "main"),
            scheduling_worker.work(self.scheduling, self.bus, "main"),
            notifications_worker.work(self.notifications, self.bus, "main"),
            portal_worker.work(self.portal.service, self.bus, "main"),
        ]

    def _schools(self) -> list[str]:
        """The schools of the placement file as it is now; the topics of one that was just added are made."""
        schools = self.placement.schools()
        with self._declaring:
            if fresh := set(schools) - self._declared:
                self.bus.declare([spec for school in sorted(fresh) for spec in topics_of(school)])
                self._declared |= fresh
        return schools

    def place_school(self, school: str) -> None:
        """Place a new school in the one cell."""
        self.placement.add(school, "main")
        self._schools()

    def sign_in_link(self, who: str, life: timedelta) -> str:
        """The address of a one-time link for an e-mail address, `<school>:<person id>` or `trust-it`."""
        return self.url + make_sign_in_link(self.portal.database, self.data.secret(), who, life)

    def start(self) -> None:
        for worker in self.workers:
            worker.start()

    def stop(self) -> None:
        for worker in self.workers:
            worker.stopping.set()
        for worker in self.workers:
            worker.stop()
        self.bus.close()

    def close_databases(self) -> None:
        for worker in self.workers:
            worker.work.database.close()


def on_start(url: str) -> Callable[[], Platform]:
    """How gunicorn's worker builds the platform after its fork: no connection crosses one."""
    def build() -> Platform:
        platform = Platform(DataFolder.from_environment(), url)
        platform.start()
        return platform
    return build
