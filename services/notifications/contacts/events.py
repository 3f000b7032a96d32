"""How the state that profiles describes is read here: the few fields that telling needs; all others are ignored.

Of what was erased nothing is left but the key.
"""

from __future__ import annotations

from typing import Any

from chassis.envelope import Event

ERASED = "erased"


def read_guardian(event: Event) -> dict[str, Any]:
    return {**_read_adult(event, "guardian"), "language": (event.data or {}).get("language")}


def read_staff(event: Event) -> dict[str, Any]:
    return {**_read_adult(event, "staff"), "language": None}


def _read_adult(event: Event, hat: str) -> dict[str, Any]:
    data = event.data or {}
    return {"id": event.key, "hat": hat, "given_name": data.get("given_name", ""),
            "family_name": data.get("family_name", ""), "email": data.get("email"), "status": _status(event)}


def read_pupil(event: Event) -> dict[str, Any]:
    return {"id": event.key, "given_name": (event.data or {}).get("given_name", ""), "status": _status(event)}


def read_school(event: Event) -> dict[str, Any]:
    data = event.data or {}
    return {"name": data.get("name", ""), "zone": data.get("zone") or "Europe/London"}


def is_current(event: Event) -> bool:
    return _status(event) == "current"


def _status(event: Event) -> str:
    return ERASED if event.data is None else str(event.data.get("status", "current"))
