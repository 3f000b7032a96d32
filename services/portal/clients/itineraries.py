"""What the portal asks of scheduling about itineraries: a compact evening, held while a family makes up its mind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from chassis.auth import Principal
from services.portal.clients.scheduling import ChildName, Teacher, naming
from services.portal.clients.transport import Call, Transport


class WantedChild(TypedDict):
    pupil_id: str
    staff_ids: list[str]


class HeldTalk(TypedDict):
    appointment_id: str
    pupil: ChildName
    staff: Teacher
    starts_at: str
    ends_at: str
    room: str
    how: str


class Unmet(TypedDict):
    pupil: ChildName
    staff: Teacher
    is_full: bool


class Itinerary(TypedDict):
    """`state` is 'held', 'kept', 'let-go' or 'lapsed'; the answers are there in each."""

    id: str
    evening_id: str
    state: str
    held_until: str
    seconds_left: int
    extensions_left: int
    children: list[WantedChild]
    earliest: str | None
    latest: str | None
    not_times: list[list[str]]
    how: str | None
    call_on: str
    needs: list[str]
    talks: list[HeldTalk]
    unmet: list[Unmet]


class ItinerariesClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def ask(self, who: Principal, evening_id: str, answers: Mapping[str, Any], key: str) -> Itinerary:
        """Hold the best that is free now; Conflict when nothing fits. The office names a guardian_id in `answers`."""
        found: Itinerary = self._transport.send(Call(
            "scheduling", "POST", f"/evenings/{evening_id}/itineraries", who, json=dict(answers), key=key))
        return found

    def find(self, who: Principal, evening_id: str, guardian_id: str | None = None) -> Itinerary | None:
        """The newest at this evening of the caller, or of the adult whom the office names."""
        found: list[Itinerary] = self._transport.send(Call(
            "scheduling", "GET", f"/evenings/{evening_id}/itineraries", who, naming(guardian_id)))["items"]
        return found[0] if found else None

    def act(self, who: Principal, itinerary_id: str, what: str) -> Itinerary:
        """'keep', 'extend', 'let-go' or 'again'; Conflict says why not."""
        found: Itinerary = self._transport.send(Call(
            "scheduling", "POST", f"/itineraries/{itinerary_id}/{what}", who))
        return found
