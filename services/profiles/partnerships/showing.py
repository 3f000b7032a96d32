"""How a loop is shown to whoever asks: what goes well first, each side under its own name, and what may be done.

Eight reads however much was said. The child reads what goes well, the steps and the thanks, never an adult's worries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.unit_of_work import UnitOfWork
from services.profiles.partnerships.actions import Opened
from services.profiles.partnerships.models import Entry, Joiner, Meeting, Partnership, Step
from services.profiles.partnerships.queries import find_loop, list_adults_in, list_meetings
from services.profiles.partnerships.rules import NOT_WHEN_CLOSED, may_close, may_mark, refusal, state_of
from services.profiles.school_year.queries import today_here
from services.profiles.signed import list_names, readable, signature, voice_of


@dataclass(frozen=True, slots=True)
class Held:
    """What a caller may read of one loop, and the names that it needs."""

    caller: Principal
    loop: Partnership
    entries: Sequence[Entry]
    steps: Sequence[Step]
    joiners: Sequence[Joiner]
    meetings: Sequence[Meeting]
    adults: Sequence[str]
    names: Mapping[str, str]

    def of_kind(self, kind: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind == kind]

    def sign(self, row: Any) -> dict[str, Any]:
        return signature(self.caller, row, self.names)

    @property
    def is_opener(self) -> bool:
        return bool(self.sign(self.loop)["is_mine"])


def get_loop(uow: UnitOfWork, caller: Principal, partnership_id: str) -> dict[str, Any]:
    """One loop as this caller may read it; NotFound for whoever is not in it."""
    return show_loop(uow, caller, find_loop(uow, caller, partnership_id))


def show_new(uow: UnitOfWork, caller: Principal, opened: Opened) -> dict[str, Any]:
    """A loop that was opened just now: nothing is in it but its opening, so there are only names to read."""
    loop, adults = opened.loop, opened.adults if caller.hat == "staff" else []
    ids = {loop.author_id, loop.pupil_id, caller.person_id, *([loop.lead_id] if loop.lead_id else []), *adults}
    return _show(Held(caller, loop, [opened.entry], [], [], [], adults, list_names(uow, ids)), is_time=False)


def show_loop(uow: UnitOfWork, caller: Principal, loop: Partnership) -> dict[str, Any]:
    held = _read(uow, caller, loop)
    return _show(held, is_time=loop.review_on <= today_here(uow) or any(
        meeting.ends_at and meeting.ends_at <= uow.now for meeting in held.meetings))


def _show(held: Held, is_time: bool) -> dict[str, Any]:
    loop = held.loop
    closing = [_closing(held, entry) for entry in held.of_kind("closing")]
    return {
        "id": loop.id, "pupil_id": loop.pupil_id, "pupil": held.names.get(loop.pupil_id, ""),
        "audience": loop.audience, "is_child_in": loop.is_child_in, "review_on": loop.review_on,
        "state": state_of(loop.closed_at is not None, bool(held.steps), is_time), "outcome": loop.outcome,
        "follows_id": loop.follows_id, "lead": held.names.get(loop.lead_id or ""), "signature": held.sign(loop),
        "answers": [_answer(held, entry) for entry in held.of_kind("answer")],
        "steps": [_step(held, step) for step in held.steps], "views": _views(held),
        "notes": [{"id": entry.id, "words": entry.words, "signature": held.sign(entry), "meeting": entry.more or None}
                  for entry in held.of_kind("note")],
        "joiners": [_joiner(held, row) for row in held.joiners], "meetings": [_meeting(held, row) for row
                                                                             in held.meetings],
        "closing": closing[0] if closing else None,
        "thanks": [{"id": entry.id, "words": entry.words, "signature": held.sign(entry)}
                   for entry in held.of_kind("thanks")],
        "adults": [{"id": one, "name": held.names.get(one, "")} for one in held.adults], "may": _may(held)}


def _read(uow: UnitOfWork, caller: Principal, loop: Partnership) -> Held:
    entries, steps, joiners = ([*uow.all(sa.select(model).where(
        model.partnership_id == loop.id, readable(model, caller)).order_by(model.id))]
        for model in (Entry, Step, Joiner))
    if caller.hat == "pupil":
        entries = [entry for entry in entries if entry.kind not in ("view", "note") or _is_own(caller, entry)]
    meetings = list_meetings(uow, caller, loop)
    adults = list_adults_in(uow, loop) if caller.hat == "staff" else []
    ids = {row.author_id for row in (loop, *entries, *steps, *joiners)} | {loop.pupil_id, loop.lead_id, *adults}
    ids |= {step.guardian_id for step in steps} | {row.staff_id for row in (*joiners, *meetings)}
    ids |= {meeting.guardian_id for meeting in meetings}
    return Held(caller, loop, entries, steps, joiners, meetings, adults,
                list_names(uow, {one for one in ids if one}))


def _is_own(caller: Principal, row: Any) -> bool:
    return bool(row.voice == voice_of(caller) and row.author_id == caller.person_id)


def _answer(held: Held, entry: Entry) -> dict[str, Any]:
    """The child reads what goes well in an adult's answer, and all of their own."""
    is_whole = held.caller.hat != "pupil" or _is_own(held.caller, entry)
    return {"id": entry.id, "going_well": entry.words, "worries": entry.more["worries"] if is_whole else "",
            "support": entry.more["support"], "version": entry.version, "signature": held.sign(entry),
            "changed_at": entry.changed_at, "is_opening": entry.id == held.loop.opening_id,
            "meeting": entry.more.get("meeting") if is_whole else None}


def _step(held: Held, step: Step) -> dict[str, Any]:
    """Who does it: another home's adult is 'home' and no more, but for staff."""
    caller = held.caller
    is_own = caller.person_id == (step.guardian_id if step.doer == "home" else held.loop.pupil_id) \
        and caller.hat == {"home": "guardian", "child": "pupil"}.get(step.doer)
    who = held.names.get(step.guardian_id or "") if caller.hat == "staff" or is_own else None
    is_open = held.loop.closed_at is None
    return {"id": step.id, "doer": step.doer, "who": who, "is_mine": is_own, "words": step.words,
            "by_on": step.by_on, "state": step.state, "view_id": step.view_id, "signature": held.sign(step),
            "may_mark": is_open and may_mark(voice_of(caller), step.doer, is_own)}


def _views(held: Held) -> list[dict[str, Any]]:
    """Two views side by side, and the step that was agreed all the same."""
    found: dict[str, list[Entry]] = {}
    for entry in held.of_kind("view"):
        found.setdefault(entry.about_id or entry.id, []).append(entry)
    return [{"id": view_id, "sides": [{"id": entry.id, "words": entry.words, "signature": held.sign(entry)}
                                      for entry in sides],
             "may_add": held.loop.closed_at is None and not any(_is_own(held.caller, entry) for entry in sides)}
            for view_id, sides in found.items()]


def _joiner(held: Held, row: Joiner) -> dict[str, Any]:
    return {"id": row.id, "role": row.role, "words": row.words, "signature": held.sign(row),
            "name": held.names.get(row.staff_id or ""), "has_joined": row.joined_at is not None}


def _meeting(held: Held, row: Meeting) -> dict[str, Any]:
    is_staff = held.caller.hat == "staff"
    return {"id": row.review_id, "starts_at": row.starts_at, "ends_at": row.ends_at,
            "staff": held.names.get(row.staff_id or ""), "with": held.names.get(row.guardian_id) if is_staff else None}


def _closing(held: Held, entry: Entry) -> dict[str, Any]:
    return {"id": entry.id, "helped": entry.words, "not_yet": entry.more["not_yet"], "next": entry.more["next"],
            "next_id": entry.about_id, "signature": held.sign(entry)}


def _may(held: Held) -> list[str]:
    """What this caller can do now, so that pages offer nothing that would be refused."""
    caller, loop = held.caller, held.loop
    is_closed = loop.closed_at is not None
    able = {move for move in (*NOT_WHEN_CLOSED, "thank") if refusal(move, is_closed, bool(held.steps)) is None}
    has_said = {entry.kind for entry in held.entries if _is_own(caller, entry)}
    able -= {"answer"} if "answer" in has_said else set()
    able |= {"change"} if "answer" in has_said and not is_closed else set()
    able -= {"thank"} if "thanks" in has_said else set()
    able -= {"include"} if loop.is_child_in or not (caller.hat == "staff" or held.is_opener) else set()
    able -= set() if may_close(voice_of(caller), held.is_opener) else {"close"}
    able -= {"view", "note", "join"} if caller.hat == "pupil" else set()
    return sorted(able | ({"settle"} if caller.hat == "staff" and not is_closed else set()))
