"""What can be done in a loop: open it, answer, agree on steps; and what takes it from screens.

Every act finds the loop for its caller first, locked, so that two homes who write at once both stand; what a loop's
state does not allow is refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound, Stale
from chassis.unit_of_work import UnitOfWork
from services.profiles.heard.actions import TALK, WORRY, note_contact
from services.profiles.partnerships.events import loop_fact, loop_opened
from services.profiles.partnerships.models import Entry, Joiner, Meeting, Partnership, Step
from services.profiles.partnerships.queries import (
    Ground,
    find_lead,
    find_loop,
    find_said,
    get_ground,
    list_adults_in,
    list_staff_in,
    list_team_ids,
    whole_words,
)
from services.profiles.partnerships.reviews import drop_review, narrow_review, plan_review
from services.profiles.partnerships.reviews import hand_over as hand_over
from services.profiles.partnerships.rules import LEFT, fault_of_review, may_mark, refusal, told
from services.profiles.school_year.queries import today_here
from services.profiles.signed import ALL, SCHOOL, Passed, move_signed, pass_on, readable, voice_of

HAS_LEFT = "This child has left our school, so nothing new can be opened about them."


@dataclass(frozen=True, slots=True)
class Answer:
    """The questions as somebody answered them; only whoever opens a loop is asked for support."""

    going_well: str
    worries: str = ""
    support: str = ""
    meeting: Mapping[str, str] | None = None

    @property
    def more(self) -> dict[str, Any]:
        return {"worries": self.worries, "support": self.support,
                **({"meeting": dict(self.meeting)} if self.meeting else {})}


@dataclass(frozen=True, slots=True)
class Opening:
    """A loop about to be opened: who is in it, when we look again, and whose it is if not the caller's."""

    pupil_id: str
    audience: str
    is_child_in: bool
    review_on: date
    answer: Answer
    after: Partnership | None = None  # the loop whose new step this is: it stays with whoever opened that


@dataclass(frozen=True, slots=True)
class Opened:
    """A new loop, and the words that opened it: nothing else is in it."""

    loop: Partnership
    entry: Entry
    adults: Sequence[str]  # at home, who are in it


def open_loop(uow: UnitOfWork, caller: Principal, opening: Opening) -> Opened:
    """Keep it, plan its review, and tell those who are in it; refused about a child who has left."""
    team = list_team_ids(uow, opening.pupil_id)
    loop = _new_loop(uow, caller, opening, team)
    adults, staff = list_adults_in(uow, loop), list_staff_in(uow, loop, team)
    ground = get_ground(uow, opening.pupil_id)
    _require_sound(caller, opening, ground)
    entry = new_entry(uow, caller, loop, "answer", opening.answer.going_well)
    entry.more, loop.opening_id = opening.answer.more, entry.id
    uow.add(loop, entry)
    hear = told(adults, caller.person_id), told(staff, caller.person_id)
    uow.record(loop_opened(loop, hear, ground.state_version, voice_of(caller)))
    plan_review(uow, loop, (adults, [loop.lead_id] if loop.lead_id else []), ground)
    _note_heard(uow, caller, loop, opening.answer)
    uow.flush()
    return Opened(loop, entry, adults)


def _require_sound(caller: Principal, opening: Opening, ground: Ground) -> None:
    """Refuse in words what cannot be opened, or not like that."""
    if not ground.is_child_here:
        raise Conflict(HAS_LEFT)
    if caller.hat == "staff" and opening.audience != ALL and opening.after is None:
        raise Invalid(errors={"/audience": "School shares what it opens with everybody at home who may see it."})
    fault, instead = fault_of_review(opening.review_on, ground.today, ground.year)
    if fault:
        raise Invalid(errors={"/review_on": fault, **({"/instead": instead.isoformat()} if instead else {})})


def _new_loop(uow: UnitOfWork, caller: Principal, opening: Opening, team: Sequence[str]) -> Partnership:
    before = opening.after
    return Partnership(
        id=new_id(), pupil_id=opening.pupil_id, audience=opening.audience, written_at=uow.now,
        voice=before.voice if before else voice_of(caller), author_id=before.author_id if before else caller.person_id,
        passed_at=before.passed_at if before else None, is_child_in=opening.is_child_in or caller.hat == "pupil",
        lead_id=before.lead_id if before else find_lead(uow, caller, team), review_on=opening.review_on,
        follows_id=before.id if before else None, opening_id="", reminded_at=None, overdue_at=None, closed_at=None,
        outcome=None, review_version=0)


def signed_by(uow: UnitOfWork, caller: Principal, loop: Partnership, audience: str = ALL) -> dict[str, Any]:
    return {"id": new_id(), "pupil_id": loop.pupil_id, "partnership_id": loop.id, "voice": voice_of(caller),
            "author_id": caller.person_id, "audience": ALL if caller.hat == "staff" else audience,
            "written_at": uow.now, "passed_at": None}


def new_entry(uow: UnitOfWork, caller: Principal, loop: Partnership, kind: str, words: str) -> Entry:
    return Entry(**signed_by(uow, caller, loop), kind=kind, words=words, more={}, about_id=None, version=1,
                 changed_at=None)


def told_of(uow: UnitOfWork, caller: Principal, loop: Partnership) -> tuple[list[str], list[str]]:
    return told(list_adults_in(uow, loop), caller.person_id), told(list_staff_in(uow, loop), caller.person_id)


def _note_heard(uow: UnitOfWork, caller: Principal, loop: Partnership, answer: Answer) -> None:
    if caller.hat == "staff":
        note_contact(uow, [loop.pupil_id], WORRY if answer.worries.strip() else TALK, caller.person_id)


def find_for(uow: UnitOfWork, caller: Principal, partnership_id: str, move: str) -> Partnership:
    """The loop, locked, for somebody who may act in it; Conflict in words when its state does not allow that."""
    loop = find_loop(uow, caller, partnership_id, "reply", lock=True)
    stepped = move == "close" and bool(uow.all(sa.select(Step.id).where(
        Step.partnership_id == loop.id, readable(Step, caller)).limit(1)))
    words = refusal(move, loop.closed_at is not None, stepped)
    if words:
        raise Conflict(words)
    return loop


def find_own(uow: UnitOfWork, caller: Principal, loop: Partnership, kind: str) -> Entry | None:
    found: Entry | None = uow.session.scalars(sa.select(Entry).where(
        Entry.partnership_id == loop.id, Entry.kind == kind, Entry.voice == voice_of(caller),
        Entry.author_id == caller.person_id).limit(1)).one_or_none()
    return found


def answer_loop(uow: UnitOfWork, caller: Principal, partnership_id: str, answer: Answer, audience: str) -> Entry:
    """One's own answer, once: after that it is changed."""
    loop = find_for(uow, caller, partnership_id, "answer")
    if find_own(uow, caller, loop, "answer") is not None:
        raise Conflict("You have answered already. Change your answer instead.")
    entry = new_entry(uow, caller, loop, "answer", answer.going_well)
    entry.more, entry.audience = answer.more, ALL if caller.hat == "staff" else audience
    uow.add(entry)
    _note_heard(uow, caller, loop, answer)
    hear = told_of(uow, caller, loop) if entry.audience != SCHOOL else ([], told_of(uow, caller, loop)[1])
    uow.record(loop_fact(uow, loop, "answered", hear, voice=entry.voice, entry_id=entry.id))
    uow.flush()
    return entry


def change_answer(uow: UnitOfWork, caller: Principal, partnership_id: str, answer: Answer,
                  version: int | None) -> Entry:
    """One's own answer anew; Stale when it was changed since it was opened, on another device say."""
    loop = find_for(uow, caller, partnership_id, "answer")
    entry = find_own(uow, caller, loop, "answer")
    if entry is None:
        raise NotFound()
    if version is None:
        raise Invalid("Say in If-Match which version of your answer this changes.")
    if entry.version != version:
        raise Stale("You changed this on another page. Have a look at both.")
    more = {**answer.more, "support": answer.support or entry.more["support"],
            **({"meeting": entry.more["meeting"]} if "meeting" in entry.more else {})}
    entry.words, entry.more, entry.changed_at, entry.version = answer.going_well, more, uow.now, version + 1
    uow.flush()
    return entry


@dataclass(frozen=True, slots=True)
class NewStep:
    """Who does what by when."""

    doer: str
    words: str
    by_on: date
    guardian_id: str | None = None


def add_step(uow: UnitOfWork, caller: Principal, partnership_id: str, wanted: NewStep) -> Step:
    """Agree on a next step: an adult at home takes it for themselves, staff for anybody who is in."""
    return add_step_to(uow, caller, find_for(uow, caller, partnership_id, "step"), wanted)


def add_step_to(uow: UnitOfWork, caller: Principal, loop: Partnership, wanted: NewStep,
              view_id: str | None = None) -> Step:
    if wanted.by_on < today_here(uow):
        raise Invalid(errors={"/by_on": "Choose today or a day after it."})
    step = Step(**signed_by(uow, caller, loop), doer=wanted.doer, guardian_id=_whose(uow, caller, loop, wanted),
                view_id=view_id, words=wanted.words, by_on=wanted.by_on, state="open", marked_at=None)
    uow.add(step)
    uow.record(loop_fact(uow, loop, "stepped", told_of(uow, caller, loop), voice=step.voice,
                         entry_id=view_id or step.id))
    uow.flush()
    return step


def _whose(uow: UnitOfWork, caller: Principal, loop: Partnership, wanted: NewStep) -> str | None:
    """Whose at home the step is; nobody takes a step for another home."""
    if caller.hat == "pupil" and wanted.doer != "child":
        raise Invalid(errors={"/doer": "Write what you want to try."})
    if wanted.doer == "child" and not loop.is_child_in:
        raise Invalid(errors={"/doer": "The child isn't part of this. Add them first."})
    if wanted.doer != "home":
        return None
    found = caller.person_id if caller.hat == "guardian" else wanted.guardian_id
    if found not in list_adults_in(uow, loop) or wanted.guardian_id not in (None, found):
        raise Invalid(errors={"/guardian_id": "Choose somebody who is in this."})
    return found


def mark_step(uow: UnitOfWork, caller: Principal, place: tuple[str, str], state: str) -> None:
    """Kept, or not yet; it can be said again as long as the loop is open."""
    loop = find_for(uow, caller, place[0], "mark")
    step: Step | None = uow.session.scalars(sa.select(Step).where(
        Step.id == place[1], Step.partnership_id == loop.id, readable(Step, caller))).one_or_none()
    if step is None:
        raise NotFound()
    whose = step.guardian_id if step.doer == "home" else loop.pupil_id
    is_own = caller.person_id == whose and step.doer == voice_of(caller)
    if not may_mark(voice_of(caller), step.doer, is_own):
        raise Conflict("Whoever does this step says how it went.")
    step.state, step.marked_at = state, uow.now


def divert_entry(uow: UnitOfWork, entry_id: str) -> Passed:
    """Pass on one thing that was said: it leaves every screen but its author's. NotFound when it isn't there.

    With the words that opened a loop in which nobody else has spoken, the loop itself goes.
    """
    row = find_said(uow, entry_id)
    if row is None or row.passed_at is not None:
        raise NotFound()
    loop: Partnership = uow.get(Partnership, row.partnership_id)
    uow.session.refresh(loop, with_for_update=True)
    passed = pass_on(uow, row, "loop", whole_words(row))
    is_whole = row.id == loop.opening_id and not _others_spoke(uow, loop)
    if is_whole:
        loop.passed_at = uow.now
        narrow_review(uow, loop, get_ground(uow, loop.pupil_id))
    uow.flush()
    return replace(passed, about_id=loop.id, is_whole=is_whole)


def _others_spoke(uow: UnitOfWork, loop: Partnership) -> bool:
    return any(uow.all(sa.select(model.id).where(
        model.partnership_id == loop.id, sa.or_(model.author_id != loop.author_id, model.voice != loop.voice))
        .limit(1)) for model in (Entry, Step, Joiner))


def move_author(uow: UnitOfWork, from_id: str, to_id: str) -> None:
    """Two entries were one adult: what the one said, will do and is to come to is the other's own."""
    for model in (Partnership, Entry, Step, Joiner):
        move_signed(uow, model, from_id, to_id)
    uow.session.execute(sa.update(Step).where(Step.guardian_id == from_id).values(guardian_id=to_id),
                        execution_options={"synchronize_session": False})
    known = sa.select(Meeting.review_id).where(Meeting.school_id == uow.school, Meeting.guardian_id == to_id)
    uow.session.execute(sa.update(Meeting).where(Meeting.guardian_id == from_id, Meeting.review_id.not_in(known))
                        .values(guardian_id=to_id), execution_options={"synchronize_session": False})


def end_about(uow: UnitOfWork, pupil_ids: Sequence[str]) -> None:
    """The children have left: what is open about them closes kindly, and nobody is told or reminded."""
    for loop in uow.all(sa.select(Partnership).where(
            Partnership.pupil_id.in_(pupil_ids), Partnership.closed_at.is_(None))):
        loop.closed_at, loop.outcome = uow.now, LEFT
        uow.record(loop_fact(uow, loop, "closed", ([], []), outcome=LEFT))
        drop_review(uow, loop)
    uow.flush()
