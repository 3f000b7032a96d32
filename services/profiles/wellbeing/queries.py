"""What can be asked of updates: authors see their own while they may see the child, staff those that name them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.models import Pupil, StaffMember
from services.profiles.relationships.queries import ask
from services.profiles.wellbeing.models import Reader, Update


def list_updates(uow: UnitOfWork, caller: Principal, pupil_id: str, most: int = 100) -> list[dict[str, Any]]:
    """The updates about a child that this caller may know of, newest first."""
    wanted = sa.select(Update).where(Update.pupil_id == pupil_id).order_by(Update.id.desc()).limit(most)
    return describe(uow, uow.all(_visible(uow, caller, wanted)), caller)


def list_waiting(uow: UnitOfWork, caller: Principal) -> list[dict[str, Any]]:
    """Open updates that this member of staff has not acknowledged, oldest first."""
    wanted = (sa.select(Update).join(Reader, Reader.update_id == Update.id)
              .where(Reader.staff_id == caller.person_id, Reader.acknowledged_at.is_(None), Update.ended_at.is_(None))
              .order_by(Update.id).limit(100))
    return describe(uow, uow.all(wanted), caller)


def get_update(uow: UnitOfWork, caller: Principal, update_id: str) -> dict[str, Any]:
    """One update as this caller sees it; NotFound for everybody else, and for an author who lost the right to see."""
    return describe(uow, [find_update(uow, caller, update_id)], caller)[0]


def find_update(uow: UnitOfWork, caller: Principal, update_id: str) -> Update:
    found: Sequence[Update] = uow.all(_visible(uow, caller, sa.select(Update).where(Update.id == update_id)))
    if not found:
        raise NotFound()
    if caller.hat == "guardian":
        ask(uow, caller, "see", found[0].pupil_id)
    return found[0]


def _visible(uow: UnitOfWork, caller: Principal, wanted: sa.Select[Any]) -> sa.Select[Any]:
    if caller.hat == "guardian":
        return wanted.where(Update.guardian_id == caller.person_id)
    mine = sa.select(Reader.update_id).where(Reader.school_id == uow.school, Reader.staff_id == caller.person_id)
    return wanted.where(Update.id.in_(mine), Update.ended_at.is_(None))


def describe(uow: UnitOfWork, updates: Sequence[Update], caller: Principal) -> list[dict[str, Any]]:
    """Updates with who has read them; a colleague's reply is for its author alone."""
    ids = [update.id for update in updates]
    readers = uow.rows(
        sa.select(Reader, StaffMember).join(StaffMember, StaffMember.id == Reader.staff_id)
        .where(Reader.update_id.in_(ids), Reader.acknowledged_at.is_not(None)).order_by(Reader.acknowledged_at))
    pupils = {pupil.id: pupil for pupil in uow.all(
        sa.select(Pupil).where(Pupil.id.in_({update.pupil_id for update in updates})))}
    read: dict[str, list[dict[str, Any]]] = {}
    for reader, member in readers:
        read.setdefault(reader.update_id, []).append({
            "staff_id": member.id, "staff_name": f"{member.given_name} {member.family_name}",
            "at": reader.acknowledged_at, "reply": reader.reply})
    return [{"id": update.id, "pupil_id": update.pupil_id, "pupil": pupils.get(update.pupil_id), "kind": update.kind,
             "words": update.words, "audience": update.audience, "until": update.until,
             "expires_at": update.expires_at, "shared_at": update.shared_at, "state": _state(update, caller, read),
             "acknowledgements": read.get(update.id, [])} for update in updates]


def _state(update: Update, caller: Principal, read: dict[str, list[dict[str, Any]]]) -> str:
    if update.ended_at is not None:
        return "ended"
    seen = read.get(update.id, [])
    if caller.hat == "staff":
        seen = [item for item in seen if item["staff_id"] == caller.person_id]
    return "acknowledged" if seen else "waiting"
