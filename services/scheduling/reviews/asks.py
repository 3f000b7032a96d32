"""What profiles wishes of reviews: times are offered, taken back, or left to the member of staff alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.envelope import Event
from chassis.projections import keep
from chassis.unit_of_work import UnitOfWork
from services.scheduling.diaries.actions import leave_places
from services.scheduling.diaries.queries import list_busy
from services.scheduling.people import queries as people
from services.scheduling.reviews import events
from services.scheduling.reviews.actions import FURTHEST, change, take_back
from services.scheduling.reviews.models import Review, ReviewAsk
from services.scheduling.reviews.queries import read_hours
from services.scheduling.reviews.rules import OPEN, Hours, list_starts, share_out

STANDING = sa.select(sa.literal(1)).select_from(Review).where(  # made once: it is asked for every run of wishes
    Review.school_id == sa.bindparam("school"), Review.partnership_id.in_(sa.bindparam("ids", expanding=True))).limit(1)


@dataclass(frozen=True, slots=True)
class Diaries:
    """When the teachers of some wishes can talk and where they are, and the school's days: read once for all."""

    hours: Mapping[str, Hours]
    busy: Mapping[str, Sequence[tuple[datetime, datetime]]]
    year: Any


def apply_asks(uow: UnitOfWork, asked: Sequence[Event]) -> None:
    """Offer times for what is asked, take back what was dropped. The newest word counts, however late words come."""
    people.PERMISSIONS.wait_for(uow, asked)
    asks = [events.read_ask(event) for event in keep(uow, ReviewAsk, asked, events.read_ask)]
    standing = _hold_standing(uow, [ask["partnership_id"] for ask in asks])
    wished = [ask for ask in asks if ask["staff_ids"]]
    diaries = _read_diaries(uow, wished) if len(wished) > 1 and not standing else None
    made = [row for ask in asks for row in _settle(uow, ask, standing.get(ask["partnership_id"], {}), diaries)]
    uow.insert(Review, made)
    uow.flush()


def _hold_standing(uow: UnitOfWork, partnership_ids: Sequence[str]) -> dict[str, dict[str, Review]]:
    """The reviews that there are of these partnerships, by adult, locked; of a new one there are none."""
    found: dict[str, dict[str, Review]] = {}
    if uow.connection.execute(STANDING, {"school": uow.school, "ids": list(partnership_ids)}).first() is not None:
        for row in uow.all(sa.select(Review).where(Review.partnership_id.in_(partnership_ids))
                           .order_by(Review.id).with_for_update()):
            found.setdefault(row.partnership_id, {})[row.guardian_id] = row
    return found


def _settle(uow: UnitOfWork, ask: Mapping[str, Any], standing: Mapping[str, Review],
            diaries: Diaries | None) -> list[dict[str, Any]]:
    """What stands follows the wish; returned are the rows of what is new."""
    family = people.hold_family(uow, ask["pupil_id"]) if ask["status"] == "asked" else {}
    adults = [one for one in dict.fromkeys(ask["guardian_ids"])
              if one in family and (family[one].may_book or family[one].is_held)] if ask["staff_ids"] else []
    left = [row for one, row in standing.items() if one not in adults and _is_ahead(uow, row)]
    if ask["staff_ids"] and not ask["guardian_ids"]:
        adults = _leave_to_staff(uow, left)
    else:
        take_back(uow, left, "dropped")
    renewed = [one for one in adults if one not in standing or not _still_fits(standing[one], ask)]
    take_back(uow, [standing[one] for one in renewed if one in standing and standing[one].state == "booked"],
               "dropped")
    offered, made = _find_times(uow, ask, renewed, diaries), []
    for place, one in enumerate(renewed):
        wanted = {"staff_id": ask["staff_ids"][0], "from_on": ask["from_on"], "by_on": ask["by_on"],
                  "times": [at.isoformat() for at in offered[one]], "can": []}
        row: Any = standing.get(one)
        if row is None:
            made.append(_new_review(uow, ask, one) | wanted)
            row = SimpleNamespace(**made[-1])
        else:
            for name, value in wanted.items():
                setattr(row, name, value)
            change(uow, row, "offered", None)
        uow.record(events.review_offered(row, [one], ask["staff_ids"][:1] if place == 0 else []))
    return made


def _leave_to_staff(uow: UnitOfWork, rows: Sequence[Review]) -> list[str]:
    """Nobody at home is asked any more: these end for their adults, who are returned, and stay as they are for staff.

    An offer goes without a word; of a time that was booked its adult is told, so that calendars take it out.
    """
    for row in rows:
        was = events.read_time(row)
        if was and not row.is_staffs_alone:
            leave_places(uow, [row.id])
            row.was_starts_at, row.was_ends_at, row.changed_at = row.starts_at, row.ends_at, uow.now
            row.sequence += 1
            row.version += 1
            uow.record(events.review_left(row, was))
        row.is_staffs_alone = True
    return [row.guardian_id for row in rows]


def _is_ahead(uow: UnitOfWork, row: Review) -> bool:
    """Whether there is something to take back: what has taken place has taken place."""
    return row.state in OPEN and (row.ends_at is None or row.ends_at > uow.now)


def _still_fits(row: Review, ask: Mapping[str, Any]) -> bool:
    """Whether an adult's review can stay as it is: its wish did not end, and nothing of it is different."""
    return row.cause != "dropped" and (row.staff_id, row.from_on, row.by_on) == (
        ask["staff_ids"][0], ask["from_on"], ask["by_on"])


def _new_review(uow: UnitOfWork, ask: Mapping[str, Any], guardian_id: str) -> dict[str, Any]:
    """As a plain row: many loops are opened at once, and rows of the session take far longer to make and to write."""
    return {"id": new_id(), "kind": "review", "partnership_id": ask["partnership_id"], "pupil_id": ask["pupil_id"],
            "guardian_id": guardian_id, "state": "offered", "cause": None, "about": "", "prefers": None, "how": None,
            "starts_at": None, "ends_at": None, "was_starts_at": None, "was_ends_at": None, "sequence": 0, "version": 1,
            "changed_at": uow.now, "is_staffs_alone": False}


def _read_diaries(uow: UnitOfWork, asks: Sequence[Mapping[str, Any]]) -> Diaries:
    staff_ids = {ask["staff_ids"][0] for ask in asks}
    return Diaries(read_hours(uow, staff_ids), list_busy(uow, staff_ids, uow.now), people.get_year(uow))


def _find_times(uow: UnitOfWork, ask: Mapping[str, Any], adults: Sequence[str],
                diaries: Diaries | None) -> dict[str, list[datetime]]:
    """Times for each adult in the teacher's good hours, on school days between the two dates."""
    if not adults:
        return {}
    staff_id, known = ask["staff_ids"][0], diaries or _read_diaries(uow, [ask])
    hours = known.hours[staff_id]
    first = max(ask["from_on"], uow.now.astimezone(hours.zone).date())
    days = known.year.list_school_days(first, min(ask["by_on"], first + FURTHEST))
    starts = [at for day in days for at in list_starts(hours.spans_on(day), known.busy[staff_id]) if at > uow.now]
    return share_out(starts, adults)
