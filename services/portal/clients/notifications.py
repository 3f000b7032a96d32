"""What the portal asks of notifications: what there is to tell one person."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from chassis.auth import Principal
from services.portal.clients.scheduling import ChildName
from services.portal.clients.transport import Call, Transport


class Notice(TypedDict):
    id: str
    kind: str
    pupil: ChildName | None
    about_id: str
    data: dict[str, Any]
    created_at: str
    read_at: str | None
    needs: bool


class Preference(TypedDict):
    """`email` is 'at-once', 'daily' or 'none'; `good_news` 'as-it-comes' or 'weekly'."""

    email: str
    language: str | None
    good_news: NotRequired[str]


class Told(TypedDict):
    """How far a piece of news has got with one adult: 'told', 'on-its-way' or 'not-reached'."""

    guardian_id: str
    state: str


class Withdrawn(TypedDict):
    id: str
    kind: str
    created_at: str
    withdrawn_at: str
    cause: str


class NotificationsClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def list_notices(self, who: Principal, limit: int = 50,
                     after: str | None = None) -> tuple[list[Notice], str | None]:
        """Newest first, and where the next page begins."""
        params = {"limit": limit, **({"after": after} if after else {})}
        found = self._transport.send(Call("notifications", "GET", "/notices", who, params))
        return found["items"], found["after"]

    def read_notice(self, who: Principal, notice_id: str) -> Notice:
        found: Notice = self._transport.send(Call("notifications", "POST", f"/notices/{notice_id}/read", who))
        return found

    def show_preference(self, who: Principal) -> Preference:
        found: Preference = self._transport.send(Call("notifications", "GET", "/preferences", who))
        return found

    def change_preference(self, who: Principal, chosen: Preference) -> None:
        self._transport.send(Call("notifications", "PUT", "/preferences", who, json=dict(chosen)))

    def unsubscribe(self, school: str, token: str) -> None:
        """As anybody who holds a letter; nothing is said of what the token is."""
        nobody = Principal("", school, "", "guardian")
        self._transport.send(Call("notifications", "POST", f"/unsubscribe/{token}", nobody))

    def list_told(self, who: Principal, about_id: str, pupil_id: str) -> list[Told]:
        """As staff: how far something has got with each adult who is to be told of it."""
        found: list[Told] = self._transport.send(
            Call("notifications", "GET", "/told", who, {"about_id": about_id, "pupil_id": pupil_id}))["items"]
        return found

    def list_withdrawn(self, who: Principal, pupil_id: str, guardian_id: str,
                       after: str | None = None) -> tuple[list[Withdrawn], str | None]:
        """As the office: what was taken back from an adult of a child, and where the next page begins."""
        params = {"pupil_id": pupil_id, "guardian_id": guardian_id, **({"after": after} if after else {})}
        found = self._transport.send(Call("notifications", "GET", "/withdrawn", who, params))
        return found["items"], found["after"]

    def resend(self, who: Principal, notice_id: str) -> None:
        """Send what was withdrawn once more; refused where the adult may not hear of it."""
        self._transport.send(Call("notifications", "POST", f"/notices/{notice_id}/resend", who))
