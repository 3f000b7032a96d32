"""What the portal asks of profiles about contact made, for staff: who has not heard, and counts of whole classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from chassis.auth import Principal
from services.portal.clients.profiles import ClassName, Person
from services.portal.clients.transport import Call, Transport


class Unheard(TypedDict):
    pupil: Person
    since: str | None
    only_worries: bool


class UnheardPage(TypedDict):
    items: list[Unheard]
    after: str | None
    weeks: int


class HalfTerm(TypedDict):
    from_on: str
    to_on: str


class OfClass(TypedDict):
    school_class: ClassName
    made: dict[str, int] | None


class ContactMade(TypedDict):
    half: HalfTerm
    halves: list[HalfTerm]
    items: list[OfClass]


class HeardClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _get(self, who: Principal, path: str, params: Mapping[str, Any] | None = None) -> Any:
        return self._transport.send(Call("profiles", "GET", path, who, params))

    def list_unheard(self, who: Principal, class_id: str = "", after: str = "", limit: int = 50) -> UnheardPage:
        params = {"limit": limit, **({"class_id": class_id} if class_id else {}), **({"after": after} if after else {})}
        found: UnheardPage = self._get(who, "/unheard", params)
        return found

    def set_weeks(self, who: Principal, weeks: int) -> None:
        self._transport.send(Call("profiles", "PUT", "/unheard/weeks", who, json={"weeks": weeks}))

    def suggests_good_news(self, who: Principal, pupil_id: str) -> bool:
        """Whether a family has heard no good news this half-term."""
        return bool(self._get(who, f"/pupils/{pupil_id}/balance")["suggest_good_news"])

    def list_contact_made(self, who: Principal, half_on: str = "") -> ContactMade:
        found: ContactMade = self._get(who, "/contact-made", {"half_on": half_on} if half_on else None)
        return found
