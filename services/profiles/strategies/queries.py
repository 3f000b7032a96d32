"""What can be asked of strategies. Each caller finds them as they stand for that caller (`rules.state_of`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import taught_by
from services.profiles.parts import part
from services.profiles.people.models import Pupil
from services.profiles.people.queries import get_zone
from services.profiles.relationships.queries import ask
from services.profiles.signed import ALL, list_names, readable, sign, signature, voice_of
from services.profiles.strategies import rules
from services.profiles.strategies.models import Strategy, StrategySide, StrategyStep, Tried

MOST = 100
MOST_NOTES = 500  # of six weeks
SHOWN_NOTES = 30


def find_strategy(uow: UnitOfWork, caller: Principal, strategy_id: str, right: str = "see",
                  lock: bool = False) -> Strategy:
    """The strategy, for whoever may read it and has this right about the child; NotFound for everybody else."""
    wanted = sa.select(Strategy).where(Strategy.id == strategy_id, readable(Strategy, caller))
    found: Strategy | None = uow.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None:
        raise NotFound()
    ask(uow, caller, right, found.pupil_id)
    return found


def list_sides(uow: UnitOfWork, ids: Collection[str]) -> dict[str, list[StrategySide]]:
    """Who is behind each of these strategies, of every home: for deciding, never for showing."""
    uow.flush()
    found: dict[str, list[StrategySide]] = {}
    for row in uow.all(sa.select(StrategySide).where(StrategySide.strategy_id.in_(sorted(ids)))
                       .order_by(StrategySide.strategy_id, StrategySide.voice, StrategySide.person_id)):
        found.setdefault(row.strategy_id, []).append(row)
    return found


def whole_of(strategy: Strategy, sides: Iterable[StrategySide]) -> rules.Whole:
    """A strategy as the rules take it."""
    return rules.Whole(
        strategy.version, strategy.ended_at is not None, strategy.voice == "home" or strategy.audience == ALL,
        tuple(rules.Side(side.voice, side.person_id, side.version, side.agreed_at, side.ended_at) for side in sides))


def list_strategies(uow: UnitOfWork, caller: Principal, pupil_id: str) -> list[dict[str, Any]]:
    """Every strategy about a child that this caller may read, newest first: four reads for any number of notes."""
    rows = uow.all(sa.select(Strategy).where(Strategy.pupil_id == pupil_id, readable(Strategy, caller))
                   .order_by(Strategy.id.desc()).limit(MOST))
    return _summaries(uow, caller, rows)


def list_waiting(uow: UnitOfWork, caller: Principal) -> list[dict[str, Any]]:
    """What is suggested for the children whom I teach and waits for school to agree, oldest first."""
    agreed = sa.select(StrategySide.strategy_id).where(
        StrategySide.school_id == uow.school, StrategySide.voice == rules.SCHOOL,
        StrategySide.strategy_id == Strategy.id, StrategySide.version == Strategy.version)
    rows = uow.rows(sa.select(Strategy, Pupil).join(Pupil, Pupil.id == Strategy.pupil_id).where(
        Strategy.pupil_id.in_(taught_by(uow, caller.person_id)), Strategy.ended_at.is_(None), Pupil.status == "current",
        readable(Strategy, caller), ~agreed.exists()).order_by(Strategy.id).limit(MOST))
    found = _summaries(uow, caller, [row for row, _pupil in rows])
    return [{**item, "pupil": pupil} for item, (_row, pupil) in zip(found, rows, strict=True)
            if item["state"] != rules.ENDED]


def _summaries(uow: UnitOfWork, caller: Principal, rows: Sequence[Strategy]) -> list[dict[str, Any]]:
    if not rows:
        return []
    sides, last = list_sides(uow, [row.id for row in rows]), _last_tried(uow, caller, [row.id for row in rows])
    names = list_names(uow, {row.author_id for row in rows} | {note.author_id for note in last.values()})
    return [_summary(caller, row, sides.get(row.id, []), last.get(row.id), names) for row in rows]


def _summary(caller: Principal, row: Strategy, sides: Sequence[StrategySide], last: Tried | None,
             names: Mapping[str, str]) -> dict[str, Any]:
    whole, adult = whole_of(row, sides), caller.person_id if caller.hat == "guardian" else None
    state = rules.state_of(whole, adult)
    mine = next((side for side in sides if side.voice == voice_of(caller)
                 and (caller.hat == "staff" or side.person_id == caller.person_id)), None)
    return {**{name: getattr(row, name) for name in rules.WORDS}, "id": row.id, "pupil_id": row.pupil_id,
            "pupil": None, "version": row.version, "audience": row.audience, "state": state,
            "since": rules.since(whole, adult) if state == rules.AGREED else None,
            "may_agree": state != rules.ENDED and (mine is None or mine.version != row.version),
            "signature": signature(caller, row, names), "last_tried": last and _tried(caller, last, names)}


def _tried(caller: Principal, row: Tried, names: Mapping[str, str]) -> dict[str, Any]:
    """A note; for whom it is is shown to its writer alone."""
    found = signature(caller, row, names)
    return {"id": row.id, "how": row.how, "line": row.line, "audience": row.audience if found["is_mine"] else None,
            "signature": found}


def _last_tried(uow: UnitOfWork, caller: Principal, ids: Sequence[str]) -> dict[str, Tried]:
    newest = (sa.select(sa.func.max(Tried.id)).where(Tried.school_id == uow.school, Tried.strategy_id.in_(ids),
                                                     readable(Tried, caller)).group_by(Tried.strategy_id))
    return {row.strategy_id: row for row in uow.all(sa.select(Tried).where(Tried.id.in_(newest)))}


def show_strategy(uow: UnitOfWork, caller: Principal, strategy_id: str) -> dict[str, Any]:
    """One strategy in full: its words, its history, notes and the chart, of what this caller may read."""
    row = find_strategy(uow, caller, strategy_id)
    sides = list_sides(uow, [row.id]).get(row.id, [])
    steps = uow.all(sa.select(StrategyStep).where(StrategyStep.strategy_id == row.id, readable(StrategyStep, caller))
                    .order_by(StrategyStep.id.desc()).limit(MOST))
    notes, chart = _recent(uow, caller, row.id)
    names = list_names(uow, {row.author_id, *(one.author_id for one in [*steps, *notes]),
                             *(side.person_id for side in sides)})
    found = _summary(caller, row, sides, notes[0] if notes else None, names)
    return {**found, "homes": _named_homes(caller, row, sides, names), "chart": chart,
            "may_end": _may_end(caller, row, found["state"]),
            "steps": [{"version": step.version, "kind": step.kind, "said": step.said, "reason": step.reason,
                       "words": step.words, "signature": signature(caller, step, names)} for step in steps],
            "notes": [_tried(caller, note, names) for note in notes[:SHOWN_NOTES]]}


def _may_end(caller: Principal, row: Strategy, state: str) -> bool:
    if caller.hat == "guardian":
        return state != rules.ENDED
    return row.ended_at is None and (caller.hat == "staff" or row.voice == "child")


def _recent(uow: UnitOfWork, caller: Principal, strategy_id: str) -> tuple[Sequence[Tried], list[dict[str, Any]]]:
    """The notes of the last six weeks, newest first, and what they make of the chart."""
    zone = get_zone(uow)
    weeks = rules.weeks_to(uow.now.astimezone(zone).date())
    first = datetime.combine(weeks[0], time(), zone).astimezone(UTC)
    notes = uow.all(sa.select(Tried).where(Tried.strategy_id == strategy_id, readable(Tried, caller),
                                           Tried.written_at >= first).order_by(Tried.id.desc()).limit(MOST_NOTES))
    said = [(note.voice, note.how, note.written_at.astimezone(zone).date()) for note in notes]
    return notes, rules.chart_of(weeks, said)


def _named_homes(caller: Principal, row: Strategy, sides: Sequence[StrategySide],
                 names: Mapping[str, str]) -> list[dict[str, Any]]:
    """For staff alone: which adults at home are behind it."""
    if caller.hat != "staff":
        return []
    return [{"name": names.get(side.person_id, ""), "at": side.ended_at or side.agreed_at,
             "state": rules.ENDED if side.ended_at else rules.AGREED if side.version == row.version else "earlier"}
            for side in sides if side.voice == rules.HOME]


def select_part(uow: UnitOfWork, caller: Principal, pupil_id: str) -> list[sa.Select[Any]]:
    """What is being tried or suggested, with the last word on how it went."""
    here = (StrategySide.school_id == uow.school, StrategySide.strategy_id == Strategy.id)
    homes = (*here, StrategySide.voice == rules.HOME,
             *((StrategySide.person_id == caller.person_id,) if caller.hat == "guardian" else ()))

    def some(*where: sa.ColumnElement[bool]) -> sa.Exists:
        return sa.select(StrategySide.strategy_id).where(*where).correlate(Strategy).exists()

    live, now = StrategySide.ended_at.is_(None), StrategySide.version == Strategy.version
    without_homes = sa.and_(Strategy.voice == "child", Strategy.audience != ALL)
    agreed = sa.and_(some(*here, StrategySide.voice == rules.SCHOOL, now),
                     sa.or_(without_homes, some(*homes, now, live)))
    last = (sa.select(Tried.how).where(Tried.school_id == uow.school, Tried.strategy_id == Strategy.id,
                                       readable(Tried, caller))
            .order_by(Tried.id.desc()).limit(1).correlate(Strategy).scalar_subquery())
    where = [Strategy.school_id == uow.school, Strategy.pupil_id == pupil_id, Strategy.ended_at.is_(None),
             readable(Strategy, caller), sa.or_(~some(*homes), some(*homes, live))]
    return [part("strategies", 10, [Strategy.id.desc()], where, id=Strategy.id, written_at=Strategy.written_at,
                 voice=Strategy.voice, author_id=Strategy.author_id, kind=Strategy.kind, words=Strategy.what,
                 state=sa.case((agreed, rules.AGREED), else_=rules.SUGGESTED), more=last)]


def list_held(uow: UnitOfWork, pupil_id: str, guardian_id: str) -> list[dict[str, Any]]:
    """For a copy of the record: strategies that this adult may read, and every note that is theirs to read."""
    adult = Principal("", uow.school, guardian_id, "guardian")
    rows = uow.all(sa.select(Strategy).where(Strategy.pupil_id == pupil_id, readable(Strategy, adult))
                   .order_by(Strategy.id))
    notes = uow.all(sa.select(Tried).where(Tried.strategy_id.in_([row.id for row in rows]), readable(Tried, adult))
                    .order_by(Tried.id))
    items = [("strategies", row, {"What": row.what, "Why": row.why, "At home": row.at_home,
                                  "At school": row.at_school, "The child": row.by_child}) for row in rows]
    items += [("strategies", row, {"How it went": row.how, "A line": row.line}) for row in notes]
    signs = sign(uow, adult, [row for _section, row, _says in items])
    return [{"key": f"strategy:{row.id}", "section": section,
             "says": {"On": row.written_at.date().isoformat(), "From": signed["by"] or signed["voice"],
                      **{label: words for label, words in says.items() if words}}}
            for (section, row, says), signed in zip(items, signs, strict=True)]
