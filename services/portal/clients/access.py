"""What the portal asks of profiles about records: what is held, who opened it, and requests to take it away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from chassis.adapters.http import read_reply
from chassis.auth import Principal
from services.portal.clients.profiles import ClassName, Person, Praise, Update
from services.portal.clients.transport import Call, Transport


class HeldPupil(Person):
    year_group: str
    status: str


class OwnRelationship(TypedDict):
    kind: str
    parental_responsibility: str
    lives_with: str


class OwnAnswer(TypedDict):
    id: str
    title: str
    answer: str
    note: str
    answered_at: str


class Opened(TypedDict):
    staff_name: str
    what: str
    on: str


class Held(TypedDict):
    pupil: HeldPupil
    classes: list[ClassName]
    staff: list[Person]
    relationship: OwnRelationship
    updates: list[Update]
    praise: list[Praise]
    consents: list[OwnAnswer]
    opened: list[Opened]


class OwnRequest(TypedDict):
    id: str
    state: str
    asked_at: str
    due_on: str
    extended_to: str | None
    extension_reason: str | None
    comes_by: str
    days_left: int
    reviewed_at: str | None
    reason: str | None


class AccessRequest(OwnRequest):
    pupil: HeldPupil
    guardian: Person
    asks_child: bool


class KeptOut(TypedDict):
    reason: str
    by: str
    at: str


class PackItem(TypedDict):
    key: str
    section: str
    says: dict[str, str]
    kept_out: KeptOut | None


class RequestInFull(AccessRequest):
    child_wishes: str | None
    child_asked_by: str | None
    reviewed_by: str | None
    fingerprint: str
    items: list[PackItem]


class Read(TypedDict):
    id: str
    staff_name: str
    role: str
    what: str
    read_at: str
    is_hidden: bool


class AccessClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _get(self, who: Principal, path: str) -> Any:
        return self._transport.send(Call("profiles", "GET", path, who))

    def _post(self, who: Principal, path: str, json: Any = None, key: str | None = None) -> Any:
        return self._transport.send(Call("profiles", "POST", path, who, json=json, key=key))

    def show_held(self, who: Principal, pupil_id: str) -> Held:
        found: Held = self._get(who, f"/pupils/{pupil_id}/held")
        return found

    def list_own(self, who: Principal, pupil_id: str) -> list[OwnRequest]:
        found: list[OwnRequest] = self._get(who, f"/pupils/{pupil_id}/access-requests")["items"]
        return found

    def ask(self, who: Principal, pupil_id: str, key: str) -> OwnRequest:
        found: OwnRequest = self._post(who, f"/pupils/{pupil_id}/access-requests", key=key)
        return found

    def withdraw(self, who: Principal, request_id: str) -> None:
        self._post(who, f"/access-requests/{request_id}/withdraw")

    def list_requests(self, who: Principal) -> list[AccessRequest]:
        found: list[AccessRequest] = self._get(who, "/access-requests")["items"]
        return found

    def show_request(self, who: Principal, request_id: str) -> RequestInFull:
        found: RequestInFull = self._get(who, f"/access-requests/{request_id}")
        return found

    def answer(self, who: Principal, request_id: str, how: str, body: Mapping[str, Any]) -> None:
        """One step of a review: redactions, child-wishes, extend, release or refuse."""
        self._post(who, f"/access-requests/{request_id}/{how}", dict(body))

    def fetch_pack(self, who: Principal, request_id: str) -> bytes:
        """The zip itself."""
        reply = self._transport.fetch(Call("profiles", "GET", f"/access-requests/{request_id}/pack", who))
        if reply.status >= 400:
            read_reply(reply)
        return reply.content

    def list_reads(self, who: Principal, pupil_id: str) -> list[Read]:
        found: list[Read] = self._get(who, f"/pupils/{pupil_id}/reads")["items"]
        return found

    def hide_read(self, who: Principal, pupil_id: str, read_id: str, is_for_good: bool) -> None:
        self._post(who, f"/pupils/{pupil_id}/reads/{read_id}/hide", {"is_for_good": is_for_good})
