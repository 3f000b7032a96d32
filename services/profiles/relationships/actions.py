"""What can be done about relationships; every change keeps what was before and publishes the pair's full rights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Conflict, NotFound
from chassis.permissions import open_at
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.events import publish_state, state_version
from services.profiles.people.models import Pupil
from services.profiles.relationships.events import raise_alert, rights_changed, rights_computed
from services.profiles.relationships.models import CareOrder, PastRelationship, Relationship, RightsChange
from services.profiles.relationships.queries import Place, get_pair, list_known, list_pairs
from services.profiles.relationships.rules import RIGHTS, contradict, home_of, windows_of

FACTS = ("kind", "parental_responsibility", "responsibility_seen", "restriction", "checked_by", "checked_seen",
         "lives_with", "priority", "status", "pupil_is_current", "since", "changed_by")
RIGHTS_TURN = "rights-turn"


def recompute_rights(uow: UnitOfWork, rows: Iterable[Any], cause: str, by: str) -> list[Any]:
    """Publish the rights of the pairs whose rights or home changed, and record who lost and gained what.

    Returns the pairs that lost something which they had.
    """
    rows = list(rows)
    known = list_known(uow, rows)
    published: list[Any] = []
    changed: list[tuple[Any, set[str]]] = []
    for row in rows:
        windows, is_first = windows_of(known[row.pupil_id, row.guardian_id]), not row.windows
        home_id = home_of(row.pupil_id, row.guardian_id, row.lives_with)
        if (windows, home_id) != (row.windows, row.home_id):
            row.windows, row.home_id = windows, home_id
            published.append(row)
        allowed = [right for right in RIGHTS if open_at(windows, right, uow.now)]
        if allowed != row.allowed:
            changed += [] if is_first else [(row, set(row.allowed))]  # a pair's first rights are no change of rights
            row.allowed = allowed
    after = publish_state(uow, [rights_computed(row) for row in published]) if published else state_version(uow)
    return [row for row, before in changed if _announce(uow, row, before, (cause, by, after))]


def _announce(uow: UnitOfWork, row: Any, before: set[str], how: tuple[str, str, int]) -> bool:
    """Say who lost and gained what, and keep it; whether anything was lost."""
    cause, by, after = how
    lost, gained = sorted(before - set(row.allowed)), sorted(set(row.allowed) - before)
    uow.record(rights_changed(row, lost, gained, cause, after))
    note_change(uow, (row.pupil_id, row.guardian_id), cause, by, (lost, gained))
    return bool(lost)


def note_change(uow: UnitOfWork, place: tuple[str | None, str | None], what: str, by: str,
                turned: tuple[Sequence[str], Sequence[str]] = ((), ())) -> None:
    """Keep who changed what, and what was lost and gained by it."""
    uow.add(RightsChange(id=new_id(), pupil_id=place[0], guardian_id=place[1], what=what, by=by, at=uow.now,
                         lost=list(turned[0]), gained=list(turned[1])))


def change_facts(uow: UnitOfWork, row: Relationship, values: Mapping[str, Any], by: str) -> bool:
    """Let a pair be something else from now on, and keep what it was; whether anything is different."""
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    uow.add(PastRelationship(id=new_id(), pupil_id=row.pupil_id, guardian_id=row.guardian_id, until=uow.now,
                             **{name: getattr(row, name) for name in FACTS}))
    for name, value in values.items():
        setattr(row, name, value)
    row.since, row.changed_by = uow.now, by
    return True


def change_relationship(uow: UnitOfWork, place: Place, values: Mapping[str, Any], by: str) -> Relationship:
    """The office knows better: the kind, parental responsibility and how it was seen, with whom the child lives."""
    row = get_pair(uow, place)
    if change_facts(uow, row, values, by):
        note_change(uow, place, "relationship", by)
        settle(uow, [row], "relationship-changed", by)
    return row


def check_relationship(uow: UnitOfWork, place: Place, seen: str, by: str) -> Relationship:
    """Somebody has looked, and there is no restriction: what a file did not know is known now."""
    row = get_pair(uow, place)
    if row.restriction != "unknown" or row.checked_by:
        raise Conflict("There is nothing to check here.")
    change_facts(uow, row, {"checked_by": by, "checked_seen": seen}, by)
    note_change(uow, place, "checked", by)
    settle(uow, [row], "checked", by)
    return row


def settle(uow: UnitOfWork, rows: Iterable[Any], cause: str, by: str) -> None:
    """After a change: the new rights, and a word to those who must know when nobody is left for a child."""
    uow.flush()
    losers = recompute_rights(uow, rows, cause, by)
    uow.flush()
    for pupil_id in sorted({row.pupil_id for row in losers}):
        warn_when_nobody_is_left(uow, pupil_id)


def warn_when_nobody_is_left(uow: UnitOfWork, pupil_id: str) -> None:
    """It is done all the same: safety first. The safeguarding lead hears of it at once."""
    pairs = [row for row in list_pairs(uow, [pupil_id]) if row.pupil_is_current]
    for right in ("receive", "collect"):
        if pairs and not any(open_at(row.windows, right, uow.now) for row in pairs):
            raise_alert(uow, "nobody-left", (pupil_id, None), "dsl")
            return


def warn_of_contradiction(uow: UnitOfWork, row: Relationship) -> None:
    """Two orders that take different things: the stricter holds in each right, and the office looks."""
    pair = list_known(uow, [row])[row.pupil_id, row.guardian_id]
    if contradict(pair.orders):
        raise_alert(uow, "contradiction", (row.pupil_id, row.guardian_id), "office", "dsl")


def turn_rights(uow: UnitOfWork, key: str) -> None:
    """A date has come at which this pair's rights change by themselves: say so. Readers obeyed it already."""
    pupil_id, _, guardian_id = key.partition(":")
    row: Relationship | None = uow.get(Relationship, pupil_id, guardian_id)
    if row is not None:
        settle(uow, [row], "dates", "calendar")


def look_after(uow: UnitOfWork, pupil_id: str, authority: str | None, by: str) -> None:
    """The local authority shares responsibility for this child from now on (None: no longer)."""
    if uow.get(Pupil, pupil_id) is None:
        raise NotFound()
    for row in uow.all(sa.select(CareOrder).where(CareOrder.pupil_id == pupil_id, CareOrder.ended_at.is_(None))):
        row.ended_by, row.ended_at = by, uow.now
    if authority:
        uow.add(CareOrder(id=new_id(), pupil_id=pupil_id, authority=authority, entered_by=by, entered_at=uow.now,
                          ended_by=None, ended_at=None))
    uow.flush()
    note_change(uow, (pupil_id, None), "looked-after" if authority else "looked-after-no-longer", by)
    settle(uow, list_pairs(uow, [pupil_id]), "looked-after", by)
