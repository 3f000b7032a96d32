"""How the state that profiles describes is read here; fields that we do not know are ignored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.envelope import Event


def newest_by_key(events: Sequence[Event]) -> dict[str, Event]:
    """The last word on each key: a whole snapshot makes the earlier ones of a batch needless."""
    newest: dict[str, Event] = {}
    for event in events:
        if event.key not in newest or newest[event.key].version <= event.version:
            newest[event.key] = event
    return newest


def read_guardian(data: dict[str, Any]) -> dict[str, Any]:
    return {"hat": "guardian", "given_name": data["given_name"], "family_name": data["family_name"],
            "email": data.get("email"), "language": data.get("language"), "status": data.get("status", "current")}


def read_staff(data: dict[str, Any]) -> dict[str, Any]:
    return {"hat": "staff", "given_name": data["given_name"], "family_name": data["family_name"],
            "email": data.get("email"), "language": None, "status": data.get("status", "current")}


def read_pupil(data: dict[str, Any]) -> dict[str, Any]:
    return {"given_name": data["given_name"], "status": data.get("status", "current")}


def read_school(data: dict[str, Any]) -> dict[str, Any]:
    return {"name": data["name"], "zone": data.get("zone") or "Europe/London"}


def split_pair(key: str) -> tuple[str, str]:
    """(pupil, guardian) of a rights key."""
    pupil_id, _, guardian_id = key.partition(":")
    return pupil_id, guardian_id
