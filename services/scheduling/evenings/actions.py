"""What can be done with evenings: set one up, open it to families, change it, and call it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid
from chassis.timers import clear_timers, set_timer
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
from services.scheduling.evenings.events import evening_cancelled, evening_changed, evening_moved, evening_opened
from services.scheduling.evenings.inviting import (
    Invited,
    add_newcomers,
    find_invite_faults,
    list_teachers_of,
    set_invited,
    write_invited,
)
from services.scheduling.evenings.mending import (
    NewTimes,
    SatSlot,
    find_new_times,
    move_rooms,
    require_room,
    set_new_times,
)
from services.scheduling.evenings.models import BlockStaff, Evening, Slot
from services.scheduling.evenings.moving import move_evening, require_movable
from services.scheduling.evenings.queries import SHOWN, list_invited
from services.scheduling.evenings.rules import (
    WALKS,
    EveningTimes,
    Rhythm,
    find_aim_faults,
    find_faults,
    find_respond_faults,
    find_walk_faults,
    morning_after,
)
from services.scheduling.evenings.seating import list_seated
from services.scheduling.itineraries import actions as itineraries
from services.scheduling.people import queries as people
from services.scheduling.solver.queries import in_order
from services.scheduling.waitlist import actions as waitlist
from services.scheduling.wishes import actions as wishes

__all__ = ["CopyEvening", "Invited", "NewTimes", "Rhythm", "SatSlot", "WantedBlock", "add_block", "change_block",
           "copy_evening", "find_new_times", "hold_evening", "lose_slots", "move_rooms", "note_change", "remove_block",
           "replace_block_slots", "require_changeable", "require_room", "set_invited", "set_new_times"]

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
    walks: tuple[int, int] = WALKS


@dataclass(frozen=True, slots=True)
class ChangeEvening:
    """What may be different about an evening that is there; of what is None nothing is."""

    title: str
    place: str
    respond_by: date
    aims: Sequence[str]
    walk_room_minutes: int | None = None
    walk_site_minutes: int | None = None
    on: date | None = None
    start: time | None = None
    end: time | None = None

    def walks_of(self, evening: Evening) -> tuple[int, int]:
        return (evening.walk_room_minutes if self.walk_room_minutes is None else self.walk_room_minutes,
                evening.walk_site_minutes if self.walk_site_minutes is None else self.walk_site_minutes)

    def times_of(self, evening: Evening) -> EveningTimes:
        return EveningTimes(self.on or evening.held_on, self.start or time.fromisoformat(evening.from_time),
                            self.end or time.fromisoformat(evening.to_time), evening.slot_minutes, self.respond_by)


def open_evening(uow: UnitOfWork, wanted: OpenEvening) -> Evening:
    """A new evening with a block for each teacher of those invited; Invalid says what stands in the way.

    A draft is the office's alone until it is opened.
    """
    _, zone = people.get_school(uow)
    times = wanted.times
    faults = (find_faults(times, zone, uow.now) | find_aim_faults(wanted.aims)
              | find_invite_faults(uow, wanted.invited) | find_walk_faults(*wanted.walks))
    if faults:
        raise Invalid(" ".join(faults.values()), faults)
    evening = Evening(
        id=new_id(), title=wanted.title, held_on=times.on, from_time=f"{times.start:%H:%M}",
        to_time=f"{times.end:%H:%M}", slot_minutes=times.slot_minutes, respond_by_on=times.respond_by,
        place=wanted.place, starts_at=times.starts_at(zone), ends_at=times.ends_at(zone), way=wanted.way,
        state="draft", aims=list(in_order(wanted.aims)), years=[], copied_from=None, version=1,
        walk_room_minutes=wanted.walks[0], walk_site_minutes=wanted.walks[1])
    uow.add(evening)
    write_invited(uow, evening, wanted.invited)
    add_usual_blocks(uow, evening, list_teachers_of(uow, wanted.invited))
    uow.flush()
    if not wanted.is_draft:
        _announce(uow, evening)
    return evening


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
    _watch_end(uow, evening)
    uow.record(evening_opened(evening, list_invited(uow, evening.id)))


def _watch_end(uow: UnitOfWork, evening: Evening) -> None:
    """On the morning after it we look back at it."""
    clear_timers(uow, EVENING_OVER, evening.id)
    set_timer(uow, EVENING_OVER, evening.id, morning_after(evening.ends_at, people.get_school(uow)[1]))


def mark_planned(uow: UnitOfWork, evening_id: str, aims: Sequence[str]) -> Evening:
    """Its plan has been published: from now on families change their times as where they choose them themselves.

    `aims`: what the plan sought, in that order. It is what families are shown from now on.
    """
    evening = hold_evening(uow, evening_id)
    if evening.state not in SHOWN or evening.way != "plan":
        raise Conflict("This evening has no plan to publish.")
    evening.state, evening.aims = "planned", list(in_order(aims))
    evening.version += 1
    uow.flush()
    return evening


def change_evening(uow: UnitOfWork, evening_id: str, wanted: ChangeEvening, version: int) -> Evening:
    """Another name, place, last day to answer, order of aims, minutes to walk; or another day and other hours.

    Families who have a time are told of another place, and all who are invited of another day or other hours; Stale
    when a colleague was faster.
    """
    evening = hold_evening(uow, evening_id)
    require_version(evening, version)
    require_changeable(uow, evening)
    times, walks = wanted.times_of(evening), wanted.walks_of(evening)
    is_moved = (times.on, f"{times.start:%H:%M}", f"{times.end:%H:%M}") != (
        evening.held_on, evening.from_time, evening.to_time)
    if is_moved:
        require_movable(evening)
    faults = find_aim_faults(wanted.aims) | find_walk_faults(*walks)
    if is_moved:
        faults |= find_faults(times, people.get_school(uow)[1], uow.now)
    elif wanted.respond_by != evening.respond_by_on:
        faults |= find_respond_faults(wanted.respond_by, evening.held_on, people.today_here(uow))
    if faults:
        raise Invalid(" ".join(faults.values()), faults)
    was = (evening.held_on, evening.starts_at, evening.ends_at)
    new = {"title": wanted.title, "place": wanted.place, "respond_by_on": wanted.respond_by,
           "aims": list(in_order(wanted.aims)), "walk_room_minutes": walks[0], "walk_site_minutes": walks[1]}
    changed = [name for name, value in new.items() if getattr(evening, name) != value]
    for name in changed:
        setattr(evening, name, new[name])
    changed += move_evening(uow, evening, times) if is_moved else []
    if changed:
        evening.version += 1
        uow.flush()
        _tell_changed(uow, evening, [name.removesuffix("_on") for name in changed], was)
    return evening


def _tell_changed(uow: UnitOfWork, evening: Evening, changed: Sequence[str],
                  was: tuple[date, datetime, datetime]) -> None:
    """Of a draft nobody knows. `was`: the day it was on, and from when to when."""
    if evening.state == "draft":
        return
    if "place" in changed:
        slots = uow.all(sa.select(Slot.id).where(Slot.evening_id == evening.id))
        relocate(uow, slots, place=evening.place)
    uow.record(evening_changed(evening, changed))
    if (evening.starts_at, evening.ends_at) != was[1:]:
        wishes.look_again(uow, evening.id, evening.held_on != was[0])
        _watch_end(uow, evening)
        evening.version += 1
        uow.record(evening_moved(evening, was[0], list_invited(uow, evening.id), list_seated(uow, evening.id)))


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
