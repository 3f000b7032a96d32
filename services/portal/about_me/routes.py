"""The page itself: as it is, as it was, and on paper; and that staff have read and looked through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import flask

from chassis.errors import Conflict
from services.portal.about_me import suggesting, support, travelling, writing
from services.portal.about_me.rules import fit
from services.portal.about_me.words import AREAS, HOWS, READERS, STATUSES, section_names
from services.portal.accounts.queries import Visitor, list_school_names
from services.portal.clients.about_me import AboutEntry, AboutPage
from services.portal.standing import PLACES, Standing, stand
from services.portal.trust_work import trust_work
from services.portal.visiting import for_whom
from services.portal.wiring import portal

room = flask.Blueprint("about_me", __name__, template_folder="templates")
ALL = ("guardian", "staff", "pupil")


@for_whom(*ALL)
def show(visitor: Visitor, pupil_id: str | None = None) -> Any:
    """Strengths first; what waits for an answer stands at the words that it is about."""
    place = stand(visitor, pupil_id)
    page = portal().about_me.show_page(place.who, place.pupil_id)
    return flask.render_template(
        "about_me.html", place=place, page=page, names=section_names(place), readers=READERS, back=place.base,
        schools=_came_from(page), support=_support(place), statuses=STATUSES, areas=AREAS,
        waiting=travelling.list_offers(visitor, place), about=place.child, done=flask.session.pop("done", ""))


def _support(place: Standing) -> Any:
    """For adults who may see the child, and for staff who have to do with them."""
    if place.hat == "pupil":
        return None
    return portal().transport.gather([lambda: portal().about_me.show_support(place.who, place.pupil_id)])[0]


def _entries(page: AboutPage) -> Iterator[AboutEntry]:
    for section in page["sections"]:
        for item in section["items"]:
            yield item
            yield from item.get("views", ())


def _came_from(page: AboutPage) -> dict[str, str]:
    """The names of the schools that words came from."""
    wanted = sorted({item["from_school"] for item in _entries(page) if item["from_school"]})
    if not wanted:
        return {}
    with trust_work(portal().database, "names of schools", write=False) as work:
        return {school.id: school.name for school in list_school_names(work, wanted)}


@for_whom(*ALL)
def show_history(visitor: Visitor, pupil_id: str | None = None) -> Any:
    """Who wrote what, and when, newest first."""
    place = stand(visitor, pupil_id)
    return flask.render_template(
        "about_history.html", place=place, names=section_names(place), hows=HOWS, about=place.child,
        items=portal().about_me.list_changes(place.who, place.pupil_id), back=f"{place.base}/about-me")


@for_whom(*ALL)
def show_print(visitor: Visitor, pupil_id: str | None = None) -> Any:
    """One A4 page, of what everybody who helps may read: paper lies about."""
    place = stand(visitor, pupil_id)
    page = portal().about_me.show_page(place.who, place.pupil_id)
    parts = {section["section"]: [one for item in section["items"] for one in (item, *item.get("views", ()))
                                  if one["audience"] in (None, "all")] for section in page["sections"]}
    size, taken = fit({name: [item["words"] for item in items] for name, items in parts.items()})
    return flask.render_template(
        "about_print.html", place=place, names=section_names(place), size=size, about=place.child,
        parts={name: items[:taken[name]] for name, items in parts.items()}, today=portal().database.clock.now(),
        is_more=any(taken[name] < len(items) for name, items in parts.items()), back=f"{place.base}/about-me")


@for_whom("staff")
def mark_read(visitor: Visitor, pupil_id: str) -> Any:
    """I have read the page that I was shown."""
    place, version = stand(visitor, pupil_id), flask.request.form.get("version", "")
    with suppress(Conflict):
        portal().about_me.mark_read(place.who, pupil_id, int(version) if version.isdigit() else 1)
    flask.session["done"] = "about-read"
    return flask.redirect(f"{place.base}/about-me", 303)


@for_whom("staff")
def review(visitor: Visitor, pupil_id: str) -> Any:
    """We have looked through it together."""
    place = stand(visitor, pupil_id)
    portal().about_me.review(place.who, pupil_id)
    flask.session["done"] = "about-reviewed"
    return flask.redirect(f"{place.base}/about-me", 303)


def _add(path: str, view: Callable[..., Any], method: str = "GET", places: tuple[str, ...] = PLACES) -> None:
    """The same page for a parent, a member of staff and the child, or for some of them."""
    for place in places:
        room.add_url_rule(f"{place}/about-me{path}", view_func=view, methods=[method])


_add("", show)
_add("/history", show_history)
_add("/print", show_print)
_add("/read", mark_read, "POST", PLACES[1:2])
_add("/review", review, "POST", PLACES[1:2])
for each_path, each_view, each_method in (*writing.PAGES, *suggesting.PAGES):
    _add(each_path, each_view, each_method)
for each_path, each_view, each_method in travelling.PAGES:
    _add(each_path, each_view, each_method, PLACES[:1])
for each_path, each_view, each_method in support.PAGES:
    _add(each_path, each_view, each_method, PLACES[1:2])
room.add_url_rule(support.LIST, view_func=support.list_children)
