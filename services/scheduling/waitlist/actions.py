"""What can be done with the waiting list: wait, be offered a time, take or decline it, and leave."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from chassis.timers import set_timer
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments import queries as appointments
from services.scheduling.appointments.actions import BookSlot, book_slot, move_appointment, take_needs
from services.scheduling.diaries.actions import TIME_FREED, Held, free_times, hold_time, tell_freed
from services.scheduling.evenings import queries as evenings
from services.scheduling.itineraries import queries as itineraries
from services.scheduling.people import queries as people
from services.scheduling.people.actions import Losses
from services.scheduling.resources.actions import free_units
from services.scheduling.waitlist.events import offer_ended, offer_made
from services.scheduling.waitlist.models import Offer, Waiting
from services.scheduling.waitlist.queries import Match, find_match, get_offer, get_waiting, is_offered_near

EXPIRES = "offer-expires"
LOOK_AGAIN = timedelta(seconds=30)


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
        faults |= {"/earliest": "Say when a better time for you would begin (earliest) or end (latest)."}
    if faults:
        raise Invalid(" ".join(faults.values()), faults)
    has = _find_appointment(uow, wish)
    row = next(iter(uow.all(sa.select(Waiting).where(
        Waiting.evening_id == wish.evening_id, Waiting.guardian_id == wish.guardian_id,
        Waiting.pupil_id == wish.pupil_id, Waiting.staff_id == wish.staff_id, Waiting.state == "waiting")
        .with_for_update())), None)
    if row is None:
        row = Waiting(id=new_id(), evening_id=wish.evening_id, guardian_id=wish.guardian_id, pupil_id=wish.pupil_id,
                      staff_id=wish.staff_id, state="waiting", since=uow.now)
        uow.add(row)
    row.instead_of, row.earliest, row.latest, row.how = wish.instead_of, wish.earliest, wish.latest, wish.how
    row.call_on, row.needs, row.changed_at = wish.call_on, list(has.needs if has else wish.needs), uow.now
    tell_freed(uow, [wish.staff_id])  # something may suit them at once
    uow.flush()
    return row


def _find_appointment(uow: UnitOfWork, wish: Join) -> Any:
    """What this adult has with that teacher; NotFound or Conflict if it is not what the wish says."""
    has = next((one for one in appointments.list_of_adults(uow, wish.evening_id, [wish.guardian_id])
                if (one.pupil_id, one.staff_id) == (wish.pupil_id, wish.staff_id) and one.starts_at > uow.now), None)
    if wish.instead_of and (has is None or has.id != wish.instead_of):
        raise NotFound()
    if has is not None and not wish.instead_of:
        raise Conflict("You have a time with this teacher already. You can wait for a better one instead.")
    return has


def leave_list(uow: UnitOfWork, waiting_id: str, guardian_id: str | None) -> Waiting:
    """Wait no longer; an offer that is open goes to the next. Leaving twice changes nothing."""
    row = get_waiting(uow, waiting_id, guardian_id)
    people.hold_adults(uow, [row.guardian_id])
    uow.session.refresh(row, with_for_update=True)
    if row.state == "waiting":
        _end(uow, [row], "left", "declined")
    return row


def on_time_freed(uow: UnitOfWork, staff_id: str) -> None:
    """A teacher has time: offer it to the first whom it suits. One at a time, so that only one family is locked."""
    if not people.PERMISSIONS.is_fresh(uow):
        set_timer(uow, TIME_FREED, staff_id, uow.now + LOOK_AGAIN)
        return
    match = find_match(uow, staff_id)
    if match is None:
        return
    if _make_offer(uow, match):
        tell_freed(uow, [staff_id])  # there may be more time, and more who wait
    else:
        set_timer(uow, TIME_FREED, staff_id, uow.now + LOOK_AGAIN)


def _make_offer(uow: UnitOfWork, match: Match) -> bool:
    """Whether the time is held for them: only if all is still as it was when it was looked at."""
    row, first, last = match.waiting, match.slots[0], match.slots[-1]
    family = people.hold_family(uow, row.pupil_id)
    uow.session.refresh(row, with_for_update=True)
    rights = family.get(row.guardian_id)
    if row.state != "waiting" or rights is None or not rights.may_book:
        return False
    apart = people.list_kept_apart(uow, [row.guardian_id], hold=True)
    diary = appointments.read_diary(uow, [row.guardian_id], apart)
    if is_offered_near(uow, row.guardian_id, match.slots, apart) or appointments.find_clash(
            diary, row.guardian_id, (first.starts_at, last.ends_at), row.instead_of or ""):
        return False
    offer = Offer(id=new_id(), waiting_id=row.id, evening_id=row.evening_id, guardian_id=row.guardian_id,
                  pupil_id=row.pupil_id, staff_id=row.staff_id, state="open",
                  slot_ids=[slot.id for slot in match.slots], starts_at=first.starts_at, ends_at=last.ends_at,
                  made_at=uow.now, expires_at=match.expires_at, appointment_id=None, ended_at=None)
    with uow.connection.begin_nested() as part:
        if not all(hold_time(uow, Held(slot.id, offer.id, slot.staff_id, slot.starts_at, slot.ends_at))
                   for slot in match.slots) or take_needs(uow, offer.id, match.slots, row.needs):
            part.rollback()
            return False
    uow.add(offer)
    uow.flush()
    uow.record(offer_made(offer))
    set_timer(uow, EXPIRES, offer.id, offer.expires_at)
    return True


def accept_offer(uow: UnitOfWork, offer_id: str, guardian_id: str | None) -> Offer:
    """Have the time: a new appointment, or a better time of the one that they have. Twice is once."""
    offer = _hold_offer(uow, offer_id, guardian_id)
    if offer.state == "accepted":
        return offer
    if offer.state != "open":
        raise Conflict("This time was offered to somebody else meanwhile. If you still wait, we tell you of the next.")
    row = get_waiting(uow, offer.waiting_id, None)
    has = next((one for one in appointments.list_of_adults(uow, offer.evening_id, [offer.guardian_id])
                if (one.pupil_id, one.staff_id) == (offer.pupil_id, offer.staff_id) and one.starts_at > uow.now), None)
    if has is not None:
        move_appointment(uow, has.id, offer.slot_ids[0], guardian_id, offer.id)
        offer.appointment_id = has.id
    else:
        offer.appointment_id = book_slot(uow, BookSlot(
            offer.evening_id, offer.pupil_id, offer.slot_ids[0], offer.guardian_id, row.how, row.call_on, row.needs,
            offer.id))
    offer.state, offer.ended_at, row.state, row.changed_at = "accepted", uow.now, "met", uow.now
    uow.record(offer_ended(offer))
    uow.flush()
    return offer


def decline_offer(uow: UnitOfWork, offer_id: str, guardian_id: str | None) -> Offer:
    """This time is for the next; who declines still waits for another. Twice is once."""
    offer = _hold_offer(uow, offer_id, guardian_id)
    if offer.state == "accepted":
        raise Conflict("You have taken this time. You can give it back on the page of the evening.")
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
