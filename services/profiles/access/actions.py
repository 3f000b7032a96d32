"""What can be done: note who opened a record, ask to have it, and answer that within the time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from chassis.timers import clear_timers, set_timer
from chassis.unit_of_work import UnitOfWork
from services.profiles.access.events import request_released, request_requested
from services.profiles.access.models import AccessRedaction, AccessRequest, ReadMark, RecordRead
from services.profiles.access.queries import (
    fingerprint,
    get_own,
    get_request,
    list_items,
    list_kept_out,
    today_of,
)
from services.profiles.access.rules import (
    AGAIN,
    TOO_YOUNG,
    WARNED_BEFORE,
    due_on,
    is_never_shown,
    is_old_enough,
    may_extend,
    role_shown,
)
from services.profiles.people.models import Pupil
from services.profiles.people.queries import get_zone
from services.profiles.relationships.events import raise_alert
from services.profiles.relationships.queries import list_holders

DUE = "access-due"


def note_read(uow: UnitOfWork, caller: Principal, pupil_id: str, what: str) -> None:
    """Staff have opened something of a child's record; a parent's own reads are nobody's business."""
    note_reads(uow, caller, [(pupil_id, what)])


def note_reads(uow: UnitOfWork, caller: Principal, opened: Collection[tuple[str, str]]) -> None:
    """The same for several children at once, as (pupil, what): two reads and one write for any number of them."""
    if caller.hat != "staff" or not opened:
        return
    pupils = sorted({pupil_id for pupil_id, _what in opened})
    seen = {(row.pupil_id, row.what) for row in uow.rows(sa.select(RecordRead.pupil_id, RecordRead.what).where(
        RecordRead.pupil_id.in_(pupils), RecordRead.staff_id == caller.person_id,
        RecordRead.read_at > uow.now - AGAIN))}
    new = sorted(set(opened) - seen)
    if not new:
        return
    marks = {(row.pupil_id, row.what) for row in uow.rows(sa.select(ReadMark.pupil_id, ReadMark.what).where(
        ReadMark.pupil_id.in_(pupils), ReadMark.staff_id == caller.person_id))}
    hidden, role = is_never_shown(caller.roles), role_shown(caller.roles)
    uow.insert(RecordRead, [{
        "id": new_id(), "pupil_id": pupil_id, "staff_id": caller.person_id, "role": role, "what": what,
        "read_at": uow.now, "is_hidden": hidden or (pupil_id, what) in marks} for pupil_id, what in new])


def hide_read(uow: UnitOfWork, caller: Principal, pupil_id: str, read_id: str, is_for_good: bool) -> None:
    """A safeguarding lead's word: this is never shown; and, for good, neither is the same person at the same thing."""
    read: RecordRead | None = uow.get(RecordRead, read_id)
    if read is None or read.pupil_id != pupil_id:
        raise NotFound()
    read.is_hidden = True
    if not is_for_good:
        return
    for row in uow.all(sa.select(RecordRead).where(
            RecordRead.pupil_id == pupil_id, RecordRead.staff_id == read.staff_id, RecordRead.what == read.what)):
        row.is_hidden = True
    if uow.get(ReadMark, pupil_id, read.staff_id, read.what) is None:
        uow.add(ReadMark(pupil_id=pupil_id, staff_id=read.staff_id, what=read.what, marked_by=caller.person_id,
                         marked_at=uow.now))


def ask_for_record(uow: UnitOfWork, pupil_id: str, guardian_id: str) -> AccessRequest:
    """An adult asks for everything; the month runs from today."""
    if uow.all(sa.select(AccessRequest.id).where(
            AccessRequest.pupil_id == pupil_id, AccessRequest.guardian_id == guardian_id,
            AccessRequest.state == "asked")):
        raise Conflict("You have asked for this already. It is being put together.")
    today = today_of(uow)
    request = AccessRequest(id=new_id(), pupil_id=pupil_id, guardian_id=guardian_id, asked_at=uow.now, asked_on=today,
                            due_on=due_on(today), state="asked")
    uow.add(request)
    _wake_before(uow, request.id, request.due_on)
    uow.record(request_requested(uow, request))
    uow.flush()
    return request


def _wake_before(uow: UnitOfWork, request_id: str, due: date) -> None:
    """Set the reminder anew: nine in the morning, a week before it is due."""
    clear_timers(uow, DUE, request_id)
    at = datetime.combine(due - WARNED_BEFORE, time(9), get_zone(uow))
    set_timer(uow, DUE, request_id, max(at, uow.now + timedelta(hours=1)))


def remind_of_request(uow: UnitOfWork, request_id: str) -> None:
    """A week is left: the office and the head are told, unless it was answered."""
    request: AccessRequest | None = uow.get(AccessRequest, request_id)
    if request is not None and request.state == "asked":
        raise_alert(uow, DUE, (request.pupil_id, request.guardian_id), "office", "head")


def _get_open(uow: UnitOfWork, request_id: str) -> AccessRequest:
    request = get_request(uow, request_id)
    if request.state != "asked":
        raise Conflict("This was answered already.")
    return request


def withdraw_request(uow: UnitOfWork, caller: Principal, request_id: str) -> AccessRequest:
    """The adult no longer wants it."""
    request = get_own(uow, caller, request_id)
    if request.state != "asked":
        raise Conflict("This was answered already.")
    request.state = "withdrawn"
    clear_timers(uow, DUE, request_id)
    return request


def keep_out(uow: UnitOfWork, caller: Principal, request_id: str, item_key: str, reason: str) -> None:
    """Something about somebody else stays out of the pack, for ever; also when that is found after its release."""
    request = get_request(uow, request_id)
    if request.state not in ("asked", "ready"):
        raise Conflict("This was answered already.")
    if item_key not in {item.key for item in list_items(uow, request)}:
        raise Invalid(errors={"/item_key": "There is no such thing in this pack."})
    if item_key in list_kept_out(uow, request_id):
        raise Conflict("This is kept out already.")
    uow.add(AccessRedaction(request_id=request_id, item_key=item_key, reason=reason, by=caller.person_id, at=uow.now))


def note_wishes(uow: UnitOfWork, caller: Principal, request_id: str, words: str, is_too_young: bool) -> None:
    """What the child says about it going out; or that the child is too young to be asked."""
    request = _get_open(uow, request_id)
    if is_too_young and is_old_enough(_year_of(uow, request)):
        raise Invalid(errors={"/words": "From Year 8 on the child is asked. Write what the child says."})
    if not is_too_young and not words:
        raise Invalid(errors={"/words": "Write what the child says."})
    request.child_wishes = TOO_YOUNG if is_too_young else words
    request.child_asked_by = caller.person_id


def _year_of(uow: UnitOfWork, request: AccessRequest) -> str:
    pupil: Pupil = uow.get(Pupil, request.pupil_id)
    return pupil.year_group


def extend_request(uow: UnitOfWork, request_id: str, until: date, reason: str) -> None:
    """More time, with the reason that the adult is told."""
    request = _get_open(uow, request_id)
    if today_of(uow) > request.due_on:
        raise Conflict("The first month is over: the adult should have been told by then. Answer it now.")
    if not may_extend(request.asked_on, until):
        raise Invalid(errors={"/until": "It can be put off by at most two months more, with a day after the first."})
    request.extended_to, request.extension_reason = until, reason
    _wake_before(uow, request_id, until)


def release_request(uow: UnitOfWork, caller: Principal, request_id: str, seen: str) -> None:
    """A named person has read all of it: what they saw may go out, and nothing that came later."""
    request = _get_open(uow, request_id)
    if request.child_wishes is None and is_old_enough(_year_of(uow, request)):
        raise Conflict("Ask the child first, and write down what they say.")
    if request.guardian_id not in list_holders(uow, [request.pupil_id], "see").get(request.pupil_id, ()):
        raise Conflict("This adult may not see this child's record now. It can't go out.")
    items = list_items(uow, request)
    if fingerprint(items) != seen:
        raise Conflict("Something was added while you were reading. Look at it once more.")
    request.state, request.item_keys = "ready", [item.key for item in items]
    request.reviewed_by, request.reviewed_at = caller.person_id, uow.now
    clear_timers(uow, DUE, request_id)
    uow.record(request_released(uow, request))


def refuse_request(uow: UnitOfWork, caller: Principal, request_id: str, reason: str) -> None:
    """It does not go out; the adult is told why."""
    request = _get_open(uow, request_id)
    request.state, request.reason = "refused", reason
    request.reviewed_by, request.reviewed_at = caller.person_id, uow.now
    clear_timers(uow, DUE, request_id)


def move_requests(uow: UnitOfWork, from_id: str, to_id: str) -> None:
    """Two entries were one adult: what the one asked for is the other's."""
    uow.session.execute(sa.update(AccessRequest).where(AccessRequest.guardian_id == from_id).values(guardian_id=to_id),
                        execution_options={"synchronize_session": False})
