"""What can be done: note that home and school were in touch."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.unit_of_work import UnitOfWork
from services.profiles.heard.models import Contact, Heard

GOOD_NEWS, WORRY, TALK, NOTE = "good-news", "worry", "talk", "note"


def note_contact(uow: UnitOfWork, pupil_ids: Collection[str], kind: str, staff_id: str | None,
                 at: datetime | None = None) -> None:
    """Home heard from school about these children: two statements for any number of them, and one insert.

    `kind` is good-news, worry, talk or note; `at` is for what happened earlier than now, and never takes a date back.
    """
    made_at, pupils = at or uow.now, sorted(set(pupil_ids))
    uow.flush()
    uow.insert(Contact, [{"id": new_id(), "pupil_id": pupil_id, "kind": kind, "staff_id": staff_id,
                          "made_at": made_at} for pupil_id in pupils])
    known = {row.pupil_id: row for row in uow.all(sa.select(Heard).where(Heard.pupil_id.in_(pupils)))}
    for pupil_id in pupils:
        row = known.get(pupil_id)
        if row is None:
            row = Heard(pupil_id=pupil_id, last_at=made_at, last_good_at=None, last_worry_at=None)
            uow.add(row)
        row.last_at = max(row.last_at, made_at)
        if kind == GOOD_NEWS:
            row.last_good_at = max(row.last_good_at or made_at, made_at)
        elif kind == WORRY:
            row.last_worry_at = max(row.last_worry_at or made_at, made_at)
    uow.flush()
