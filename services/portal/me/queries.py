"""What a child's own page is made of: one read of profiles. A part that is not there yet is simply empty."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from chassis.auth import Principal
from services.portal.accounts.queries import Visitor
from services.portal.clients.profiles import PageItem
from services.portal.wiring import Portal


@dataclass(frozen=True, slots=True)
class MyPage:
    """Everything on /me; `is_silent` when profiles did not answer in time."""

    name: str
    year_group: str | None = None
    parts: dict[str, list[PageItem]] = field(default_factory=dict)
    is_silent: bool = False

    def part(self, name: str) -> list[PageItem]:
        return self.parts.get(name, [])


def read_me(portal: Portal, visitor: Visitor) -> MyPage:
    """The child's own page."""
    who, name = own(visitor), visitor.given_name
    (page,) = portal.transport.gather([partial(portal.profiles.show_page, who, who.person_id)])
    if page is None:
        return MyPage(name, is_silent=True)
    return MyPage(page["pupil"]["given_name"], page["pupil"]["year_group"], page["parts"])


def own(visitor: Visitor) -> Principal:
    """The child themselves, at their school."""
    return visitor.principals()[0]
