"""The services and the portal, put together over empty files, for tests that ask a running app about itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from chassis.mail import Letter
from chassis.web import Service
from services.notifications import wiring as notifications
from services.portal import wiring as portal
from services.profiles import wiring as profiles
from services.scheduling import wiring as scheduling
from tests.fakes import FixedClock, Keys

SCHOOL = "oakfield"
URL = "https://tandem.invalid"


class NoPost:
    """Nothing is sent from here."""

    def send(self, letter: Letter) -> None:
        raise AssertionError(f"a letter to {letter.to}")


class NoTransport:
    """Nobody is asked from here."""

    def send(self, call: Any) -> NoReturn:
        raise AssertionError(f"{call.service} was asked for {call.path}")

    def fetch(self, call: Any) -> NoReturn:
        raise AssertionError(f"{call.service} was asked for {call.path}")

    def gather(self, reads: Sequence[Callable[[], Any]]) -> list[Any]:
        raise AssertionError(f"{len(reads)} reads")


def built_portal(folder: Path, clock: FixedClock) -> portal.Portal:
    """The portal over a file of its own."""
    place = portal.Place(URL, lambda: "Trust", lambda: [SCHOOL])
    return portal.build(f"sqlite:///{folder / 'portal.db'}", Keys(clock).public, "a secret for tests alone", clock,
                        place, NoPost(), NoTransport())


def built_services(folder: Path, clock: FixedClock | None = None) -> list[Service]:
    """All four, each over `<folder>/<its name>.db`."""
    clock = clock or FixedClock()
    key = Keys(clock).public

    def url(name: str) -> str:
        return f"sqlite:///{folder / name}.db"

    def schools() -> list[str]:
        return [SCHOOL]

    return [profiles.build(url("profiles"), key, clock, schools),
            scheduling.build(url("scheduling"), key, clock, schools),
            notifications.build(url("notifications"), key, clock, schools, NoPost(), URL),
            built_portal(folder, clock).service]
