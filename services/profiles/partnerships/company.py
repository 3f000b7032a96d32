"""Who else comes into a loop: the child, or a third person for whom either side asks and whom school settles."""

from __future__ import annotations

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import Conflict, Invalid, NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.partnerships.actions import find_for, signed_by, told_of
from services.profiles.partnerships.events import loop_fact
from services.profiles.partnerships.models import Joiner
from services.profiles.people.models import StaffMember
from services.profiles.signed import readable, voice_of


def include_child(uow: UnitOfWork, caller: Principal, partnership_id: str) -> None:
    """The child is part of this from now on."""
    loop = find_for(uow, caller, partnership_id, "include")
    is_opener = loop.voice == voice_of(caller) and loop.author_id == caller.person_id
    if not (caller.hat == "staff" or is_opener):
        raise Conflict("Whoever opened this, or school, says if the child is part of it.")
    loop.is_child_in = True


def ask_to_join(uow: UnitOfWork, caller: Principal, partnership_id: str, role: str, words: str) -> Joiner:
    """Either side asks for a third person; school settles it."""
    loop = find_for(uow, caller, partnership_id, "join")
    joiner = Joiner(**signed_by(uow, caller, loop), role=role, words=words, staff_id=None, joined_at=None)
    uow.add(joiner)
    uow.record(loop_fact(uow, loop, "joined", ([], told_of(uow, caller, loop)[1]), voice=joiner.voice,
                         entry_id=joiner.id))
    uow.flush()
    return joiner


def settle_joiner(uow: UnitOfWork, caller: Principal, place: tuple[str, str], staff_id: str | None) -> Joiner:
    """School says who of its people joins, or that somebody from outside will; they see the loop from now on."""
    loop = find_for(uow, caller, place[0], "join")
    joiner: Joiner | None = uow.session.scalars(sa.select(Joiner).where(
        Joiner.id == place[1], Joiner.partnership_id == loop.id, readable(Joiner, caller))).one_or_none()
    if joiner is None:
        raise NotFound()
    if joiner.joined_at is not None:
        raise Conflict("Somebody has joined for this already. Ask again for somebody else.")
    member: StaffMember | None = uow.get(StaffMember, staff_id) if staff_id else None
    if staff_id and (member is None or member.status != "current"):
        raise Invalid(errors={"/staff_id": "Choose one of the school's staff."})
    joiner.staff_id, joiner.joined_at = staff_id, uow.now
    uow.flush()
    uow.record(loop_fact(uow, loop, "joined", told_of(uow, caller, loop), voice=voice_of(caller)))
    uow.flush()
    return joiner
