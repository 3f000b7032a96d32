"""What can be done with the waiting list: wait, be offered a time, take or decline it, and leave."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from chassis.timers import set_timer
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments import queries as appointments
from services.scheduling.appointments.actions import BookSlot, book_slot, move_appointment
from services.scheduling.diaries.actions import TIME_FREED, free_times
from services.scheduling.evenings import queries as evenings
from services.scheduling.itineraries import queries as itineraries
from services.scheduling.people import queries as people
from services.scheduling.people.actions import Losses
from services.scheduling.planning.queries import list_unmet
from services.scheduling.resources.actions import free_units
from services.scheduling.waitlist.events import offer_ended
from services.scheduling.waitlist.models import Offer, Waiting
from services.scheduling.waitlist.offering import EXPIRES, offer_freed, offer_now, on_time_freed
from services.scheduling.waitlist.queries import get_offer, get_waiting
from services.scheduling.waitlist.rules import find_limits
from services.scheduling.wishes.queries import list_wishes_for_plan

__all__ = ["EXPIRES", "Join", "accept_offer", "decline_offer", "join_list", "join_unmet", "leave_list", "offer_freed",
           "on_expires", "on_time_freed", "release_evening", "release_losses", "release_near", "release_pupils"]


@dataclass(frozen=True, slots=True)
class Join:
    """Who wishes to wait for whom, about which child; `instead_of` an appointment with that teacher."""

    evening_id: str
    pupil_id: str
    staff_id: str
    guardian_id: str
    instead_of: str | None = None
    earliest: str | None = None
    latest: str | None = None
    how: str | None = None
    call_on: str = ""
    needs: Sequence[str] = ()


def join_list(uow: UnitOfWork, wish: Join) -> Waiting:
    """Wait for a time; who waits already says anew when they can, and keeps their place."""
    people.require_booking(people.hold_family(uow, wish.pupil_id), wish.guardian_id)
    evening = evenings.get_evening(uow, wish.evening_id, evenings.Reader(bookable=[wish.pupil_id]))
    if not appointments.sees_child(uow, wish.evening_id, wish.pupil_id, wish.staff_id):
        raise NotFound()
    itineraries.require_open(evening)
    faults = itineraries.find_limit_faults(uow, evening, itineraries.Limits(wish.earliest, wish.latest))
    if wish.instead_of and not (wish.earliest or wish.latest):
        faults |= {"/earliest": "Say when a better time would begin (earliest) or end (latest)."}
    if faults:
        raise Invalid(" ".join(faults.values()), faults)
    has = _find_appointment(uow, wish)
    row = next(iter(uow.all(sa.select(Waiting).where(
        Waiting.evening_id == wish.evening_id, Waiting.guardian_id == wish.guardian_id,
        Waiting.pupil_id == wish.pupil_id, Waiting.staff_id == wish.staff_id, Waiting.state == "waiting")
        .with_for_update())), None)
    if row is None:
        row = Waiting(id=new_id(), evening_id=wish.evening_id, guardian_id=wish.guardian_id, pupil_id=wish.pupil_id,
                      staff_id=wish.staff_id, state="waiting", not_times=[], rank=1, since=uow.now)
        uow.add(row)
    row.instead_of, row.earliest, row.latest, row.how = wish.instead_of, wish.earliest, wish.latest, wish.how
    row.call_on, row.needs, row.changed_at = wish.call_on, list(has.needs if has else wish.needs), uow.now
    uow.flush()
    if not offer_now(uow, wish.staff_id):  # something may suit them at once
        set_timer(uow, TIME_FREED, wish.staff_id, uow.now)
    return row


def join_unmet(uow: UnitOfWork, evening_id: str) -> None:
    """Whose wishes the plan that is published now could not meet waits for a time, without asking: the most wanted
    wishes first. They can leave the list like everybody."""
    uow.flush()
    evening, zone = evenings.find_evening(uow, evening_id), people.get_school(uow)[1]
    wished = {wish.id: wish for wish in list_wishes_for_plan(uow, evening_id).wishes}
    unmet = [wished[row.wish_id] for row in list_unmet(uow, evening_id) if row.wish_id in wished]
    has = {(one.guardian_id, one.pupil_id, one.staff_id) for one in appointments.list_of_adults(
        uow, evening_id, {wish.guardian_id for wish in unmet})}
    joined = []
    for wish in unmet:
        if wish.free and (wish.guardian_id, wish.pupil_id, wish.staff_id) not in has:
            earliest, latest, not_times = find_limits(wish.free, (evening.starts_at, evening.ends_at), zone)
            joined.append({
                "id": new_id(), "evening_id": evening_id, "guardian_id": wish.guardian_id, "pupil_id": wish.pupil_id,
                "staff_id": wish.staff_id, "state": "waiting", "instead_of": None, "earliest": earliest,
                "latest": latest, "not_times": not_times, "rank": wish.rank, "how": wish.how,
                "call_on": wish.call_on, "needs": list(wish.needs), "since": uow.now, "changed_at": uow.now})
    uow.insert(Waiting, joined)
    for staff_id in sorted({str(row["staff_id"]) for row in joined}):
        set_timer(uow, TIME_FREED, staff_id, uow.now)


def _find_appointment(uow: UnitOfWork, wish: Join) -> Any:
    """What this adult has with that teacher; NotFound or Conflict if it is not what the wish says."""
    has = next((one for one in appointments.list_of_adults(uow, wish.evening_id, [wish.guardian_id])
                if (one.pupil_id, one.staff_id) == (wish.pupil_id, wish.staff_id) and one.starts_at > uow.now), None)
    if wish.instead_of and (has is None or has.id != wish.instead_of):
        raise NotFound()
    if has is not None and not wish.instead_of:
        raise Conflict("There is a time with this teacher already. A better one can be waited for instead.")
    return has


def leave_list(uow: UnitOfWork, waiting_id: str, guardian_id: str | None) -> Waiting:
    """Wait no longer; an offer that is open goes to the next. Leaving twice changes nothing."""
    row = get_waiting(uow, waiting_id, guardian_id)
    people.hold_adults(uow, [row.guardian_id])
    uow.session.refresh(row, with_for_update=True)
    if row.state == "waiting":
        _end(uow, [row], "left", "declined")
    return row


def accept_offer(uow: UnitOfWork, offer_id: str, guardian_id: str | None) -> Offer:
    """Have the time: a new appointment, or a better time of the one that they have. Twice is once."""
    offer = _hold_offer(uow, offer_id, guardian_id)
    if offer.state == "accepted":
        return offer
    if offer.state != "open":
        raise Conflict("This time was offered to somebody else meanwhile. Who still waits is told of the next.")
    row = get_waiting(uow, offer.waiting_id, None)
    has = next((one for one in appointments.list_of_adults(uow, offer.evening_id, [offer.guardian_id])
                if (one.pupil_id, one.staff_id) == (offer.pupil_id, offer.staff_id) and one.starts_at > uow.now), None)
    if has is not None:
        move_appointment(uow, has.id, offer.slot_ids[0], guardian_id, offer.id)
        offer.appointment_id = has.id
    else:
        offer.appointment_id = book_slot(uow, BookSlot(
            offer.evening_id, offer.pupil_id, offer.slot_ids[0], offer.guardian_id, row.how, row.call_on, row.needs,
            offer.id, guardian_id is None))
    offer.state, offer.ended_at, row.state, row.changed_at = "accepted", uow.now, "met", uow.now
    uow.record(offer_ended(offer))
    uow.flush()
    return offer


def decline_offer(uow: UnitOfWork, offer_id: str, guardian_id: str | None) -> Offer:
    """This time is for the next; who declines still waits for another. Twice is once."""
    offer = _hold_offer(uow, offer_id, guardian_id)
    if offer.state == "accepted":
        raise Conflict("This time is taken already. It can be given back on the page of the evening.")
    if offer.state == "open":
        _end_offers(uow, [offer], "declined")
    return offer


def _hold_offer(uow: UnitOfWork, offer_id: str, guardian_id: str | None) -> Offer:
    """The offer as it is now; its adult does nothing else until this unit of work has ended."""
    offer = get_offer(uow, offer_id, guardian_id)
    people.PERMISSIONS.require(uow, offer.guardian_id, "book", offer.pupil_id)
    people.require_booking(people.hold_family(uow, offer.pupil_id), offer.guardian_id)
    uow.session.refresh(offer, with_for_update=True)
    return offer


def on_expires(uow: UnitOfWork, offer_id: str) -> None:
    """Time has run out: the next is asked, and who did not answer still waits for another."""
    offer: Offer | None = uow.get(Offer, offer_id)
    if offer is None:
        return
    people.hold_adults(uow, [offer.guardian_id])
    uow.session.refresh(offer, with_for_update=True)
    if offer.state == "open" and offer.expires_at <= uow.now:
        _end_offers(uow, [offer], "expired")


def _end_offers(uow: UnitOfWork, offers: Sequence[Offer], state: str) -> None:
    for offer in offers:
        offer.state, offer.ended_at = state, uow.now
        uow.record(offer_ended(offer))
    free_times(uow, [offer.id for offer in offers])
    free_units(uow, [offer.id for offer in offers])
    uow.flush()


def _end(uow: UnitOfWork, rows: Sequence[Waiting], state: str, offer_state: str = "withdrawn") -> None:
    """These wait no longer, and what is offered to them is taken back."""
    if not rows:
        return
    for row in rows:
        row.state, row.changed_at = state, uow.now
    offers = uow.all(sa.select(Offer).where(
        Offer.waiting_id.in_([row.id for row in rows]), Offer.state == "open").order_by(Offer.id).with_for_update())
    if offers:
        _end_offers(uow, offers, offer_state)
    uow.flush()


def release_losses(uow: UnitOfWork, losses: Losses) -> None:
    """Who may book no longer waits no longer, and is told nothing."""
    lost = set(losses.book)
    if lost:
        _end(uow, [row for row in _list_live(uow, Waiting.pupil_id.in_({pupil_id for pupil_id, _ in lost}))
                   if (row.pupil_id, row.guardian_id) in lost], "ended")


def release_pupils(uow: UnitOfWork, pupil_ids: Collection[str]) -> None:
    """Nobody waits for a talk about a child who has left."""
    if pupil_ids:
        _end(uow, _list_live(uow, Waiting.pupil_id.in_(pupil_ids)), "ended")


def release_evening(uow: UnitOfWork, evening_id: str) -> None:
    """Nobody waits for a time of an evening that is called off, and what is offered of it is taken back."""
    _end(uow, _list_live(uow, Waiting.evening_id == evening_id), "ended")


def release_near(uow: UnitOfWork, pairs: Sequence[tuple[str, str]]) -> None:
    """What is offered to adults who must not meet, from now on, is looked at anew: they still wait."""
    adults = {guardian_id for pair in pairs for guardian_id in pair}
    if not adults:
        return
    offers = uow.all(sa.select(Offer).where(
        Offer.guardian_id.in_(adults), Offer.state == "open").order_by(Offer.id).with_for_update())
    diary = appointments.read_diary(uow, adults, pairs)
    near = [offer for offer in offers if appointments.find_clash(
        diary, offer.guardian_id, (offer.starts_at, offer.ends_at)) == "taken"]
    if near:
        _end_offers(uow, near, "withdrawn")


def _list_live(uow: UnitOfWork, condition: sa.ColumnElement[bool]) -> Sequence[Waiting]:
    return uow.all(sa.select(Waiting).where(condition, Waiting.state == "waiting").order_by(Waiting.id)
                   .with_for_update())
