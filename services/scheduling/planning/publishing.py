"""A plan becomes appointments: all is asked once more in one transaction, and everybody is told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.errors import Conflict, Stale
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.actions import bulk
from services.scheduling.evenings.actions import hold_evening, mark_planned
from services.scheduling.evenings.queries import list_sat_slots
from services.scheduling.people import queries as people
from services.scheduling.planning.actions import require_plannable
from services.scheduling.planning.building import Seats, read_seats
from services.scheduling.planning.events import itinerary_planned, plan_published
from services.scheduling.planning.models import Plan, PlanWish
from services.scheduling.planning.queries import get_plan
from services.scheduling.planning.rules import pick_way
from services.scheduling.planning.units import Need, share_units
from services.scheduling.resources.actions import Use, hold_resources, use_units
from services.scheduling.sharing.queries import list_companions
from services.scheduling.tables import table_of
from services.scheduling.waitlist.actions import join_unmet
from services.scheduling.wishes.queries import PlanWish as Wish
from services.scheduling.wishes.queries import list_wishes_for_plan

TAKEN, NOT_NOW, WITHDRAWN, NEED_TAKEN = "taken-since", "not-now", "withdrawn", "need-taken"


@dataclass(frozen=True, slots=True)
class Now:
    """How things stand at this moment, while nobody can change them."""

    wishes: Mapping[str, Wish]
    families: Mapping[str, people.Family]
    apart: Sequence[tuple[str, str]]
    seats: Seats

    def may_book(self, pupil_id: str, guardian_id: str) -> bool:
        rights = self.families[pupil_id].get(guardian_id)
        return rights is not None and rights.may_book


def publish_plan(uow: UnitOfWork, plan_id: str, version: int) -> Plan:
    """Make the plan everybody's times; what cannot stand any more is left out, with a reason.

    Stale if the evening is not of this version; Conflict while families may still say what they wish, or when wishes
    have come since the plan was made.
    """
    plan = get_plan(uow, plan_id, hold=True)
    evening = hold_evening(uow, plan.evening_id)
    if evening.version != version:
        raise Stale("This evening was changed after you opened it.")
    require_plannable(uow, evening)
    if plan.state != "ready":
        raise Conflict("This plan is not ready to be published.")
    if people.today_here(uow) <= evening.respond_by_on:
        raise Conflict("Families may still say what they wish, so this plan is a trial. Make it again once the last "
                       "day for wishes is over.")
    rows = uow.all(sa.select(PlanWish).where(PlanWish.plan_id == plan_id).order_by(PlanWish.rank, PlanWish.wish_id))
    now = _look(uow, evening, rows)
    there = {slot.id for slot in list_sat_slots(uow, evening.id)}
    if not there.issuperset(key for row in rows for key in row.slot_ids):
        raise Conflict("The times of this evening have changed since this plan was made. Make it again: it takes "
                       "seconds.")
    if set(now.wishes) - {row.wish_id for row in rows}:
        raise Conflict("Somebody has said what they wish since this plan was made. Make it again: it takes seconds.")
    reasons: dict[str, str] = {}
    wanted = list(_list_wanted(uow, evening, rows, (now, reasons)))
    shared = share_units(uow, evening.id, [
        Need(one.id, one.span.starts_at, one.span.ends_at, now.seats.lacking(one.staff_id, one.needs),
             now.seats.slots[one.slots[0].id])
        for one in wanted])
    reasons |= {one.id: NEED_TAKEN for one in wanted if one.id not in shared}
    stood = bulk.book_many(uow, [one for one in wanted if one.id in shared], now.apart)
    use_units(uow, evening.id, [
        Use(unit, stood[one.id].appointment_id, one.span.starts_at, one.span.ends_at)
        for one in wanted if one.id in stood for unit in shared[one.id]])
    _note(uow, plan, rows, (stood, reasons))
    mark_planned(uow, evening.id, plan.aims)
    join_unmet(uow, evening.id)
    _announce(uow, evening, plan, (rows, now, {one.id: one for one in wanted}, stood))
    return plan


def _look(uow: UnitOfWork, evening: Any, rows: Sequence[PlanWish]) -> Now:
    """Lock the adults, who must not meet, and what is shared; then read: nothing of it changes before all is booked."""
    adults = {adult for row in rows for adult in (row.guardian_id, *row.adults)}
    people.hold_adults(uow, adults)
    apart = people.list_kept_apart(uow, adults, hold=True)
    hold_resources(uow, evening.id)
    wishes = list_wishes_for_plan(uow, evening.id).wishes
    return Now({wish.id: wish for wish in wishes}, people.list_families(uow, {row.pupil_id for row in rows}), apart,
               read_seats(uow, evening))


def _list_wanted(uow: UnitOfWork, evening: Any, rows: Iterable[PlanWish],
                 to: tuple[Now, dict[str, str]]) -> Iterable[bulk.Wanted]:
    """The talks that may stand now; of the others the reason is noted."""
    now, reasons = to
    talks: dict[str, list[PlanWish]] = defaultdict(list)
    for row in rows:
        if row.talk_id is not None:
            talks[row.talk_id].append(row)
    for talk_id, ones in talks.items():
        live = [row for row in ones if row.wish_id in now.wishes]
        slots = [now.seats.slots[key] for key in ones[0].slot_ids if key in now.seats.slots]
        coming = _list_coming(uow, live, now, slots[0]) if live and slots else ()
        if not live:
            gone = any(not now.may_book(row.pupil_id, row.guardian_id) for row in ones)
            reasons[talk_id] = NOT_NOW if gone else WITHDRAWN
        elif len(slots) < len(ones[0].slot_ids) or not coming:
            reasons[talk_id] = TAKEN
        else:
            needs = {need for row in live for need in now.wishes[row.wish_id].needs}
            times = tuple(bulk.SlotTime(slot.id, slot.starts_at, slot.ends_at) for slot in slots)
            yield bulk.Wanted(talk_id, evening.id, live[0].pupil_id, slots[0].staff_id, times, evening.place,
                              slots[0].room, slots[0].link, coming, tuple(sorted(needs)),
                              tuple(slots[0].beside))


def _list_coming(uow: UnitOfWork, live: Sequence[PlanWish], now: Now, slot: Any) -> tuple[bulk.Coming, ...]:
    """Who comes: whose wish it is first, then who comes along while all of them still wish it so."""
    pupil_id, first = live[0].pupil_id, live[0].guardian_id
    family = now.families[pupil_id]
    planned = [adult for adult in live[0].adults if now.may_book(pupil_id, adult)]
    if len(planned) > 1:
        together = set(list_companions(uow, pupil_id, family, now.apart))
        planned = [adult for adult in planned if adult == first or {first, adult} <= together]
    said = {row.guardian_id: now.wishes[row.wish_id] for row in live}
    return tuple(bulk.Coming(
        adult, pick_way(said[adult].how if adult in said else None, slot.ways, family[adult].may_attend),
        said[adult].call_on if adult in said else "") for adult in sorted(planned, key=lambda adult: adult != first))


def _note(uow: UnitOfWork, plan: Plan, rows: Sequence[PlanWish],
          results: tuple[Mapping[str, bulk.Stood], Mapping[str, str]]) -> None:
    """What became of each wish."""
    stood, reasons = results
    lost, table = 0, table_of(PlanWish)
    changes = []
    for row in rows:
        if row.talk_id is None:
            continue
        one = stood.get(row.talk_id)
        comes = one is not None and any(adult.guardian_id == row.guardian_id for adult in one.coming)
        lost += not comes
        changes.append({"its_id": row.wish_id, "its_appointment": one.appointment_id if one and comes else None,
                        "its_code": row.code if comes else reasons.get(row.talk_id, TAKEN)})
    if changes:
        uow.connection.execute(
            sa.update(table).where(table.c.school_id == uow.school, table.c.plan_id == plan.id,
                                   table.c.wish_id == sa.bindparam("its_id"))
            .values(appointment_id=sa.bindparam("its_appointment"), code=sa.bindparam("its_code")), changes)
    plan.state, plan.published_at = "published", uow.now
    plan.summary = {**plan.summary, "not_placed": lost, "booked": len(stood)}


def _announce(uow: UnitOfWork, evening: Any, plan: Plan,
              made: tuple[Sequence[PlanWish], Now, Mapping[str, bulk.Wanted], Mapping[str, bulk.Stood]]) -> None:
    """One fact to each adult who wished for something and may come, or who comes along; one about the whole."""
    rows, now, wanted, stood = made
    talks: dict[str, list[dict[str, Any]]] = defaultdict(list)
    pupils: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.wish_id in now.wishes:
            pupils[row.guardian_id].add(row.pupil_id)
    for key, one in sorted(stood.items(), key=lambda item: wanted[item[0]].span.starts_at):
        for adult in one.coming:
            pupils[adult.guardian_id].add(wanted[key].pupil_id)
            talks[adult.guardian_id].append(_talk(wanted[key], one.appointment_id, adult.how))
    uow.record(*(itinerary_planned(evening, adult, ones, talks[adult]) for adult, ones in sorted(pupils.items())),
               plan_published(evening, plan.id, {wanted[key].staff_id for key in stood}))


def _talk(wanted: bulk.Wanted, appointment_id: str, how: str) -> dict[str, Any]:
    return {"appointment_id": appointment_id, "pupil_id": wanted.pupil_id, "staff_id": wanted.staff_id,
            "starts_at": wanted.span.starts_at.isoformat(), "ends_at": wanted.span.ends_at.isoformat(), "how": how,
            "place": wanted.place, "room": wanted.room, "sequence": 0,
            **({"link": wanted.link} if wanted.link and how == "video" else {})}
