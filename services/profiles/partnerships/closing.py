"""How a loop closes: with what helped, what did not yet, and a celebration or a new step; and the thanks after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.auth import Principal
from chassis.errors import Conflict
from chassis.unit_of_work import UnitOfWork
from services.profiles.partnerships.actions import (
    Answer,
    Opened,
    Opening,
    find_for,
    find_own,
    new_entry,
    open_loop,
    told_of,
)
from services.profiles.partnerships.events import loop_fact
from services.profiles.partnerships.models import Entry, Partnership
from services.profiles.partnerships.reviews import drop_review
from services.profiles.partnerships.rules import NEW_STEP, may_close
from services.profiles.signed import voice_of

LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Closing:
    """What helped, what did not yet, and how it goes on: the kind, words and date of a new step."""

    helped: str
    not_yet: str
    outcome: str
    next_step: Mapping[str, Any] | None = None


def close_loop(uow: UnitOfWork, caller: Principal, partnership_id: str, closing: Closing) -> Partnership:
    """Close it, take back what was due, and open the loop that follows if that is the new step."""
    loop = find_for(uow, caller, partnership_id, "close")
    is_opener = loop.voice == voice_of(caller) and loop.author_id == caller.person_id
    if not may_close(voice_of(caller), is_opener):
        raise Conflict("Whoever opened this, or school, closes it.")
    entry = new_entry(uow, caller, loop, "closing", closing.helped)
    entry.more = {"not_yet": closing.not_yet, "next": (closing.next_step or {}).get("words", "")}
    uow.add(entry)
    loop.closed_at, loop.outcome = uow.now, closing.outcome
    drop_review(uow, loop)
    uow.record(loop_fact(uow, loop, "closed", told_of(uow, caller, loop), outcome=closing.outcome))
    uow.flush()
    if closing.outcome == NEW_STEP and closing.next_step and closing.next_step["kind"] == LOOP:
        entry.about_id = _follow(uow, caller, loop, closing).loop.id
    uow.flush()
    return loop


def _follow(uow: UnitOfWork, caller: Principal, loop: Partnership, closing: Closing) -> Opened:
    """What helped is what goes well in the next one; those who were in this are in that."""
    step = closing.next_step or {}
    return open_loop(uow, caller, Opening(
        loop.pupil_id, loop.audience, loop.is_child_in, step["review_on"],
        Answer(closing.helped, closing.not_yet, step["words"]), loop))


def give_thanks(uow: UnitOfWork, caller: Principal, partnership_id: str, words: str) -> Entry:
    """One line to the others, once it is closed; each says it once."""
    loop = find_for(uow, caller, partnership_id, "thank")
    if find_own(uow, caller, loop, "thanks") is not None:
        raise Conflict("You have said thank you already.")
    entry = new_entry(uow, caller, loop, "thanks", words)
    uow.add(entry)
    uow.record(loop_fact(uow, loop, "thanked", ([], []), voice=entry.voice))
    uow.flush()
    return entry
