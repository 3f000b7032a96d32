"""What the portal asks of scheduling on the night of an evening."""

from __future__ import annotations

from typing import Any, TypedDict

from chassis.auth import Principal
from services.portal.clients.scheduling import ChildName, Evening, Teacher
from services.portal.clients.transport import Call, Transport


class NightTalk(TypedDict):
    """`state` is waiting, on, ended or missed; `likely_at` when it is likely to begin as things stand."""

    id: str
    starts_at: str
    ends_at: str
    likely_at: str
    minutes_late: int
    state: str
    is_ending: bool
    is_next: bool
    place: str
    room: str
    link: str


class NightAdult(Teacher):
    how: str
    call_on: str
    is_here: bool
    talk_about: str


class DeskTalk(NightTalk):
    pupil: Teacher
    adults: list[NightAdult]
    needs: list[str]


class NightDesk(TypedDict):
    evening: Evening
    minutes_late: int
    items: list[DeskTalk]


class MyTalk(NightTalk):
    pupil: ChildName
    staff: Teacher
    how: str


class MyNight(TypedDict):
    evening: Evening
    is_here: bool
    items: list[MyTalk]


class FirstTalk(NightTalk):
    staff: Teacher


class DoorAdult(Teacher):
    is_here: bool
    first: FirstTalk | None


class HallDesk(TypedDict):
    staff: Teacher
    minutes_late: int


class NightDoor(TypedDict):
    evening: Evening
    desks: list[HallDesk]
    items: list[DoorAdult]


class MissedTalk(TypedDict):
    appointment_id: str
    starts_at: str
    staff: Teacher
    adult: Teacher
    pupil: Teacher


class NightClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _send(self, who: Principal, method: str, path: str, json: Any = None, params: Any = None) -> Any:
        return self._transport.send(Call("scheduling", method, path, who, params, json=json))

    def list_tonight(self, who: Principal) -> list[Evening]:
        """The evenings of tonight, for the door."""
        found: list[Evening] = self._send(who, "GET", "/nights")["items"]
        return found

    def show_desk(self, who: Principal, evening_id: str, staff_id: str) -> NightDesk:
        found: NightDesk = self._send(who, "GET", f"/evenings/{evening_id}/night/desks/{staff_id}")
        return found

    def say_late(self, who: Principal, evening_id: str, staff_id: str, minutes: int) -> None:
        self._send(who, "PUT", f"/evenings/{evening_id}/night/desks/{staff_id}/late", {"minutes": minutes})

    def tell_of(self, who: Principal, appointment_id: str, deed: str) -> None:
        """`deed` is begin, end, missed or undo; Conflict says in words why it cannot be."""
        self._send(who, "POST", f"/appointments/{appointment_id}/{deed}")

    def show_mine(self, who: Principal, evening_id: str) -> MyNight:
        found: MyNight = self._send(who, "GET", f"/evenings/{evening_id}/night/mine")
        return found

    def say_here(self, who: Principal, evening_id: str) -> None:
        self._send(who, "POST", f"/evenings/{evening_id}/night/mine")

    def show_door(self, who: Principal, evening_id: str, find: str = "") -> NightDoor:
        found: NightDoor = self._send(who, "GET", f"/evenings/{evening_id}/night/door", params={"find": find})
        return found

    def note_arrival(self, who: Principal, evening_id: str, guardian_id: str, is_here: bool) -> None:
        self._send(who, "POST", f"/evenings/{evening_id}/night/door", {
            "guardian_id": guardian_id, "is_here": is_here})

    def list_missed(self, who: Principal, evening_id: str) -> list[MissedTalk]:
        found: list[MissedTalk] = self._send(who, "GET", f"/evenings/{evening_id}/missed")["items"]
        return found
