"""What can be done with itineraries: hold one, keep it, have more time, let it go, and take back what may not stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from chassis.timers import set_timer
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.actions import BookSlot, book_slot, bulk, take_needs
from services.scheduling.appointments.queries import find_spot
from services.scheduling.diaries.actions import Held, disengage, engage, hold_time, leave_places, time_of
from services.scheduling.evenings import queries as evenings
from services.scheduling.itineraries.models import Itinerary, ItineraryTalk
from services.scheduling.itineraries.queries import (
    IN_PERSON,
    Found,
    Wanted,
    find_evening_of,
    find_limit_faults,
    find_same,
    get_itinerary,
    list_talks,
    require_open,
)
from services.scheduling.itineraries.rules import HELD_FOR, MOST_EXTENSIONS, Limits, extend
from services.scheduling.people import queries as people
from services.scheduling.people.actions import Losses
from services.scheduling.people.queries import Family
from services.scheduling.resources.actions import free_units

LAPSE = "itinerary-lapse"
TRIES = 3  # so often is looked anew when others take what was found


@dataclass(frozen=True, slots=True)
class AskItinerary:
    """With which teachers about which children (most wanted first), when and how. Times as the school's clock says."""

    evening_id: str
    guardian_id: str
    children: Sequence[Mapping[str, Any]]
    limits: Limits
    how: str | None = None
    call_on: str = ""
    needs: Sequence[str] = ()

    @property
    def wanted(self) -> Wanted:
        pairs = [(one["pupil_id"], staff_id) for one in self.children for staff_id in one["staff_ids"]]
        return Wanted(self.evening_id, self.guardian_id, list(dict.fromkeys(pairs)), self.limits, self.how, self.needs)


def ask_itinerary(uow: UnitOfWork, asked: AskItinerary) -> Itinerary:
    """Hold the best evening that is free now, for five minutes; Conflict when nothing of it is.

    What this adult held at this evening before is given back first; when nothing is found it stays as it was.
    """
    families = _hold_families(uow, asked.guardian_id, [one["pupil_id"] for one in asked.children])
    _require_possible(uow, asked, families)
    release_evening(uow, asked.evening_id, Itinerary.guardian_id == asked.guardian_id)
    row = Itinerary(
        id=new_id(), evening_id=asked.evening_id, guardian_id=asked.guardian_id, children=[
            {"pupil_id": one["pupil_id"], "staff_ids": list(one["staff_ids"])} for one in asked.children],
        earliest=asked.limits.earliest, latest=asked.limits.latest,
        not_times=[list(one) for one in asked.limits.not_times], how=asked.how, call_on=asked.call_on,
        needs=list(asked.needs), state="held", held_until=uow.now, extended=0, changed_at=uow.now)
    uow.add(row)
    _hold_best(uow, row, asked.wanted, families)
    return row


def _hold_families(uow: UnitOfWork, guardian_id: str, pupil_ids: Collection[str]) -> dict[str, Family]:
    """The rights in each of these families, locked together in one order; NotFound unless this adult may book."""
    for pupil_id in pupil_ids:
        people.PERMISSIONS.require(uow, guardian_id, "book", pupil_id)
    everyone = {adult for family in people.list_families(uow, pupil_ids).values() for adult in family}
    people.hold_adults(uow, {*everyone, guardian_id})
    families = {pupil_id: people.hold_family(uow, pupil_id) for pupil_id in sorted(set(pupil_ids))}
    for family in families.values():
        people.require_booking(family, guardian_id)
    return families


def _require_possible(uow: UnitOfWork, asked: AskItinerary, families: Mapping[str, Family]) -> None:
    evening = evenings.get_evening(uow, asked.evening_id, evenings.Reader(bookable=list(families)))
    if {child["id"] for child in evening["pupils"]} != set(families):
        raise NotFound()
    require_open(evening)
    faults = find_limit_faults(uow, evening, asked.limits)
    if faults:
        raise Invalid(" ".join(faults.values()), faults)


def _hold_best(uow: UnitOfWork, row: Itinerary, wanted: Wanted, families: Mapping[str, Family]) -> None:
    """Hold what fits best; who comes second to one of the times looks anew."""
    apart = people.list_kept_apart(uow, [wanted.guardian_id], hold=True)
    for _try in range(TRIES):
        found = find_evening_of(uow, wanted, families, apart)
        if not found:
            raise Conflict("No time is free that fits all that was said. Choose other times or teachers, or wait for "
                           "a time to become free.")
        if _note_held(uow, row, _hold_all(uow, row, found)):
            return
    raise Conflict("Many families are choosing at this moment, and these times went to somebody else. Try again.")


def _note_held(uow: UnitOfWork, row: Itinerary, is_held: bool) -> bool:
    if is_held:
        row.state, row.held_until, row.extended, row.changed_at = "held", uow.now + HELD_FOR, 0, uow.now
        uow.flush()
        set_timer(uow, LAPSE, row.id, row.held_until)
    return is_held


def _hold_all(uow: UnitOfWork, row: Itinerary, found: Sequence[Found]) -> bool:
    """Whether all of it is held now; nothing is, if one of the times was taken meanwhile."""
    ids, sits = [new_id() for _one in found], {staff_id for one in found for staff_id in one.slots[0].beside}
    if sits:  # where several sit together no other order is one order for all
        bulk.hold_teachers(uow, sits | {one.slots[0].staff_id for one in found})
    with uow.connection.begin_nested() as part:
        for appointment_id, one in sorted(zip(ids, found, strict=True), key=lambda pair: pair[1].slots[0].staff_id):
            if not all(hold_time(uow, time_of(slot, appointment_id)) for slot in one.slots) or take_needs(
                    uow, appointment_id, one.slots, row.needs):
                part.rollback()
                return False
    for appointment_id, one in zip(ids, found, strict=True):
        first, last = one.slots[0], one.slots[-1]
        spot = find_spot(first, one.how)
        engage(uow, Held(first.id, appointment_id, first.staff_id, first.starts_at, last.ends_at), row.guardian_id,
               spot.room, spot.site)
    uow.insert(ItineraryTalk, [
        {"appointment_id": appointment_id, "itinerary_id": row.id, "guardian_id": row.guardian_id,
         "pupil_id": one.pupil_id, "staff_id": one.slots[0].staff_id, "slot_ids": [slot.id for slot in one.slots],
         "starts_at": one.slots[0].starts_at, "ends_at": one.slots[-1].ends_at, "room": one.slots[0].room,
         "how": one.how}
        for appointment_id, one in zip(ids, found, strict=True)])
    return True


def hold_again(uow: UnitOfWork, itinerary_id: str, guardian_id: str | None) -> Itinerary:
    """Ask once more with the same answers: the very times that were held if they are still free, or the best now.

    What is held still stays held as it is, and has no more time by this: for that there is `extend_itinerary`.
    """
    row = _hold_row(uow, itinerary_id, guardian_id)
    if row.state == "kept":
        raise Conflict("These times are booked already.")
    if row.state == "held" and row.held_until > uow.now:
        return row
    asked = AskItinerary(row.evening_id, row.guardian_id, row.children,
                         Limits(row.earliest, row.latest, row.not_times), row.how, row.call_on, row.needs)
    families = _hold_families(uow, row.guardian_id, [one["pupil_id"] for one in row.children])
    _require_possible(uow, asked, families)
    before = list_talks(uow, row.id)
    release_evening(uow, row.evening_id, Itinerary.guardian_id == row.guardian_id)
    same = find_same(uow, asked.wanted, families, before)
    for talk in before:
        uow.session.delete(talk)
    uow.flush()
    if not same or not _note_held(uow, row, _hold_all(uow, row, same)):
        _hold_best(uow, row, asked.wanted, families)
    return row


def _hold_row(uow: UnitOfWork, itinerary_id: str, guardian_id: str | None) -> Itinerary:
    """The itinerary as it is now; its adult does nothing else until this unit of work has ended."""
    row = get_itinerary(uow, itinerary_id, guardian_id)
    people.hold_adults(uow, [row.guardian_id])
    uow.session.refresh(row, with_for_update=True)
    return row


def _require_held(row: Itinerary) -> None:
    if row.state == "kept":
        raise Conflict("These times are booked already.")
    if row.state != "held":
        raise Conflict("These times are not held any more. All that was said is still here: ask once more.")


def extend_itinerary(uow: UnitOfWork, itinerary_id: str, guardian_id: str | None) -> Itinerary:
    """Five minutes more."""
    row = _hold_row(uow, itinerary_id, guardian_id)
    _require_held(row)
    if row.extended >= MOST_EXTENSIONS:
        raise Conflict("There is no more extra time. Others wait for these times: book them now, or let them go.")
    row.held_until, row.extended, row.changed_at = extend(row.held_until, uow.now), row.extended + 1, uow.now
    set_timer(uow, LAPSE, row.id, row.held_until)
    uow.flush()
    return row


def keep_itinerary(uow: UnitOfWork, itinerary_id: str, guardian_id: str | None) -> Itinerary:
    """All that is held is booked, or nothing. Keeping what is kept changes nothing."""
    row = get_itinerary(uow, itinerary_id, guardian_id)
    talks = list_talks(uow, row.id)
    if row.state != "kept":
        _hold_families(uow, row.guardian_id, [talk.pupil_id for talk in talks])
    row = _hold_row(uow, itinerary_id, guardian_id)
    if row.state == "kept":
        return row
    _require_held(row)
    talks = list_talks(uow, itinerary_id)
    leave_places(uow, [talk.appointment_id for talk in talks])
    bulk.hold_teachers(uow, {talk.staff_id for talk in talks})
    for talk in talks:
        book_slot(uow, BookSlot(row.evening_id, talk.pupil_id, talk.slot_ids[0], row.guardian_id, talk.how,
                                row.call_on, row.needs, talk.appointment_id, guardian_id is None))
        uow.flush()
    row.state, row.changed_at = "kept", uow.now
    uow.flush()
    return row


def let_go(uow: UnitOfWork, itinerary_id: str, guardian_id: str | None) -> Itinerary:
    """Give the times back. What is held no longer stays as it is."""
    row = _hold_row(uow, itinerary_id, guardian_id)
    if row.state == "held":
        _end(uow, row, "let-go")
        uow.flush()
    return row


def on_lapse(uow: UnitOfWork, itinerary_id: str) -> None:
    """The time has run out, unless there was more of it meanwhile."""
    row: Itinerary | None = uow.get(Itinerary, itinerary_id)
    if row is None:
        return
    people.hold_adults(uow, [row.guardian_id])
    uow.session.refresh(row, with_for_update=True)
    if row.state == "held" and row.held_until <= uow.now:
        _end(uow, row, "lapsed")
        uow.flush()


def _end(uow: UnitOfWork, row: Itinerary, state: str) -> None:
    _free(uow, list_talks(uow, row.id))
    row.state, row.changed_at = state, uow.now


def _free(uow: UnitOfWork, talks: Sequence[ItineraryTalk]) -> None:
    """Nothing is held for these any more."""
    disengage(uow, [talk.appointment_id for talk in talks])
    free_units(uow, [talk.appointment_id for talk in talks])


def release_losses(uow: UnitOfWork, losses: Losses) -> None:
    """Give back what is held by adults who may book no longer, or in person by those who may not come: told to none."""
    lost, absent = set(losses.book), set(losses.attend)
    _drop(uow, [talk for talk in _list_held(uow, ItineraryTalk.pupil_id.in_({pupil for pupil, _ in lost | absent}))
                if (talk.pupil_id, talk.guardian_id) in lost or (
                    talk.how == IN_PERSON and (talk.pupil_id, talk.guardian_id) in absent)] if lost | absent else [])


def release_pupils(uow: UnitOfWork, pupil_ids: Collection[str]) -> None:
    """Give back what is held for pupils who have left."""
    if pupil_ids:
        _drop(uow, _list_held(uow, ItineraryTalk.pupil_id.in_(pupil_ids)))


def release_evening(uow: UnitOfWork, evening_id: str, *conditions: sa.ColumnElement[bool]) -> None:
    """Give back all that is held at an evening, or what of it the conditions say; nobody is told of this."""
    for row in uow.all(sa.select(Itinerary).where(
            Itinerary.evening_id == evening_id, Itinerary.state == "held", *conditions).order_by(Itinerary.id)
            .with_for_update()):
        _end(uow, row, "let-go")
    uow.flush()


def release_near(uow: UnitOfWork, meeting_ids: Collection[str]) -> None:
    """Give back those of these talks that are held: they would bring two together who must not meet."""
    if meeting_ids:
        _drop(uow, _list_held(uow, ItineraryTalk.appointment_id.in_(meeting_ids)))


def _list_held(uow: UnitOfWork, condition: sa.ColumnElement[bool]) -> Sequence[ItineraryTalk]:
    return uow.all(sa.select(ItineraryTalk).join(Itinerary, sa.and_(
        Itinerary.school_id == ItineraryTalk.school_id, Itinerary.id == ItineraryTalk.itinerary_id)).where(
        condition, Itinerary.state == "held").order_by(ItineraryTalk.appointment_id))


def _drop(uow: UnitOfWork, talks: Sequence[ItineraryTalk]) -> None:
    """These talks are held no longer; of an itinerary of which nothing is left the same."""
    if not talks:
        return
    _free(uow, talks)
    for talk in talks:
        uow.session.delete(talk)
    uow.flush()
    for itinerary_id in sorted({talk.itinerary_id for talk in talks}):
        if not list_talks(uow, itinerary_id):
            row = get_itinerary(uow, itinerary_id, None)
            row.state, row.changed_at = "let-go", uow.now
    uow.flush()
