"""What the portal asks of profiles about updates from home, beyond reading them (clients/profiles.py does that)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from chassis.auth import Principal
from services.portal.clients.profiles import Person, Update
from services.portal.clients.transport import Call, Transport


class UpdateInFull(Update):
    named: list[Person]
    changed_at: str | None
    promised_by: str | None
    version: int


class Overdue(TypedDict):
    pupil: Person
    promised_by: str


class WellbeingClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def share(self, who: Principal, pupil_id: str, said: Mapping[str, str | Sequence[str]], key: str) -> UpdateInFull:
        found: UpdateInFull = self._transport.send(
            Call("profiles", "POST", f"/pupils/{pupil_id}/updates", who, json=dict(said), key=key))
        return found

    def show(self, who: Principal, update_id: str) -> UpdateInFull:
        found: UpdateInFull = self._transport.send(Call("profiles", "GET", f"/updates/{update_id}", who))
        return found

    def change(self, who: Principal, update_id: str, said: Mapping[str, Any], version: str) -> UpdateInFull:
        """Stale when it was changed since `version`."""
        found: UpdateInFull = self._transport.send(
            Call("profiles", "PUT", f"/updates/{update_id}", who, json=dict(said), match=version))
        return found

    def list_overdue(self, who: Principal) -> list[Overdue]:
        """For the head, the office and safeguarding leads: about whom something waits, never what."""
        found: list[Overdue] = self._transport.send(Call("profiles", "GET", "/updates/overdue", who))["items"]
        return found

    def show_promise(self, who: Principal) -> int:
        """Within how many school hours somebody reads an update."""
        return int(self._transport.send(Call("profiles", "GET", "/updates/promise", who))["hours"])

    def set_promise(self, who: Principal, hours: int) -> None:
        self._transport.send(Call("profiles", "PUT", "/updates/promise", who, json={"hours": hours}))
