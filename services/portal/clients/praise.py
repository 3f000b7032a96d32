"""What the portal asks of profiles about good news: who wrote what, the page to keep, the school's strengths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from chassis.auth import Principal
from services.portal.clients.transport import Call, Transport


class Signature(TypedDict):
    voice: str
    by: str | None
    is_mine: bool
    at: str


class GoodNews(TypedDict):
    id: str
    pupil_id: str
    pupil_given_name: str
    strength: str
    own_label: str | None
    sentence: str
    audience: str
    staff_name: str | None
    signature: Signature
    sent_at: str


class GoodNewsPage(TypedDict):
    items: list[GoodNews]
    after: str | None


class Keepsake(TypedDict):
    year: int
    items: list[GoodNews]


class Strength(TypedDict):
    key: str
    label: str
    is_own: bool
    is_retired: bool


class PraiseClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def list_praise(self, who: Principal, pupil_id: str, after: str = "") -> GoodNewsPage:
        params = {"after": after} if after else None
        found: GoodNewsPage = self._transport.send(Call("profiles", "GET", f"/pupils/{pupil_id}/praise", who, params))
        return found

    def send_praise(self, who: Principal, pupil_id: str, answers: Mapping[str, str], key: str) -> GoodNews:
        found: GoodNews = self._transport.send(
            Call("profiles", "POST", f"/pupils/{pupil_id}/praise", who, json=dict(answers), key=key))
        return found

    def show_keepsake(self, who: Principal, pupil_id: str, year: int | None) -> Keepsake:
        params = {"year": year} if year else None
        found: Keepsake = self._transport.send(Call("profiles", "GET", f"/pupils/{pupil_id}/keepsake", who, params))
        return found

    def list_strengths(self, who: Principal, every: bool = False) -> list[Strength]:
        params = {"all": "true"} if every else None
        found: list[Strength] = self._transport.send(Call("profiles", "GET", "/strengths", who, params))["items"]
        return found

    def add_strength(self, who: Principal, label: str, key: str) -> None:
        self._transport.send(Call("profiles", "POST", "/strengths", who, json={"label": label}, key=key))

    def word_strength(self, who: Principal, strength_key: str, label: str) -> None:
        self._transport.send(Call("profiles", "PUT", f"/strengths/{strength_key}", who, json={"label": label}))

    def move_strength(self, who: Principal, strength_key: str, how: str) -> None:
        """Take it off the list ('retire') or put it back ('restore')."""
        self._transport.send(Call("profiles", "POST", f"/strengths/{strength_key}/{how}", who))
