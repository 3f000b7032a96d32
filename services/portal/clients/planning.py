"""What the portal asks of scheduling about plans: whole timetables, why, and changes when times are lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from chassis.auth import Principal
from services.portal.clients.scheduling import Evening, Teacher
from services.portal.clients.transport import Call, Transport


class Plan(TypedDict):
    """`summary` is what each aim got, in figures; there is none before the plan is ready."""

    id: str
    evening_id: str
    evening_version: int
    state: str
    is_trial: bool
    rounds: int
    millis: int
    unmet: int
    idle: int
    budget_s: int
    aims: list[str]
    stop_asked: bool
    created_at: str
    summary: dict[str, Any]


class PlannedWish(TypedDict):
    wish_id: str
    guardian_id: str
    adults: list[Teacher]
    pupil: Teacher
    staff: Teacher
    rank: int
    please_come: bool
    code: str
    facts: dict[str, Any]
    starts_at: str | None
    was_lost: bool


class PlannedRow(Teacher):
    talks: list[PlannedWish]


class WholePlan(Plan):
    by_teacher: list[PlannedRow]
    by_family: list[PlannedRow]
    unmet_wishes: list[PlannedWish]


class WhyWish(TypedDict):
    pupil: Teacher
    staff: Teacher
    rank: int
    is_met: bool
    code: str
    facts: dict[str, Any]
    starts_at: str | None


class Why(TypedDict):
    evening: Evening
    is_planned: bool
    wishes: list[WhyWish]


class ChangedTalk(TypedDict):
    appointment_id: str
    pupil: Teacher
    staff: Teacher
    was_at: str
    starts_at: str | None
    was_room: str
    room: str


class FreeRoom(TypedDict):
    room: str
    site: str
    step_free: bool


class Replan(TypedDict):
    id: str
    evening_id: str
    state: str
    cause: dict[str, Any]
    measure: dict[str, int]
    talks: list[ChangedTalk]
    rooms: list[FreeRoom]


class Seat(TypedDict):
    """A block, as far as something can happen to it."""

    id: str
    staff: list[Teacher]
    room: str


class PlanningClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _get(self, who: Principal, path: str) -> Any:
        return self._transport.send(Call("scheduling", "GET", path, who))

    def _post(self, who: Principal, path: str, json: Any = None, key: str | None = None,
              match: str | None = None) -> Any:
        return self._transport.send(Call("scheduling", "POST", path, who, json=json, key=key, match=match))

    def ask_plan(self, who: Principal, evening_id: str, wanted: Mapping[str, Any], key: str) -> Plan:
        """Have one made; Conflict says why it cannot be."""
        found: Plan = self._post(who, f"/evenings/{evening_id}/plans", dict(wanted), key)
        return found

    def list_plans(self, who: Principal, evening_id: str) -> list[Plan]:
        found: list[Plan] = self._get(who, f"/evenings/{evening_id}/plans")["items"]
        return found

    def show_plan(self, who: Principal, plan_id: str) -> WholePlan:
        found: WholePlan = self._get(who, f"/plans/{plan_id}")
        return found

    def stop_plan(self, who: Principal, plan_id: str) -> Plan:
        found: Plan = self._post(who, f"/plans/{plan_id}/stop")
        return found

    def publish_plan(self, who: Principal, plan_id: str, version: int, key: str) -> Plan:
        """Of the evening as it was at that version; Stale if it was changed since."""
        found: Plan = self._post(who, f"/plans/{plan_id}/publish", None, key, str(version))
        return found

    def show_why(self, who: Principal, evening_id: str) -> Why:
        found: Why = self._get(who, f"/evenings/{evening_id}/why")
        return found

    def list_seats(self, who: Principal, evening_id: str) -> list[Seat]:
        """Who sits where."""
        found: list[Seat] = self._get(who, f"/evenings/{evening_id}/blocks")["items"]
        return found

    def find_replan(self, who: Principal, evening_id: str, cause: Mapping[str, Any], key: str) -> Replan:
        """The fewest changes for what has happened; Invalid where it is nothing, or cannot be."""
        found: Replan = self._post(who, f"/evenings/{evening_id}/replans", dict(cause), key)
        return found

    def show_replan(self, who: Principal, replan_id: str) -> Replan:
        found: Replan = self._get(who, f"/replans/{replan_id}")
        return found

    def confirm_replan(self, who: Principal, replan_id: str, key: str) -> Replan:
        """Carry it out; Conflict when anybody booked meanwhile."""
        found: Replan = self._post(who, f"/replans/{replan_id}/confirm", None, key)
        return found
