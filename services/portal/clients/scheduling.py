"""What the portal asks of scheduling: parents' evenings, appointments and calendar links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from chassis.auth import Principal
from chassis.errors import NotFound, Unavailable
from services.portal.clients.transport import Call, Transport


class ChildName(TypedDict):
    id: str
    given_name: str


class Teacher(ChildName):
    family_name: str


Evening = TypedDict("Evening", {
    "id": str, "title": str, "on": str, "from": str, "to": str, "slot_minutes": int, "respond_by": str, "place": str,
    "starts_at": str, "ends_at": str, "class_ids": list[str], "pupils": list[ChildName],
    "way": NotRequired[str], "state": NotRequired[str], "aims": NotRequired[list[str]],
    "version": NotRequired[int], "walk_room_minutes": NotRequired[int], "walk_site_minutes": NotRequired[int],
})
"""`from` is a word of Python, so that this one is made by a call."""


class Slot(TypedDict):
    id: str
    starts_at: str
    ends_at: str
    state: str
    room: NotRequired[str]


class TeacherSlots(Teacher):
    slots: list[Slot]
    ways: NotRequired[list[str]]
    rooms: NotRequired[list[str]]
    sitters: NotRequired[list[Teacher]]


class EveningSlots(TypedDict):
    evening: Evening
    staff: list[TeacherSlots]
    ways: NotRequired[list[str]]  # how this adult may come, the usual way first
    needs: NotRequired[list[str]]  # what there is of interpreters and the like


class Appointment(TypedDict):
    """`how` is 'in-person', 'phone' or 'video'. With `whose` 'other-home' there is no id, evening, room or state: see
    `is_own`."""

    id: str
    evening_id: str
    pupil: ChildName
    staff: Teacher
    starts_at: str
    ends_at: str
    place: str
    state: str
    room: NotRequired[str]  # '' where there is none but the place
    how: NotRequired[str]
    whose: NotRequired[str]
    cause: NotRequired[str | None]


class RunSheetItem(Appointment):
    needs: NotRequired[list[str]]  # what the family was given: an interpreter and the like


class SharingWish(TypedDict):
    shows_times: bool
    together: bool


class Answered(TypedDict):
    """For an evening that is planned an adult has said what they wish, for these children."""

    evening_id: str
    comes: str
    pupil_ids: list[str]


class FamilyHome(TypedDict):
    evenings: list[Evening]
    appointments: list[Appointment]
    reviews: NotRequired[list[Any]]  # see clients.reviews.ReviewItem
    check_ins: NotRequired[list[Any]]  # see clients.check_ins.CheckIn
    wishes: NotRequired[list[Answered]]


def is_own(item: Appointment) -> bool:
    """Whether this adult booked it or comes to it: only such a one can be changed or given back."""
    return item.get("whose") != "other-home"


def is_wished(evening: Evening) -> bool:
    """Whether families say what they wish of it now, instead of choosing times."""
    return (evening.get("way"), evening.get("state")) == ("plan", "open")


def naming(guardian_id: str | None) -> dict[str, str] | None:
    """The query by which the office says for which adult it asks."""
    return {"guardian_id": guardian_id} if guardian_id else None


DoorAnswer = TypedDict("DoorAnswer", {"answer": str, "for": str, "as_of": str | None})


class SchedulingClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _get(self, who: Principal, path: str, params: Mapping[str, Any] | None = None) -> Any:
        return self._transport.send(Call("scheduling", "GET", path, who, params))

    def _post(self, who: Principal, path: str, json: Any = None, key: str | None = None) -> Any:
        return self._transport.send(Call("scheduling", "POST", path, who, json=json, key=key))

    def open_evening(self, who: Principal, answers: Mapping[str, Any], key: str) -> Evening:
        found: Evening = self._post(who, "/evenings", dict(answers), key)
        return found

    def show_home(self, who: Principal) -> FamilyHome:
        found: FamilyHome = self._get(who, "/home")
        return found

    def list_evenings(self, who: Principal) -> list[Evening]:
        found: list[Evening] = self._get(who, "/evenings")["items"]
        return found

    def show_evening(self, who: Principal, evening_id: str) -> Evening:
        found: Evening = self._get(who, f"/evenings/{evening_id}")
        return found

    def list_slots(self, who: Principal, evening_id: str, pupil_id: str) -> EveningSlots:
        found: EveningSlots = self._get(who, f"/evenings/{evening_id}/pupils/{pupil_id}/slots")
        return found

    def list_slots_for(self, who: Principal, evening_id: str, pupil_id: str, guardian_id: str) -> EveningSlots:
        """As the office: the times that an adult could have."""
        found: EveningSlots = self._get(who, f"/evenings/{evening_id}/pupils/{pupil_id}/slots",
                                        {"guardian_id": guardian_id})
        return found

    def book_for(self, who: Principal, evening_id: str, pupil_id: str, wish: Mapping[str, Any],
                 key: str) -> Appointment:
        """As the office, for an adult: `wish` is a slot_id and a guardian_id, and how, call_on and needs."""
        found: Appointment = self._post(who, f"/evenings/{evening_id}/pupils/{pupil_id}/appointments", dict(wish), key)
        return found

    def list_released(self, who: Principal, pupil_id: str, guardian_id: str) -> list[Appointment]:
        """What was taken back from an adult of a child, with its cause."""
        found: list[Appointment] = self._get(who, "/released", {"pupil_id": pupil_id, "guardian_id": guardian_id})[
            "items"]
        return found

    def show_sharing(self, who: Principal, pupil_id: str) -> SharingWish:
        found: SharingWish = self._get(who, f"/pupils/{pupil_id}/sharing")
        return found

    def change_sharing(self, who: Principal, pupil_id: str, wish: SharingWish) -> None:
        self._transport.send(Call("scheduling", "PUT", f"/pupils/{pupil_id}/sharing", who, json=dict(wish)))

    def book_slot(self, who: Principal, evening_id: str, pupil_id: str, slot_id: str, key: str) -> Appointment:
        found: Appointment = self._post(who, f"/evenings/{evening_id}/pupils/{pupil_id}/appointments",
                                        {"slot_id": slot_id}, key)
        return found

    def move_appointment(self, who: Principal, appointment_id: str, slot_id: str) -> Appointment:
        """Another time with the same teacher, in one step; Conflict, and the old time is kept."""
        found: Appointment = self._post(who, f"/appointments/{appointment_id}/move", {"slot_id": slot_id})
        return found

    def cancel_appointment(self, who: Principal, appointment_id: str, guardian_id: str | None = None) -> Appointment:
        """Of the caller; as the office, of the adult whom it names."""
        found: Appointment = self._post(who, f"/appointments/{appointment_id}/cancel", naming(guardian_id))
        return found

    def list_appointments(self, who: Principal) -> list[Appointment]:
        found: list[Appointment] = self._get(who, "/appointments")["items"]
        return found

    def list_run_sheet(self, who: Principal, evening_id: str, staff_id: str) -> list[RunSheetItem]:
        found: list[RunSheetItem] = self._get(who, f"/evenings/{evening_id}/staff/{staff_id}/appointments")["items"]
        return found

    def ask_at_door(self, who: Principal, child: str, adult: str, purpose: str) -> DoorAnswer:
        """May this adult collect this child, or come in? Names travel in the body, so that no log has them."""
        found: DoorAnswer = self._post(who, "/door/answers", {"child": child, "adult": adult, "for": purpose})
        return found

    def make_feed_link(self, who: Principal) -> str:
        """A fresh secret for a private calendar; the one before it ends."""
        return str(self._post(who, "/feeds")["token"])

    def read_feed(self, school: str, token: str) -> bytes:
        """The private calendar that a secret opens; NotFound when it opens none."""
        nobody = Principal("", school, "", "guardian")
        reply = self._transport.fetch(Call("scheduling", "GET", f"/feeds/{token}.ics", nobody))
        if reply.status != 200:
            raise NotFound() if reply.status < 500 else Unavailable()
        return reply.content
