"""Pages about one child that are the same for a parent, a member of staff and the child: where each of them stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flask

from chassis.auth import Principal
from services.portal.accounts.queries import Visitor
from services.portal.visiting import at_school, seek
from services.portal.wiring import portal

PLACES = ("/children/<pupil_id>", "/staff/pupils/<pupil_id>", "/me")
"""What the addresses of a child's pages begin with, for a parent, for staff and for the child."""
View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """Who asks about which child, and the address that this visitor's pages about the child begin with."""

    who: Principal
    pupil_id: str
    child: str  # the given name
    base: str  # /children/<id>, /staff/pupils/<id> or /me

    @property
    def hat(self) -> str:
        return self.who.hat


def stand(visitor: Visitor, pupil_id: str | None = None) -> Standing:
    """The child as this visitor may see them (NotFound otherwise); without an id, the child is the visitor.

    The page is banded as the child's school's, and its title names the child.
    """
    if visitor.hat == "pupil":
        own = visitor.members[0].person_id
        pupil_id = own if pupil_id is None else pupil_id
    wanted = pupil_id or ""
    who, page = seek(visitor, lambda who: portal().profiles.show_pupil(who, wanted))
    at_school(visitor, who.school)
    return Standing(who, wanted, page["given_name"], base_of(visitor.hat, wanted))


def base_of(hat: str, pupil_id: str) -> str:
    """What the addresses of a child's pages begin with, for a visitor under this hat."""
    return {"guardian": f"/children/{pupil_id}", "staff": f"/staff/pupils/{pupil_id}"}.get(hat, "/me")


def pages(room: flask.Blueprint, below: str, places: Sequence[str] = PLACES) -> Callable[..., Callable[[View], View]]:
    """A decorator that puts a view below each of these places: `@page()`, or `@page("/new", "POST")`."""

    def page(path: str = "", *methods: str) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            for place in places:
                room.add_url_rule(f"{place}{below}{path}", view_func=view, methods=methods or ("GET",))
            return view

        return decorate

    return page
