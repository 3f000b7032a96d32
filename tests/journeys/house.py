"""Three services with their workers over a real bus: what happens in one is heard in the others."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from chassis.bus import Bus, TopicSpec
from chassis.clock import SystemClock
from chassis.envelope import topic_name
from chassis.mail import FolderSender
from chassis.web import Service
from chassis.worker import Worker
from services.notifications import app as notifications_app
from services.notifications import wiring as notifications
from services.notifications import worker as notifications_worker
from services.profiles import app as profiles_app
from services.profiles import wiring as profiles
from services.profiles import worker as profiles_worker
from services.scheduling import app as scheduling_app
from services.scheduling import wiring as scheduling
from services.scheduling import worker as scheduling_worker
from tests.fakes import Keys

PATIENCE_S = 40.0
STREAMS = (("profiles", "state"), ("profiles", "events"), ("scheduling", "events"), ("notifications", "events"))
TRUST_IT = ("it", "operator", ())


@dataclass
class Trust:
    """A trust that is running, with its clients by service."""

    bus: Bus
    urls: dict[str, str]
    folder: Path
    schools: list[str] = field(default_factory=list)
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)

    def start(self) -> None:
        """Build the services and begin their work."""
        clock = SystemClock()
        self.keys = Keys(clock)
        key, schools = self.keys.public, lambda: sorted(self.schools)
        self.mail = FolderSender(self.folder / "mail", "Tandem <no-reply@tandem.invalid>")
        built: list[tuple[Service, Any, Any]] = [
            (profiles.build(self.urls["profiles"], key, clock, schools, self.place), profiles_app, profiles_worker),
            (scheduling.build(self.urls["scheduling"], key, clock, schools), scheduling_app, scheduling_worker),
            (notifications.build(self.urls["notifications"], key, clock, schools, self.mail, "https://tandem.invalid"),
             notifications_app, notifications_worker),
        ]
        for service, app, worker in built:
            self.clients[service.name] = app.create_app(service).test_client()
            self.workers.append(Worker(worker.work(service, self.bus, "main")))
        for worker in self.workers:
            worker.start()

    def place(self, school: str) -> None:
        self.bus.declare([TopicSpec(topic_name(school, service, stream), 1 if stream == "state" else 3,  # type: ignore[arg-type]
                                    "compact" if stream == "state" else "delete") for service, stream in STREAMS])
        self.schools.append(school)

    def stop(self) -> None:
        for worker in self.workers:
            worker.stopping.set()
        for worker in self.workers:
            worker.stop()
            worker.work.database.close()
        self.bus.close()

    def call(self, service: str, method: str, path: str, who: tuple[str, str, Any], **options: Any) -> Any:
        """The reply of a service to a caller (person id, hat, roles); the school is the first part of the path."""
        school = path.split("/")[1]
        headers = self.keys.header(who[0], who[1], school, who[2])
        return self.clients[service].open(f"/schools{path}", method=method, headers=headers, **options)

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
