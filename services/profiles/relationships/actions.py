"""What can be done about relationships; every change publishes the pair's full rights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.envelope import Fact
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.events import Snapshot, publish_state
from services.profiles.people.models import Pupil
from services.profiles.relationships.models import Relationship, Restriction
from services.profiles.relationships.rules import Pair, windows_of


def pair_of(row: Relationship, pupil_is_current: bool) -> Pair:
    return Pair(row.kind, row.parental_responsibility, row.restriction, row.office_restriction,
                row.status == "current", pupil_is_current)


def rights_computed(row: Relationship) -> Snapshot:
    return ("tandem.profiles.rights.computed.v1", f"{row.pupil_id}:{row.guardian_id}",
            {"pupil_id": row.pupil_id, "guardian_id": row.guardian_id, "windows": row.windows})


def recompute_rights(uow: UnitOfWork, rows: Iterable[Relationship], left: frozenset[str] = frozenset()) -> int:
    """Publish the rights of the pairs that changed; `left` names pupils who are no longer here. Returns how many."""
    changed: list[tuple[Relationship, dict[str, list[list[str | None]]]]] = []
    for row in rows:
        windows = windows_of(pair_of(row, row.pupil_id not in left))
        if windows != row.windows:
            changed.append((row, row.windows or {}))
            row.windows = windows
    if not changed:
        return 0
    after = publish_state(uow, [rights_computed(row) for row, _ in changed])
    for row, before in changed:
        lost = sorted(right for right, open_ in before.items() if open_ and not row.windows[right])
        gained = sorted(right for right, open_ in row.windows.items() if open_ and not before.get(right))
        if before and (lost or gained):  # a pair's first rights are no change of rights
            uow.record(Fact("tandem.profiles.rights.changed.v1", row.pupil_id, after, {
                "pupil_id": row.pupil_id, "guardian_id": row.guardian_id, "lost": lost, "gained": gained},
                after=after))
    return len(changed)


def enter_restriction(uow: UnitOfWork, pair: tuple[str, str], restriction: str, evidence: str,
                      review_on: date | None, entered_by: str) -> Relationship:
    """The office's word: kept for ever, and it bites at once."""
    row: Relationship | None = uow.get(Relationship, *pair)
    if row is None:
        raise NotFound()
    uow.add(Restriction(id=new_id(), pupil_id=pair[0], guardian_id=pair[1], restriction=restriction,
                        evidence=evidence, review_on=review_on, entered_by=entered_by, entered_at=uow.now))
    row.office_restriction = restriction
    recompute_rights(uow, [row], left_pupils(uow, [pair[0]]))
    return row


def left_pupils(uow: UnitOfWork, pupil_ids: Sequence[str]) -> frozenset[str]:
    """Which of these pupils are no longer here."""
    return frozenset(uow.all(sa.select(Pupil.id).where(Pupil.id.in_(pupil_ids), Pupil.status != "current")))
