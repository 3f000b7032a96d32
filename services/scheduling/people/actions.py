"""Keeping the projection of people: a handful of statements for a run of snapshots, whatever its length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from chassis.envelope import Event
from chassis.permissions import open_at
from chassis.projections import keep
from chassis.timers import set_timer
from chassis.unit_of_work import UnitOfWork
from services.scheduling.people.events import (
    read_class,
    read_home,
    read_keep_apart,
    read_memberships,
    read_person,
    read_pupil,
    read_school,
    read_staff,
    read_support,
    role_of,
    turning_points,
)
from services.scheduling.people.models import (
    ClassMember,
    Home,
    KeepApart,
    Permission,
    Pupil,
    School,
    SchoolClass,
    StaffMember,
    Support,
)
from services.scheduling.people.queries import PERMISSIONS, hold_adults
from services.scheduling.tables import table_of

RIGHTS_TURN = "rights-turn"
TURNING = ("book", "attend")
LOOK_AGAIN = timedelta(minutes=1)
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Losses:
    """(pupil, guardian) pairs whose adult may not book now, and those who may book but not come on site."""

    book: Sequence[Pair] = ()
    attend: Sequence[Pair] = ()


def store_school(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Take the school's name and zone; a zone that nobody knows fails here, where an operator sees it."""
    keep(uow, School, events, read_school)


def store_classes(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Take snapshots of classes."""
    keep(uow, SchoolClass, events, read_class)


def store_staff(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Take snapshots of staff, and which classes they teach."""
    fresh = keep(uow, StaffMember, events, read_staff)
    _place_in_classes(uow, fresh, [row for event in fresh for row in read_memberships(event, role_of(event))])


def store_support(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Take how often each child's adults and school should speak."""
    keep(uow, Support, events, read_support)


def store_pupils(uow: UnitOfWork, events: Sequence[Event]) -> list[str]:
    """Take snapshots of pupils and their classes; return those of them who are here no longer."""
    fresh = keep(uow, Pupil, events, read_pupil)
    _place_in_classes(uow, fresh, [row for event in fresh for row in read_memberships(event, "pupil")])
    return [event.key for event in fresh if read_person(event)["status"] != "current"]


def store_rights(uow: UnitOfWork, events: Sequence[Event]) -> Losses:
    """Take pairs' rights and homes, and set a deadline where rights turn; return what they do not cover now.

    A deadline of windows that were replaced since is left: when it comes, the pair is looked at as it is then.
    """
    fresh = PERMISSIONS.store(uow, events)
    keep(uow, Home, events, read_home)
    for (about, holder), windows in fresh.items():
        for turn in turning_points(windows, TURNING, uow.now):
            set_timer(uow, RIGHTS_TURN, f"{about}:{holder}", turn)
    return _find_losses(uow, fresh)


def recheck_pair(uow: UnitOfWork, key: str) -> Losses:
    """What the pair's rights do not cover now. Waits for a booking that is being made on it.

    A pair that is held loses nothing: it is looked at again soon.
    """
    about, _, holder = key.partition(":")
    rows = uow.rows(sa.select(*table_of(Permission).c).select_from(Permission).where(
        Permission.about_id == about, Permission.holder_id == holder).with_for_update())
    if rows and rows[0].is_held:
        set_timer(uow, RIGHTS_TURN, key, uow.now + LOOK_AGAIN)
        return Losses()
    return _find_losses(uow, {(about, holder): rows[0].windows if rows else {}})


def _find_losses(uow: UnitOfWork, pairs: Mapping[Pair, dict[str, Any]]) -> Losses:
    may = {purpose: {pair for pair, windows in pairs.items() if open_at(windows, purpose, uow.now)}
           for purpose in TURNING}
    return Losses([pair for pair in pairs if pair not in may["book"]],
                  [pair for pair in pairs if pair in may["book"] - may["attend"]])


def store_keep_apart(uow: UnitOfWork, events: Sequence[Event]) -> list[Pair]:
    """Take who must not meet; return the pairs of whom that is new. Waits for what those adults are booking."""
    hold_adults(uow, {guardian_id for event in events for guardian_id in event.key.split(":")})
    fresh = [read_keep_apart(event) for event in keep(uow, KeepApart, events, read_keep_apart)]
    return [(row["first_id"], row["second_id"]) for row in fresh if row["status"] == "current"]


def _place_in_classes(uow: UnitOfWork, fresh: Sequence[Event], rows: Sequence[dict[str, Any]]) -> None:
    table = table_of(ClassMember)
    uow.connection.execute(sa.delete(table).where(
        table.c.school_id == uow.school, table.c.person_id.in_([event.key for event in fresh])))
    uow.insert(ClassMember, rows)
