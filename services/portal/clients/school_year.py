"""What the portal asks of profiles about the school's calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from chassis.auth import Principal
from services.portal.clients.transport import Call, Transport


class SchoolTerm(TypedDict):
    starts_on: str
    half_starts_on: str
    half_ends_on: str
    ends_on: str


class SchoolYear(TypedDict):
    """`is_usual` while these are the usual dates of England, which nobody at the school has set."""

    terms: list[SchoolTerm]
    closed: list[str]
    is_usual: bool
    version: str


class SchoolYearClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def show_year(self, who: Principal) -> SchoolYear:
        found: SchoolYear = self._transport.send(Call("profiles", "GET", "/school-year", who))
        return found

    def set_year(self, who: Principal, terms: Sequence[Mapping[str, str]], closed: Sequence[str],
                 version: str) -> SchoolYear:
        found: SchoolYear = self._transport.send(Call("profiles", "PUT", "/school-year", who, json={
            "terms": [dict(term) for term in terms], "closed": list(closed)}, match=version))
        return found
