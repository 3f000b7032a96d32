"""What the portal asks of profiles about progress notes: how it goes, from each teacher, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from chassis.auth import Principal
from services.portal.clients.profiles import Person
from services.portal.clients.transport import Call, Transport


class ProgressSignature(TypedDict):
    voice: str
    by: str | None
    is_mine: bool
    at: str


class ProgressReply(TypedDict):
    id: str
    words: str
    signature: ProgressSignature


class ProgressNote(TypedDict):
    id: str
    pupil_id: str
    class_id: str
    class_title: str | None
    strength: str
    goes: str
    next_step: str
    at_home: str
    signature: ProgressSignature
    replies: list[ProgressReply]


class ClassMember(TypedDict):
    pupil: Person
    written_at: str | None


class ClassProgress(TypedDict):
    id: str
    title: str
    begins_on: str
    ends_on: str
    due_on: str
    items: list[ClassMember]


class ClassDue(TypedDict):
    """A class of one's own for which something is to be written, and by when."""

    class_id: str
    title: str
    due_on: str


class ProgressClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def list_notes(self, who: Principal, pupil_id: str) -> list[ProgressNote]:
        found: list[ProgressNote] = self._transport.send(
            Call("profiles", "GET", f"/pupils/{pupil_id}/progress", who))["items"]
        return found

    def write(self, who: Principal, pupil_id: str, words: Mapping[str, str], key: str) -> ProgressNote:
        found: ProgressNote = self._transport.send(
            Call("profiles", "POST", f"/pupils/{pupil_id}/progress", who, json=dict(words), key=key))
        return found

    def reply(self, who: Principal, progress_id: str, words: str, key: str) -> ProgressNote:
        found: ProgressNote = self._transport.send(
            Call("profiles", "POST", f"/progress/{progress_id}/replies", who, json={"words": words}, key=key))
        return found

    def show_class(self, who: Principal, class_id: str) -> ClassProgress:
        found: ClassProgress = self._transport.send(Call("profiles", "GET", f"/classes/{class_id}/progress", who))
        return found

    def list_due(self, who: Principal) -> list[ClassDue]:
        found: list[ClassDue] = self._transport.send(Call("profiles", "GET", "/progress/due", who))["items"]
        return found
