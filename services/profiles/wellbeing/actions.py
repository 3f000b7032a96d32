"""What can be done about updates from home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.envelope import Fact
from chassis.errors import Conflict, NotFound
from chassis.timers import clear_timers, set_timer
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import list_team, staff_of_year
from services.profiles.people.events import state_version
from services.profiles.people.models import Pupil
from services.profiles.people.queries import list_staff_ids
from services.profiles.wellbeing.models import Reader, Update
from services.profiles.wellbeing.queries import find_update

LASTS = {"week": timedelta(days=7), "half-term": timedelta(days=42), "i-say": None}
EXPIRES = "update-expires"


@dataclass(frozen=True, slots=True)
class ShareUpdate:
    """One update as its author wrote it."""

    pupil_id: str
    guardian_id: str
    kind: str
    words: str
    audience: str
    until: str


def share_update(uow: UnitOfWork, command: ShareUpdate) -> Update:
    """Keep the update, name who may know, and tell them by a fact that carries none of its words."""
    lasts = LASTS[command.until]
    update = Update(
        id=new_id(), pupil_id=command.pupil_id, guardian_id=command.guardian_id, kind=command.kind,
        words=command.words, audience=command.audience, until=command.until, shared_at=uow.now,
        expires_at=uow.now + lasts if lasts else None)
    uow.add(update)
    staff_ids = _audience(uow, uow.get(Pupil, command.pupil_id), command.audience)
    uow.add(*(Reader(update_id=update.id, staff_id=staff_id) for staff_id in staff_ids))
    if update.expires_at:
        set_timer(uow, EXPIRES, update.id, update.expires_at)
    uow.record(_fact(uow, update, "shared", kind=update.kind, staff_ids=staff_ids,
                     until=update.expires_at.date().isoformat() if update.expires_at else None))
    uow.flush()
    return update


def _audience(uow: UnitOfWork, pupil: Pupil, audience: str) -> list[str]:
    """Staff ids who may know. An audience with nobody in it falls to the office, so that nothing vanishes."""
    found: Sequence[str]
    if audience == "safeguarding":
        found = list_staff_ids(uow, "dsl")
    else:
        found = [member.id for member in list_team(uow, pupil.id)]
        if audience == "year":
            found = [*found, *staff_of_year(uow, pupil)]
    fallback = "head" if audience == "safeguarding" else "office"
    return sorted(set(found)) or list_staff_ids(uow, fallback)


def _fact(uow: UnitOfWork, update: Update, happened: str, **more: object) -> Fact:
    return Fact(f"tandem.profiles.update.{happened}.v1", update.pupil_id, 1, {
        "update_id": update.id, "pupil_id": update.pupil_id, "guardian_id": update.guardian_id, **more},
        after=state_version(uow))


def acknowledge_update(uow: UnitOfWork, update_id: str, staff_id: str, reply: str) -> Update:
    """Say that it was read, with a line of reply; a second time is refused by name."""
    reader: Reader | None = uow.get(Reader, update_id, staff_id)
    update: Update | None = uow.get(Update, update_id)
    if reader is None or update is None or update.ended_at is not None:
        raise NotFound()
    if reader.acknowledged_at is not None:
        raise Conflict("You've already said that you have read this.")
    reader.acknowledged_at, reader.reply = uow.now, reply
    uow.record(_fact(uow, update, "acknowledged", staff_id=staff_id))
    return update


def withdraw_update(uow: UnitOfWork, caller: Principal, update_id: str) -> None:
    """Its author takes it back: staff see it no more."""
    update = find_update(uow, caller, update_id)
    if update.ended_at is not None:
        raise NotFound()
    _end(uow, update, "withdrawn")
    clear_timers(uow, EXPIRES, update.id)


def expire_update(uow: UnitOfWork, update_id: str) -> None:
    """Its time has come; one that ended before is left as it is."""
    update: Update | None = uow.get(Update, update_id)
    if update is not None and update.ended_at is None:
        _end(uow, update, "expired")


def end_updates_about(uow: UnitOfWork, pupil_ids: Sequence[str]) -> None:
    """The pupils have left: what was still open about them ends."""
    for update in uow.all(sa.select(Update).where(Update.pupil_id.in_(pupil_ids), Update.ended_at.is_(None))):
        _end(uow, update, "expired")
        clear_timers(uow, EXPIRES, update.id)


def _end(uow: UnitOfWork, update: Update, reason: str) -> None:
    update.ended_at = uow.now
    uow.record(_fact(uow, update, "ended", reason=reason))


def move_author(uow: UnitOfWork, from_id: str, to_id: str) -> None:
    """Two entries were one adult: what the one told is the other's own."""
    uow.session.execute(sa.update(Update).where(Update.guardian_id == from_id).values(guardian_id=to_id),
                        execution_options={"synchronize_session": False})
