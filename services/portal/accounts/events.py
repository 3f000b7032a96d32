"""How the state that profiles describes is read here; fields that we do not know are ignored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.envelope import Event
from services.portal.accounts.rules import tidy_address


def newest_by_key(events: Sequence[Event]) -> dict[str, Event]:
    """The last word on each key."""
    newest: dict[str, Event] = {}
    for event in events:
        if event.key not in newest or newest[event.key].version <= event.version:
            newest[event.key] = event
    return newest


def read_adult(data: dict[str, Any], hat: str) -> dict[str, Any]:
    """guardian.described and staff.described."""
    return {
        "hat": hat, "given_name": data["given_name"], "family_name": data["family_name"],
        "email": tidy_address(data["email"]) if data.get("email") else None,
        "roles": list(data.get("roles") or []), "status": data.get("status", "current"),
    }


def read_school(data: dict[str, Any]) -> dict[str, Any]:
    return {"name": data["name"], "zone": data.get("zone") or "Europe/London", "accent": data.get("accent")}
