"""An evening in numbers, a part of the queries: for the head, of the whole and of large groups; never of one person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.queries import list_parts
from services.scheduling.evenings import queries as evenings
from services.scheduling.nights.models import NightTalk
from services.scheduling.nights.rules import MISSED, choose_groups, may_show
from services.scheduling.people import queries as people
from services.scheduling.wishes.queries import count_by_staff

Parts = Sequence[Any]


def add_up(uow: UnitOfWork, evening_id: str) -> dict[str, Any]:
    """What an evening offered and what was wished, who met and was missed, and how long families waited.

    `wished` is None where nobody was asked; times are in minutes, and None where too few families came.
    """
    evening = evenings.find_evening(uow, evening_id)
    if evening.state not in evenings.SHOWN:
        raise NotFound()
    parts = list_parts(uow, evening_id)
    began = {row.appointment_id: row.began_at for row in uow.rows(
        sa.select(NightTalk.appointment_id, NightTalk.began_at).where(
            NightTalk.evening_id == evening_id, NightTalk.began_at.is_not(None)))}
    return {
        "evening": evenings.evening_item(evening), "offered": len(evenings.list_sat_slots(uow, evening_id)),
        "wished": sum(count_by_staff(uow, evening_id).values()) if evening.way == "plan" else None,
        **_count(parts, uow.now), **_times(parts, began), "years": _list_years(uow, parts)}


def _count(parts: Parts, now: datetime) -> dict[str, Any]:
    """Talks whose time has come: both sides met unless somebody said that nobody came."""
    over = {part.id: part.outcome for part in parts if part.ends_at <= now}
    missed = sum(outcome == MISSED for outcome in over.values())
    return {"families": _count_families(parts), "booked": len({part.id for part in parts}),
            "met": len(over) - missed, "missed": missed}


def _count_families(parts: Parts) -> int:
    """Adults who come to an evening: each home is one."""
    return len({part.guardian_id for part in parts})


def _times(parts: Parts, began: dict[str, datetime]) -> dict[str, int | None]:
    is_shown = may_show(_count_families(parts))
    waits = _list_waits(parts) if is_shown else []
    starts = {part.id: part.starts_at for part in parts}
    late = [max(began[one] - starts[one], timedelta()) for one in starts if one in began] if is_shown else []
    return {"longest_wait": _minutes(max(waits, default=None)), "mean_wait": _minutes(_mean(waits)),
            "most_late": _minutes(max(late, default=None)), "mean_late": _minutes(_mean(late))}


def _list_waits(parts: Parts) -> list[timedelta]:
    """The time between one talk of an adult and their next, for each pair of them."""
    own: dict[str, list[Any]] = {}
    for part in parts:
        own.setdefault(part.guardian_id, []).append(part)
    return [max(later.starts_at - earlier.ends_at, timedelta())
            for mine in own.values() for earlier, later in pairwise(mine)]


def _mean(some: Collection[timedelta]) -> timedelta | None:
    return sum(some, timedelta()) / len(some) if some else None


def _minutes(length: timedelta | None) -> int | None:
    return None if length is None else round(length.total_seconds() / 60)


def _list_years(uow: UnitOfWork, parts: Parts) -> list[dict[str, Any]]:
    """Of each year group with enough families: how many they are, and how many talks there were and were missed."""
    years = {year: set(people.list_year_pupils(uow, [year])) for year, _many in people.list_years(uow)}
    found = {year: [part for part in parts if part.pupil_id in pupils] for year, pupils in years.items()}
    shown = choose_groups({year: _count_families(some) for year, some in found.items() if some}, _count_families(
        _others(parts, found.values())))
    return [{"year_group": year, **_count(found[year], uow.now)} for year in found if year in shown]


def _others(parts: Parts, known: Iterable[Parts]) -> Parts:
    """The parts about children of no year group."""
    ids = {part.id for some in known for part in some}
    return [part for part in parts if part.id not in ids]
