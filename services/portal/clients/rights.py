"""What the portal asks of profiles about the relationship rule: as the office, the head or the safeguarding lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from chassis.auth import Principal
from services.portal.clients.profiles import Person
from services.portal.clients.transport import Call, Transport

Place = tuple[str, str]
"""(pupil, guardian)."""


class RightAnswer(TypedDict):
    allowed: bool
    reason: str


class Answer(TypedDict):
    """A child, an adult, and each right with its reason."""

    pupil: Person
    guardian: Person
    kind: str
    rights: dict[str, RightAnswer]


class Pair(Answer):
    """`restriction` is 'none', 'restricted' or 'unknown': nobody has checked."""

    parental_responsibility: str
    responsibility_seen: str | None
    lives_with: str
    restriction: str
    file_says: str
    checked_by: str | None


class Restriction(TypedDict):
    """Days are days of the school's calendar; `source` says who knew it: 'office', 'roster' or 'merge'."""

    id: str
    pupil_id: str
    guardian_id: str
    kind: str
    takes: list[str]
    source: str
    document: str | None
    reference: str | None
    seen_by: str | None
    seen_on: str | None
    review_on: str | None
    starts_on: str | None
    until_on: str | None
    entered_at: str
    lift_reason: str | None
    lift_asked_by: str | None


class Held(TypedDict):
    id: str
    rights: list[str]
    basis: str
    agreed_at: str


class Adult(Pair):
    restrictions: list[Restriction]
    held: list[Held]


class Home(TypedDict):
    guardian_ids: list[str]


class KeepApart(TypedDict):
    id: str
    first_id: str
    second_id: str
    document: str | None
    lift_reason: str | None
    lift_asked_by: str | None


class Family(TypedDict):
    pupil: Person
    adults: list[Adult]
    homes: list[Home]
    looked_after_by: str | None
    keep_apart: list[KeepApart]


class Due(TypedDict):
    pupil: Person
    guardian: Person
    restriction: Restriction


class Checks(TypedDict):
    reviews: list[Due]
    ending: list[Due]
    evidence: list[Due]
    flags: list[Due]
    liftings: list[Due]
    unchecked: list[Pair]


class Change(TypedDict):
    what: str
    by: str
    at: str
    lost: list[str]
    gained: list[str]


class PolicyKind(TypedDict):
    kind: str
    trust: list[str]
    rights: list[str]


class Version(TypedDict):
    number: int
    starts_at: str
    reason: str


class Policy(TypedDict):
    version: int
    kinds: list[PolicyKind]
    versions: list[Version]


class Turn(TypedDict):
    pupil: Person
    guardian: Person
    kind: str
    gains: list[str]
    loses: list[str]


class Duplicate(TypedDict):
    one: Person
    other: Person
    shared: list[str]
    children_of_one: list[Person]
    children_of_other: list[Person]


class MergedChild(TypedDict):
    pupil: Person
    keep: list[str]
    drop: list[str]
    after: list[str]
    opens: list[str]
    closes: list[str]


class Merge(TypedDict):
    keep: Person
    drop: Person
    items: list[MergedChild]


class RightsClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _get(self, who: Principal, path: str, params: Mapping[str, Any] | None = None) -> Any:
        return self._transport.send(Call("profiles", "GET", path, who, params))

    def _post(self, who: Principal, path: str, json: Any = None, key: str | None = None) -> Any:
        return self._transport.send(Call("profiles", "POST", path, who, json=json, key=key))

    def list_pairs(self, who: Principal, **wanted: str) -> tuple[list[Pair], str | None]:
        """Adults and children, and where the next page begins.

        `wanted` may hold flag='to-check', pupil_id, find (words of a name), and after.
        """
        found = self._get(who, "/relationships", wanted)
        return found["items"], found["after"]

    def show_family(self, who: Principal, pupil_id: str) -> Family:
        found: Family = self._get(who, f"/pupils/{pupil_id}/family")
        return found

    def list_checks(self, who: Principal) -> Checks:
        found: Checks = self._get(who, "/checks")
        return found

    def change_relationship(self, who: Principal, place: Place, facts: Mapping[str, Any]) -> None:
        self._transport.send(Call("profiles", "PUT", _path(place), who, json=dict(facts)))

    def check_relationship(self, who: Principal, place: Place, seen: str) -> None:
        self._post(who, f"{_path(place)}/checks", {"seen": seen})

    def look_after(self, who: Principal, pupil_id: str, authority: str | None) -> None:
        self._transport.send(Call("profiles", "PUT", f"/pupils/{pupil_id}/looked-after", who,
                                  json={"authority": authority}))

    def enter_restriction(self, who: Principal, place: Place, entry: Mapping[str, Any], key: str) -> None:
        self._post(who, f"{_path(place)}/restrictions", dict(entry), key)

    def see_evidence(self, who: Principal, restriction_id: str, seen: Mapping[str, Any]) -> None:
        self._post(who, f"/restrictions/{restriction_id}/evidence", dict(seen))

    def ask_lifting(self, who: Principal, restriction_id: str, reason: str) -> None:
        self._post(who, f"/restrictions/{restriction_id}/lifting", {"reason": reason})

    def lift_restriction(self, who: Principal, restriction_id: str) -> None:
        self._post(who, f"/restrictions/{restriction_id}/lifting/confirm")

    def refuse_lifting(self, who: Principal, restriction_id: str) -> None:
        self._post(who, f"/restrictions/{restriction_id}/lifting/refuse")

    def keep_apart(self, who: Principal, guardian_ids: Sequence[str], document: str | None, key: str) -> None:
        self._post(who, "/keep-apart", {"guardian_ids": list(guardian_ids), "document": document}, key)

    def ask_end_of_keep_apart(self, who: Principal, keep_apart_id: str, reason: str) -> None:
        self._post(who, f"/keep-apart/{keep_apart_id}/lifting", {"reason": reason})

    def end_keep_apart(self, who: Principal, keep_apart_id: str) -> None:
        self._post(who, f"/keep-apart/{keep_apart_id}/lifting/confirm")

    def refuse_end_of_keep_apart(self, who: Principal, keep_apart_id: str) -> None:
        self._post(who, f"/keep-apart/{keep_apart_id}/lifting/refuse")

    def hold_back(self, who: Principal, place: Place, rights: Sequence[str], basis: str, key: str) -> None:
        self._post(who, f"{_path(place)}/held", {"rights": list(rights), "basis": basis}, key)

    def give_back(self, who: Principal, held_id: str) -> None:
        self._post(who, f"/held/{held_id}/end")

    def test_rights(self, who: Principal, **asked: str) -> list[Answer]:
        """What adults may do; `asked` holds pupil_id, guardian_id or both, and `at`, an instant."""
        found: list[Answer] = self._get(who, "/tester", asked)["items"]
        return found

    def show_history(self, who: Principal, place: Place) -> list[Change]:
        found: list[Change] = self._get(who, f"{_path(place)}/history")["items"]
        return found

    def show_policy(self, who: Principal) -> Policy:
        found: Policy = self._get(who, "/policy")
        return found

    def preview_policy(self, who: Principal, kinds: Mapping[str, list[str]]) -> list[Turn]:
        found: list[Turn] = self._post(who, "/policy/preview", {"kinds": dict(kinds)})["items"]
        return found

    def change_policy(self, who: Principal, change: Mapping[str, Any], key: str) -> None:
        """`change` holds kinds, based_on, starts_on and reason; Stale when a colleague was faster."""
        self._post(who, "/policy", dict(change), key)

    def undo_policy(self, who: Principal, key: str) -> None:
        self._post(who, "/policy/undo", key=key)

    def list_duplicates(self, who: Principal) -> list[Duplicate]:
        found: list[Duplicate] = self._get(who, "/duplicates")["items"]
        return found

    def preview_merge(self, who: Principal, keep_id: str, drop_id: str) -> Merge:
        found: Merge = self._get(who, f"/guardians/{keep_id}/duplicates/{drop_id}")
        return found

    def merge(self, who: Principal, keep_id: str, drop_id: str, key: str) -> None:
        self._post(who, f"/guardians/{keep_id}/duplicates/{drop_id}", key=key)


def _path(place: Place) -> str:
    return f"/pupils/{place[0]}/guardians/{place[1]}"
