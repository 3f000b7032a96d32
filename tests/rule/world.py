"""Profiles and its readers over databases of their own, and a wire between them that a test can hold in its hands."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from chassis.bus import Partition, Record
from chassis.clock import new_id
from chassis.db import outbox
from chassis.envelope import Event, decode
from chassis.errors import Unavailable
from chassis.inbox import apply_events
from chassis.mail import Letter
from chassis.timers import sweep
from chassis.web import Service
from services.notifications import wiring as notifications
from services.profiles import app as profiles_app
from services.profiles import wiring as profiles
from services.profiles.people.events import publish_state, staff_described
from services.profiles.people.models import StaffMember
from services.scheduling import wiring as scheduling
from tests.fakes import FixedClock, Keys
from tests.parts.migrated import new_sqlite

RIGHTS_TYPE = "tandem.profiles.rights.computed.v1"


@dataclass
class Reader:
    """A service that keeps a copy of the rights, and how far it has come."""

    service: Service
    permissions: Any
    path: Path
    position: int = 0
    held: set[str] = field(default_factory=set)
    parked: list[Event] = field(default_factory=list)
    newest: Event | None = None  # of the state: as of then the copy is true; what was parked does not count

    def take(self, events: Iterable[Event]) -> None:
        """Handle events as the inbox does: in one transaction of their school."""
        events = list(events)
        if events:
            with self.service.database.unit_of_work(events[0].school) as uow:
                apply_events(uow, self.service.subscriptions, events)
        for event in events:
            if event.state_of and (self.newest is None or self.newest.version < event.version):
                self.newest = event

    def may(self, school: str, guardian: str, right: str, pupil: str) -> str:
        with self.service.database.unit_of_work(school, write=False) as uow:
            return str(self.permissions.may(uow, guardian, right, pupil))

    def dump(self, school: str) -> Any:
        """A backup of one school: every row of it, and what the test knows of it."""
        with sqlite3.connect(self.path) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = {name: connection.execute(f'SELECT * FROM "{name}" WHERE school_id = ?', (school,)).fetchall()
                    for name in tables if self._has_school(connection, name)}
        connection.close()
        return rows, self.position, set(self.held), list(self.parked), self.newest

    def load(self, school: str, backup: Any) -> None:
        """Restore it: the school is as it was then, and reads on from where it was then."""
        rows, self.position, self.held, self.parked, self.newest = (
            backup[0], backup[1], set(backup[2]), list(backup[3]), backup[4])
        with sqlite3.connect(self.path) as connection:
            for name, kept in rows.items():
                connection.execute(f'DELETE FROM "{name}" WHERE school_id = ?', (school,))
                for row in kept:
                    connection.execute(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(row))})', row)
        connection.close()

    @staticmethod
    def _has_school(connection: sqlite3.Connection, name: str) -> bool:
        return "school_id" in {column[1] for column in connection.execute(f'PRAGMA table_info("{name}")')}


class Watchful:
    """A post office that has every letter judged at the moment when it is handed over."""

    def __init__(self) -> None:
        self.judge: Any = lambda _letter: None
        self.letters: list[Letter] = []
        self.is_away = False

    def send(self, letter: Letter) -> None:
        if self.is_away:
            raise Unavailable()
        self.letters.append(letter)
        self.judge(letter)


class World:
    """One of each service. Every example of a test gets a school of its own in it."""

    def __init__(self, folder: Path):
        self.clock, self.schools, self.office = FixedClock(), [], Watchful()  # type: ignore[var-annotated]
        self.keys = Keys(self.clock)
        urls = {name: new_sqlite(name, folder / f"{name}.db") for name in ("profiles", "scheduling", "notifications")}
        known = lambda: list(self.schools[-1:])  # noqa: E731
        self.profiles = profiles.build(urls["profiles"], self.keys.public, self.clock, known, self.schools.append)
        self.client = profiles_app.create_app(self.profiles).test_client()
        built = (scheduling.build(urls["scheduling"], self.keys.public, self.clock, known),
                 notifications.build(urls["notifications"], self.keys.public, self.clock, known, self.office,
                                     "https://tandem.invalid"))
        self.readers = [Reader(service, self._permissions(service), folder / f"{service.name}.db") for service in built]

    @staticmethod
    def _permissions(service: Service) -> Any:
        """The copy that this service asks: it is told of every parked pair."""
        return service.subscriptions.on_parked[RIGHTS_TYPE].__self__  # type: ignore[attr-defined]

    def call(self, method: str, path: str, who: str = "s-dsl", body: Any = None) -> Any:
        """Profiles' reply to the safeguarding lead, or a colleague, of the newest school."""
        school = self.schools[-1]
        headers = self.keys.header(who, "staff", school, ["dsl", "office", "head"])
        return self.client.open(f"/schools/{school}{path}", method=method, json=body, headers=headers)

    def import_roster(self, school: str, text: str) -> Any:
        """Send a roster of one school, and have it applied."""
        sent = self.client.post("/schools/trust/rosters", query_string={"create_schools": 1, "confirm": 1},
                                data=text.encode(), headers=self.keys.header("it", "operator", ""))
        self.work(school)
        for labour in self.profiles.labours:
            labour()
        found = self.client.get(f"/schools/trust/rosters/{sent.json['id']}",
                                headers=self.keys.header("it", "operator", "")).json
        assert found["state"] == "applied", found
        return found

    def employ(self, school: str) -> None:
        """The two members of staff who act in these tests."""
        with self.profiles.database.unit_of_work(school) as uow:
            staff = [StaffMember(id=person, given_name=person, family_name="Staff", email=None,
                                 roles=["dsl", "office", "head"], status="current") for person in ("s-dsl", "s-head")]
            uow.add(*staff)
            publish_state(uow, [staff_described(member, []) for member in staff])

    def work(self, _school: str = "") -> None:
        """Every service's deadlines that are due."""
        for service in (self.profiles, *(reader.service for reader in self.readers)):
            while sweep(service.database, service.timers):
                pass

    def said(self, school: str, after: int) -> tuple[list[tuple[str, Event]], int]:
        """What profiles has said of a school since: (stream, event) in order, and how far that was."""
        with self.profiles.database.across_schools("the wire reads", write=False) as connection:
            rows = connection.execute(sa.select(outbox).where(
                outbox.c.school_id == school, outbox.c.seq > after).order_by(outbox.c.seq)).all()
        found = []
        for row in rows:
            headers = tuple((name, value.encode()) for name, value in json.loads(row.headers))
            found.append((row.topic.split(".")[-2], decode(Record(
                Partition(row.topic, 0), row.seq, row.key, row.value, headers, 0))))
        return found, rows[-1].seq if rows else after


def again(event: Event) -> Event:
    """The same snapshot under a new id: as a replay brings it when the inbox has forgotten."""
    return replace(event, id=new_id())
