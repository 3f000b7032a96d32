"""How profiles' snapshots are read here: the few fields that booking needs; all others are ignored."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chassis.envelope import Event

ERASED = "erased"


def read_school(event: Event) -> dict[str, Any]:
    data = event.data or {}
    return {"name": str(data.get("name", "")), "zone": ZoneInfo(str(data.get("zone", "Europe/London"))).key,
            "year": dict(data.get("year") or {})}


def read_person(event: Event) -> dict[str, Any]:
    """What a pupil and staff have alike; an erased one keeps its key and nothing else."""
    data = event.data or {}
    return {"id": event.key, "given_name": str(data.get("given_name", "")),
            "family_name": str(data.get("family_name", "")), "status": _status(event)}


def read_pupil(event: Event) -> dict[str, Any]:
    return {**read_person(event), "year_group": str((event.data or {}).get("year_group") or "")[:20]}


def read_staff(event: Event) -> dict[str, Any]:
    return {**read_person(event), "roles": list((event.data or {}).get("roles", ()))}


def read_class(event: Event) -> dict[str, Any]:
    data = event.data or {}
    return {"id": event.key, "title": str(data.get("title", "")), "status": _status(event)}


def read_support(event: Event) -> dict[str, Any]:
    """The row of a child; of whom nothing is said any more, the usual."""
    return {"pupil_id": event.key, "reviews": str((event.data or {}).get("reviews", "usual"))}


def read_home(event: Event) -> dict[str, Any]:
    """Which home the adult of a pair is of; one who says it not, as an older version of profiles, leaves it open."""
    pupil_id, _, guardian_id = event.key.partition(":")
    return {"pupil_id": pupil_id, "guardian_id": guardian_id,
            "home_id": str((event.data or {}).get("home_id") or "")[:36]}


def read_memberships(event: Event, role: str) -> list[dict[str, Any]]:
    """The rows of `class_members` of one person; nobody who has left is in a class."""
    if _status(event) != "current":
        return []
    class_ids = dict.fromkeys((event.data or {}).get("class_ids", ()))
    return [{"class_id": class_id, "person_id": event.key, "role": role} for class_id in class_ids]


def role_of(event: Event) -> str:
    """What a member of staff is in their classes: only a teacher has slots of an evening."""
    return "teacher" if "teacher" in (event.data or {}).get("roles", ()) else "staff"


def turning_points(windows: Mapping[str, Any], purposes: Collection[str], after: datetime) -> list[datetime]:
    """When the answer about one of these purposes will change by itself."""
    ends = {datetime.fromisoformat(end) for purpose in purposes for window in windows.get(purpose, ())
            for end in window if end is not None}
    return sorted(end for end in ends if end > after)


def read_keep_apart(event: Event) -> dict[str, Any]:
    """The row of two adults who must not meet; what was erased holds no longer."""
    first, _, second = event.key.partition(":")
    status = "ended" if event.data is None else str(event.data["status"])
    return {"first_id": first, "second_id": second, "status": status}


def _status(event: Event) -> str:
    return ERASED if event.data is None else str(event.data.get("status", "current"))
