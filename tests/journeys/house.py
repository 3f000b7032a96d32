"""The services and the portal with their workers over a real bus: what happens in one is heard in the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.adapters.bus_embedded import EmbeddedBus
from chassis.adapters.bus_kafka import KafkaBus
from chassis.adapters.mail import FolderSender
from chassis.bus import Bus
from chassis.clock import Clock, SystemClock
from chassis.errors import Refused
from chassis.mail import MailSender
from chassis.web import Service
from chassis.worker import Worker
from services.notifications import app as notifications_app
from services.notifications import wiring as notifications
from services.notifications import worker as notifications_worker
from services.portal import app as portal_app
from services.portal import wiring as portal
from services.portal import worker as portal_worker
from services.portal.accounts.actions import make_sign_in_link
from services.portal.accounts.pupils import make_codes
from services.portal.clients.transport import Tokens, WsgiTransport
from services.portal.trust_work import trust_work
from services.profiles import app as profiles_app
from services.profiles import wiring as profiles
from services.profiles import worker as profiles_worker
from services.scheduling import app as scheduling_app
from services.scheduling import wiring as scheduling
from services.scheduling import worker as scheduling_worker
from tandem.topics import topics_of
from tests.fakes import Keys
from tests.journeys.browsing import Browser
from tests.parts.apart import ApartBus
from tests.parts.migrated import new_postgres, new_sqlite
from tests.parts.postgres import Postgres

PATIENCE_S = 40.0
TRUST_IT = ("it", "operator", ())
SERVICES = ("profiles", "scheduling", "notifications", "portal")
SECRET = "a secret for tests alone"


@dataclass
class Trust:
    """A trust that is running, with its clients by service."""

    bus: Bus
    urls: dict[str, str]
    folder: Path
    url: str = "https://tandem.invalid"
    clock: Clock = field(default_factory=SystemClock)
    wrap_mail: Callable[[MailSender], MailSender] = lambda sender: sender
    schools: list[str] = field(default_factory=list)
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)

    def start(self) -> None:
        """Build the services and begin their work."""
        self.build()
        self.work()

    def build(self) -> None:
        """Put the services and the portal together."""
        clock = self.clock
        self.keys = Keys(clock)
        key, schools = self.keys.public, lambda: sorted(self.schools)
        self.mail = FolderSender(self.folder / "mail", "Tandem <no-reply@tandem.invalid>")
        sender = self.wrap_mail(self.mail)
        built: list[tuple[Service, Any, Any]] = [
            (profiles.build(self.urls["profiles"], key, clock, schools, self.place), profiles_app, profiles_worker),
            (scheduling.build(self.urls["scheduling"], key, clock, schools), scheduling_app, scheduling_worker),
            (notifications.build(self.urls["notifications"], key, clock, schools, sender, self.url),
             notifications_app, notifications_worker),
        ]
        apps = {}
        for service, app, worker in built:
            apps[service.name] = app.create_app(service)
            self.workers.append(Worker(worker.work(service, self.bus, "main")))
        self.portal = portal.build(
            self.urls["portal"], key, SECRET, clock,
            portal.Place(self.url, lambda: "Brook Learning Trust", schools, self.mail.folder),
            sender, WsgiTransport(apps, Tokens(self.keys.maker, clock)))
        apps["portal"] = portal_app.create_operations(self.portal)
        self.pages = portal_app.create_app(self.portal)
        self.workers.append(Worker(portal_worker.work(self.portal.service, self.bus, "main")))
        self.clients = {name: app.test_client() for name, app in apps.items()}

    def work(self) -> None:
        for worker in self.workers:
            worker.start()

    def place(self, school: str) -> None:
        self.bus.declare(topics_of(school))
        self.schools.append(school)

    def stop(self) -> None:
        for worker in self.workers:
            worker.stopping.set()
        for worker in self.workers:
            worker.stop()
            worker.work.database.close()
        self.bus.close()

    def call(self, service: str, method: str, path: str, who: tuple[str, str, Any], key: str = "",
             **options: Any) -> Any:
        """The reply of a service to a caller (person id, hat, roles); the school is the first part of the path."""
        school = path.split("/")[1]
        headers = self.keys.header(who[0], who[1], school, who[2])
        if key:
            headers["Idempotency-Key"] = key
        return self.clients[service].open(f"/schools{path}", method=method, headers=headers, **options)

    def sign_in_link(self, who: str) -> str:
        """The path of a one-time link for an address (or `trust-it`), once the portal has heard of whose it is."""

        def link() -> str | None:
            try:
                return make_sign_in_link(self.portal.database, SECRET, who)
            except Refused:
                return None

        return str(self.until(link))

    def sign_in(self, who: str) -> Browser:
        """Somebody who has opened a one-time link."""
        browser = Browser(self.pages)
        browser.open(self.sign_in_link(who))
        browser.send()
        return browser

    def sign_in_child(self, school: str, pupil_id: str) -> Browser:
        """A child who has typed a new code, once the portal has heard of them."""

        def make() -> str | None:
            with trust_work(self.portal.database, "a card for a test") as work:
                return make_codes(work, SECRET, (school, [pupil_id]), "a-teacher").get(pupil_id)

        browser = Browser(self.pages)
        browser.open("/sign-in/child")
        browser.send(school=school, code=self.until(make))
        return browser

    def until(self, find: Callable[[], Any]) -> Any:
        """What `find` gives once it gives something; fails after a patient while."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := find()):
            assert time.monotonic() < deadline, "it did not happen in time"
            self.workers[0].stopping.wait(0.05)
        return found

    def letters(self, address: str) -> list[str]:
        """The letters that an address was sent, as text."""
        written = [path.read_text() for path in sorted(self.mail.folder.glob("*.eml"))]
        return [letter for letter in written if f"To: {address}" in letter]


def open_trust(request: pytest.FixtureRequest, kind: str, folder: Path,
               url: str = "https://tandem.invalid", servers: str = "",
               postgres: Postgres | None = None, wrap_bus: Callable[[Bus], Any] = lambda bus: bus) -> Iterator[Trust]:
    """A trust on SQLite with the embedded bus ('embedded'), or on PostgreSQL with a real Kafka ('deployed').

    `servers` and `postgres` are a broker and a server of a test's own.
    """
    urls: dict[str, str] = {}
    for service in SERVICES:
        if kind == "embedded":
            urls[service] = new_sqlite(service, folder / f"{service}.db")
        else:
            urls[service] = new_postgres(postgres or request.getfixturevalue("postgres_server"), service)[1]
    bus: Bus = EmbeddedBus(folder / "bus.db") if kind == "embedded" \
        else ApartBus(KafkaBus(servers or request.getfixturevalue("kafka_server")))
    made = Trust(wrap_bus(bus), urls, folder, url)
    made.start()
    yield made
    made.stop()
