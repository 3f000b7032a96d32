"""What the portal asks of the locked room: staff pass something on, safeguarding leads open what was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from chassis.adapters.http import read_reply
from chassis.auth import Principal
from services.portal.clients.profiles import Person
from services.portal.clients.transport import Call, Transport


class MatterItem(TypedDict):
    id: str
    kind: str
    voice: str
    pupil: Person | None
    passed_at: str
    passed_by: str
    state: str
    has_news: bool


class MatterEntry(TypedDict):
    id: str
    what: str
    by: str
    words: str
    about: str | None
    why: str | None
    child_told: str | None
    system: str | None
    reference: str | None
    digest: str | None
    at: str


class MatterRead(TypedDict):
    by: str
    what: str
    at: str


class Matter(TypedDict):
    id: str
    kind: str
    voice: str
    author: str
    pupil: Person | None
    written_at: str
    passed_at: str
    passed_by: str
    state: str
    digest: str
    waits_by: str | None
    waits: bool
    entries: list[MatterEntry]
    reads: list[MatterRead]


class SafeguardingClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _post(self, who: Principal, path: str, json: Any, key: str) -> None:
        self._transport.send(Call("profiles", "POST", f"/safeguarding/matters{path}", who, json=json, key=key))

    def pass_on(self, who: Principal, body: Mapping[str, Any], key: str) -> None:
        """`body` holds kind, entry_id, why, and child_told where the words are the child's."""
        self._post(who, "", dict(body), key)

    def list_matters(self, who: Principal) -> list[MatterItem]:
        found: list[MatterItem] = self._transport.send(Call("profiles", "GET", "/safeguarding/matters", who))["items"]
        return found

    def show_matter(self, who: Principal, matter_id: str) -> Matter:
        found: Matter = self._transport.send(Call("profiles", "GET", f"/safeguarding/matters/{matter_id}", who))
        return found

    def add_note(self, who: Principal, matter_id: str, words: str, key: str) -> None:
        self._post(who, f"/{matter_id}/notes", {"words": words}, key)

    def answer_home(self, who: Principal, matter_id: str, key: str) -> None:
        """Home sees that the changed words were read."""
        self._post(who, f"/{matter_id}/answer", {}, key)

    def hand_over(self, who: Principal, matter_id: str, receipt: Mapping[str, str], key: str) -> None:
        self._post(who, f"/{matter_id}/hand-over", dict(receipt), key)

    def fetch_file(self, who: Principal, matter_id: str) -> bytes:
        """The zip itself."""
        reply = self._transport.fetch(Call("profiles", "GET", f"/safeguarding/matters/{matter_id}/file", who))
        if reply.status >= 400:
            read_reply(reply)
        return reply.content
