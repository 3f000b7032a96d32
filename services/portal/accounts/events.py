"""How the state that profiles describes is read here, and the one fact that is announced.

Of what was erased nothing is left but the key.
"""

from __future__ import annotations

from typing import Any

from chassis.envelope import Event, Fact
from services.portal.accounts.rules import tidy_address

ERASED = "erased"


def read_guardian(event: Event) -> dict[str, Any]:
    return _read_adult(event, "guardian")


def read_staff(event: Event) -> dict[str, Any]:
    return _read_adult(event, "staff")


def read_pupil(event: Event) -> dict[str, Any]:
    """A child has no address here, whatever comes: nothing is ever sent to one."""
    return {**_read_adult(event, "pupil"), "email": None, "roles": []}


def _read_adult(event: Event, hat: str) -> dict[str, Any]:
    data = event.data or {}
    return {
        "person_id": event.key, "hat": hat, "given_name": data.get("given_name", ""),
        "family_name": data.get("family_name", ""),
        "email": tidy_address(data["email"]) if data.get("email") else None, "roles": list(data.get("roles") or []),
        "status": ERASED if event.data is None else data.get("status", "current"),
    }


def read_school(event: Event) -> dict[str, Any]:
    data = event.data or {}
    return {"name": data.get("name", ""), "zone": data.get("zone") or "Europe/London", "accent": data.get("accent")}


def access_ended(guardian_id: str, pupil_id: str, version: int) -> Fact:
    """What was open to an adult about a child (links, kept words) has ended with the right to see the child."""
    return Fact("tandem.portal.access.ended.v1", guardian_id, version,
                {"guardian_id": guardian_id, "pupil_id": pupil_id, "cause": "right_ended"})
