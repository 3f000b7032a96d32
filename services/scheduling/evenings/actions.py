"""What can be done with evenings: set one up, open it to families, change it, and call it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid
from chassis.timers import set_timer
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.actions import release_evening, relocate
from services.scheduling.evenings.blocks import (
    WantedBlock,
    add_block,
    add_usual_blocks,
    change_block,
    hold_evening,
    lose_slots,
    note_change,
    remove_block,
    replace_block_slots,
    require_changeable,
    require_version,
)
from services.scheduling.evenings.copying import CopyEvening, copy_evening
from services.scheduling.evenings.events import evening_cancelled, evening_changed, evening_opened
from services.scheduling.evenings.inviting import (
    Invited,
    add_newcomers,
    find_invite_faults,
    list_teachers_of,
    set_invited,
    write_invited,
)
from services.scheduling.evenings.models import BlockStaff, Evening, Slot
from services.scheduling.evenings.queries import SHOWN, list_invited
from services.scheduling.evenings.rules import (
    AIMS,
    EveningTimes,
    Rhythm,
    find_aim_faults,
    find_faults,
    find_respond_faults,
    morning_after,
)
from services.scheduling.evenings.seating import list_seated
from services.scheduling.itineraries import actions as itineraries
from services.scheduling.people import queries as people
from services.scheduling.waitlist import actions as waitlist
from services.scheduling.wishes import actions as wishes

__all__ = ["CopyEvening", "Invited", "Rhythm", "WantedBlock", "add_block", "change_block", "copy_evening",
           "hold_evening", "lose_slots", "note_change", "remove_block", "replace_block_slots", "require_changeable",
           "set_invited"]

EVENING_OVER = "evening-over"


@dataclass(frozen=True, slots=True)
class OpenEvening:
    """What the office says about a new evening."""

    title: str
    place: str
    invited: Invited
    times: EveningTimes
    way: str = "book"
    aims: Sequence[str] = ()
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class ChangeEvening:
    """What may be different about an evening that is there."""

    title: str
    place: str
    respond_by: date
    aims: Sequence[str]


def open_evening(uow: UnitOfWork, wanted: OpenEvening) -> Evening:
    """A new evening with a block for each teacher of those invited; Invalid says what stands in the way.

    A draft is the office's alone until it is opened.
    """
    _, zone = people.get_school(uow)
    times = wanted.times
    faults = (find_faults(times, zone, uow.now) | find_aim_faults(wanted.aims)
              | find_invite_faults(uow, wanted.invited))
    if faults:
        raise Invalid(" ".join(faults.values()), faults)
    evening = Evening(
        id=new_id(), title=wanted.title, held_on=times.on, from_time=f"{times.start:%H:%M}",
        to_time=f"{times.end:%H:%M}", slot_minutes=times.slot_minutes, respond_by_on=times.respond_by,
        place=wanted.place, starts_at=times.starts_at(zone), ends_at=times.ends_at(zone), way=wanted.way,
        state="draft", aims=_in_order(wanted.aims), years=[], copied_from=None, version=1)
    uow.add(evening)
    write_invited(uow, evening, wanted.invited)
    add_usual_blocks(uow, evening, list_teachers_of(uow, wanted.invited))
    uow.flush()
    if not wanted.is_draft:
        _announce(uow, evening)
    return evening


def _in_order(aims: Sequence[str]) -> list[str]:
    """All aims: those that the school has put in order, and then the rest as usual."""
    return list(dict.fromkeys((*aims, *AIMS)))


def open_draft(uow: UnitOfWork, evening_id: str) -> Evening:
    """Let families see it, and tell those who are invited. Conflict, and it stays a draft, where it cannot be held."""
    evening = hold_evening(uow, evening_id)
    if evening.state != "draft":
        raise Conflict("This evening is not a draft any more.")
    if evening.starts_at <= uow.now:
        raise Conflict("The start of this evening has gone by. Copy it to a new day instead.")
    add_newcomers(uow, evening)
    faults = find_respond_faults(evening.respond_by_on, evening.held_on, people.today_here(uow))
    if faults:
        raise Conflict(" ".join(faults.values()))
    if not uow.rows(sa.select(Slot.id).where(Slot.evening_id == evening_id).limit(1)):
        raise Conflict("Nobody has a time yet. Add teachers before families are told.")
    if not list_invited(uow, evening_id):
        raise Conflict("Nobody is invited yet. Choose classes or years before families are told.")
    evening.version += 1
    _announce(uow, evening)
    return evening


def _announce(uow: UnitOfWork, evening: Evening) -> None:
    """Families may see it from now on, and those who are invited are told."""
    evening.state = "open"
    uow.flush()
    set_timer(uow, EVENING_OVER, evening.id, morning_after(evening.ends_at, people.get_school(uow)[1]))
    uow.record(evening_opened(evening, list_invited(uow, evening.id)))


def mark_planned(uow: UnitOfWork, evening_id: str) -> Evening:
    """Its plan has been published: from now on families change their times as where they choose them themselves."""
    evening = hold_evening(uow, evening_id)
    if evening.state not in SHOWN or evening.way != "plan":
        raise Conflict("This evening has no plan to publish.")
    evening.state = "planned"
    evening.version += 1
    uow.flush()
    return evening


def change_evening(uow: UnitOfWork, evening_id: str, wanted: ChangeEvening, version: int) -> Evening:
    """Another name, place, last day to answer, or order of aims.

    Families who have a time are told of another place; Stale when a colleague was faster.
    """
    evening = hold_evening(uow, evening_id)
    require_version(evening, version)
    require_changeable(uow, evening)
    faults = find_aim_faults(wanted.aims)
    if wanted.respond_by != evening.respond_by_on:
        faults |= find_respond_faults(wanted.respond_by, evening.held_on, people.today_here(uow))
    if faults:
        raise Invalid(" ".join(faults.values()), faults)
    new = {"title": wanted.title, "place": wanted.place, "respond_by_on": wanted.respond_by,
           "aims": _in_order(wanted.aims)}
    changed = [name for name, value in new.items() if getattr(evening, name) != value]
    if not changed:
        return evening
    for name in changed:
        setattr(evening, name, new[name])
    evening.version += 1
    uow.flush()
    if evening.state != "draft":
        if "place" in changed:
            slots = uow.all(sa.select(Slot.id).where(Slot.evening_id == evening_id))
            relocate(uow, slots, place=evening.place)
        uow.record(evening_changed(evening, [name.removesuffix("_on") for name in changed]))
    return evening


def cancel_evening(uow: UnitOfWork, evening_id: str) -> Evening:
    """Call it off before it begins: all times are given back and all who knew of it are told. Of a draft nobody knew.

    What is held, offered, waited for and wished there ends with it.
    The teachers' rows are locked as by who books: nobody has a time of it afterwards.
    """
    evening = hold_evening(uow, evening_id)
    if evening.state == "cancelled":
        return evening
    if evening.starts_at <= uow.now:
        raise Conflict("This evening has begun, so it cannot be cancelled.")
    itineraries.release_evening(uow, evening_id)  # before the teachers, as by who books what is held or offered
    waitlist.release_evening(uow, evening_id)
    wishes.forget_evening(uow, evening_id)
    for staff_id in sorted(uow.all(sa.select(BlockStaff.staff_id).where(
            BlockStaff.evening_id == evening_id).distinct())):
        people.hold_staff(uow, staff_id)
    was_draft = evening.state == "draft"
    evening.state = "cancelled"
    evening.version += 1
    uow.flush()
    if not was_draft:
        release_evening(uow, evening_id)
        uow.record(evening_cancelled(evening, list_invited(uow, evening_id), list_seated(uow, evening_id)))
    return evening
