"""The portal over a file of its own, with services that answer as a test tells them to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from chassis.adapters.http import Reply
from chassis.db import load_json, outbox
from chassis.envelope import Event
from chassis.errors import NotFound, Unavailable
from chassis.mail import Letter
from services.portal import wiring
from services.portal.accounts.actions import make_sign_in_link
from services.portal.app import create_app
from services.portal.clients.transport import Call
from services.portal.school_accounts.rules import Provider
from tests.fakes import FixedClock, Keys, deliver, event
from tests.journeys.browsing import Browser
from tests.parts.migrated import new_sqlite

SECRET, URL = "a secret for tests alone", "https://tandem.invalid"
ALWAYS: list[list[str | None]] = [[None, None]]
AMIRA = "amira@families.invalid"


class Answers:
    """A transport that gives what it was told to give, and remembers what it was asked; all else is not there."""

    def __init__(self) -> None:
        self.given: dict[tuple[str, str, str], Any] = {}
        self.calls: list[Call] = []

    def tell(self, service: str, method: str, path: str, answer: Any) -> None:
        """What a service answers from now on; an exception is raised."""
        self.given[service, method, path] = answer

    def send(self, call: Call) -> Any:
        self.calls.append(call)
        answer = self.given.get((call.service, call.method, call.path), NotFound())
        if isinstance(answer, Exception):
            raise answer
        return answer

    def fetch(self, call: Call) -> Reply:
        return Reply(200, {}, bytes(self.send(call)))

    def gather(self, reads: Sequence[Callable[[], Any]]) -> list[Any]:
        return [self._or_none(read) for read in reads]

    def _or_none(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except Unavailable:
            return None

    def sent(self, method: str, path: str) -> list[Call]:
        return [call for call in self.calls if (call.method, call.path) == (method, path)]


class NoPost:
    """Keeps the letters that it was handed."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)


class House:
    """The portal, its clock and what it hears; short ways to tell it things and to visit it."""

    def __init__(self, folder: Path, url: str | None = None, providers: Sequence[Provider] = ()):
        url = url or new_sqlite("portal", folder / "portal.db")
        self.clock, self.answers, self.post, self._version = FixedClock(), Answers(), NoPost(), 0
        place = wiring.Place(URL, lambda: "Trust", lambda: ["oakfield", "elm"], providers=providers)
        self.portal = wiring.build(url, Keys(self.clock).public, SECRET, self.clock, place, self.post, self.answers)
        self.pages = create_app(self.portal)

    def hear(self, *events: Event) -> None:
        deliver(self.portal.service, *events)

    def state(self, kind: str, key: str, data: Any, school: str = "oakfield") -> Event:
        self._version += 1
        return event(f"tandem.profiles.{kind}", key, data, school, self._version, time=self.clock.now(),
                     state_of="profiles")

    def adult(self, person: str, hat: str = "guardian", school: str = "oakfield", **changes: Any) -> Event:
        """A description of somebody called by the first part of their id."""
        name = person.split("-")[0]
        return self.state(f"{hat}.described.v1", person, {
            "id": person, "given_name": name.title(), "family_name": "Haddad", "email": f"{name}@families.invalid",
            "status": "current", "roles": [], **changes}, school)

    def rights(self, pupil: str, guardian: str, *purposes: str, school: str = "oakfield") -> Event:
        return self.state("rights.computed.v1", f"{pupil}:{guardian}", {
            "pupil_id": pupil, "guardian_id": guardian, "windows": dict.fromkeys(purposes, ALWAYS)}, school)

    def link(self, who: str) -> str:
        """The path of a one-time link."""
        return make_sign_in_link(self.portal.database, SECRET, who)

    def sign_in(self, who: str) -> Browser:
        visitor = Browser(self.pages)
        visitor.open(self.link(who))
        visitor.send()
        return visitor

    def work(self) -> None:
        """What the worker does beside listening."""
        for chore in self.portal.service.chores:
            chore()

    def facts(self) -> list[tuple[str, Any]]:
        with self.portal.database.across_schools("test looks", write=False) as connection:
            rows = connection.execute(sa.select(outbox.c.topic, outbox.c.value)).all()
        return [(row.topic, load_json(row.value)) for row in rows]


def page_of_sam(parts: dict[str, Any] | None = None, **may: bool) -> dict[str, Any]:
    """Sam's page, as profiles gives it to an adult."""
    child = sam(**may)
    return {"pupil": child, "may": child["may"], "parts": parts or {}}


def sam(**may: bool) -> dict[str, Any]:
    """Sam, as an adult's list of children has him."""
    return {"id": "p-sam", "given_name": "Sam", "family_name": "Haddad", "year_group": "Year 2", "status": "current",
            "may": {"see": True, "book": True, **may}}

