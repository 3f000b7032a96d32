"""Asking the copy: who may be told about whom, where they are reached, and how old what we know is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from sqlalchemy import orm

from chassis.db import load_json
from chassis.envelope import Event
from chassis.permissions import Answer, Permissions, open_at
from chassis.unit_of_work import UnitOfWork
from services.notifications.contacts.models import Contact, Permission, Pupil, School

PERMISSIONS = Permissions(Permission, "profiles")


@dataclass(frozen=True, slots=True)
class Person:
    """Where an adult is reached."""

    given_name: str
    email: str | None
    language: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What we know of one (pupil, adult) pair."""

    windows: dict[str, Any] | None
    is_held: bool = False

    def answer(self, purposes: Sequence[str], at: datetime) -> Answer:
        """Whether one of the purposes is allowed at that instant; nothing is without a pair."""
        if self.is_held:
            return Answer.HELD
        return Answer.ALLOWED if allows(self.windows, purposes, at) else Answer.REFUSED


STRANGERS = Standing(None)


@dataclass(frozen=True, slots=True)
class SchoolWords:
    """What letters say of the school."""

    name: str
    zone: ZoneInfo


def wait_for_state(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Raise NotYet until what these events were decided on has been applied here."""
    PERMISSIONS.wait_for(uow, events)


def require_fresh(uow: UnitOfWork) -> None:
    """Raise Unavailable while the copy is too old to show anything of the school."""
    PERMISSIONS.require_fresh(uow)


def is_fresh(uow: UnitOfWork) -> bool:
    """Whether the copy is young enough to send by."""
    return PERMISSIONS.is_fresh(uow)


def _adults() -> sa.Select[Any]:
    """The pairs of pupils who have not left. By Core and made once: it is asked for every run of facts."""
    pairs, pupils = cast(sa.Table, Permission.__table__), cast(sa.Table, Pupil.__table__)
    left = sa.select(pupils.c.id).where(pupils.c.school_id == pairs.c.school_id, pupils.c.id == pairs.c.about_id,
                                        pupils.c.status != "current").exists()
    windows = sa.cast(pairs.c.windows, sa.Text).label("windows")
    return sa.select(pairs.c.about_id, pairs.c.holder_id, windows, pairs.c.is_held).where(
        pairs.c.school_id == sa.bindparam("school"), pairs.c.about_id.in_(sa.bindparam("pupils", expanding=True)),
        ~left).order_by(pairs.c.about_id, pairs.c.holder_id)


ADULTS = _adults()
RIGHTS = sa.select(Permission.about_id, Permission.holder_id, Permission.windows, Permission.is_held).where(
    Permission.about_id.in_(sa.bindparam("pupils", expanding=True)))
PEOPLE = sa.select(Contact.id, Contact.given_name, Contact.email, Contact.language, Contact.status).where(
    Contact.id.in_(sa.bindparam("ids", expanding=True)))
NAMES = sa.select(Pupil.id, Pupil.given_name).where(Pupil.id.in_(sa.bindparam("ids", expanding=True)))


def list_adults(uow: UnitOfWork, pupil_ids: Collection[str], purposes: Sequence[str]) -> dict[str, list[str]]:
    """For each pupil who has not left, the adults who are to be told now: one read for all.

    Those who are allowed one of the purposes, and those of whom we cannot say (held): what is made for them is asked
    about again before it is shown or sent, so nothing is lost and nothing gives itself away.
    """
    found: dict[str, list[str]] = {}
    told: dict[tuple[str, bool], bool] = {}  # most pairs of a school have the same windows: read and asked once
    rows = uow.connection.execute(ADULTS, {"school": uow.school, "pupils": sorted(set(pupil_ids))}).all()
    for about_id, holder_id, windows, is_held in rows:
        alike = (windows, is_held)
        if alike not in told:
            told[alike] = Standing(load_json(windows), is_held).answer(purposes, uow.now) is not Answer.REFUSED
        if told[alike]:
            found.setdefault(about_id, []).append(holder_id)
    return found


def list_rights(uow: UnitOfWork, pupil_ids: Collection[str]) -> dict[tuple[str, str], Standing]:
    """What we know of every (pupil, adult) pair of these pupils."""
    rows = uow.rows(RIGHTS, pupils=list(set(pupil_ids)))
    return {(row.about_id, row.holder_id): Standing(row.windows, row.is_held) for row in rows}


def allows(windows: dict[str, Any] | None, purposes: Sequence[str], at: datetime) -> bool:
    """Whether one of the purposes is allowed at that instant; nothing is without a pair."""
    return windows is not None and any(open_at(windows, purpose, at) for purpose in purposes)


def is_pupil_current(uow: UnitOfWork, pupil_id: str) -> bool:
    """Whether a child is here: known and not left."""
    return bool(uow.rows(sa.select(Pupil.id).where(Pupil.id == pupil_id, Pupil.status == "current")))


def list_people(uow: UnitOfWork, ids: Collection[str]) -> dict[str, Person]:
    rows = uow.rows(PEOPLE, ids=list(set(ids)))
    return {row.id: Person(row.given_name, row.email, row.language or "en", row.status == "current") for row in rows}


def list_given_names(uow: UnitOfWork, pupil_ids: Collection[str]) -> dict[str, str]:
    rows = uow.rows(NAMES, ids=list(set(pupil_ids)))
    return {row.id: row.given_name for row in rows}


def get_school(uow: UnitOfWork) -> SchoolWords:
    """The school's words; plain ones until it has been described."""
    row = uow.get(School)
    if row is None:
        return SchoolWords("School", ZoneInfo("Europe/London"))
    try:
        return SchoolWords(row.name, ZoneInfo(row.zone))
    except (ZoneInfoNotFoundError, ValueError):  # a zone that this machine does not know must not stop the post
        return SchoolWords(row.name, ZoneInfo("Europe/London"))


def join_pupils_and_rights(statement: sa.Select[Any], pupil_id: orm.InstrumentedAttribute[Any],
                           holder_id: orm.InstrumentedAttribute[Any]) -> sa.Select[Any]:
    """Add `given_name`, `windows` and `is_held` of the pupil and pair that a statement names: a list is one query."""
    return (statement.add_columns(Pupil.given_name, Permission.windows, Permission.is_held)
            .outerjoin(Pupil, sa.and_(Pupil.school_id == pupil_id.class_.school_id, Pupil.id == pupil_id))
            .outerjoin(Permission, sa.and_(Permission.school_id == pupil_id.class_.school_id,
                                           Permission.about_id == pupil_id, Permission.holder_id == holder_id)))


def find_language(uow: UnitOfWork, person_id: str) -> str | None:
    """The language that the school has noted for an adult."""
    found = uow.all(sa.select(Contact.language).where(Contact.id == person_id))
    return found[0] if found else None
