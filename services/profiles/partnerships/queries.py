"""What can be asked of loops: which a caller is in, what is said in them, what is due, and who is in.

A loop that a caller is not in is not there. Inside, everybody reads what is for everybody who is in, and their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import list_team
from services.profiles.partnerships.models import Entry, Joiner, Meeting, Partnership, Step
from services.profiles.partnerships.rules import AGREED, CLOSED, OPEN, REVIEWING, proposed_review, state_of
from services.profiles.parts import part, today_of
from services.profiles.people.models import Pupil, School, StaffMember
from services.profiles.people.queries import list_staff_ids
from services.profiles.relationships.queries import ask, list_holders
from services.profiles.school_year.queries import get_year, today_here
from services.profiles.signed import ALL, Stands, list_names, readable, signature, voice_of

MOST = 100


def visible(caller: Principal) -> sa.ColumnElement[bool]:
    """The loops that a caller is in, of a child whom they may see."""
    if caller.hat != "pupil":
        return readable(Partnership, caller)
    own = sa.and_(Partnership.voice == "child", Partnership.author_id == caller.person_id)
    return sa.or_(own, sa.and_(Partnership.is_child_in, Partnership.passed_at.is_(None)))


def find_loop(uow: UnitOfWork, caller: Principal, partnership_id: str, right: str = "see",
              lock: bool = False) -> Partnership:
    """The loop for somebody who is in it and has the right; NotFound for everybody else.

    Staff who have joined it need not teach the child.
    """
    wanted = sa.select(Partnership).where(Partnership.id == partnership_id, visible(caller))
    loop: Partnership | None = uow.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if loop is None:
        raise NotFound()
    if caller.hat != "staff" or caller.person_id not in list_joined(uow, loop.id):
        ask(uow, caller, right, loop.pupil_id)
    return loop


def list_passed(uow: UnitOfWork, caller: Principal, partnership_id: str) -> list[tuple[str, str, Stands]]:
    """What a caller has said here that nobody else reads any more: the entry, what was passed on first, how it stands.

    In a loop that went as a whole that is everything they say, also in the loop that follows it.
    """
    loop: Partnership = uow.get(Partnership, partnership_id)
    own = {model: [model.partnership_id == partnership_id, model.voice == voice_of(caller),
                   model.author_id == caller.person_id] for model in (Entry, Step, Joiner)}
    if loop.passed_at is None:
        own = {Entry: [*own[Entry], Entry.passed_at.is_not(None)]}
    rows = [row for model, where in own.items() for row in uow.all(sa.select(model).where(*where).order_by(model.id))]
    return [(row.id, row.id if row.passed_at is not None else _first_passed(uow, loop),
             Stands(whole_words(row), row.author_id)) for row in rows]


def _first_passed(uow: UnitOfWork, loop: Partnership) -> str:
    """The words with which a loop, or the one that it follows, was passed on."""
    before: Partnership | None = uow.get(Partnership, loop.follows_id) if loop.follows_id else None
    return loop.opening_id if before is None or before.passed_at is None else _first_passed(uow, before)


def see_passed(uow: UnitOfWork, entry_id: str) -> Stands:
    """How one thing that was said stands now that it was passed on."""
    row = find_said(uow, entry_id)
    if row is None:
        raise NotFound()
    return Stands(whole_words(row), row.author_id)


def find_said(uow: UnitOfWork, entry_id: str) -> Entry | Step | Joiner | None:
    return next((found for found in (uow.get(model, entry_id) for model in (Entry, Step, Joiner)) if found), None)


def whole_words(row: Entry | Step | Joiner) -> str:
    more = row.more if isinstance(row, Entry) else {}
    return "\n\n".join(words for words in (row.words, *more.values()) if isinstance(words, str) and words)


def list_joined(uow: UnitOfWork, partnership_id: str) -> Sequence[str]:
    """Ids of staff who were asked to join, and have."""
    return uow.all(sa.select(Joiner.staff_id).where(
        Joiner.partnership_id == partnership_id, Joiner.staff_id.is_not(None), Joiner.joined_at.is_not(None),
        Joiner.passed_at.is_(None)))


def list_adults_in(uow: UnitOfWork, loop: Partnership) -> list[str]:
    """Ids of the adults at home who are in and may see the child now."""
    may_see = list_holders(uow, [loop.pupil_id], "see").get(loop.pupil_id, [])
    if loop.audience == ALL and loop.passed_at is None:
        return may_see
    return [one for one in may_see if loop.voice == "home" and one == loop.author_id]


def list_staff_in(uow: UnitOfWork, loop: Partnership, team: Sequence[str] | None = None) -> list[str]:
    """Ids of school's people in it: whoever leads it first, then the team, then those who have joined.

    With a `team` that is known already it is a new loop, which nobody has joined yet.
    """
    if loop.passed_at is not None:
        return [loop.author_id] if loop.voice == "school" else []
    joined = list_joined(uow, loop.id) if team is None else []
    found = [*([loop.lead_id] if loop.lead_id else []), *(list_team_ids(uow, loop.pupil_id) if team is None else team)]
    return list(dict.fromkeys([*found, *joined]))


def list_team_ids(uow: UnitOfWork, pupil_id: str) -> list[str]:
    return [member.id for member in list_team(uow, pupil_id)]


def find_lead(uow: UnitOfWork, caller: Principal, team: Sequence[str]) -> str | None:
    """Who of school leads a new loop: its opener, or the first of the team, or the office, so that nothing vanishes."""
    return caller.person_id if caller.hat == "staff" else find_next_lead(uow, team)


def find_next_lead(uow: UnitOfWork, team: Sequence[str]) -> str | None:
    """Who of school leads a loop that has nobody else: the first of the team, or the office, or the head."""
    found = team or list_staff_ids(uow, "office") or list_staff_ids(uow, "head")
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Ground:
    """What a new loop stands on, read once for all that opening it asks."""

    year: Any
    zone: ZoneInfo
    today: date
    is_child_here: bool
    state_version: int


GROUND = sa.select(School.zone, School.state_version, Pupil.id).outerjoin(Pupil, sa.and_(
    Pupil.school_id == School.school_id, Pupil.id == sa.bindparam("pupil"), Pupil.status == "current"))


def get_ground(uow: UnitOfWork, pupil_id: str) -> Ground:
    """The school's days, how far its state has come, and whether the child is at this school now.

    Asked after who is in the loop: the version must not be older than what was decided on.
    """
    rows = uow.rows(GROUND, pupil=pupil_id)
    if not rows:
        raise NotFound()
    row, zone = rows[0], ZoneInfo(rows[0].zone or "Europe/London")
    return Ground(get_year(uow), zone, uow.now.astimezone(zone).date(), row.id is not None, row.state_version or 0)


def list_loops(uow: UnitOfWork, caller: Principal, pupil_id: str) -> dict[str, Any]:
    """The loops about a child that a caller is in, open ones first; four reads however many there are."""
    loops = uow.all(sa.select(Partnership).where(Partnership.pupil_id == pupil_id, visible(caller))
                    .order_by(Partnership.closed_at.is_not(None), Partnership.id.desc()).limit(MOST))
    return {"items": brief(uow, caller, loops), "after": None,
            "proposed_review_on": proposed_review(today_here(uow), get_year(uow))}


def brief(uow: UnitOfWork, caller: Principal, loops: Sequence[Partnership]) -> list[dict[str, Any]]:
    """Loops as a list shows them: what went well first, where they stand, and when we look again."""
    ids, today = [loop.id for loop in loops], today_here(uow)
    first = {entry.id: entry.words for entry in uow.all(sa.select(Entry).where(
        Entry.id.in_([loop.opening_id for loop in loops]), readable(Entry, caller)))}
    stepped = set(uow.all(sa.select(Step.partnership_id).where(
        Step.partnership_id.in_(ids), readable(Step, caller)).distinct()))
    names = list_names(uow, {loop.author_id for loop in loops} | {loop.pupil_id for loop in loops})
    return [{"id": loop.id, "pupil_id": loop.pupil_id, "pupil": names.get(loop.pupil_id, ""),
             "going_well": first.get(loop.opening_id, ""), "review_on": loop.review_on, "outcome": loop.outcome,
             "state": state_of(loop.closed_at is not None, loop.id in stepped, loop.review_on <= today),
             "is_late": loop.overdue_at is not None and loop.closed_at is None,
             "signature": signature(caller, loop, names)} for loop in loops]


def list_due(uow: UnitOfWork, caller: Principal) -> list[dict[str, Any]]:
    """Open loops that this member of staff leads or has joined, the next review first."""
    joined = sa.select(Joiner.partnership_id).where(
        Joiner.school_id == uow.school, Joiner.staff_id == caller.person_id, Joiner.joined_at.is_not(None),
        Joiner.passed_at.is_(None))
    loops = uow.all(sa.select(Partnership).where(
        Partnership.closed_at.is_(None), readable(Partnership, caller),
        sa.or_(Partnership.lead_id == caller.person_id, Partnership.id.in_(joined)))
        .order_by(Partnership.review_on, Partnership.id).limit(MOST))
    return brief(uow, caller, loops)


def list_overdue(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Open loops whose review has gone by, for the head: no words, in the order of the children's names."""
    rows = uow.rows(sa.select(Partnership, Pupil).join(Pupil, Pupil.id == Partnership.pupil_id).where(
        Partnership.closed_at.is_(None), Partnership.overdue_at.is_not(None), Partnership.passed_at.is_(None))
        .order_by(Pupil.family_name, Pupil.given_name, Partnership.id).limit(MOST))
    names = list_names(uow, {loop.lead_id for loop, _ in rows if loop.lead_id})
    return [{"id": loop.id, "pupil_id": pupil.id, "pupil": f"{pupil.given_name} {pupil.family_name}",
             "review_on": loop.review_on, "opened_at": loop.written_at, "lead": names.get(loop.lead_id or "")}
            for loop, pupil in rows]


def list_colleagues(uow: UnitOfWork) -> list[dict[str, Any]]:
    """The staff who may be asked to join, by name, with what they are at school."""
    rows = uow.all(sa.select(StaffMember).where(StaffMember.status == "current")
                   .order_by(StaffMember.family_name, StaffMember.given_name, StaffMember.id))
    return [{"id": row.id, "name": f"{row.given_name} {row.family_name}", "roles": row.roles} for row in rows]


def list_meetings(uow: UnitOfWork, caller: Principal, loop: Partnership) -> Sequence[Meeting]:
    """Booked review meetings: all of them for staff, the own one for an adult at home, none for the child."""
    wanted = sa.select(Meeting).where(Meeting.partnership_id == loop.id, Meeting.state == "booked") \
        .order_by(Meeting.starts_at)
    return uow.all(wanted if caller.hat == "staff" else wanted.where(
        Meeting.guardian_id == (caller.person_id if caller.hat == "guardian" else "")))


def select_part(uow: UnitOfWork, caller: Principal, pupil_id: str) -> list[sa.Select[Any]]:
    """What stands on a child's page: the loops, open ones first, and the next steps in them that are still open.

    For the child also the promises that were kept ('loop_kept').
    """
    mine = [Partnership.school_id == uow.school, Partnership.pupil_id == pupil_id, visible(caller)]
    words = (sa.select(Entry.words).where(Entry.school_id == uow.school, Entry.id == Partnership.opening_id,
                                          readable(Entry, caller)).correlate(Partnership).scalar_subquery())
    stepped = sa.exists().where(Step.school_id == uow.school, Step.partnership_id == Partnership.id,
                                readable(Step, caller)).correlate(Partnership)
    state = sa.case((Partnership.closed_at.is_not(None), CLOSED), (Partnership.review_on <= today_of(uow), REVIEWING),
                    (stepped, AGREED), else_=OPEN)
    steps = [Step.school_id == uow.school, Step.pupil_id == pupil_id, Partnership.id == Step.partnership_id,
             readable(Step, caller), *mine]
    ahead = [Partnership.closed_at.is_(None), Step.state == "open", *steps]
    return [
        part("loop", 10, [Partnership.closed_at.is_not(None), Partnership.id.desc()], mine, id=Partnership.id,
             written_at=Partnership.written_at, voice=Partnership.voice, author_id=Partnership.author_id,
             kind=Partnership.outcome, words=words, state=state, due_on=Partnership.review_on),
        part("loop_step", 20, [Step.by_on, Step.id], ahead, id=Step.id, written_at=Step.written_at, voice=Step.doer,
             author_id=sa.func.coalesce(Step.guardian_id, ""), kind=Step.doer, words=Step.words, state=Step.state,
             due_on=Step.by_on, more=Step.partnership_id), *_kept(caller, steps)]


def _kept(caller: Principal, steps: list[sa.ColumnElement[bool]]) -> list[sa.Select[Any]]:
    """For the child: which promises were kept lately, in closed loops too."""
    if caller.hat != "pupil":
        return []
    return [part("loop_kept", 5, [Step.marked_at.desc(), Step.id.desc()], [Step.state == "kept", *steps], id=Step.id,
                 written_at=Step.written_at, voice=Step.doer, author_id=sa.func.coalesce(Step.guardian_id, ""),
                 kind=Step.doer, words=Step.words, state=Step.state, more=Step.partnership_id)]


def list_held(uow: UnitOfWork, pupil_id: str, guardian_id: str) -> list[dict[str, Any]]:
    """What an adult's pack holds of loops: what they wrote themselves, and what school and the child say to them."""
    caller = Principal("", uow.school, guardian_id, "guardian", frozenset())
    rows = uow.rows(sa.select(Entry, Partnership).join(Partnership, Partnership.id == Entry.partnership_id).where(
        Entry.pupil_id == pupil_id, visible(caller), readable(Entry, caller),
        sa.or_(Entry.voice != "home", Entry.author_id == guardian_id)).order_by(Entry.id))
    return [{"key": f"loop:{entry.id}", "section": "Together", "says": {
        "From": "You" if entry.voice == "home" else entry.voice, "Written": f"{entry.written_at:%d %B %Y}",
        "What": entry.kind, "Words": entry.words, **_held_more(entry)}} for entry, _loop in rows]


def _held_more(entry: Entry) -> dict[str, str]:
    labels = {"worries": "What worries us", "support": "How we can support this", "not_yet": "What did not help yet"}
    return {label: entry.more[name] for name, label in labels.items() if entry.more.get(name)}
