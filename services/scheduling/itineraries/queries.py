"""What can be asked about itineraries: which one is held, and what would fit best now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.errors import Conflict, NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments import queries as appointments
from services.scheduling.evenings import queries as evenings
from services.scheduling.itineraries.models import Itinerary, ItineraryTalk
from services.scheduling.itineraries.rules import (
    MOST_EXTENSIONS,
    Frame,
    Limits,
    find_faults,
    is_within,
    list_windows,
)
from services.scheduling.people import queries as people
from services.scheduling.people.queries import Family
from services.scheduling.resources import queries as resources
from services.scheduling.solver.queries import Desk, Party, Problem, Slot, Wish, fit
from services.scheduling.wishes import queries as wishes

IN_PERSON, STEP_FREE, LONGER, PLEASE_COME = "in-person", "step-free", "longer", "please-come"
ME = "me"
Pair = tuple[str, str]
Run = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an adult asks for at an evening: with which teachers (by child, most wanted first), when and how."""

    evening_id: str
    guardian_id: str
    pairs: Sequence[Pair]
    limits: Limits
    how: str | None
    needs: Sequence[str]


def read_frame(uow: UnitOfWork, evening: Mapping[str, Any]) -> Frame:
    """When an evening is, at the school."""
    return Frame(evening["on"], evening["starts_at"], evening["ends_at"], people.get_school(uow)[1])


def list_fitting(uow: UnitOfWork, evening: Mapping[str, Any], limits: Limits,
                 runs: Sequence[Run]) -> list[Run]:
    """Those times at which an adult with these limits can come."""
    windows = list_windows(limits, read_frame(uow, evening))
    return [run for run in runs if is_within(windows, run[0].starts_at, run[-1].ends_at)]


def find_limit_faults(uow: UnitOfWork, evening: Mapping[str, Any], limits: Limits) -> dict[str, str]:
    return find_faults(limits, read_frame(uow, evening))


@dataclass(frozen=True, slots=True)
class Found:
    """A talk that fits: about whom, on which slots, and how the adult comes to it. An interpreter walks to where the
    teacher sits, also for a call."""

    pupil_id: str
    slots: Run
    how: str
    interpreted: bool = False

    @property
    def walks_as(self) -> str:
        """How who has to walk longest comes to it."""
        return IN_PERSON if self.interpreted and IN_PERSON in self.slots[0].ways else self.how


def find_evening_of(uow: UnitOfWork, wanted: Wanted, families: Mapping[str, Family],
                    apart: Sequence[Pair]) -> list[Found]:
    """The most of what is asked, as close together as can be, of what is free now."""
    evening = evenings.get_evening(uow, wanted.evening_id, evenings.Reader(bookable=list(families)))
    frame = read_frame(uow, evening)
    windows, diary = list_windows(wanted.limits, frame), appointments.read_diary(uow, [wanted.guardian_id], apart)
    mine = list_mine(uow, wanted.evening_id, wanted.guardian_id)
    had = {(row.pupil_id, row.staff_id) for row in mine}
    free: dict[Pair, list[Found]] = {pair: [] for pair in wanted.pairs if pair not in had}
    if not free:
        raise Conflict("There is a time with each of them already.")
    units, walks = Units(uow, wanted.evening_id, wanted.needs), appointments.walks_of(uow, wanted.evening_id)
    for pupil_id, family in families.items():
        staff_ids = [staff_id for about, staff_id in free if about == pupil_id]
        runs = appointments.list_free_runs(uow, wanted.evening_id, pupil_id, staff_ids, 1 + (LONGER in wanted.needs))
        for run in runs:
            how = _find_way(wanted, run[0], family[wanted.guardian_id].may_attend)
            time = (run[0].starts_at, run[-1].ends_at)
            if (how and units.are_free(run) and is_within(windows, *time)
                    and not appointments.find_clash(diary, wanted.guardian_id, time)
                    and appointments.can_walk(diary, wanted.guardian_id, appointments.plan_visit(run, how, walks))):
                free[pupil_id, run[0].staff_id].append(Found(pupil_id, run, how, units.walk))
    urgent = _list_urgent(uow, wanted.evening_id, list(families))
    problem = replace(_pose(frame, free, mine, urgent), walk_room=walks.room, walk_site=walks.site)
    places = {_key(one): one for found in free.values() for one in found}
    return [places[talk.slots[0]] for talk in fit(problem, ME) if talk.slots[0] in places]


def find_same(uow: UnitOfWork, wanted: Wanted, families: Mapping[str, Family],
              before: Sequence[ItineraryTalk]) -> list[Found]:
    """The very talks that were held, if this adult can have all of them still; whether they are free is not asked."""
    diary, found = appointments.read_diary(uow, [wanted.guardian_id]), list[Found]()
    walks, had = appointments.walks_of(uow, wanted.evening_id), {(row.pupil_id, row.staff_id) for row in list_mine(
        uow, wanted.evening_id, wanted.guardian_id)}
    for talk in before:
        run = tuple(appointments.find_wanted_slots(uow, wanted.evening_id, talk.pupil_id, talk.slot_ids[0],
                                                   len(talk.slot_ids)))
        how = _find_way(wanted, run[0], families[talk.pupil_id][wanted.guardian_id].may_attend) if run else ""
        if (not how or len(run) < len(talk.slot_ids) or run[0].starts_at <= uow.now
                or (talk.pupil_id, talk.staff_id) in had
                or appointments.find_clash(diary, wanted.guardian_id, (run[0].starts_at, run[-1].ends_at))
                or not appointments.can_walk(diary, wanted.guardian_id, appointments.plan_visit(run, how, walks))):
            return []
        found.append(Found(talk.pupil_id, run, how))
    return found


def _find_way(wanted: Wanted, slot: Any, may_attend: bool) -> str:
    """How this adult would come to that slot; '' if they cannot come as they ask."""
    ways = appointments.find_ways(may_attend, slot.ways)
    how = wanted.how or ways[0]
    return how if how in ways else ""


class Units:
    """What there is of what is needed, and what is in use when and where."""

    def __init__(self, uow: UnitOfWork, evening_id: str, needs: Sequence[str]):
        self._needs = needs
        self._stock = resources.read_stock(uow, evening_id) if needs else None
        self.walk = any(resources.moves(need) for need in needs)

    def are_free(self, run: Run) -> bool:
        return self._stock is None or all(
            (need == STEP_FREE and run[0].is_step_free)
            or self._stock.find(need, run[0].starts_at, run[-1].ends_at, run[0]) is not None for need in self._needs)


def _list_urgent(uow: UnitOfWork, evening_id: str, pupil_ids: Collection[str]) -> set[Pair]:
    """The pairs of whom a teacher has said: please come."""
    return {(pupil_id, staff_id) for pupil_id, marks in wishes.list_marks(uow, evening_id, pupil_ids).items()
            for staff_id, mark in marks.items() if mark.mark == PLEASE_COME}


def _key(one: Found) -> str:
    return f"{one.slots[0].id}:{one.pupil_id}"


def _pose(frame: Frame, free: Mapping[Pair, Sequence[Found]], mine: Sequence[Any], urgent: Collection[Pair]) -> Problem:
    """The evening of one adult as a problem: what may be for each pair, and what they have already."""
    def minute(instant: datetime) -> int:
        return int((instant - frame.starts_at).total_seconds() // 60)

    def desk(key: str, slots: Sequence[Slot], row: Any, how: str, name: str) -> Desk:
        spot = appointments.find_spot(row, how)
        return Desk(key, tuple(slots), spot.room, spot.site, name)

    desks, asked = [], []
    for rank, ((pupil_id, staff_id), found) in enumerate(free.items(), 1):
        blocks: dict[str, list[Found]] = {}
        for one in found:
            blocks.setdefault(one.slots[0].block_id, []).append(one)
        name = f"{pupil_id}:{staff_id}"
        desks += [desk(f"{block_id}:{pupil_id}", [
            Slot(_key(one), minute(one.slots[0].starts_at), minute(one.slots[-1].ends_at)) for one in some],
            some[0].slots[0], some[0].walks_as, name) for block_id, some in blocks.items()]
        asked.append(Wish(name, ME, pupil_id, name, rank, (pupil_id, staff_id) in urgent))
    for row in mine:
        desks.append(desk(row.id, [Slot(row.id, minute(row.starts_at), minute(row.ends_at))], row, row.how, row.id))
        asked.append(Wish(row.id, ME, row.pupil_id, row.id, 1, pinned=row.id))
    whole = (minute(frame.starts_at) - 1, minute(frame.ends_at) + 1)
    return Problem(tuple(desks), (Party(ME, (ME,), (whole,)),), tuple(asked))


def list_mine(uow: UnitOfWork, evening_id: str, guardian_id: str) -> Sequence[Any]:
    """What this adult has at that evening already."""
    return appointments.list_of_adults(uow, evening_id, [guardian_id])


def get_itinerary(uow: UnitOfWork, itinerary_id: str, guardian_id: str | None) -> Itinerary:
    """The row; NotFound if there is none, or if it is another adult's (None: the office asks)."""
    found: Itinerary | None = uow.get(Itinerary, itinerary_id)
    if found is None or guardian_id not in (None, found.guardian_id):
        raise NotFound()
    return found


def list_talks(uow: UnitOfWork, itinerary_id: str) -> Sequence[ItineraryTalk]:
    """What is held, or was, by time."""
    return uow.all(sa.select(ItineraryTalk).where(ItineraryTalk.itinerary_id == itinerary_id)
                   .order_by(ItineraryTalk.starts_at))


def list_items(uow: UnitOfWork, evening_id: str, guardian_id: str) -> list[dict[str, Any]]:
    """The newest itinerary of an adult at an evening, if it can still be had."""
    evenings.get_evening(uow, evening_id, evenings.read_as_guardian(uow, guardian_id))
    rows = uow.all(sa.select(Itinerary.id).where(
        Itinerary.evening_id == evening_id, Itinerary.guardian_id == guardian_id).order_by(
        Itinerary.changed_at.desc(), Itinerary.id.desc()).limit(1))
    return [show_itinerary(uow, get_itinerary(uow, itinerary_id, guardian_id)) for itinerary_id in rows]


def show_itinerary(uow: UnitOfWork, row: Itinerary) -> dict[str, Any]:
    """An itinerary as its adult sees it: nothing of a child for whom they may book no longer."""
    bookable = set(people.list_bookable(uow, row.guardian_id))
    children = [one for one in row.children if one["pupil_id"] in bookable]
    if not children:
        raise NotFound()
    talks = [talk for talk in list_talks(uow, row.id) if talk.pupil_id in bookable]
    names = _Names(uow, [one["pupil_id"] for one in children], [
        *(staff_id for one in children for staff_id in one["staff_ids"]), *(talk.staff_id for talk in talks)])
    met = {(talk.pupil_id, talk.staff_id) for talk in talks} | {
        (mine.pupil_id, mine.staff_id) for mine in list_mine(uow, row.evening_id, row.guardian_id)}
    left = max(0, int((row.held_until - uow.now).total_seconds())) if row.state == "held" else 0
    return {
        "id": row.id, "evening_id": row.evening_id, "guardian_id": row.guardian_id, "state": row.state,
        "held_until": row.held_until, "seconds_left": left, "extensions_left": MOST_EXTENSIONS - row.extended,
        "children": children, "earliest": row.earliest, "latest": row.latest, "not_times": row.not_times,
        "how": row.how, "call_on": row.call_on, "needs": row.needs,
        "talks": [{"appointment_id": talk.appointment_id, "pupil": names.pupil(talk.pupil_id),
                   "staff": names.staff[talk.staff_id], "starts_at": talk.starts_at, "ends_at": talk.ends_at,
                   "how": talk.how, "room": talk.room}
                  for talk in talks],
        "unmet": [{"pupil": names.pupil(pupil_id), "staff": names.staff[staff_id], "is_full": not runs}
                  for pupil_id, staff_id, runs in _list_unmet(uow, row, children, met)]}


def _list_unmet(uow: UnitOfWork, row: Itinerary, children: Sequence[Any],
                met: Collection[Pair]) -> list[tuple[str, str, Sequence[Run]]]:
    """Whom they wished to see and will not, and what is still free there."""
    return [(one["pupil_id"], staff_id, appointments.list_free_runs(
        uow, row.evening_id, one["pupil_id"], [staff_id], 1)) for one in children for staff_id in one["staff_ids"]
        if (one["pupil_id"], staff_id) not in met]


class _Names:
    """Children by given name, and staff."""

    def __init__(self, uow: UnitOfWork, pupil_ids: Collection[str], staff_ids: Collection[str]):
        pupil = people.pupil_names()
        self.staff = wishes.list_names(uow, set(staff_ids))
        self._given = {row.id: row.given_name for row in uow.rows(sa.select(pupil.c.id, pupil.c.given_name).where(
            pupil.c.school_id == uow.school, pupil.c.id.in_(pupil_ids)))}

    def pupil(self, pupil_id: str) -> dict[str, str]:
        return {"id": pupil_id, "given_name": self._given.get(pupil_id, "")}


def require_open(evening: Mapping[str, Any]) -> None:
    """Where all times are made at once, nobody chooses one before that."""
    if evening["way"] == "plan" and evening["state"] != "planned":
        raise Conflict("Times are not chosen for this evening yet. Families say what they wish, and everybody's times "
                       "are made at once.")
