"""How times that become free are offered to those who wait, a part of the actions."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.timers import set_timer
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments import queries as appointments
from services.scheduling.appointments.actions import take_needs
from services.scheduling.diaries.actions import TIME_FREED, Held, free_kept, hold_time, keep_times, time_of
from services.scheduling.people import queries as people
from services.scheduling.waitlist.events import offer_made
from services.scheduling.waitlist.models import Offer, Waiting
from services.scheduling.waitlist.queries import Match, find_match, is_offered_near, list_waited

EXPIRES = "offer-expires"
LOOK_AGAIN = timedelta(seconds=30)
MOST_AT_ONCE = 20  # offers of one teacher's times in one transaction


def offer_freed(uow: UnitOfWork) -> None:
    """Before a unit of work commits: what it has freed is offered to those who wait, and nobody else can come first.

    It waits for nobody: who holds a family and waited for another's could wait for ever. Where somebody is at work for
    that family just now, the times are kept for the list, and are offered in a transaction of their own.
    """
    freed: dict[str, list[Held]] = {}
    for one in uow.notes.pop(TIME_FREED, ()):
        freed.setdefault(one.staff_id, []).append(one)
    if not freed:
        return
    uow.flush()
    for staff_id in list_waited(uow, freed):
        if not offer_now(uow, staff_id):
            keep_times(uow, freed[staff_id])
            set_timer(uow, TIME_FREED, staff_id, uow.now)


def offer_now(uow: UnitOfWork, staff_id: str) -> bool:
    """Whether all is offered that somebody waits for and can have."""
    for _one in range(MOST_AT_ONCE):
        match = find_match(uow, staff_id) if people.PERMISSIONS.is_fresh(uow) else None
        if match is None:
            return people.PERMISSIONS.is_fresh(uow)
        row = match.waiting
        if row.needs or match.slots[0].beside or people.list_kept_apart(uow, [row.guardian_id]):
            return False  # what these need is shared by many, and would have to be waited for
        if not people.try_hold(uow, row.pupil_id, staff_id) or not uow.all(
                sa.select(Waiting).where(Waiting.id == row.id).with_for_update(skip_locked=True)):
            return False
        if not _make_offer(uow, match):
            return False
    return False


def on_time_freed(uow: UnitOfWork, staff_id: str) -> None:
    """A teacher has time that is kept for the list: it is for the first whom it suits; and what is left for the next,
    before this unit of work commits."""
    if not people.PERMISSIONS.is_fresh(uow):
        set_timer(uow, TIME_FREED, staff_id, uow.now + LOOK_AGAIN)
        return
    free_kept(uow, staff_id)
    match = find_match(uow, staff_id)
    if match is not None and not _make_offer(uow, match):
        uow.notes.pop(TIME_FREED, None)
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
    if is_offered_near(uow, row.guardian_id, match.slots, apart) or not match.coming.can_have(diary, row, match.slots):
        return False
    offer = Offer(id=new_id(), waiting_id=row.id, evening_id=row.evening_id, guardian_id=row.guardian_id,
                  pupil_id=row.pupil_id, staff_id=row.staff_id, state="open",
                  slot_ids=[slot.id for slot in match.slots], starts_at=first.starts_at, ends_at=last.ends_at,
                  made_at=uow.now, expires_at=match.expires_at, appointment_id=None, ended_at=None)
    with uow.connection.begin_nested() as part:
        if not all(hold_time(uow, time_of(slot, offer.id)) for slot in match.slots) or take_needs(
                uow, offer.id, match.slots, row.needs):
            part.rollback()
            return False
    uow.add(offer)
    uow.flush()
    uow.record(offer_made(offer))
    set_timer(uow, EXPIRES, offer.id, offer.expires_at)
    return True
