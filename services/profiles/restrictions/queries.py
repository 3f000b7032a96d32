"""What can be asked of restrictions: what is in force, what was, and what the office must look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.restrictions.models import Held, KeepApart, Restriction

Place = tuple[str, str]
"""(pupil, guardian)."""


@dataclass(slots=True)
class Taking:
    """What is entered about one pair."""

    restrictions: list[Restriction] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)


def list_taking(uow: UnitOfWork, pupil_ids: Collection[str] | None, known_at: datetime) -> Mapping[Place, Taking]:
    """What was known at an instant to take rights away about these pupils (None: all): entered, and not yet lifted.

    Two reads for any number of pupils. What its dates say is for the rule.
    """
    about = (Restriction.entered_at <= known_at,
             sa.or_(Restriction.lifted_at.is_(None), Restriction.lifted_at > known_at))
    held = (Held.agreed_at <= known_at, sa.or_(Held.ended_at.is_(None), Held.ended_at > known_at))
    found: dict[Place, Taking] = defaultdict(Taking)
    for row in uow.all(_about(sa.select(Restriction).where(*about).order_by(Restriction.id),
                              Restriction.pupil_id, pupil_ids)):
        found[row.pupil_id, row.guardian_id].restrictions.append(row)
    for row in uow.all(_about(sa.select(Held).where(*held).order_by(Held.id), Held.pupil_id, pupil_ids)):
        found[row.pupil_id, row.guardian_id].held.append(row)
    return found


def _about(statement: sa.Select[Any], column: Any, ids: Collection[str] | None) -> sa.Select[Any]:
    return statement if ids is None else statement.where(column.in_(sorted(ids)))


def get_restriction(uow: UnitOfWork, restriction_id: str) -> Restriction:
    """A restriction that still holds or will; NotFound when there is none."""
    row: Restriction | None = uow.get(Restriction, restriction_id)
    if row is None or row.lifted_at is not None:
        raise NotFound()
    return row


def list_open(uow: UnitOfWork, *conditions: sa.ColumnElement[bool]) -> Sequence[Restriction]:
    """Restrictions that were not lifted and have not ended, oldest first."""
    return uow.all(sa.select(Restriction).where(
        Restriction.lifted_at.is_(None), sa.or_(Restriction.ends_at.is_(None), Restriction.ends_at > uow.now),
        *conditions).order_by(Restriction.id))


def list_keep_apart(uow: UnitOfWork, guardian_ids: Collection[str] | None = None) -> Sequence[KeepApart]:
    """The pairs that must not meet now, of these adults or all."""
    wanted = sa.select(KeepApart).where(KeepApart.lifted_at.is_(None)).order_by(KeepApart.id)
    if guardian_ids is not None:
        wanted = wanted.where(sa.or_(KeepApart.first_id.in_(guardian_ids), KeepApart.second_id.in_(guardian_ids)))
    return uow.all(wanted)


def get_keep_apart(uow: UnitOfWork, keep_apart_id: str) -> KeepApart:
    row: KeepApart | None = uow.get(KeepApart, keep_apart_id)
    if row is None or row.lifted_at is not None:
        raise NotFound()
    return row
