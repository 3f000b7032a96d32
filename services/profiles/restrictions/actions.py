"""What can be done about restrictions: entering bites at once; lifting needs a second member of staff."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from chassis.timers import set_timer
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.events import publish_state, state_version
from services.profiles.people.models import Guardian
from services.profiles.people.queries import get_zone
from services.profiles.relationships.actions import RIGHTS_TURN, note_change, settle, warn_of_contradiction
from services.profiles.relationships.events import raise_alert
from services.profiles.relationships.queries import Place, get_pair
from services.profiles.restrictions.events import keepapart_declared, restriction_entered, restriction_lifted
from services.profiles.restrictions.models import Held, KeepApart, Restriction
from services.profiles.restrictions.queries import get_restriction, list_keep_apart
from services.profiles.restrictions.rules import Entered, find_faults, in_force

REVIEW = "restriction-review"
ENDING = "restriction-ending"
NOTICED_BEFORE = timedelta(days=14)
NOT_LIFTED = {"lift_reason": None, "lift_asked_by": None, "lift_asked_at": None, "lifted_by": None, "lifted_at": None}


def enter_restriction(uow: UnitOfWork, place: Place, entered: Entered, by: str) -> Restriction:
    """It is kept for ever, and it bites from its first day on, by default at once."""
    if place[0] == place[1]:
        raise Invalid("Nobody can be restricted from themselves.")
    row, zone = get_pair(uow, place), get_zone(uow)
    faults = find_faults(entered, uow.now.astimezone(zone).date())
    if faults:
        raise Invalid(" ".join(faults.values()), faults)
    starts_at, ends_at = in_force(entered.starts_on, entered.until_on, zone)
    found = Restriction(
        id=new_id(), pupil_id=place[0], guardian_id=place[1], kind=entered.kind, takes=sorted(set(entered.takes)),
        source="office", document=entered.document, reference=entered.reference, seen_by=entered.seen_by,
        seen_on=entered.seen_on, starts_on=entered.starts_on, until_on=entered.until_on, starts_at=starts_at,
        ends_at=ends_at, review_on=entered.review_on, entered_by=by, entered_at=uow.now, **NOT_LIFTED)
    uow.add(found)
    uow.flush()
    _set_deadlines(uow, found)
    note_change(uow, place, "restriction-entered", by)
    settle(uow, [row], "restriction-entered", by)
    uow.record(restriction_entered(found, state_version(uow)))
    warn_of_contradiction(uow, row)
    return found


def _set_deadlines(uow: UnitOfWork, row: Restriction) -> None:
    """When its dates turn rights by themselves, when it must be looked at again, and some days before it ends."""
    for instant in (row.starts_at, row.ends_at):
        if instant is not None and instant > uow.now:
            set_timer(uow, RIGHTS_TURN, f"{row.pupil_id}:{row.guardian_id}", instant)
    if row.review_on is not None:
        set_timer(uow, REVIEW, row.id, max(uow.now, _morning(uow, row.review_on)))
    if row.ends_at is not None:
        set_timer(uow, ENDING, row.id, max(uow.now, row.ends_at - NOTICED_BEFORE))


def _morning(uow: UnitOfWork, day: date) -> datetime:
    return datetime.combine(day, time(8), get_zone(uow)).astimezone(UTC)


def remind_of_review(uow: UnitOfWork, restriction_id: str) -> None:
    _remind(uow, restriction_id, "review-due")


def remind_of_end(uow: UnitOfWork, restriction_id: str) -> None:
    _remind(uow, restriction_id, "restriction-ending")


def _remind(uow: UnitOfWork, restriction_id: str, kind: str) -> None:
    row: Restriction | None = uow.get(Restriction, restriction_id)
    if row is not None and row.lifted_at is None:
        raise_alert(uow, kind, (row.pupil_id, row.guardian_id), "office", "dsl")


def see_evidence(uow: UnitOfWork, restriction_id: str, seen: dict[str, Any], by: str) -> Restriction:
    """What was still to be seen has been seen, or it was looked at again: document, who, when, next review."""
    row = get_restriction(uow, restriction_id)
    entered = Entered(row.kind, row.takes, seen_on=seen["seen_on"], review_on=seen["review_on"])
    if faults := find_faults(entered, uow.now.astimezone(get_zone(uow)).date()):
        raise Invalid(" ".join(faults.values()), faults)
    for name, value in seen.items():
        setattr(row, name, value)
    if row.review_on is not None:
        set_timer(uow, REVIEW, row.id, _morning(uow, row.review_on))
    note_change(uow, (row.pupil_id, row.guardian_id), "evidence-seen", by)
    return row


def flag_from_roster(uow: UnitOfWork, places: Sequence[Place]) -> None:
    """A roster file says now that these adults are restricted: all is taken until the office has looked."""
    uow.insert(Restriction, [{
        "id": new_id(), "pupil_id": pupil_id, "guardian_id": guardian_id, "kind": "roster flag", "takes": [],
        "source": "roster", "document": None, "reference": None, "seen_by": None, "seen_on": None, "starts_on": None,
        "until_on": None, "starts_at": None, "ends_at": None, "review_on": None, "entered_by": "roster",
        "entered_at": uow.now, **NOT_LIFTED} for pupil_id, guardian_id in places])


def ask_lifting(uow: UnitOfWork, row: Restriction | KeepApart, reason: str, by: str) -> None:
    """Somebody thinks that it no longer holds. Until a second member of staff agrees it does."""
    if row.lift_asked_by is not None:
        raise Conflict("Lifting it has been asked already. It waits for a second member of staff.")
    row.lift_asked_by, row.lift_asked_at, row.lift_reason = by, uow.now, reason
    _note(uow, row, "lifting-asked", by)
    if isinstance(row, Restriction):
        raise_alert(uow, "lifting-asked", (row.pupil_id, row.guardian_id), "dsl", "head", "office")


def refuse_lifting(uow: UnitOfWork, row: Restriction | KeepApart, by: str) -> None:
    """It holds on; who had asked, and who said no, stays in the history."""
    if row.lift_asked_by is None:
        raise Conflict("Nobody has asked to lift it.")
    row.lift_asked_by = row.lift_asked_at = row.lift_reason = None
    _note(uow, row, "lifting-refused", by)


def _note(uow: UnitOfWork, row: Restriction | KeepApart, what: str, by: str) -> None:
    """Who did what: of a restriction in the pair's history, of two who are kept apart in that of each."""
    if isinstance(row, Restriction):
        note_change(uow, (row.pupil_id, row.guardian_id), what, by)
    else:
        for guardian_id in (row.first_id, row.second_id):
            note_change(uow, (None, guardian_id), f"apart-{what}", by)


def _confirm(uow: UnitOfWork, row: Restriction | KeepApart, by: str) -> None:
    if row.lift_asked_by is None:
        raise Conflict("Nobody has asked to lift it.")
    if row.lift_asked_by == by:
        raise Conflict("A second member of staff confirms it: not the one who asked.")
    row.lifted_by, row.lifted_at = by, uow.now


def lift_restriction(uow: UnitOfWork, row: Restriction, by: str) -> None:
    """A second member of staff agrees: it holds no longer. What was withdrawn stays so until it is sent again."""
    _confirm(uow, row, by)
    uow.flush()
    place = (row.pupil_id, row.guardian_id)
    note_change(uow, place, "restriction-lifted", by)
    settle(uow, [get_pair(uow, place)], "restriction-lifted", by)
    uow.record(restriction_lifted(row, by, state_version(uow)))


def keep_apart(uow: UnitOfWork, one: str, other: str, document: str | None, by: str) -> KeepApart:
    """These two adults must not meet from now on: no slot, room, call or list brings them together."""
    if one == other:
        raise Invalid("Choose two different adults.", {"/guardian_ids": "Choose two different adults."})
    first, second = sorted((one, other))
    if uow.get(Guardian, first) is None or uow.get(Guardian, second) is None:
        raise NotFound()
    if any((row.first_id, row.second_id) == (first, second) for row in list_keep_apart(uow, [first])):
        raise Conflict("These two adults are kept apart already.")
    row = KeepApart(id=new_id(), first_id=first, second_id=second, document=document, entered_by=by,
                    entered_at=uow.now, **NOT_LIFTED)
    uow.add(row)
    _note(uow, row, "entered", by)
    publish_state(uow, [keepapart_declared(row)])
    return row


def end_keep_apart(uow: UnitOfWork, row: KeepApart, by: str) -> None:
    _confirm(uow, row, by)
    _note(uow, row, "lifted", by)
    publish_state(uow, [keepapart_declared(row)])


def hold_back(uow: UnitOfWork, place: Place, rights: Sequence[str], basis: str, by: str) -> Held:
    """The child holds these rights back from this adult; `by` is the safeguarding lead who agrees."""
    row = get_pair(uow, place)
    held = Held(id=new_id(), pupil_id=place[0], guardian_id=place[1], rights=sorted(set(rights)), basis=basis,
                agreed_by=by, agreed_at=uow.now, ended_by=None, ended_at=None)
    uow.add(held)
    note_change(uow, place, "held-back", by)
    settle(uow, [row], "held-back", by)
    return held


def give_back(uow: UnitOfWork, held_id: str, by: str) -> None:
    """The child holds them back no longer."""
    held: Held | None = uow.get(Held, held_id)
    if held is None or held.ended_at is not None:
        raise NotFound()
    held.ended_by, held.ended_at = by, uow.now
    place = (held.pupil_id, held.guardian_id)
    note_change(uow, place, "given-back", by)
    settle(uow, [get_pair(uow, place)], "given-back", by)


def carry_over(uow: UnitOfWork, to_id: str, from_id: str, by: str) -> None:
    """Two entries are one adult: what restricts the one restricts the other, with its dates and evidence."""
    for row in uow.all(sa.select(Restriction).where(Restriction.guardian_id == from_id,
                                                    Restriction.lifted_at.is_(None))):
        uow.add(Restriction(**_copied(row, to_id)))
        if row.starts_at is not None or row.ends_at is not None:
            for instant in (row.starts_at, row.ends_at):
                if instant is not None and instant > uow.now:
                    set_timer(uow, RIGHTS_TURN, f"{row.pupil_id}:{to_id}", instant)
    for held in uow.all(sa.select(Held).where(Held.guardian_id == from_id, Held.ended_at.is_(None))):
        uow.add(Held(**_copied(held, to_id)))
    for row in list_keep_apart(uow, [from_id]):
        other = row.second_id if row.first_id == from_id else row.first_id
        if other != to_id and not any(other in (one.first_id, one.second_id) for one in list_keep_apart(uow, [to_id])):
            keep_apart(uow, to_id, other, row.document, by)


def _copied(row: Restriction | Held, guardian_id: str) -> dict[str, Any]:
    """Every column of an entry, for a new one about another adult."""
    values = {column.key: getattr(row, column.key) for column in type(row).__table__.columns}
    return {**values, "id": new_id(), "guardian_id": guardian_id, "school_id": None}


def take_excess(uow: UnitOfWork, place: Place, rights: Collection[str], by: str) -> None:
    """A merge must not widen: what only one of two entries could do is taken until two members of staff agree."""
    uow.add(Restriction(
        id=new_id(), pupil_id=place[0], guardian_id=place[1], kind="merge", takes=sorted(rights), source="merge",
        document=None, reference=None, seen_by=None, seen_on=None, starts_on=None, until_on=None, starts_at=None,
        ends_at=None, review_on=None, entered_by=by, entered_at=uow.now, **NOT_LIFTED))
    uow.flush()
