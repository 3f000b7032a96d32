"""Keeping the copy of people, and of who may hear of whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.envelope import Event
from chassis.permissions import open_at
from chassis.projections import keep
from chassis.timers import set_timer
from chassis.unit_of_work import UnitOfWork
from services.notifications.contacts.events import is_current, read_guardian, read_pupil, read_school, read_staff
from services.notifications.contacts.models import Contact, Pupil, School
from services.notifications.contacts.queries import PERMISSIONS, STRANGERS, list_rights
from services.notifications.contacts.rules import next_end

RIGHTS_END = "rights-end"
PURPOSES = ("see", "receive", "reply", "book", "attend", "consent", "collect")


def store_guardians(uow: UnitOfWork, events: Sequence[Event]) -> list[str]:
    """Keep the guardians and return those who were erased."""
    return [event.key for event in keep(uow, Contact, events, read_guardian) if event.data is None]


def store_staff(uow: UnitOfWork, events: Sequence[Event]) -> list[str]:
    """Keep the staff and return those who were erased."""
    return [event.key for event in keep(uow, Contact, events, read_staff) if event.data is None]


def store_school(uow: UnitOfWork, events: Sequence[Event]) -> None:
    keep(uow, School, events, read_school)


def store_pupils(uow: UnitOfWork, events: Sequence[Event]) -> list[str]:
    """Keep the pupils and return those who have left (or were erased)."""
    return [event.key for event in keep(uow, Pupil, events, read_pupil) if not is_current(event)]


def store_rights(uow: UnitOfWork, events: Sequence[Event]) -> dict[tuple[str, str], frozenset[str]]:
    """Keep the pairs' windows and return, for each (pupil, guardian) that changed, what is allowed at this moment.

    Where a window ends by itself a deadline is set. One of windows that were replaced since is left: when it comes,
    the pair is looked at as it is then.
    """
    fresh = PERMISSIONS.store(uow, events)
    for pair, windows in fresh.items():
        _set_end(uow, pair, windows)
    return {pair: _allowed(uow, windows) for pair, windows in fresh.items()}


def recheck_pair(uow: UnitOfWork, key: str) -> dict[tuple[str, str], frozenset[str]]:
    """What a pair is allowed now that one of its windows has ended; nothing is said of a pair that is held."""
    about, _, holder = key.partition(":")
    standing = list_rights(uow, {about}).get((about, holder), STRANGERS)
    if standing.is_held:
        return {}
    windows = standing.windows or {}
    _set_end(uow, (about, holder), windows)
    return {(about, holder): _allowed(uow, windows)}


def _allowed(uow: UnitOfWork, windows: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(purpose for purpose in PURPOSES if open_at(windows, purpose, uow.now))


def _set_end(uow: UnitOfWork, pair: tuple[str, str], windows: Mapping[str, Any]) -> None:
    if (end := next_end(windows, uow.now)) is not None:
        set_timer(uow, RIGHTS_END, ":".join(pair), end)
