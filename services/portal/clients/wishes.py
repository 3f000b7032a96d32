"""What the portal asks of scheduling about wishes: teachers' marks, each adult's form, and who has answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from chassis.auth import Principal
from services.portal.clients.scheduling import Evening, Teacher
from services.portal.clients.transport import Call, Transport

ClockSpan = TypedDict("ClockSpan", {"from": str, "to": str})


class Mark(TypedDict):
    by: Teacher
    mark: str
    sentence: str


class OfferedTeacher(Teacher):
    beside: list[Teacher]
    marks: list[Mark]


class WishedTalk(TypedDict):
    staff_id: str
    talk_about: str


class AskedChild(TypedDict):
    id: str
    given_name: str
    together: bool
    is_answered: bool
    teachers: list[OfferedTeacher]
    wishes: list[WishedTalk]


class ElsewhereTime(TypedDict):
    starts_at: str
    ends_at: str
    site: str


class WishForm(TypedDict):
    """`comes` is None until there are answers."""

    evening: Evening
    until: str
    is_open: bool
    needs_offered: list[str]
    ways: list[str]
    children: list[AskedChild]
    version: int
    comes: str | None
    earliest: str | None
    latest: str | None
    not_times: list[ClockSpan]
    how: str
    call_on: str
    needs: list[str]
    elsewhere: list[ElsewhereTime]
    entered_by: str | None
    changed_at: str | None


class MarkItem(TypedDict):
    pupil: Teacher
    mark: str
    sentence: str
    another_day: list[Teacher]


class MarkList(TypedDict):
    evening: Evening
    until: str
    is_open: bool
    items: list[MarkItem]


class FormItem(TypedDict):
    guardian: Teacher
    children: list[Teacher]
    answer: str
    wishes: int
    entered_by: str | None
    changed_at: str | None


class FormList(TypedDict):
    evening: Evening
    answered: int
    waiting: int
    items: list[FormItem]
    after: str | None


class WishesClient:
    """Each call is made as `who`, in the school that `who` names; the office names the adult whose form it is."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def show_form(self, who: Principal, evening_id: str, guardian_id: str | None = None) -> WishForm:
        found: WishForm = self._transport.send(Call("scheduling", "GET", _path(evening_id, guardian_id), who))
        return found

    def save_form(self, who: Principal, whose: tuple[str, str | None], wanted: Mapping[str, Any],
                  version: str) -> WishForm:
        """`whose` is an (evening, adult). Stale when it was changed since; Conflict when it is too late."""
        found: WishForm = self._transport.send(Call(
            "scheduling", "PUT", _path(*whose), who, json=dict(wanted), match=version))
        return found

    def list_marks(self, who: Principal, evening_id: str) -> MarkList:
        """As a teacher: the children about whom I see families that evening."""
        found: MarkList = self._transport.send(Call("scheduling", "GET", f"/evenings/{evening_id}/marks", who))
        return found

    def set_mark(self, who: Principal, about: tuple[str, str], mark: str, sentence: str) -> None:
        """`about` is an (evening, child)."""
        evening_id, pupil_id = about
        self._transport.send(Call("scheduling", "PUT", f"/evenings/{evening_id}/marks/{pupil_id}", who,
                                  json={"mark": mark, "sentence": sentence}))

    def list_forms(self, who: Principal, evening_id: str, answer: str, after: str) -> FormList:
        """As the office: who has answered and who has not; empty words ask for all, and for the first page."""
        wanted = {name: value for name, value in (("answer", answer), ("after", after)) if value}
        found: FormList = self._transport.send(Call("scheduling", "GET", f"/evenings/{evening_id}/forms", who, wanted))
        return found


def _path(evening_id: str, guardian_id: str | None) -> str:
    adult = f"/guardians/{guardian_id}" if guardian_id else ""
    return f"/evenings/{evening_id}{adult}/wishes"
