"""What the portal asks of profiles about strategies: what home and school do the same way, and how it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from chassis.auth import Principal
from services.portal.clients.profiles import Person, Signature
from services.portal.clients.transport import Call, Transport


class StrategyWords(TypedDict):
    kind: str
    what: str
    why: str
    at_home: str
    at_school: str
    by_child: str


class Tried(TypedDict):
    """`audience` is for its writer alone."""

    id: str
    how: str
    line: str
    audience: str | None
    signature: Signature


class StrategyStep(TypedDict):
    version: int
    kind: str
    said: StrategyWords | None
    reason: str | None
    words: str
    signature: Signature


class StrategyHome(TypedDict):
    name: str
    state: str
    at: str | None


class StrategySummary(StrategyWords):
    id: str
    pupil_id: str
    pupil: Person | None
    version: int
    audience: str
    state: str
    since: str | None
    may_agree: bool
    signature: Signature
    last_tried: Tried | None


class ChartCell(TypedDict):
    from_on: str
    hows: list[str]


class ChartRow(TypedDict):
    voice: str
    weeks: list[ChartCell]


class Strategy(StrategySummary):
    """`homes` is for staff alone."""

    homes: list[StrategyHome]
    may_end: bool
    steps: list[StrategyStep]
    notes: list[Tried]
    chart: list[ChartRow]


class StrategiesClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def list_strategies(self, who: Principal, pupil_id: str) -> list[StrategySummary]:
        found: list[StrategySummary] = self._transport.send(
            Call("profiles", "GET", f"/pupils/{pupil_id}/strategies", who))["items"]
        return found

    def list_waiting(self, who: Principal) -> list[StrategySummary]:
        """What waits for school's word, about the children whom this member of staff teaches."""
        found: list[StrategySummary] = self._transport.send(Call("profiles", "GET", "/strategies", who))["items"]
        return found

    def show_strategy(self, who: Principal, strategy_id: str) -> Strategy:
        found: Strategy = self._transport.send(Call("profiles", "GET", f"/strategies/{strategy_id}", who))
        return found

    def propose_strategy(self, who: Principal, pupil_id: str, body: Mapping[str, Any], key: str) -> Strategy:
        found: Strategy = self._transport.send(Call(
            "profiles", "POST", f"/pupils/{pupil_id}/strategies", who, json=dict(body), key=key))
        return found

    def change_strategy(self, who: Principal, strategy_id: str, body: Mapping[str, Any], version: str) -> Strategy:
        found: Strategy = self._transport.send(Call(
            "profiles", "PUT", f"/strategies/{strategy_id}", who, json=dict(body), match=version))
        return found

    def agree_strategy(self, who: Principal, strategy_id: str, version: str) -> Strategy:
        found: Strategy = self._transport.send(Call(
            "profiles", "POST", f"/strategies/{strategy_id}/agree", who, match=version))
        return found

    def keep_strategy(self, who: Principal, strategy_id: str, key: str) -> Strategy:
        found: Strategy = self._transport.send(Call(
            "profiles", "POST", f"/strategies/{strategy_id}/keep", who, key=key))
        return found

    def end_strategy(self, who: Principal, strategy_id: str, body: Mapping[str, str], key: str) -> Strategy:
        found: Strategy = self._transport.send(Call(
            "profiles", "POST", f"/strategies/{strategy_id}/end", who, json=dict(body), key=key))
        return found

    def note_tried(self, who: Principal, strategy_id: str, body: Mapping[str, str], key: str) -> Strategy:
        found: Strategy = self._transport.send(Call(
            "profiles", "POST", f"/strategies/{strategy_id}/tried", who, json=dict(body), key=key))
        return found
