"""What the portal asks of scheduling about talks outside evenings, and about an evening in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from chassis.auth import Principal
from services.portal.clients.reviews import Review, ReviewItem
from services.portal.clients.scheduling import Evening, Teacher
from services.portal.clients.transport import Call, Transport


class Meetings(TypedDict):
    """`adults` is for staff alone: with whom school may talk."""

    items: list[ReviewItem]
    teachers: list[Teacher]
    adults: list[Teacher]


class RestTalk(TypedDict):
    id: str
    guardian_id: str


class Rest(TypedDict):
    """A talk of an evening, and what was booked to go on with it; `adults` is for staff alone."""

    appointment_id: str
    evening_id: str
    starts_at: str
    ends_at: str
    outcome: str
    pupil: Teacher
    staff: Teacher
    adults: list[Teacher]
    may_go_on: bool
    talks: list[RestTalk]


class YearFigures(TypedDict):
    year_group: str
    families: int
    booked: int
    met: int
    missed: int


class Figures(TypedDict):
    """Waits and lateness in minutes; None where too few families came."""

    evening: Evening
    offered: int
    wished: int | None
    families: int
    booked: int
    met: int
    missed: int
    longest_wait: int | None
    mean_wait: int | None
    most_late: int | None
    mean_late: int | None
    years: list[YearFigures]


class MeetingsClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _get(self, who: Principal, path: str) -> Any:
        return self._transport.send(Call("scheduling", "GET", path, who))

    def list_meetings(self, who: Principal, pupil_id: str) -> Meetings:
        """The caller's talks about a child that wait or are ahead, and whom they may ask."""
        found: Meetings = self._get(who, f"/pupils/{pupil_id}/meetings")
        return found

    def ask(self, who: Principal, pupil_id: str, wanted: Mapping[str, Any], key: str) -> Review:
        """`wanted` holds staff_id, guardian_id (for staff), about and how; Conflict while one is open already."""
        found: Review = self._transport.send(Call("scheduling", "POST", f"/pupils/{pupil_id}/meetings", who,
                                                  json=dict(wanted), key=key))
        return found

    def show_rest(self, who: Principal, appointment_id: str) -> Rest:
        found: Rest = self._get(who, f"/appointments/{appointment_id}/rest")
        return found

    def book_rest(self, who: Principal, appointment_id: str) -> Rest:
        """Doing it twice does it once; Conflict when it is too early or too late."""
        found: Rest = self._transport.send(Call("scheduling", "POST", f"/appointments/{appointment_id}/rest", who))
        return found

    def show_figures(self, who: Principal, evening_id: str) -> Figures:
        found: Figures = self._get(who, f"/evenings/{evening_id}/figures")
        return found
