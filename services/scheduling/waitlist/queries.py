"""What can be asked about the waiting list: who waits, what is offered, and whom a free time suits first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments import queries as appointments
from services.scheduling.evenings import queries as evenings
from services.scheduling.itineraries import queries as itineraries
from services.scheduling.people import queries as people
from services.scheduling.reception.queries import adult_names
from services.scheduling.tables import table_of
from services.scheduling.waitlist.models import Offer, Waiting
from services.scheduling.waitlist.rules import APART, Place, expires_at, in_order
from services.scheduling.wishes import queries as wishes

LONGER, PLEASE_COME = "longer", "please-come"


_waiting = table_of(Waiting)
WAITED = sa.select(_waiting.c.staff_id).distinct().where(
    _waiting.c.school_id == sa.bindparam("school"), _waiting.c.state == "waiting",
    _waiting.c.staff_id.in_(sa.bindparam("staff", expanding=True))).order_by(_waiting.c.staff_id)


@dataclass(frozen=True, slots=True)
class Coming:
    """How one who waits would come: whether they may come to school, how they wish to (None: the usual way), and how
    long the ways are."""

    may_attend: bool
    how: str | None
    walks: Any

    def can_have(self, diary: Any, row: Waiting, run: Sequence[Any]) -> bool:
        """Whether they can be there, in a way that there is."""
        ways, but = appointments.find_ways(self.may_attend, run[0].ways), row.instead_of or ""
        how = self.how or ways[0]
        return (how in ways
                and not appointments.find_clash(diary, row.guardian_id, (run[0].starts_at, run[-1].ends_at), but)
                and appointments.can_walk(diary, row.guardian_id, appointments.plan_visit(run, how, self.walks), but))


@dataclass(frozen=True, slots=True)
class Match:
    """A time that is free now, for whom it is, until when it would be theirs, and how they would come."""

    waiting: Any
    slots: tuple[Any, ...]
    expires_at: datetime
    coming: Coming


def find_match(uow: UnitOfWork, staff_id: str) -> Match | None:
    """The first in fair order whom a free time of this teacher suits, and the earliest that does."""
    offered = sa.exists().where(Offer.school_id == Waiting.school_id, Offer.waiting_id == Waiting.id,
                                Offer.state == "open")
    rows = uow.all(sa.select(Waiting).where(Waiting.staff_id == staff_id, Waiting.state == "waiting", ~offered)
                   .order_by(Waiting.evening_id, Waiting.id))
    for evening_id in dict.fromkeys(row.evening_id for row in rows):
        evening = evenings.find_evening(uow, evening_id)
        if evening.ends_at > uow.now and evening.state in evenings.SHOWN:
            match = _match_evening(uow, evening, [row for row in rows if row.evening_id == evening_id])
            if match is not None:
                return match
    return None


def list_waited(uow: UnitOfWork, staff_ids: Collection[str]) -> list[str]:
    """Those of these teachers for whom somebody waits, in order."""
    return list(uow.connection.execute(WAITED, {"school": uow.school, "staff": list(staff_ids)}).scalars())


def _match_evening(uow: UnitOfWork, evening: Any, rows: Sequence[Waiting]) -> Match | None:
    families, has = people.list_families(uow, {row.pupil_id for row in rows}), _list_had(uow, evening.id, rows)
    walks, free = appointments.walks_of(uow, evening.id), dict[tuple[str, int], list[Any]]()
    for row in _sort(uow, evening.id, rows):
        rights, mine = families[row.pupil_id].get(row.guardian_id), _find_had(has, row)
        if rights is None or not _is_in_turn(rights, mine, row):
            continue
        length = 2 if LONGER in row.needs else 1
        if (row.pupil_id, length) not in free:
            free[row.pupil_id, length] = appointments.list_free_runs(
                uow, evening.id, row.pupil_id, [row.staff_id], length)
        coming = Coming(rights.may_attend, mine.how if mine is not None else row.how, walks)
        for run in _list_suiting(uow, evening, row, (coming, free[row.pupil_id, length])):
            until = expires_at(uow.now, evening.starts_at, run[0].starts_at, people.get_school(uow)[1])
            if until is not None:
                return Match(row, run, until, coming)
    return None


def _list_had(uow: UnitOfWork, evening_id: str, rows: Sequence[Waiting]) -> dict[tuple[str, str, str], Any]:
    """The talks to come of those who wait, by adult, child and teacher."""
    return {(one.guardian_id, one.pupil_id, one.staff_id): one for one in appointments.list_of_adults(
        uow, evening_id, {row.guardian_id for row in rows}) if one.starts_at > uow.now}


def _find_had(had: Mapping[tuple[str, str, str], Any], row: Waiting) -> Any:
    return had.get((row.guardian_id, row.pupil_id, row.staff_id))


def _is_in_turn(rights: Any, mine: Any, row: Waiting) -> bool:
    """Whether a time could be offered to them: not while they may not book, nor when they have one that suits them."""
    return rights is not None and rights.may_book and (mine is None or bool(row.instead_of))


def _sort(uow: UnitOfWork, evening_id: str, rows: Sequence[Waiting]) -> list[Waiting]:
    """Those who wait, in fair order."""
    marks = wishes.list_marks(uow, evening_id, {row.pupil_id for row in rows})
    talks = [one.guardian_id for one in appointments.list_of_adults(
        uow, evening_id, {row.guardian_id for row in rows})]
    by_id = {row.id: row for row in rows}

    return [by_id[one] for one in in_order([
        Place(row.id, _is_asked(marks, row), talks.count(row.guardian_id), row.since, row.rank) for row in rows])]


def _is_asked(marks: Mapping[str, Any], row: Waiting) -> bool:
    """Whether the teacher asks this child's adults to come."""
    mark = marks.get(row.pupil_id, {}).get(row.staff_id)
    return mark is not None and mark.mark == PLEASE_COME


def _list_suiting(uow: UnitOfWork, evening: Any, row: Waiting, among: tuple[Coming, Sequence[Any]]) -> list[Any]:
    """Those of the free times at which this adult can come, and which they have not been offered before."""
    coming, runs = among
    offers = uow.rows(sa.select(Offer.waiting_id, Offer.slot_ids, Offer.state, Offer.starts_at, Offer.ends_at).where(
        Offer.guardian_id == row.guardian_id, Offer.evening_id == row.evening_id))
    had = {offer.slot_ids[0] for offer in offers if offer.waiting_id == row.id}
    open_now = [offer for offer in offers if offer.state == "open"]
    apart = people.list_kept_apart(uow, [row.guardian_id])
    diary = appointments.read_diary(uow, [row.guardian_id], apart)
    units = itineraries.Units(uow, row.evening_id, row.needs)
    limits = itineraries.Limits(row.earliest, row.latest, row.not_times)
    frame = {"on": evening.held_on, "starts_at": evening.starts_at, "ends_at": evening.ends_at}
    return [run for run in itineraries.list_fitting(uow, frame, limits, runs)
            if run[0].id not in had and units.are_free(run)
            and not any(one.starts_at < run[-1].ends_at and one.ends_at > run[0].starts_at for one in open_now)
            and coming.can_have(diary, row, run) and not is_offered_near(uow, row.guardian_id, run, apart)]


def is_offered_near(uow: UnitOfWork, guardian_id: str, run: Sequence[Any], apart: Sequence[tuple[str, str]]) -> bool:
    """Whether somebody whom this adult must not meet has been offered a time that is too near."""
    others = {one for pair in apart if guardian_id in pair for one in pair} - {guardian_id}
    return bool(others and uow.rows(sa.select(Offer.id).where(
        Offer.guardian_id.in_(others), Offer.state == "open", Offer.starts_at <= run[-1].ends_at + APART,
        Offer.ends_at >= run[0].starts_at - APART).limit(1)))


def get_waiting(uow: UnitOfWork, waiting_id: str, guardian_id: str | None) -> Waiting:
    """The row; NotFound if there is none, or if it is another adult's (None: the office asks)."""
    found: Waiting | None = uow.get(Waiting, waiting_id)
    if found is None or guardian_id not in (None, found.guardian_id):
        raise NotFound()
    return found


def get_offer(uow: UnitOfWork, offer_id: str, guardian_id: str | None) -> Offer:
    """The row; NotFound if there is none, or if it is another adult's (None: the office asks)."""
    found: Offer | None = uow.get(Offer, offer_id)
    if found is None or guardian_id not in (None, found.guardian_id):
        raise NotFound()
    return found


def list_waiting(uow: UnitOfWork, guardian_id: str) -> list[dict[str, Any]]:
    """What an adult waits for, with what is offered to them now."""
    bookable = people.list_bookable(uow, guardian_id)
    rows = uow.all(sa.select(Waiting).where(
        Waiting.guardian_id == guardian_id, Waiting.state == "waiting", Waiting.pupil_id.in_(bookable))
        .order_by(Waiting.since, Waiting.id))
    ahead = [row for row in rows if evenings.find_evening(uow, row.evening_id).ends_at > uow.now]
    offers = {offer.waiting_id: offer for offer in uow.all(sa.select(Offer).where(
        Offer.guardian_id == guardian_id, Offer.state == "open"))}
    return [_waiting_item(row, offers.get(row.id), names) for row, names in _with_names(uow, ahead)]


def list_waiting_at(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """Who waits at an evening, for the office: by teacher, and of one teacher in the order in which they are asked.

    Who would be offered nothing is not there; of an evening that is over or called off nobody is.
    """
    people.PERMISSIONS.require_fresh(uow)
    evening = evenings.get_evening(uow, evening_id, evenings.Reader())
    is_ahead = evening["ends_at"] > uow.now and evening["state"] in evenings.SHOWN
    rows = uow.all(sa.select(Waiting).where(
        Waiting.evening_id == evening_id, Waiting.state == "waiting")) if is_ahead else ()
    families, had = people.list_families(uow, {row.pupil_id for row in rows}), _list_had(uow, evening_id, rows)
    rows = [row for row in rows if _is_in_turn(
        families[row.pupil_id].get(row.guardian_id), _find_had(had, row), row)]
    marks = wishes.list_marks(uow, evening_id, {row.pupil_id for row in rows})
    offers = {offer.waiting_id: offer for offer in uow.all(sa.select(Offer).where(
        Offer.evening_id == evening_id, Offer.state == "open"))}
    adults, pupils = _names(uow, adult_names(), rows, "guardian_id"), _names(
        uow, people.pupil_names(), rows, "pupil_id")
    items = [{**_waiting_item(row, offers.get(row.id), names), "guardian": adults[row.guardian_id],
              "pupil": pupils[row.pupil_id], "is_asked": _is_asked(marks, row)}
             for row, names in _with_names(uow, _sort(uow, evening_id, rows))]
    return {"evening": evening, "items": sorted(items, key=lambda item: (
        item["staff"]["family_name"], item["staff"]["given_name"], item["staff"]["id"]))}


def _names(uow: UnitOfWork, table: sa.Subquery, rows: Sequence[Waiting], field: str) -> dict[str, dict[str, str]]:
    """Each of these people by name; without one where nobody has said it yet."""
    ids = {str(getattr(row, field)) for row in rows}
    found = {row.id: {"id": row.id, "given_name": row.given_name, "family_name": row.family_name} for row in uow.rows(
        sa.select(table).where(table.c.school_id == uow.school, table.c.id.in_(ids)))}
    return {one: found.get(one, {"id": one, "given_name": "", "family_name": ""}) for one in ids}


def show_waiting(uow: UnitOfWork, row: Waiting) -> dict[str, Any]:
    [(_row, names)] = _with_names(uow, [row])
    return _waiting_item(row, None, names)


def show_offer(uow: UnitOfWork, row: Offer) -> dict[str, Any]:
    """An offer as its adult sees it; NotFound once they may book for the child no longer."""
    if row.pupil_id not in people.list_bookable(uow, row.guardian_id):
        raise NotFound()
    [(_row, names)] = _with_names(uow, [row])
    waiting, evening = get_waiting(uow, row.waiting_id, None), evenings.find_evening(uow, row.evening_id)
    has = [one for one in appointments.list_of_adults(uow, row.evening_id, [row.guardian_id])
           if (one.pupil_id, one.staff_id) == (row.pupil_id, row.staff_id) and one.starts_at > uow.now]
    return {"id": row.id, "state": row.state, **names, "evening": evenings.evening_item(evening),
            "starts_at": row.starts_at, "ends_at": row.ends_at, "expires_at": row.expires_at, "how": waiting.how,
            "room": next((one.room for one in evenings.list_seats(uow, row.slot_ids[:1]).values()), ""),
            "waits": waiting.state == "waiting", "appointment_id": row.appointment_id,
            "instead_of": has[0].starts_at if has and row.state == "open" else None}


def _waiting_item(row: Waiting, offer: Offer | None, names: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row.id, "evening_id": row.evening_id, "state": row.state, "instead_of": row.instead_of,
            "earliest": row.earliest, "latest": row.latest, "how": row.how, "needs": row.needs, "since": row.since,
            "offer": {"id": offer.id, "starts_at": offer.starts_at, "expires_at": offer.expires_at} if offer else None,
            **names}


def _with_names(uow: UnitOfWork, rows: Collection[Any]) -> list[tuple[Any, dict[str, Any]]]:
    """Each row, with its child and teacher by name."""
    pupil = people.pupil_names()
    given = {one.id: one.given_name for one in uow.rows(sa.select(pupil.c.id, pupil.c.given_name).where(
        pupil.c.school_id == uow.school, pupil.c.id.in_({row.pupil_id for row in rows})))}
    staff = wishes.list_names(uow, {row.staff_id for row in rows})
    return [(row, {"pupil": {"id": row.pupil_id, "given_name": given.get(row.pupil_id, "")},
                   "staff": staff[row.staff_id]}) for row in rows]
