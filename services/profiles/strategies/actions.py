"""What can be done about strategies: suggest, agree, change, keep, end, and say how it went. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound, Stale
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import list_team
from services.profiles.heard.actions import NOTE, note_contact
from services.profiles.relationships.queries import is_here
from services.profiles.signed import ALL, ONLY_ME, SCHOOL, Passed, move_signed, pass_on, voice_of
from services.profiles.strategies import rules
from services.profiles.strategies.events import strategy_fact, strategy_tried
from services.profiles.strategies.models import Strategy, StrategySide, StrategyStep, Tried
from services.profiles.strategies.queries import find_strategy, list_sides, whole_of

THE_SCHOOL = "school"
PRIVATE = ("agreed", "kept", "ended")  # of an adult at home: between them and school
TRIED = "tried"


def propose_strategy(uow: UnitOfWork, caller: Principal, pupil_id: str, body: Mapping[str, Any]) -> Strategy:
    """Suggest something to do the same way; whoever suggests it is behind it."""
    _refuse_the_gone(uow, pupil_id)
    said = _words(body)
    strategy = Strategy(id=new_id(), pupil_id=pupil_id, voice=voice_of(caller), author_id=caller.person_id,
                        audience=_audience(caller, body["audience"], (ALL, SCHOOL)), written_at=uow.now,
                        passed_at=None, version=1, ended_at=None, **said)
    uow.add(strategy)
    _stand_behind(uow, caller, strategy)
    _step(uow, caller, strategy, Step("suggested", said))
    told = {"to": "adults"} if caller.hat == "staff" else {"staff_ids": _team(uow, pupil_id)}
    uow.record(strategy_fact(uow, strategy, "suggested", strategy.voice, told))
    _note_contact(uow, caller, pupil_id)
    uow.flush()
    return strategy


def _words(body: Mapping[str, Any]) -> dict[str, str]:
    return {name: body.get(name, "") for name in rules.WORDS}


def _audience(caller: Principal, wanted: str | None, choices: Sequence[str]) -> str:
    """Staff write for everybody who helps the child; whoever else writes says for whom."""
    if caller.hat == "staff":
        return ALL
    if wanted is None or wanted not in choices:
        raise Invalid(errors={"/audience": "Choose who may see this."})
    return wanted


def agree_strategy(uow: UnitOfWork, caller: Principal, strategy_id: str, based_on: int | None) -> None:
    """Stand behind what it says now: school as a whole, an adult at home for themselves."""
    strategy = _open(uow, caller, strategy_id, "agree")
    _refuse_stale(strategy, based_on)
    _stand_behind(uow, caller, strategy)
    _step(uow, caller, strategy, Step("agreed"))
    told = ({"guardian_ids": _homes(uow, strategy, strategy.version)} if caller.hat == "staff"
            else {"staff_ids": _team(uow, strategy.pupil_id)})
    uow.record(strategy_fact(uow, strategy, "agreed", voice_of(caller), told))
    uow.flush()


def change_strategy(uow: UnitOfWork, caller: Principal, strategy_id: str, body: Mapping[str, Any],
                    based_on: int | None) -> None:
    """A new version, behind which stands for now only whoever wrote it; Stale when somebody was faster."""
    strategy = _open(uow, caller, strategy_id, "change")
    _refuse_stale(strategy, based_on)
    said = _words(body)
    for name, words in said.items():
        setattr(strategy, name, words)
    strategy.version += 1
    homes = [adult for adult in _homes(uow, strategy) if adult != caller.person_id]
    _stand_behind(uow, caller, strategy)
    _step(uow, caller, strategy, Step("changed", said))
    told = {"guardian_ids": homes, **({} if caller.hat == "staff" else {"staff_ids": _team(uow, strategy.pupil_id)})}
    uow.record(strategy_fact(uow, strategy, "changed", voice_of(caller), told))
    uow.flush()


def keep_strategy(uow: UnitOfWork, caller: Principal, strategy_id: str) -> None:
    """Looked at again, and kept for now."""
    strategy = _open(uow, caller, strategy_id, "keep")
    _step(uow, caller, strategy, Step("kept"))
    uow.flush()


def end_strategy(uow: UnitOfWork, caller: Principal, strategy_id: str, reason: str, words: str = "") -> None:
    """School ends it for everybody, and so does a child who suggested it; an adult at home for themselves alone."""
    strategy = _open(uow, caller, strategy_id, "end")
    if caller.hat == "pupil" and strategy.voice != "child":
        raise Conflict(rules.NOT_THE_CHILDS)
    homes = _homes(uow, strategy)
    told: dict[str, Any] = {"guardian_ids": homes} if caller.hat == "staff" else {
        "staff_ids": _team(uow, strategy.pupil_id), **({"guardian_ids": homes} if caller.hat == "pupil" else {})}
    if caller.hat == "guardian":
        _side(uow, caller, strategy).ended_at = uow.now
    else:
        strategy.ended_at = uow.now
    _step(uow, caller, strategy, Step("ended", None, reason, words))
    uow.record(strategy_fact(uow, strategy, "ended", voice_of(caller), told))
    uow.flush()


def note_tried(uow: UnitOfWork, caller: Principal, strategy_id: str, body: Mapping[str, Any]) -> Tried:
    """How it went: announced without its line, and not at all while it is nobody's but the writer's."""
    strategy = _open(uow, caller, strategy_id, "try")
    choices = (ALL, SCHOOL, ONLY_ME) if caller.hat == "pupil" else (ALL, SCHOOL)
    note = Tried(id=new_id(), pupil_id=strategy.pupil_id, voice=voice_of(caller), author_id=caller.person_id,
                 audience=_audience(caller, body["audience"], choices), written_at=uow.now, passed_at=None,
                 strategy_id=strategy.id, how=body["how"], line=body.get("line", ""))
    uow.add(note)
    if note.audience != ONLY_ME:
        uow.record(strategy_tried(uow, note))
    _note_contact(uow, caller, strategy.pupil_id)
    uow.flush()
    return note


def _open(uow: UnitOfWork, caller: Principal, strategy_id: str, move: str) -> Strategy:
    """The strategy, locked until this is committed; Conflict names a move that cannot be made now."""
    strategy = find_strategy(uow, caller, strategy_id, "reply", lock=True)
    _refuse_the_gone(uow, strategy.pupil_id)
    sides = list_sides(uow, [strategy.id]).get(strategy.id, [])
    state = rules.state_of(whole_of(strategy, sides), _adult(caller))
    mine = next((side for side in sides if (side.voice, side.person_id) == _who(caller)), None)
    refused = rules.refusal(move, state, mine is not None and mine.version == strategy.version)
    is_last_word = move == "end" and caller.hat != "guardian" and strategy.ended_at is None  # homes alone ended it
    if refused and not is_last_word:
        raise Conflict(refused)
    return strategy


def _refuse_the_gone(uow: UnitOfWork, pupil_id: str) -> None:
    if not is_here(uow, pupil_id):
        raise Conflict("This child has left the school. What was written can still be read.")


def _refuse_stale(strategy: Strategy, based_on: int | None) -> None:
    if based_on is None:
        raise Invalid(errors={"/If-Match": "Say which version you have read."})
    if based_on != strategy.version:
        raise Stale()


def _adult(caller: Principal) -> str | None:
    return caller.person_id if caller.hat == "guardian" else None


def _who(caller: Principal) -> tuple[str, str]:
    return voice_of(caller), THE_SCHOOL if caller.hat == "staff" else caller.person_id


def _side(uow: UnitOfWork, caller: Principal, strategy: Strategy) -> StrategySide:
    voice, person_id = _who(caller)
    found: StrategySide | None = uow.get(StrategySide, strategy.id, voice, person_id)
    if found is None:
        found = StrategySide(strategy_id=strategy.id, voice=voice, person_id=person_id, version=0, agreed_at=None,
                             ended_at=None)
        uow.add(found)
    return found


def _stand_behind(uow: UnitOfWork, caller: Principal, strategy: Strategy) -> None:
    side = _side(uow, caller, strategy)
    side.version, side.agreed_at = strategy.version, uow.now


@dataclass(frozen=True, slots=True)
class Step:
    """What is added to the history."""

    kind: str
    said: dict[str, str] | None = None
    reason: str | None = None
    words: str = ""


def _step(uow: UnitOfWork, caller: Principal, strategy: Strategy, step: Step) -> None:
    audience = SCHOOL if caller.hat == "guardian" and step.kind in PRIVATE else strategy.audience
    uow.add(StrategyStep(id=new_id(), pupil_id=strategy.pupil_id, voice=voice_of(caller), author_id=caller.person_id,
                         audience=audience, written_at=uow.now, passed_at=None, strategy_id=strategy.id,
                         version=strategy.version, kind=step.kind, said=step.said, reason=step.reason,
                         words=step.words))


def _homes(uow: UnitOfWork, strategy: Strategy, version: int | None = None) -> list[str]:
    """The adults who do it now: who agreed to some version of it (or to this one), and have not ended it."""
    sides = list_sides(uow, [strategy.id]).get(strategy.id, [])
    return sorted(side.person_id for side in sides if side.voice == "home" and side.ended_at is None
                  and side.version in ((version,) if version else range(1, strategy.version + 1)))


def _team(uow: UnitOfWork, pupil_id: str) -> list[str]:
    return [member.id for member in list_team(uow, pupil_id)]


def _note_contact(uow: UnitOfWork, caller: Principal, pupil_id: str) -> None:
    if caller.hat == "staff":
        note_contact(uow, [pupil_id], NOTE, caller.person_id)


def divert_entry(uow: UnitOfWork, entry_id: str) -> Passed:
    """A note goes off everybody's screens but its author's, to a safeguarding lead."""
    note: Tried | None = uow.get(Tried, entry_id)
    if note is None or note.passed_at is not None:
        raise NotFound()
    return pass_on(uow, note, TRIED, note.line)


def move_author(uow: UnitOfWork, from_id: str, to_id: str) -> None:
    """Two entries were one adult; where both stood behind a strategy, what the one that stays has said holds."""
    for model in (Strategy, StrategyStep, Tried):
        move_signed(uow, model, from_id, to_id)
    mine = (StrategySide.voice == "home", StrategySide.person_id == from_id)
    for row in uow.all(sa.select(StrategySide).where(*mine)):
        if uow.get(StrategySide, row.strategy_id, row.voice, to_id) is None:
            uow.add(StrategySide(strategy_id=row.strategy_id, voice=row.voice, person_id=to_id, version=row.version,
                                 agreed_at=row.agreed_at, ended_at=row.ended_at))
        uow.session.delete(row)


def end_about(uow: UnitOfWork, pupil_ids: Sequence[str]) -> None:
    """The children have left: what was still being tried ends, and nobody is told."""
    wanted = sa.select(Strategy).where(Strategy.pupil_id.in_(pupil_ids), Strategy.ended_at.is_(None))
    for strategy in uow.all(wanted):
        strategy.ended_at = uow.now
        uow.record(strategy_fact(uow, strategy, "ended", "school", {}))
