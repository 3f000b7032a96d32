"""What the portal asks of profiles: children, classes, updates from home, good news, families and rosters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from chassis.auth import Principal
from services.portal.clients.transport import Call, Transport


class Person(TypedDict):
    id: str
    given_name: str
    family_name: str


class Child(Person):
    year_group: str | None
    status: str
    may: dict[str, bool]


class ClassName(TypedDict):
    id: str
    title: str


class ClassPage(ClassName):
    pupils: list[Person]


class PupilPage(Person):
    year_group: str | None
    status: str
    classes: list[ClassName]
    staff: list[Person]


class PageChild(Person):
    year_group: str | None
    status: str


class Signature(TypedDict):
    """Whose words these are: `by` is None where the reader is not told."""

    voice: str
    by: str | None
    is_mine: bool
    at: str


class PageItem(TypedDict):
    """One thing of a part of a child's page; the room that gives the part says what its fields mean."""

    id: str
    kind: str | None
    words: str | None
    state: str | None
    due_on: str | None
    more: str | None
    at: str | None
    signature: Signature | None


class ChildPage(TypedDict):
    pupil: PageChild
    may: dict[str, bool]
    parts: dict[str, list[PageItem]]


class Acknowledgement(TypedDict):
    staff_id: str
    staff_name: str
    at: str
    reply: str | None


class Update(TypedDict):
    id: str
    pupil_id: str
    pupil: Person | None
    kind: str
    words: str
    audience: str
    until: str
    expires_at: str | None
    shared_at: str
    state: str
    acknowledgements: list[Acknowledgement]


class Praise(TypedDict):
    id: str
    pupil_id: str
    pupil_given_name: str
    strength: str
    sentence: str
    staff_name: str
    sent_at: str


class AskedPupil(TypedDict):
    pupil: Person
    answer: str | None


class AskedConsent(TypedDict):
    id: str
    title: str
    closes_on: str
    pupils: list[AskedPupil]


class FamilyHome(TypedDict):
    children: list[Child]
    praise: list[Praise]
    consents: NotRequired[list[AskedConsent]]  # a school whose profiles are older has none


class FamilyOfOneHome(TypedDict):
    guardian_ids: list[str]


class RosterImport(TypedDict):
    id: str
    state: str
    rows_done: int
    result: dict[str, Any] | None
    created_at: str
    finished_at: str | None


class ProfilesClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _get(self, who: Principal, path: str, params: Mapping[str, Any] | None = None) -> Any:
        return self._transport.send(Call("profiles", "GET", path, who, params))

    def _post(self, who: Principal, path: str, json: Any = None, key: str | None = None) -> Any:
        return self._transport.send(Call("profiles", "POST", path, who, json=json, key=key))

    def show_home(self, who: Principal) -> FamilyHome:
        found: FamilyHome = self._get(who, "/home")
        return found

    def list_children(self, who: Principal) -> list[Child]:
        found: list[Child] = self._get(who, "/children")["items"]
        return found

    def show_pupil(self, who: Principal, pupil_id: str) -> PupilPage:
        found: PupilPage = self._get(who, f"/pupils/{pupil_id}")
        return found

    def show_page(self, who: Principal, pupil_id: str) -> ChildPage:
        found: ChildPage = self._get(who, f"/pupils/{pupil_id}/page")
        return found

    def list_classes(self, who: Principal) -> list[ClassName]:
        found: list[ClassName] = self._get(who, "/classes")["items"]
        return found

    def show_class(self, who: Principal, class_id: str) -> ClassPage:
        found: ClassPage = self._get(who, f"/classes/{class_id}")
        return found

    def share_update(self, who: Principal, pupil_id: str, answers: Mapping[str, str], key: str) -> Update:
        found: Update = self._post(who, f"/pupils/{pupil_id}/updates", dict(answers), key)
        return found

    def list_updates(self, who: Principal, pupil_id: str) -> list[Update]:
        found: list[Update] = self._get(who, f"/pupils/{pupil_id}/updates")["items"]
        return found

    def list_waiting_updates(self, who: Principal) -> list[Update]:
        found: list[Update] = self._get(who, "/updates")["items"]
        return found

    def show_update(self, who: Principal, update_id: str) -> Update:
        found: Update = self._get(who, f"/updates/{update_id}")
        return found

    def acknowledge_update(self, who: Principal, update_id: str, reply: str, key: str) -> Update:
        found: Update = self._post(who, f"/updates/{update_id}/acknowledge", {"reply": reply}, key)
        return found

    def withdraw_update(self, who: Principal, update_id: str) -> Update:
        found: Update = self._post(who, f"/updates/{update_id}/withdraw")
        return found

    def list_praise(self, who: Principal, pupil_id: str) -> list[Praise]:
        found: list[Praise] = self._get(who, f"/pupils/{pupil_id}/praise")["items"]
        return found

    def list_homes(self, who: Principal, pupil_id: str) -> list[FamilyOfOneHome]:
        """As staff: the homes of a child, each with the adults who live there."""
        found: list[FamilyOfOneHome] = self._get(who, f"/pupils/{pupil_id}/homes")["homes"]
        return found

    def send_roster(self, who: Principal, content: bytes, options: Mapping[str, Any]) -> RosterImport:
        found: RosterImport = self._transport.send(Call("profiles", "POST", "/rosters", who, options, body=content))
        return found

    def list_rosters(self, who: Principal) -> list[RosterImport]:
        found: list[RosterImport] = self._get(who, "/rosters")["items"]
        return found

    def show_roster(self, who: Principal, import_id: str) -> RosterImport:
        found: RosterImport = self._get(who, f"/rosters/{import_id}")
        return found

    def apply_roster(self, who: Principal, import_id: str) -> RosterImport:
        found: RosterImport = self._post(who, f"/rosters/{import_id}/apply")
        return found
