"""How an evening stands for who asks for times, and an adult's children. Pure decisions on plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

DRAFT, WISHING, CANCELLED, OVER, OPEN = "draft", "wishing", "cancelled", "over", "open"


def stage_of(evening: Mapping[str, Any], now: datetime) -> str:
    """Whether times are chosen now (OPEN), and if not, why."""
    state = evening.get("state", OPEN)
    if state in (DRAFT, CANCELLED):
        return str(state)
    if datetime.fromisoformat(evening["ends_at"]) <= now:
        return OVER
    return WISHING if (evening.get("way"), state) == ("plan", "open") else OPEN


def list_families(pairs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each child once, in the order in which they were found, with the adults who were found beside them."""
    found: dict[str, dict[str, Any]] = {}
    for pair in pairs:
        one = found.setdefault(pair["pupil"]["id"], {"pupil": pair["pupil"], "adults": []})
        one["adults"].append(pair["guardian"])
    return list(found.values())


def children_of(pairs: Sequence[Mapping[str, Any]], guardian_id: str, first: str) -> list[dict[str, str]]:
    """The children for whom this adult may book, one of them first."""
    mine = [pair["pupil"] for pair in pairs
            if pair["guardian"]["id"] == guardian_id and pair["rights"]["book"]["allowed"]]
    return [{"id": one["id"], "given_name": one["given_name"]} for one in sorted(
        mine, key=lambda one: (one["id"] != first, one["given_name"], one["id"]))]


def match_times(slots: Sequence[Mapping[str, Any]], sheet: Sequence[Mapping[str, Any]],
                pupil_id: str) -> list[dict[str, Any]]:
    """A teacher's appointments about this child that begin at one of an adult's own slots."""
    mine = {slot["starts_at"] for slot in slots if slot["state"] == "yours"}
    return [dict(item) for item in sheet if item["pupil"]["id"] == pupil_id and item["starts_at"] in mine]


def list_by_teacher(items: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]:
    """Each teacher, in the order given, with who waits for them."""
    found: dict[str, tuple[Mapping[str, Any], list[Mapping[str, Any]]]] = {}
    for item in items:
        found.setdefault(item["staff"]["id"], (item["staff"], []))[1].append(item)
    return list(found.values())


def minutes_until(moment: str, now: datetime) -> int:
    """Whole minutes that are left, the one that has begun among them; 0 when it is over."""
    return max(0, -int(-(datetime.fromisoformat(moment) - now).total_seconds() // 60))
