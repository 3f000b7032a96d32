"""What can be done: note that home and school were in touch, and say after how long a family is unheard."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis.clock import new_id
from chassis.envelope import Event
from chassis.unit_of_work import UnitOfWork
from services.profiles.heard.events import read_held, read_talk
from services.profiles.heard.models import Contact, ContactCount, Heard, HeardSetting
from services.profiles.heard.rules import monday_of
from services.profiles.people.queries import get_zone

GOOD_NEWS, WORRY, TALK, NOTE = "good-news", "worry", "talk", "note"
KEPT_IN = {GOOD_NEWS: "last_good_at", WORRY: "last_worry_at"}
OTHER = "last_other_at"
TABLES: Mapping[Any, Sequence[str]] = {Heard: ("pupil_id",), ContactCount: ("week_on", "pupil_id", "kind")}


def note_contact(uow: UnitOfWork, pupil_ids: Collection[str], kind: str, staff_id: str | None,
                 at: datetime | None = None) -> None:
    """Home heard from school about these children: the same few statements for any number of them.

    `kind` is good-news, worry, talk or note; `at` is for what happened earlier than now, and never takes a date back.
    Two at once about the same child both count: each row is written in one statement.
    """
    made_at, pupils = at or uow.now, sorted(set(pupil_ids))
    if not pupils:
        return
    uow.flush()
    uow.insert(Contact, [{"id": new_id(), "pupil_id": pupil_id, "kind": kind, "staff_id": staff_id,
                          "made_at": made_at} for pupil_id in pupils])
    column = KEPT_IN.get(kind, OTHER)
    _write(uow, Heard, [{"pupil_id": pupil_id, "last_at": made_at, column: made_at} for pupil_id in pupils],
           lambda old, new: {name: sa.case((old[name] > new[name], old[name]), else_=new[name])
                             for name in ("last_at", column)})
    week_on = monday_of(made_at.astimezone(get_zone(uow)).date())
    _write(uow, ContactCount, [{"week_on": week_on, "pupil_id": pupil_id, "kind": kind, "made": 1}
                               for pupil_id in pupils], lambda old, new: {"made": old["made"] + new["made"]})


def _write(uow: UnitOfWork, model: Any, rows: Sequence[dict[str, Any]], change: Any) -> None:
    """Insert rows of this school, or change those that are there, by what is there and what is new."""
    table = model.__table__
    insert = postgresql.insert if uow.connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    uow.connection.execute(statement.on_conflict_do_update(
        index_elements=["school_id", *TABLES[model]], set_=change(table.c, statement.excluded)),
        [{**row, "school_id": uow.school} for row in rows])


def note_held(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """A check-in was held: a talk, on its day."""
    zone = get_zone(uow)
    for talk in (read_held(event, zone) for event in events):
        note_contact(uow, [talk.pupil_id], TALK, talk.staff_id, talk.at)


def note_talked(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Home and school sat together, at an evening or on another day."""
    for talk in map(read_talk, events):
        note_contact(uow, [talk.pupil_id], TALK, talk.staff_id, talk.at)


def set_weeks(uow: UnitOfWork, weeks: int) -> None:
    """After how many weeks of school a family is unheard, from now on."""
    row: HeardSetting | None = uow.get(HeardSetting)
    if row is None:
        uow.add(HeardSetting(weeks=weeks))
    else:
        row.weeks = weeks
    uow.flush()
