"""Where appointments are, a part of the actions: who has one somewhere else hears of it."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.events import MOVED, appointment_told
from services.scheduling.appointments.models import Appointment, Guest
from services.scheduling.appointments.rules import IN_PERSON, VIDEO


def relocate(uow: UnitOfWork, slot_ids: Collection[str], **where: str) -> None:
    """Appointments to come in these slots have another place, room or link: a newer word for whom it concerns.

    Who calls goes nowhere, and the link is of who comes by video.
    """
    its = [one for one in uow.all(
        sa.select(Appointment).where(Appointment.slot_id.in_(slot_ids), Appointment.state == "booked",
                                     Appointment.ends_at > uow.now).order_by(Appointment.id).with_for_update())
        if any(getattr(one, name) != value for name, value in where.items())]
    guests = uow.all(sa.select(Guest).where(
        Guest.appointment_id.in_([one.id for one in its]), Guest.state == "booked")
        .order_by(Guest.is_booker.desc(), Guest.guardian_id))
    for one in its:
        changed = {name for name, value in where.items() if getattr(one, name) != value}
        for name in changed:
            setattr(one, name, where[name])
        hows = {IN_PERSON} if "link" not in changed else {VIDEO} if changed == {"link"} else {IN_PERSON, VIDEO}
        coming = [guest for guest in guests if guest.appointment_id == one.id and guest.how in hows]
        for row in (one, *coming):
            row.sequence += 1
            row.changed_at = uow.now
        facts = appointment_told(MOVED, one, coming)
        uow.record(*facts)
        one.version += len(facts)
    uow.flush()
