"""A child of the visitor: in which school, what they may do, and what stands on the child's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from chassis.auth import Principal
from chassis.errors import NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.check_ins import PupilCheckIns
from services.portal.clients.praise import GoodNews
from services.portal.clients.profiles import Child, PageChild, PageItem
from services.portal.clients.reviews import ReviewItem
from services.portal.clients.scheduling import Appointment, Evening
from services.portal.standing import Standing, base_of
from services.portal.visiting import at_school, seek
from services.portal.wiring import Portal


@dataclass(slots=True)
class ChildPage:
    """What stands on a child's page; None in the place of what did not answer."""

    pupil: PageChild
    may: dict[str, bool]
    parts: dict[str, list[PageItem]]
    evenings: list[Evening] | None = None
    appointments: list[Appointment] | None = None
    reviews: list[ReviewItem] | None = None
    check_ins: PupilCheckIns | None = None
    praise: list[GoodNews] | None = None  # for staff: with how far each has got
    reach: dict[str, str] = field(default_factory=dict)
    suggests: bool = False

    def part(self, name: str) -> list[PageItem]:
        """What a room has to say; nothing from a school whose profiles are older."""
        return self.parts.get(name, [])

    @property
    def lead(self) -> str:
        """Year and class, for the line below the name."""
        classes = ", ".join(item["words"] or "" for item in self.part("class"))
        return " · ".join(words for words in (self.pupil["year_group"] or "", classes) if words)


def find_child(portal: Portal, visitor: Visitor, pupil_id: str) -> tuple[Principal, Child]:
    """The child, and who the visitor is in the child's school; the page is banded as that school's."""

    def ask(who: Principal) -> Child:
        found = next((child for child in portal.profiles.list_children(who) if child["id"] == pupil_id), None)
        if found is None:
            raise NotFound()
        return found

    who, child = seek(visitor, ask)
    at_school(visitor, who.school)
    return who, child


def or_nothing(read: Callable[[], Any]) -> Any:
    """What cannot be asked about (yet, or in a school with an older version) is left out: the page is there anyway."""
    try:
        return read()
    except NotFound:
        return None


def find_page(portal: Portal, visitor: Visitor, pupil_id: str) -> tuple[Standing, ChildPage]:
    """The child as this visitor may see them, in one read of profiles; the page is banded as the child's school's."""
    who, page = seek(visitor, lambda who: portal.profiles.show_page(who, pupil_id))
    at_school(visitor, who.school)
    return (Standing(who, pupil_id, page["pupil"]["given_name"], base_of(visitor.hat, pupil_id)),
            ChildPage(page["pupil"], page["may"], page["parts"]))


def read_child(portal: Portal, visitor: Visitor, pupil_id: str) -> tuple[Standing, ChildPage]:
    """A parent's page of a child. The child must answer; when we meet may be silent."""
    place, page = find_page(portal, visitor, pupil_id)
    who = place.who
    (planned,) = portal.transport.gather([partial(portal.scheduling.show_home, who)])
    if planned is not None:
        page.reviews = planned.get("reviews", [])
        page.check_ins = {"items": [item for item in planned.get("check_ins", []) if item["pupil"]["id"] == pupil_id]}
        page.evenings = [item for item in planned["evenings"] if pupil_id in {one["id"] for one in item["pupils"]}]
        page.appointments = [item for item in planned["appointments"] if item["pupil"]["id"] == pupil_id]
    return place, page
