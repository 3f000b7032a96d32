"""What the portal asks of scheduling about check-ins: short talks, whom they are due with, and how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from chassis.auth import Principal
from services.portal.clients.reviews import Window
from services.portal.clients.scheduling import Teacher
from services.portal.clients.transport import Call, Transport


class CheckIn(TypedDict):
    """`guardian` is there for staff alone."""

    id: str
    state: str
    how: str
    starts_at: str
    held_on: str | None
    note: str
    said: NotRequired[str]
    pupil: Teacher
    staff: Teacher
    guardian: NotRequired[Teacher]


class DueCheckIn(TypedDict):
    pupil: Teacher
    review_due: bool
    last_spoken_on: str | None


class CheckInBoard(TypedDict):
    due: list[DueCheckIn]
    proposed: list[CheckIn]
    done: list[CheckIn]


class PupilCheckIns(TypedDict):
    """`adults` with whom one may talk are there for staff alone."""

    items: list[CheckIn]
    adults: NotRequired[list[Teacher]]


class Cadence(TypedDict):
    usual: int
    closer: int
    reviews: int
    most_a_day: int
    version: int


class CheckInsClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _send(self, who: Principal, method: str, path: str, json: Any = None, key: str | None = None) -> Any:
        return self._transport.send(Call("scheduling", method, path, who, json=json, key=key))

    def list_mine(self, who: Principal) -> CheckInBoard:
        """A member of staff's list."""
        found: CheckInBoard = self._send(who, "GET", "/check-ins")
        return found

    def show_check_in(self, who: Principal, checkin_id: str) -> CheckIn:
        found: CheckIn = self._send(who, "GET", f"/check-ins/{checkin_id}")
        return found

    def list_about(self, who: Principal, pupil_id: str) -> PupilCheckIns:
        """About one child: an adult's own; all of them for staff."""
        found: PupilCheckIns = self._send(who, "GET", f"/pupils/{pupil_id}/check-ins")
        return found

    def do(self, who: Principal, checkin_id: str, what: str, body: Mapping[str, str] | None = None) -> CheckIn:
        """hold (note), skip, move (starts_at) or offer; decline (words) as the adult. Doing it twice does it once."""
        found: CheckIn = self._send(who, "POST", f"/check-ins/{checkin_id}/{what}", dict(body) if body else None)
        return found

    def add_check_in(self, who: Principal, pupil_id: str, held: Mapping[str, str], key: str) -> CheckIn:
        """We have talked: `held` holds guardian_id and note."""
        found: CheckIn = self._send(who, "POST", f"/pupils/{pupil_id}/check-ins", dict(held), key)
        return found

    def show_hours(self, who: Principal, pupil_id: str) -> list[Window]:
        """When I can usually talk, as a parent."""
        found: list[Window] = self._send(who, "GET", f"/pupils/{pupil_id}/check-ins/hours")["windows"]
        return found

    def set_hours(self, who: Principal, pupil_id: str, windows: Sequence[Window]) -> None:
        self._send(who, "PUT", f"/pupils/{pupil_id}/check-ins/hours", {"windows": [dict(one) for one in windows]})

    def show_cadence(self, who: Principal) -> Cadence:
        found: Cadence = self._send(who, "GET", "/check-ins/cadence")
        return found

    def set_cadence(self, who: Principal, wanted: Mapping[str, int]) -> Cadence:
        """`wanted` names the version that it is based on (based_on); Stale when a colleague was faster."""
        found: Cadence = self._send(who, "PUT", "/check-ins/cadence", dict(wanted))
        return found
