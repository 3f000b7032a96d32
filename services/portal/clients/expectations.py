"""What the portal asks of profiles about class pages: what is learned this half-term, and how home can help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from chassis.auth import Principal
from services.portal.clients.progress import ClassDue
from services.portal.clients.transport import Call, Transport


class PageWords(TypedDict):
    learning: str
    expects: str
    routines: str
    help_one: str
    help_two: str
    help_three: str
    dates: str


class ClassPage(TypedDict):
    """The page as its staff write it; `version` is 0 while there is none."""

    id: str
    title: str
    begins_on: str
    ends_on: str
    due_on: str
    may_write: bool
    version: int
    state: str
    page: PageWords | None
    written_by: str | None
    written_at: str | None


class PublishedPage(PageWords):
    id: str
    class_id: str
    class_title: str
    by: str | None
    published_at: str
    begins_on: str
    is_current: bool


class ExpectationsClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def show_class(self, who: Principal, class_id: str) -> ClassPage:
        found: ClassPage = self._transport.send(Call("profiles", "GET", f"/classes/{class_id}/expectations", who))
        return found

    def write(self, who: Principal, class_id: str, words: Mapping[str, str], version: str) -> ClassPage:
        found: ClassPage = self._transport.send(Call(
            "profiles", "PUT", f"/classes/{class_id}/expectations", who, json=dict(words), match=version))
        return found

    def publish(self, who: Principal, class_id: str, version: str, key: str) -> ClassPage:
        found: ClassPage = self._transport.send(Call(
            "profiles", "POST", f"/classes/{class_id}/expectations/publish", who, json={}, key=key, match=version))
        return found

    def list_pages(self, who: Principal, pupil_id: str) -> list[PublishedPage]:
        found: list[PublishedPage] = self._transport.send(
            Call("profiles", "GET", f"/pupils/{pupil_id}/expectations", who))["items"]
        return found

    def list_due(self, who: Principal) -> list[ClassDue]:
        found: list[ClassDue] = self._transport.send(Call("profiles", "GET", "/expectations/due", who))["items"]
        return found
