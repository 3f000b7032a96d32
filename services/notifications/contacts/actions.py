"""Keeping the copy of people, and of who may hear of whom."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.envelope import Event
from chassis.permissions import open_at
from chassis.projections import keep
from chassis.unit_of_work import UnitOfWork
from services.notifications.contacts.events import is_current, read_guardian, read_pupil, read_school, read_staff
from services.notifications.contacts.models import Contact, Pupil, School
from services.notifications.contacts.queries import PERMISSIONS

PURPOSES = ("see", "receive", "reply", "book", "attend", "consent", "collect")


def store_guardians(uow: UnitOfWork, events: Sequence[Event]) -> None:
    keep(uow, Contact, events, read_guardian)


def store_staff(uow: UnitOfWork, events: Sequence[Event]) -> None:
    keep(uow, Contact, events, read_staff)


def store_school(uow: UnitOfWork, events: Sequence[Event]) -> None:
    keep(uow, School, events, read_school)


def store_pupils(uow: UnitOfWork, events: Sequence[Event]) -> list[str]:
    """Keep the pupils and return those who have left (or were erased)."""
    return [event.key for event in keep(uow, Pupil, events, read_pupil) if not is_current(event)]


def store_rights(uow: UnitOfWork, events: Sequence[Event]) -> dict[tuple[str, str], frozenset[str]]:
    """Keep the pairs' windows and return, for each (pupil, guardian) that changed, what is allowed at this moment."""
    return {pair: frozenset(purpose for purpose in PURPOSES if open_at(windows, purpose, uow.now))
            for pair, windows in PERMISSIONS.store(uow, events).items()}
