"""What can be asked of updates: authors see their own while they may see the child, staff those that name them.

What was passed on to a safeguarding lead is on nobody's screen but its author's, whose own does not change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import list_team
from services.profiles.parts import once_found, part
from services.profiles.people.models import Pupil, StaffMember
from services.profiles.relationships.queries import ask
from services.profiles.signed import Stands
from services.profiles.wellbeing.models import Promise, Reader, Update
from services.profiles.wellbeing.rules import USUAL_HOURS

HAS_READ = sa.and_(Reader.acknowledged_at.is_not(None),
                   sa.func.coalesce(Reader.acknowledged_version, 1) >= Update.words_version)


def list_updates(uow: UnitOfWork, caller: Principal, pupil_id: str, most: int = 100) -> list[dict[str, Any]]:
    """The updates about a child that this caller may know of, newest first."""
    wanted = sa.select(Update).where(Update.pupil_id == pupil_id).order_by(Update.id.desc()).limit(most)
    return describe(uow, uow.all(_visible(uow, caller, wanted)), caller)


def list_waiting(uow: UnitOfWork, caller: Principal) -> list[dict[str, Any]]:
    """Open updates whose words this member of staff has not acknowledged, oldest first."""
    wanted = (sa.select(Update).join(Reader, Reader.update_id == Update.id)
              .where(Reader.staff_id == caller.person_id, Reader.left_at.is_(None), sa.not_(HAS_READ),
                     Update.ended_at.is_(None), Update.passed_at.is_(None))
              .order_by(Update.id).limit(100))
    return describe(uow, uow.all(wanted), caller)


def list_overdue(uow: UnitOfWork, caller: Principal) -> list[dict[str, Any]]:
    """Children about whom an update was not read by when school had promised it. Never what it is about.

    That something is for a safeguarding lead alone is for leads alone to know.
    """
    read = sa.exists().where(Reader.school_id == uow.school, Reader.update_id == Update.id, HAS_READ)
    wanted = (sa.select(Update.promised_at, Pupil).join(Pupil, Pupil.id == Update.pupil_id)
              .where(Update.ended_at.is_(None), Update.passed_at.is_(None), Update.promised_at <= uow.now, ~read)
              .order_by(Update.promised_at, Update.id).limit(200))
    if "dsl" not in caller.roles:
        wanted = wanted.where(Update.audience != "safeguarding")
    return [{"pupil": pupil, "promised_by": promised_at} for promised_at, pupil in uow.rows(wanted)]


def get_update(uow: UnitOfWork, caller: Principal, update_id: str) -> dict[str, Any]:
    """One update as this caller sees it; NotFound for everybody else, and for an author who lost the right to see."""
    return describe(uow, [find_update(uow, caller, update_id)], caller)[0]


def find_update(uow: UnitOfWork, caller: Principal, update_id: str, right: str = "see") -> Update:
    found: Sequence[Update] = uow.all(_visible(uow, caller, sa.select(Update).where(Update.id == update_id)))
    if not found:
        raise NotFound()
    if caller.hat == "guardian":
        ask(uow, caller, right, found[0].pupil_id)
    return found[0]


def _visible(uow: UnitOfWork, caller: Principal, wanted: sa.Select[Any]) -> sa.Select[Any]:
    return wanted.where(*_mine(uow, caller))


def _mine(uow: UnitOfWork, caller: Principal) -> list[sa.ColumnElement[bool]]:
    """The WHERE of what this caller may know of."""
    if caller.hat == "guardian":
        return [Update.guardian_id == caller.person_id]
    if caller.hat != "staff":
        return [sa.false()]
    mine = sa.select(Reader.update_id).where(
        Reader.school_id == uow.school, Reader.staff_id == caller.person_id, Reader.left_at.is_(None))
    return [Update.id.in_(mine), Update.ended_at.is_(None), Update.passed_at.is_(None)]


def select_part(uow: UnitOfWork, caller: Principal, pupil_id: str) -> list[sa.Select[Any]]:
    """What home has told, on the child's page: one's own for its author, what names them for staff."""
    whose = [] if caller.hat == "guardian" else [Reader.staff_id == caller.person_id]
    read = sa.exists().where(Reader.school_id == uow.school, Reader.update_id == Update.id, HAS_READ, *whose)
    state = sa.case((Update.ended_at.is_not(None), "ended"), (read, "acknowledged"), else_="waiting")
    where = [Update.school_id == uow.school, Update.pupil_id == pupil_id, *_mine(uow, caller)]
    return [part("update", 20, [once_found(Update.id).desc()], where, id=Update.id, written_at=Update.shared_at,
                 voice=sa.literal("home"), author_id=Update.guardian_id, kind=Update.kind, words=Update.words,
                 state=state)]


def describe(uow: UnitOfWork, updates: Sequence[Update], caller: Principal) -> list[dict[str, Any]]:
    """Updates with who has read them; a colleague's reply is for its author alone."""
    pupils = {pupil.id: pupil for pupil in uow.all(
        sa.select(Pupil).where(Pupil.id.in_({update.pupil_id for update in updates})))}
    readers = _readers(uow, [update.id for update in updates])
    return [_described(update, readers.get(update.id, ()), pupils.get(update.pupil_id), caller) for update in updates]


def _readers(uow: UnitOfWork, ids: Sequence[str]) -> dict[str, list[tuple[Reader, StaffMember]]]:
    wanted = (sa.select(Reader, StaffMember).join(StaffMember, StaffMember.id == Reader.staff_id)
              .where(Reader.update_id.in_(ids))
              .order_by(Reader.acknowledged_at, StaffMember.family_name, StaffMember.id))
    found: dict[str, list[tuple[Reader, StaffMember]]] = {}
    for reader, member in uow.rows(wanted):
        found.setdefault(reader.update_id, []).append((reader, member))
    return found


def _described(update: Update, readers: Sequence[tuple[Reader, StaffMember]], pupil: Pupil | None,
               caller: Principal) -> dict[str, Any]:
    read = [(reader, member) for reader, member in readers if reader.acknowledged_at is not None]
    named = [member for reader, member in readers if reader.left_at is None] if update.audience == "named" else []
    return {
        "id": update.id, "pupil_id": update.pupil_id, "pupil": pupil, "kind": update.kind, "words": update.words,
        "audience": update.audience, "named": named, "until": update.until, "expires_at": update.expires_at,
        "shared_at": update.shared_at, "changed_at": update.changed_at, "promised_by": update.promised_at,
        "version": update.version, "state": _state(update, [reader for reader, _member in read], caller),
        "acknowledgements": [{
            "staff_id": member.id, "staff_name": f"{member.given_name} {member.family_name}",
            "at": reader.acknowledged_at, "reply": reader.reply, "is_current": has_read(update, reader)}
            for reader, member in read]}


def has_read(update: Update, reader: Reader) -> bool:
    """Whether somebody has acknowledged the words as they stand."""
    return reader.acknowledged_at is not None and (reader.acknowledged_version or 1) >= update.words_version


def _state(update: Update, read: Sequence[Reader], caller: Principal) -> str:
    if update.ended_at is not None:
        return "ended"
    if caller.hat == "staff":
        read = [reader for reader in read if reader.staff_id == caller.person_id]
    if any(has_read(update, reader) for reader in read):
        return "acknowledged"
    return "changed" if read and caller.hat == "staff" else "waiting"


def list_readers(uow: UnitOfWork, update_id: str) -> Sequence[Reader]:
    """Everybody who may know of it or might once."""
    return uow.all(sa.select(Reader).where(Reader.update_id == update_id).order_by(Reader.staff_id))


def list_choice(uow: UnitOfWork, pupil_id: str) -> Sequence[StaffMember]:
    """Whom an author can name: the child's team."""
    return list_team(uow, pupil_id)


def promise_hours(uow: UnitOfWork) -> int:
    """Within how many school hours somebody reads an update."""
    found: Promise | None = uow.get(Promise)
    return USUAL_HOURS if found is None else found.hours


def list_answers(uow: UnitOfWork, update_ids: Collection[str]) -> Mapping[str, tuple[str, Any]]:
    """(state, promised by when) of updates as their authors see them, for a safeguarding lead who holds them."""
    updates = uow.all(sa.select(Update).where(Update.id.in_(update_ids)))
    readers = _readers(uow, [update.id for update in updates])
    author = Principal("", uow.school, "", "guardian")
    return {update.id: (_state(update, [reader for reader, _member in readers.get(update.id, ())], author),
                        update.promised_at) for update in updates}


def see_passed(uow: UnitOfWork, update_id: str) -> Stands:
    """How one that was passed on stands now."""
    found = get_passed(uow, update_id)
    return Stands(found.words, found.guardian_id, found.ended_at is not None)


def get_passed(uow: UnitOfWork, update_id: str) -> Update:
    """One that was passed on, as it stands now: for the room that keeps it."""
    found: Update | None = uow.get(Update, update_id)
    if found is None or found.passed_at is None:
        raise NotFound()
    return found
