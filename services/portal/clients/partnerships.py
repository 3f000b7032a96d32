"""What the portal asks of profiles about loops: what home, school and the child look at together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from chassis.auth import Principal
from services.portal.clients.transport import Call, Transport


class Signed(TypedDict):
    voice: str
    by: str | None
    is_mine: bool
    at: str


class BriefLoop(TypedDict):
    id: str
    pupil_id: str
    pupil: str
    going_well: str
    state: str
    review_on: str
    outcome: str | None
    is_late: bool
    signature: Signed


class LoopList(TypedDict):
    items: list[BriefLoop]
    proposed_review_on: str


class LateLoop(TypedDict):
    id: str
    pupil_id: str
    pupil: str
    review_on: str
    opened_at: str
    lead: str | None


class Colleague(TypedDict):
    id: str
    name: str
    roles: list[str]


class Loop(TypedDict):
    """What its caller may read of it; `may` names what they can do now."""

    id: str
    pupil_id: str
    pupil: str
    audience: str
    is_child_in: bool
    state: str
    review_on: str
    outcome: str | None
    follows_id: str | None
    lead: str | None
    signature: Signed
    answers: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    views: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    joiners: list[dict[str, Any]]
    meetings: list[dict[str, Any]]
    closing: dict[str, Any] | None
    thanks: list[dict[str, Any]]
    adults: list[dict[str, str]]
    may: list[str]


class PartnershipsClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _get(self, who: Principal, path: str) -> Any:
        return self._transport.send(Call("profiles", "GET", path, who))

    def list_loops(self, who: Principal, pupil_id: str) -> LoopList:
        found: LoopList = self._get(who, f"/pupils/{pupil_id}/partnerships")
        return found

    def list_due(self, who: Principal) -> list[BriefLoop]:
        """Open loops that this member of staff leads or has joined."""
        found: list[BriefLoop] = self._get(who, "/partnerships")["items"]
        return found

    def list_overdue(self, who: Principal) -> list[LateLoop]:
        """For the head: loops past their review."""
        found: list[LateLoop] = self._get(who, "/partnerships/overdue")["items"]
        return found

    def show_loop(self, who: Principal, partnership_id: str) -> Loop:
        found: Loop = self._get(who, f"/partnerships/{partnership_id}")
        return found

    def list_colleagues(self, who: Principal, partnership_id: str) -> list[Colleague]:
        found: list[Colleague] = self._get(who, f"/partnerships/{partnership_id}/colleagues")["items"]
        return found

    def open_loop(self, who: Principal, pupil_id: str, wanted: Mapping[str, Any], key: str) -> Loop:
        found: Loop = self._transport.send(Call("profiles", "POST", f"/pupils/{pupil_id}/partnerships", who,
                                                json=dict(wanted), key=key))
        return found

    def act(self, who: Principal, path: str, wanted: Mapping[str, Any], key: str | None = None) -> Loop:
        """One deed in a loop; `path` is the loop's id and the deed's name."""
        found: Loop = self._transport.send(Call("profiles", "POST", f"/partnerships/{path}", who, json=dict(wanted),
                                                key=key))
        return found

    def change_answer(self, who: Principal, partnership_id: str, wanted: Mapping[str, Any], version: str) -> Loop:
        """One's own answer anew; Stale when it is no longer of this version."""
        found: Loop = self._transport.send(Call("profiles", "PUT", f"/partnerships/{partnership_id}/answers/mine", who,
                                                json=dict(wanted), match=version))
        return found
