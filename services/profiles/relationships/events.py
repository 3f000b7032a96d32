"""The facts that are announced about rights, and what named staff are asked to look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.clock import new_id
from chassis.envelope import Fact
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.events import Snapshot, state_version
from services.profiles.people.queries import list_staff_ids


def rights_computed(row: Any) -> Snapshot:
    """All that a pair may do, with the dates, and which home the adult is of: a row of relationships, or one to be."""
    return ("tandem.profiles.rights.computed.v1", f"{row.pupil_id}:{row.guardian_id}", {
        "pupil_id": row.pupil_id, "guardian_id": row.guardian_id, "home_id": row.home_id, "windows": row.windows})


def rights_changed(row: Any, lost: Sequence[str], gained: Sequence[str], cause: str, after: int) -> Fact:
    return Fact("tandem.profiles.rights.changed.v1", row.pupil_id, after, {
        "pupil_id": row.pupil_id, "guardian_id": row.guardian_id, "lost": list(lost), "gained": list(gained),
        "cause": cause}, after=after)


def raise_alert(uow: UnitOfWork, kind: str, place: tuple[str, str | None], *roles: str) -> None:
    """Have staff of these roles look at something about a pupil (and an adult); the office if there are none."""
    uow.flush()
    staff_ids = list_staff_ids(uow, *roles) or list_staff_ids(uow, "head", "office")
    after = state_version(uow)
    uow.record(Fact("tandem.profiles.alert.raised.v1", place[0], after, {
        "alert_id": new_id(), "kind": kind, "pupil_id": place[0], "guardian_id": place[1], "staff_ids": staff_ids},
        after=after))
