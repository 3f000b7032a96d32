"""What the portal asks of profiles about a child's own words: notes, topics for a meeting, and what is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from chassis.auth import Principal
from services.portal.clients.profiles import Person, Signature
from services.portal.clients.transport import Call, Transport


class ChildNote(TypedDict):
    """`state` (not-yet, shared, taken-back), `version` and `read_by` come to the child alone."""

    id: str
    pupil_id: str
    pupil: Person
    words: str
    audience: str
    signature: Signature
    state: NotRequired[str]
    version: NotRequired[int]
    read_by: NotRequired[list[str]]


class ToldOpening(TypedDict):
    opened_at: str


class Notes(TypedDict):
    items: list[ChildNote]
    opened: NotRequired[list[ToldOpening]]


class Topic(TypedDict):
    id: str
    kind: str
    words: str
    audience: str
    about_id: str | None
    signature: Signature


class SealedItem(TypedDict):
    id: str
    kind: str
    words: str
    at: str


class Sealed(TypedDict):
    opening_id: str
    items: list[SealedItem]


class SealedOpening(ToldOpening):
    id: str
    staff_id: str
    why: str
    child_told: str
    told_at: str | None


class VoiceClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _get(self, who: Principal, path: str) -> Any:
        return self._transport.send(Call("profiles", "GET", path, who))

    def _post(self, who: Principal, path: str, json: Any = None, key: str | None = None) -> Any:
        return self._transport.send(Call("profiles", "POST", path, who, json=json, key=key))

    def list_notes(self, who: Principal, pupil_id: str) -> Notes:
        found: Notes = self._get(who, f"/pupils/{pupil_id}/notes")
        return found

    def list_new_notes(self, who: Principal) -> list[ChildNote]:
        """As staff: what children whom I teach have shared, and I have not read."""
        found: list[ChildNote] = self._get(who, "/notes/new")["items"]
        return found

    def show_note(self, who: Principal, note_id: str) -> ChildNote:
        found: ChildNote = self._get(who, f"/notes/{note_id}")
        return found

    def write_note(self, who: Principal, pupil_id: str, answers: Mapping[str, str], key: str) -> ChildNote:
        found: ChildNote = self._post(who, f"/pupils/{pupil_id}/notes", dict(answers), key)
        return found

    def change_note(self, who: Principal, note_id: str, words: str, version: str) -> ChildNote:
        """Stale when it was changed since `version`."""
        found: ChildNote = self._transport.send(Call("profiles", "PUT", f"/notes/{note_id}", who,
                                                     json={"words": words}, match=version))
        return found

    def share_note(self, who: Principal, note_id: str, audience: str) -> None:
        self._post(who, f"/notes/{note_id}/share", {"audience": audience})

    def withdraw_note(self, who: Principal, note_id: str) -> None:
        self._post(who, f"/notes/{note_id}/withdraw")

    def read_note(self, who: Principal, note_id: str) -> ChildNote:
        """As staff: say that I have read it."""
        found: ChildNote = self._post(who, f"/notes/{note_id}/read")
        return found

    def list_topics(self, who: Principal, pupil_id: str) -> list[Topic]:
        found: list[Topic] = self._get(who, f"/pupils/{pupil_id}/topics")["items"]
        return found

    def pick_topic(self, who: Principal, pupil_id: str, answers: Mapping[str, str], key: str) -> None:
        self._post(who, f"/pupils/{pupil_id}/topics", dict(answers), key)

    def remove_topic(self, who: Principal, topic_id: str) -> None:
        self._post(who, f"/topics/{topic_id}/remove")

    def list_openings(self, who: Principal, pupil_id: str) -> list[SealedOpening]:
        """As a safeguarding lead: when leads have opened what the child keeps for themselves."""
        found: list[SealedOpening] = self._get(who, f"/pupils/{pupil_id}/notes/sealed")["items"]
        return found

    def open_sealed(self, who: Principal, pupil_id: str, why: str, child_told: str) -> Sealed:
        """The words come in this reply alone."""
        found: Sealed = self._post(who, f"/pupils/{pupil_id}/notes/sealed", {"why": why, "child_told": child_told})
        return found

    def tell_child(self, who: Principal, opening_id: str) -> None:
        self._post(who, f"/sealed-openings/{opening_id}/told")
