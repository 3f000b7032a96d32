"""What an evening's rows may never say, looked at pair by pair; it knows of the tables alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, product

import sqlalchemy as sa

from services.scheduling.appointments.models import Appointment, Guest
from services.scheduling.diaries.models import Booking
from services.scheduling.itineraries.models import Itinerary, ItineraryTalk
from services.scheduling.waitlist.models import Offer, Waiting
from services.scheduling.wishes.models import Wish
from tests.scheduling.house import House

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Talk:
    """A time of one adult with one teacher: booked, or held for them while they make up their mind."""

    id: str
    guardian_id: str
    pupil_id: str
    staff_id: str
    starts_at: datetime
    ends_at: datetime

    def meets(self, other: Talk, apart: timedelta = timedelta(0)) -> bool:
        """Whether less than, or with `apart` no more than, so much time lies between the two."""
        if not apart:
            return self.starts_at < other.ends_at and other.starts_at < self.ends_at
        return self.starts_at <= other.ends_at + apart and other.starts_at <= self.ends_at + apart


@dataclass(frozen=True, slots=True)
class Standing:
    """An evening as its rows say it. `holders` by slot; `waits` and `wishes` are (child, adult) pairs."""

    booked: tuple[Talk, ...]
    held: tuple[Talk, ...]
    offers: tuple[tuple[str, str, str, str], ...]  # id, adult, child, slot
    holders: Mapping[str, str]
    waits: frozenset[tuple[str, str]]
    wishes: frozenset[tuple[str, str]]

    def of(self, guardian_id: str, but: str = "") -> list[Talk]:
        return [talk for talk in (*self.booked, *self.held) if talk.guardian_id == guardian_id and talk.id != but]

    @property
    def named(self) -> set[tuple[str, str]]:
        """(child, adult) of all that is there."""
        return {*((talk.pupil_id, talk.guardian_id) for talk in (*self.booked, *self.held)),
                *((pupil, adult) for _id, adult, pupil, _slot in self.offers), *self.waits, *self.wishes}


def look(house: House, evening_id: str) -> Standing:
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        booked = uow.rows(sa.select(
            Guest.appointment_id, Guest.guardian_id, Appointment.pupil_id, Appointment.staff_id, Guest.starts_at,
            Guest.ends_at).join(Appointment, sa.and_(
                Appointment.school_id == Guest.school_id, Appointment.id == Guest.appointment_id)).where(
            Guest.state == "booked", Appointment.evening_id == evening_id))
        held = uow.rows(sa.select(
            ItineraryTalk.appointment_id, ItineraryTalk.guardian_id, ItineraryTalk.pupil_id, ItineraryTalk.staff_id,
            ItineraryTalk.starts_at, ItineraryTalk.ends_at).join(Itinerary, sa.and_(
                Itinerary.school_id == ItineraryTalk.school_id, Itinerary.id == ItineraryTalk.itinerary_id)).where(
            Itinerary.state == "held", Itinerary.evening_id == evening_id))
        offers = uow.rows(sa.select(Offer.id, Offer.guardian_id, Offer.pupil_id, Offer.slot_ids).where(
            Offer.state == "open", Offer.evening_id == evening_id))
        holders = uow.rows(sa.select(Booking.slot_id, Booking.appointment_id))
        waits = uow.rows(sa.select(Waiting.pupil_id, Waiting.guardian_id).where(
            Waiting.state == "waiting", Waiting.evening_id == evening_id))
        wishes = uow.rows(sa.select(Wish.pupil_id, Wish.guardian_id).where(Wish.evening_id == evening_id))
    return Standing(
        tuple(Talk(*row) for row in booked), tuple(Talk(*row) for row in held),
        tuple((row.id, row.guardian_id, row.pupil_id, row.slot_ids[0]) for row in offers),
        {row.slot_id: row.appointment_id for row in holders}, frozenset(tuple(row) for row in waits),
        frozenset(tuple(row) for row in wishes))


def find_wrongs(standing: Standing, apart: Iterable[frozenset[str]],
                barred: Collection[tuple[str, str]]) -> Iterator[str]:
    """Everything that an evening shows and must not."""
    by_adult, by_staff = defaultdict[str, list[Talk]](list), defaultdict[str, list[Talk]](list)
    for talk in (*standing.booked, *standing.held):
        by_adult[talk.guardian_id].append(talk)
        by_staff[talk.staff_id].append(talk)
    for adult, talks in by_adult.items():
        yield from (f"{adult} is in two places" for one, other in combinations(talks, 2) if one.meets(other))
    for staff, talks in by_staff.items():
        yield from (f"{staff} is there twice" for one, other in combinations(talks, 2)
                    if one.id != other.id and one.meets(other))
    for pair in apart:
        first, second = sorted(pair)
        yield from (f"{first} and {second} could meet" for one, other in product(by_adult[first], by_adult[second])
                    if one.meets(other, QUARTER))
    yield from (f"{adult} is barred and is named for {pupil}" for pupil, adult in standing.named & set(barred))
    yield from (f"{slot} is offered and somebody else's" for offer, _adult, _pupil, slot in standing.offers
                if standing.holders.get(slot) != offer)
    slots = [slot for *_offer, slot in standing.offers]
    if len(set(slots)) < len(slots):
        yield "a time is offered twice"
