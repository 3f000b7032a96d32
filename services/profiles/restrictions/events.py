"""The facts that are announced about restrictions, and the state of adults who must not meet."""

from __future__ import annotations

from chassis.envelope import Fact
from services.profiles.people.events import Snapshot
from services.profiles.restrictions.models import KeepApart, Restriction


def restriction_entered(row: Restriction, after: int) -> Fact:
    return _about(row, "entered", row.entered_by, after)


def restriction_lifted(row: Restriction, by: str, after: int) -> Fact:
    return _about(row, "lifted", by, after)


def _about(row: Restriction, happened: str, by: str, after: int) -> Fact:
    """Ids alone: neither its kind nor what was seen leaves this service."""
    return Fact(f"tandem.profiles.restriction.{happened}.v1", row.pupil_id, after, {
        "restriction_id": row.id, "pupil_id": row.pupil_id, "guardian_id": row.guardian_id, "staff_id": by},
        after=after)


def keepapart_declared(row: KeepApart) -> Snapshot:
    return ("tandem.profiles.keepapart.declared.v1", f"{row.first_id}:{row.second_id}",
            {"guardian_ids": [row.first_id, row.second_id], "status": "ended" if row.lifted_at else "current"})
