"""What the portal asks of scheduling to set an evening up: who is invited, who sits where, whether it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from chassis.auth import Principal
from services.portal.clients.scheduling import Evening, Teacher
from services.portal.clients.transport import Call, Transport


class Invited(TypedDict):
    class_ids: list[str]
    years: list[str]
    pupils: list[Teacher]
    children: int


class Year(TypedDict):
    year: str
    children: int


Block = TypedDict("Block", {
    "id": str, "staff": list[Teacher], "from": str, "to": str, "slot_minutes": int, "gap_minutes": int, "run": int,
    "break_minutes": int, "room": str, "site": str, "step_free": bool, "ways": list[str], "link": str, "open_to": str,
    "places": int, "held": int, "version": int,
})
"""`from` is a word of Python, so that this one is made by a call."""


class Blocks(TypedDict):
    items: list[Block]
    staff: list[Teacher]  # everybody who could sit in one


Resource = TypedDict("Resource", {
    "id": str, "kind": str, "language": str, "key": str, "name": str, "units": int, "from": str, "to": str, "used": int,
})


class Load(TypedDict):
    staff: list[Teacher]
    places: int
    children: int
    wishes: int | None
    break_minutes: int


class Arithmetic(TypedDict):
    items: list[Load]
    children: int
    places: int
    wishes: int | None
    warnings: list[str]


class Copied(TypedDict):
    evening: Evening
    left_out: list[Teacher]
    added: list[Teacher]


class SettingUpClient:
    """Each call is made as `who`, an office, in its school. Stale where something was changed since."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def _get(self, who: Principal, path: str) -> Any:
        return self._transport.send(Call("scheduling", "GET", path, who))

    def _post(self, who: Principal, path: str, json: Any, key: str) -> Any:
        return self._transport.send(Call("scheduling", "POST", path, who, json=json, key=key))

    def _put(self, who: Principal, path: str, json: Any, version: str) -> Any:
        return self._transport.send(Call("scheduling", "PUT", path, who, json=json, match=version))

    def list_years(self, who: Principal) -> list[Year]:
        found: list[Year] = self._get(who, "/years")["items"]
        return found

    def change(self, who: Principal, evening_id: str, said: Mapping[str, Any], version: str) -> None:
        self._put(who, f"/evenings/{evening_id}", dict(said), version)

    def open(self, who: Principal, evening_id: str, key: str) -> None:
        self._post(who, f"/evenings/{evening_id}/open", None, key)

    def cancel(self, who: Principal, evening_id: str, key: str) -> None:
        self._post(who, f"/evenings/{evening_id}/cancel", None, key)

    def copy(self, who: Principal, evening_id: str, said: Mapping[str, Any], key: str) -> Copied:
        found: Copied = self._post(who, f"/evenings/{evening_id}/copy", dict(said), key)
        return found

    def show_invited(self, who: Principal, evening_id: str) -> Invited:
        found: Invited = self._get(who, f"/evenings/{evening_id}/invited")
        return found

    def set_invited(self, who: Principal, evening_id: str, said: Mapping[str, Any], version: str) -> None:
        self._put(who, f"/evenings/{evening_id}/invited", dict(said), version)

    def list_blocks(self, who: Principal, evening_id: str) -> Blocks:
        found: Blocks = self._get(who, f"/evenings/{evening_id}/blocks")
        return found

    def add_block(self, who: Principal, evening_id: str, said: Mapping[str, Any], key: str) -> None:
        self._post(who, f"/evenings/{evening_id}/blocks", dict(said), key)

    def change_block(self, who: Principal, path: tuple[str, str], said: Mapping[str, Any], version: str) -> None:
        """`path` is the evening and the block."""
        self._put(who, f"/evenings/{path[0]}/blocks/{path[1]}", dict(said), version)

    def remove_block(self, who: Principal, path: tuple[str, str], version: str) -> None:
        self._transport.send(Call("scheduling", "DELETE", f"/evenings/{path[0]}/blocks/{path[1]}", who, match=version))

    def list_resources(self, who: Principal, evening_id: str) -> tuple[list[Resource], str]:
        """What there is, and the tag of the list, which changes with it."""
        found = self._get(who, f"/evenings/{evening_id}/resources")
        return found["items"], found["tag"]

    def set_resources(self, who: Principal, evening_id: str, items: Sequence[Mapping[str, Any]], tag: str) -> None:
        self._put(who, f"/evenings/{evening_id}/resources", {"items": list(items)}, tag)

    def add_up(self, who: Principal, evening_id: str) -> Arithmetic:
        found: Arithmetic = self._get(who, f"/evenings/{evening_id}/arithmetic")
        return found
