"""What the portal asks of notifications: what there is to tell one person."""

from __future__ import annotations

from typing import Any, TypedDict

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
