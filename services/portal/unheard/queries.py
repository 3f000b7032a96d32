"""What staff see of contact made: read in each school that they work at, silent where a service is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from chassis.auth import Principal
from chassis.errors import Invalid
from services.portal.accounts.queries import School, Visitor
from services.portal.clients.heard import ContactMade, UnheardPage
from services.portal.clients.profiles import ClassName
from services.portal.wiring import Portal


@dataclass(frozen=True, slots=True)
class OfSchool:
    """One school's part; `found` is None where it does not answer."""

    school: School
    found: UnheardPage | None


def schools_of(visitor: Visitor, school: str) -> list[tuple[School, Principal]]:
    """The schools that are wanted: one that is named, or all of the visitor's."""
    return [(member.school, who) for member, who in zip(visitor.members, visitor.principals(), strict=True)
            if school in ("", member.school.id)]


def read_unheard(portal: Portal, visitor: Visitor, wanted: Mapping[str, str]) -> list[OfSchool]:
    """Each school's list, all at the same time. A next page is of one school, and says which."""
    places = schools_of(visitor, wanted.get("school", ""))
    answers = portal.transport.gather([
        partial(portal.heard.list_unheard, who, "", wanted.get("after", "")) for _school, who in places])
    return [OfSchool(school, found) for (school, _who), found in zip(places, answers, strict=True)]


def read_classes(portal: Portal, visitor: Visitor) -> list[ClassName]:
    """The visitor's classes, to choose from."""
    answers = portal.transport.gather([partial(portal.profiles.list_classes, who) for who in visitor.principals()])
    return [one for found in answers for one in found or ()]


def read_contact_made(portal: Portal, visitor: Visitor, half_on: str) -> list[tuple[School, ContactMade | None]]:
    places = schools_of(visitor, "")
    answers = portal.transport.gather([partial(_of_half, portal, who, half_on) for _school, who in places])
    return [(school, found) for (school, _who), found in zip(places, answers, strict=True)]


def _of_half(portal: Portal, who: Principal, half_on: str) -> ContactMade:
    """A school whose terms are others, or a day that is none, gives the half-term that it is."""
    try:
        return portal.heard.list_contact_made(who, half_on)
    except Invalid:
        return portal.heard.list_contact_made(who)
