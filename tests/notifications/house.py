"""The notifications service over a database of its own, with a post office made by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import services.notifications.migrations as migrations
from chassis.db import outbox
from chassis.envelope import Event
from chassis.mail import Letter
from chassis.web import Service
from services.notifications.app import create_app
from services.notifications.wiring import build
from tests.fakes import FixedClock, Keys, deliver, event
from tests.parts.migrated import new_postgres, new_sqlite

PROFILES, SCHEDULING = "tandem.profiles", "tandem.scheduling"
ALWAYS: list[list[str | None]] = [[None, None]]
VERSIONS = Path(str(migrations.__file__)).parent / "versions"
PORTAL = "https://tandem.invalid"


class PostOffice:
    """Keeps the letters that it was handed; fails as it is told."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.failures: list[BaseException] = []  # each is raised once, after the letter was taken

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)
        if self.failures:
            raise self.failures.pop(0)

    def to(self, address: str) -> list[Letter]:
        return [letter for letter in self.letters if letter.to == address]


@dataclass
class House:
    """One service with its clock, keys and post office, and short ways to tell it things and to ask it."""

    service: Service
    clock: FixedClock
    keys: Keys
    office: PostOffice
    version: int = 0
    client: Any = field(init=False)

    def __post_init__(self) -> None:
        self.client = create_app(self.service).test_client()

    def state(self, kind: str, key: str, data: Any, school: str = "oakfield") -> Event:
        self.version += 1
        return event(f"{PROFILES}.{kind}", key, data, school, self.version, time=self.clock.now(),
                     state_of="profiles")

    def beat(self) -> None:
        """A heartbeat: what is known is true now."""
        deliver(self.service, self.state("heartbeat.sent.v1", "heartbeat", {}))

    def pupil(self, pupil_id: str, given_name: str = "Sam", status: str = "current") -> Event:
        return self.state("pupil.described.v1", pupil_id, {
            "id": pupil_id, "given_name": given_name, "family_name": "Reed", "year_group": "4", "status": status,
            "class_ids": []})

    def guardian(self, guardian_id: str, email: str | None = None) -> Event:
        return self.state("guardian.described.v1", guardian_id, {
            "id": guardian_id, "given_name": guardian_id.title(), "family_name": "Reed", "email": email, "phone": None,
            "language": None, "prefers_voice": False, "status": "current"})

    def staff(self, staff_id: str, email: str | None = None) -> Event:
        return self.state("staff.described.v1", staff_id, {
            "id": staff_id, "given_name": staff_id.title(), "family_name": "Shaw", "email": email, "roles": ["teacher"],
            "status": "current", "class_ids": []})

    def rights(self, pupil_id: str, guardian_id: str, **windows: list[Any]) -> Event:
        return self.state("rights.computed.v1", f"{pupil_id}:{guardian_id}", {
            "pupil_id": pupil_id, "guardian_id": guardian_id, "windows": windows})

    def settle(self) -> None:
        """Sam's mother and father hear of everything, an uncle of nothing; Ms Shaw teaches Sam."""
        deliver(
            self.service,
            self.state("school.described.v1", "school", {"name": "Oakfield", "zone": "Europe/London"}),
            self.pupil("sam"), self.guardian("mother", "mother@home.invalid"),
            self.guardian("father", "father@home.invalid"), self.guardian("uncle", "uncle@home.invalid"),
            self.staff("shaw", "shaw@school.invalid"),
            self.rights("sam", "mother", receive=ALWAYS, book=ALWAYS),
            self.rights("sam", "father", receive=ALWAYS, book=ALWAYS),
            self.rights("sam", "uncle", receive=[], book=[]))

    def praise(self, praise_id: str = "praise-1", pupil_id: str = "sam") -> Event:
        return event(f"{PROFILES}.praise.sent.v1", pupil_id, {
            "praise_id": praise_id, "pupil_id": pupil_id, "staff_id": "shaw", "strength": "kindness"},
            after=self.version)

    def evening(self, *pupil_ids: str) -> Event:
        return event(f"{SCHEDULING}.evening.opened.v1", "evening-1", {
            "evening_id": "evening-1", "on": "2026-11-26", "respond_by": "2026-11-23", "pupil_ids": list(pupil_ids)})

    def appointment(self, fact: str, starts_at: str = "2026-11-26T17:10:00Z", **more: Any) -> Event:
        ends_at = starts_at.replace(":10:00", ":20:00")
        return event(f"{SCHEDULING}.appointment.{fact}.v1", "appointment-1", {
            "appointment_id": "appointment-1", "evening_id": "evening-1", "pupil_id": "sam", "guardian_id": "mother",
            "staff_id": "shaw", "starts_at": starts_at, "ends_at": ends_at, "sequence": 0, "place": "Hall", **more})

    def consent(self, *pupil_ids: str) -> Event:
        return event(f"{PROFILES}.consent.asked.v1", "consent-1", {
            "consent_id": "consent-1", "pupil_ids": list(pupil_ids), "closes_on": "2026-12-01"}, after=self.version)

    def sibling(self, pupil_id: str, given_name: str, *guardian_ids: str) -> None:
        """Another child of the mother (or of those named), of whom they hear everything."""
        self.hear(self.pupil(pupil_id, given_name), *(
            self.rights(pupil_id, guardian_id, receive=ALWAYS, book=ALWAYS, consent=ALWAYS)
            for guardian_id in guardian_ids or ("mother",)))

    def hear(self, *events: Event) -> None:
        deliver(self.service, *events)

    def pump(self) -> int:
        return sum(chore() for chore in self.service.chores)

    def notices(self, person_id: str, hat: str = "guardian", query: str = "") -> list[dict[str, Any]]:
        reply = self.get(person_id, hat, query)
        assert reply.status_code == 200, reply.text
        return list(reply.json["items"])

    def get(self, person_id: str, hat: str = "guardian", query: str = "", school: str = "oakfield") -> Any:
        return self.client.get(f"/schools/{school}/notices{query}", headers=self.keys.header(person_id, hat))

    def read(self, person_id: str, notice_id: str, hat: str = "guardian") -> Any:
        return self.client.post(f"/schools/oakfield/notices/{notice_id}/read", headers=self.keys.header(person_id, hat))

    def call(self, method: str, path: str, who: tuple[str, str, tuple[str, ...]], body: Any = None) -> Any:
        """Any route, as (id, hat, roles)."""
        person, hat, roles = who
        headers = self.keys.header(person, hat, "oakfield", roles)
        return self.client.open(f"/schools/oakfield{path}", method=method, headers=headers, json=body)

    def choose(self, person_id: str, email: str, hat: str = "guardian") -> None:
        reply = self.call("PUT", "/preferences", (person_id, hat, ()), {"email": email})
        assert reply.status_code == 200, reply.text

    def facts(self, fact: str = "delivery.withdrawn") -> list[tuple[str, bytes]]:
        """The facts of that kind that the service has announced."""
        with self.service.database.across_schools("test looks", write=False) as connection:
            rows = connection.execute(sa.select(outbox.c.key, outbox.c.value, outbox.c.headers)
                                      .order_by(outbox.c.seq)).all()
        return [(row.key, row.value) for row in rows
                if dict(json.loads(row.headers))["ce_type"] == f"tandem.notifications.{fact}.v1"]

    def states(self) -> list[str]:
        """The states of all deliveries, sorted."""
        with self.service.database.unit_of_work("oakfield", write=False) as uow:
            found = uow.connection.scalars(sa.text("SELECT state FROM deliveries WHERE school_id = 'oakfield'"))
            return sorted(found)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """What the database is asked meanwhile."""
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SELECT set_config")):
                seen.append(statement)

        engine = self.service.database.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)


def build_house(url: str, schools: Sequence[str] = ("oakfield",), clock: FixedClock | None = None) -> House:
    clock, office = clock or FixedClock(), PostOffice()
    keys = Keys(clock)
    return House(build(url, keys.public, clock, lambda: schools, office, PORTAL), clock, keys, office)


def new_database(request: pytest.FixtureRequest, kind: str, folder: Path) -> str:
    """The URL of a migrated database, on PostgreSQL as the role that row-level security binds."""
    if kind == "sqlite":
        return new_sqlite("notifications", folder / "notifications.db")
    return new_postgres(request.getfixturevalue("postgres_server"), "notifications")[1]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """Oakfield, settled."""
    built = build_house(new_database(request, request.param, tmp_path))
    built.settle()
    yield built
    built.service.database.close()
