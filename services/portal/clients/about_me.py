"""What the portal asks of profiles about the one-page profile: entries, suggestions, readers, support, journeys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from chassis.auth import Principal
from services.portal.clients.profiles import Child, Person, Signature
from services.portal.clients.transport import Call, Transport


class AboutSuggestion(TypedDict):
    id: str
    entry_id: str
    words: str
    state: str
    signature: Signature


class AboutEntry(TypedDict):
    """`version` is there for whoever may change it, `audience` for its writer and for staff."""

    id: str
    section: str
    words: str
    signature: Signature
    agreed_voice: str | None
    from_school: str | None
    audience: str | None
    version: int | None
    may_change: bool
    may_remove: bool
    may_suggest: bool
    suggestions: list[AboutSuggestion]
    views: NotRequired[list[AboutEntry]]


class AboutSection(TypedDict):
    section: str
    items: list[AboutEntry]


class AboutReader(TypedDict):
    staff_name: str
    read_at: str
    is_current: NotRequired[bool]


class AboutReview(TypedDict):
    is_due: bool
    reviewed_at: str | None


class AboutPage(TypedDict):
    pupil_id: str
    sections: list[AboutSection]
    read_by: list[AboutReader]
    version: NotRequired[int]
    has_read: NotRequired[bool]
    review: NotRequired[AboutReview]


class AboutChange(TypedDict):
    entry_id: str
    section: str
    words: str
    how: str
    agreed_voice: str | None
    signature: Signature


class AboutToRead(TypedDict):
    pupil: Person
    changed_at: str
    is_new: bool


class Support(TypedDict):
    pupil: Person
    status: str
    plan_reference: str
    areas: list[str]
    set_at: str | None
    version: int


class Supported(TypedDict):
    pupil: Child
    status: str
    plan_reference: str


class SupportedPage(TypedDict):
    items: list[Supported]
    after: str | None


class Journey(TypedDict):
    id: str
    to_school: str
    state: str
    agreed_at: str
    ticket: str


class AboutMeClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _ask(self, who: Principal, method: str, path: str, json: Any = None, **more: Any) -> Any:
        return self._transport.send(Call("profiles", method, path, who, json=json, **more))

    def show_page(self, who: Principal, pupil_id: str) -> AboutPage:
        found: AboutPage = self._ask(who, "GET", f"/pupils/{pupil_id}/about-me")
        return found

    def list_changes(self, who: Principal, pupil_id: str) -> list[AboutChange]:
        found: list[AboutChange] = self._ask(who, "GET", f"/pupils/{pupil_id}/about-me/history")["items"]
        return found

    def show_entry(self, who: Principal, entry_id: str) -> AboutEntry:
        found: AboutEntry = self._ask(who, "GET", f"/about-me/entries/{entry_id}")
        return found

    def add_entry(self, who: Principal, pupil_id: str, wanted: Mapping[str, Any], key: str) -> None:
        self._ask(who, "POST", f"/pupils/{pupil_id}/about-me/entries", dict(wanted), key=key)

    def change_entry(self, who: Principal, entry_id: str, wanted: Mapping[str, Any], version: str) -> None:
        """Stale when the words were changed after this version."""
        self._ask(who, "PUT", f"/about-me/entries/{entry_id}", dict(wanted), match=version)

    def remove_entry(self, who: Principal, entry_id: str, version: str) -> None:
        self._ask(who, "POST", f"/about-me/entries/{entry_id}/remove", match=version)

    def suggest(self, who: Principal, entry_id: str, wanted: Mapping[str, Any], key: str) -> None:
        self._ask(who, "POST", f"/about-me/entries/{entry_id}/suggestions", dict(wanted), key=key)

    def decide(self, who: Principal, suggestion_id: str, how: str, version: str) -> None:
        """`how` is agree, keep-both, decline or withdraw."""
        self._ask(who, "POST", f"/about-me/suggestions/{suggestion_id}/{how}", match=version)

    def mark_read(self, who: Principal, pupil_id: str, version: int) -> None:
        self._ask(who, "POST", f"/pupils/{pupil_id}/about-me/read", {"version": version})

    def list_to_read(self, who: Principal) -> list[AboutToRead]:
        found: list[AboutToRead] = self._ask(who, "GET", "/about-me/to-read")["items"]
        return found

    def review(self, who: Principal, pupil_id: str) -> None:
        self._ask(who, "POST", f"/pupils/{pupil_id}/about-me/review")

    def show_support(self, who: Principal, pupil_id: str) -> Support:
        found: Support = self._ask(who, "GET", f"/pupils/{pupil_id}/support")
        return found

    def set_support(self, who: Principal, pupil_id: str, wanted: Mapping[str, Any], version: str) -> None:
        self._ask(who, "PUT", f"/pupils/{pupil_id}/support", dict(wanted), match=version)

    def list_supported(self, who: Principal, find: str = "", after: str = "") -> SupportedPage:
        """The children who have support; with words of a name any child of the school."""
        params = {name: value for name, value in (("find", find), ("after", after)) if value}
        found: SupportedPage = self._ask(who, "GET", "/support", params=params)
        return found

    def begin_journey(self, who: Principal, pupil_id: str, to_school: str) -> Journey:
        found: Journey = self._ask(who, "POST", f"/pupils/{pupil_id}/about-me/journeys", {"to_school": to_school})
        return found

    def withdraw_journey(self, who: Principal, journey_id: str) -> None:
        self._ask(who, "POST", f"/about-me/journeys/{journey_id}/withdraw")

    def open_ticket(self, operator: Principal, ticket: str) -> dict[str, Any]:
        found: dict[str, Any] = self._ask(operator, "GET", f"/about-me/journeys/{ticket}")
        return found

    def use_ticket(self, operator: Principal, ticket: str) -> None:
        self._ask(operator, "POST", f"/about-me/journeys/{ticket}/used")

    def receive(self, who: Principal, pupil_id: str, came: Mapping[str, Any], key: str) -> None:
        self._ask(who, "POST", f"/pupils/{pupil_id}/about-me/arrivals", dict(came), key=key)
