"""What the portal asks of scheduling about the waiting list: waiting for a time, and what is offered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from chassis.auth import Principal
from services.portal.clients.scheduling import ChildName, Evening, Teacher, naming
from services.portal.clients.transport import Call, Transport


class OpenOffer(TypedDict):
    id: str
    starts_at: str
    expires_at: str


class Waiting(TypedDict):
    id: str
    evening_id: str
    pupil: ChildName
    staff: Teacher
    instead_of: str | None
    earliest: str | None
    latest: str | None
    since: NotRequired[str]
    offer: OpenOffer | None


class WaitingAdult(Waiting):
    guardian: Teacher
    is_asked: bool


class EveningWaiting(TypedDict):
    """By teacher; of one teacher who is asked first comes first."""

    evening: Evening
    items: list[WaitingAdult]


class Offer(TypedDict):
    """`state` is 'open', 'accepted', 'declined', 'expired' or 'withdrawn'."""

    id: str
    state: str
    evening: Evening
    pupil: ChildName
    staff: Teacher
    starts_at: str
    ends_at: str
    expires_at: str
    how: str | None
    room: str
    waits: bool
    instead_of: str | None


class WaitlistClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def join(self, who: Principal, evening_id: str, pupil_id: str, wish: Mapping[str, Any]) -> Waiting:
        """`wish` holds staff_id, for a better time instead_of with earliest or latest; the office adds guardian_id."""
        found: Waiting = self._transport.send(Call(
            "scheduling", "POST", f"/evenings/{evening_id}/pupils/{pupil_id}/waiting", who, json=dict(wish)))
        return found

    def list_waiting(self, who: Principal, guardian_id: str | None = None) -> list[Waiting]:
        """What the caller waits for, or the adult whom the office names."""
        found: list[Waiting] = self._transport.send(Call(
            "scheduling", "GET", "/waiting", who, naming(guardian_id)))["items"]
        return found

    def list_of_evening(self, who: Principal, evening_id: str) -> EveningWaiting:
        """As the office: who waits for whom."""
        found: EveningWaiting = self._transport.send(Call("scheduling", "GET", f"/evenings/{evening_id}/waiting", who))
        return found

    def leave(self, who: Principal, waiting_id: str) -> None:
        self._transport.send(Call("scheduling", "POST", f"/waiting/{waiting_id}/leave", who))

    def show_offer(self, who: Principal, offer_id: str) -> Offer:
        found: Offer = self._transport.send(Call("scheduling", "GET", f"/offers/{offer_id}", who))
        return found

    def answer(self, who: Principal, offer_id: str, answer: str) -> Offer:
        """'accept' or 'decline'; Conflict when it is somebody else's by now."""
        found: Offer = self._transport.send(Call("scheduling", "POST", f"/offers/{offer_id}/{answer}", who))
        return found
