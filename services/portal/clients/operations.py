"""What trust IT asks of every service: how a school is doing there, and its dead letters."""

from __future__ import annotations

from typing import TypedDict

from chassis.auth import Principal
from services.portal.clients.transport import Call, Transport

SERVICES = ("profiles", "scheduling", "notifications", "portal")


class Status(TypedDict):
    school: str
    service: str
    outbox_backlog: int
    outbox_age_s: float | None
    dead_letters: int
    lag: int | None
    projection_age_s: float | None


class DeadLetter(TypedDict):
    id: str
    direction: str
    topic: str
    partition: int
    position: int
    key: str
    reason: str
    attempts: int
    state: str
    created_at: str


class OperationsClient:
    """As trust IT, in the school that `who` names, at one of `SERVICES`."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def show_status(self, who: Principal, service: str) -> Status:
        found: Status = self._transport.send(Call(service, "GET", "/status", who))
        return found

    def list_dead_letters(self, who: Principal, service: str) -> list[DeadLetter]:
        found: list[DeadLetter] = self._transport.send(Call(service, "GET", "/dead-letters", who))["items"]
        return found

    def retry(self, who: Principal, service: str, letter_id: str) -> int:
        """How many were handled: this one, and those that waited behind it."""
        return int(self._transport.send(Call(service, "POST", f"/dead-letters/{letter_id}/retry", who))["retried"])

    def discard(self, who: Principal, service: str, letter_id: str, reason: str) -> None:
        self._transport.send(Call(service, "POST", f"/dead-letters/{letter_id}/discard", who,
                                  json={"reason": reason}))
