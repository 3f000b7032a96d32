"""The page goes along to another school of the trust: agreeing to it, taking that back, and bringing it.

The portal carries it: it opens the ticket at the one school as itself, and hands the page to the other as the guardian.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from services.portal.accounts.journeys import (
    Journey,
    Leaving,
    drop_journey,
    find_journey,
    keep_journey,
    list_leaving,
    list_waiting,
)
from services.portal.accounts.queries import OPERATOR, School, Visitor, list_school_names
from services.portal.standing import Standing, stand
from services.portal.trust_work import trust_work
from services.portal.visiting import for_whom
from services.portal.wiring import portal


def list_offers(visitor: Visitor, place: Standing) -> list[dict[str, str]]:
    """Pages that this adult may bring here from another school: they say whether it is this child that one is about."""
    if place.hat != "guardian":
        return []
    with trust_work(portal().database, "pages that wait", write=False) as work:
        rows = list_waiting(work, visitor.account_id, place.who.school)
        names = {school.id: school.name for school in list_school_names(work, [row.from_school for row in rows])}
        return [{"id": row.id, "school": names[row.from_school], "child": row.given_name} for row in rows]


@for_whom("guardian")
def ask_travel(visitor: Visitor, pupil_id: str) -> Any:
    """Where to, what goes along, and that it can be taken back."""
    return _form(visitor, stand(visitor, pupil_id))


def _form(visitor: Visitor, place: Standing, chosen: str = "", errors: dict[str, str] | None = None) -> str:
    leaving, schools = _schools(visitor, place)
    names = {school.id: school.name for school in schools}
    return flask.render_template(
        "about_travel.html", place=place, schools=schools, chosen=chosen, errors=errors, about=place.child,
        leaving=[{"id": row.id, "school": names.get(row.to_school, row.to_school)} for row in leaving],
        back=f"{place.base}/about-me", done=flask.session.pop("done", ""))


def _schools(visitor: Visitor, place: Standing) -> tuple[Sequence[Journey], list[School]]:
    others = [school for school in portal().place.schools() if school != place.who.school]
    with trust_work(portal().database, "schools to go to", write=False) as work:
        return (list(list_leaving(work, visitor.account_id, place.who.school, place.pupil_id)),
                list_school_names(work, others))


@for_whom("guardian")
def agree_travel(visitor: Visitor, pupil_id: str) -> Any:
    """The ticket is told once, and kept for this account."""
    place, to_school = stand(visitor, pupil_id), flask.request.form.get("school", "")
    if to_school not in portal().place.schools() or to_school == place.who.school:
        return _form(visitor, place, to_school, {"school": _("Choose a school")}), 422
    try:
        made = portal().about_me.begin_journey(place.who, pupil_id, to_school)
    except (Conflict, Invalid) as refused:
        return _form(visitor, place, to_school, {"school": refused.detail or refused.title}), refused.status
    with trust_work(portal().database, "a page will travel") as work:
        keep_journey(work, visitor.account_id, Leaving(place.who.school, to_school, pupil_id, place.child),
                     made["id"], made["ticket"])
    return _again(pupil_id, "journey-agreed")


def _again(pupil_id: str, what: str) -> Any:
    flask.session["done"] = what
    return flask.redirect(f"/children/{pupil_id}/about-me/travel", 303)


@for_whom("guardian")
def stop_travel(visitor: Visitor, pupil_id: str) -> Any:
    """Taken back: the ticket is gone from here, and opens nothing at the school."""
    place, waiting_id = stand(visitor, pupil_id), flask.request.form.get("journey", "")
    row = _find(visitor, waiting_id)
    if row is not None:
        with suppress(NotFound, Conflict):
            portal().about_me.withdraw_journey(place.who, row.journey_id)
        with trust_work(portal().database, "a page stays") as work:
            drop_journey(work, waiting_id)
    return _again(pupil_id, "journey-withdrawn")


def _find(visitor: Visitor, waiting_id: str) -> Journey | None:
    with trust_work(portal().database, "a page that waits", write=False) as work:
        found = find_journey(work, visitor.account_id, waiting_id)
        if found is not None:
            work.session.expunge(found)
        return found


@for_whom("guardian")
def bring(visitor: Visitor, pupil_id: str) -> Any:
    """Fetch it there, hand it over here, say there that it has arrived. A step that fails can be done again."""
    place, waiting_id = stand(visitor, pupil_id), flask.request.form.get("journey", "")
    row = _find(visitor, waiting_id)
    if row is None or row.to_school != place.who.school:
        raise NotFound()
    if flask.request.form.get(f"child-{waiting_id}") != pupil_id:
        return _here(pupil_id, "journey-unsaid")
    carrier = Principal(visitor.account_id, row.from_school, OPERATOR, "operator", frozenset())
    done = "journey-arrived"
    try:
        came = portal().about_me.open_ticket(carrier, row.ticket)
    except NotFound:
        done = "journey-ended"
    else:
        try:
            portal().about_me.receive(place.who, pupil_id, came, new_id())
        except Invalid:
            return _here(pupil_id, "journey-unchecked")  # the ticket stays: it can be tried again
        portal().about_me.use_ticket(carrier, row.ticket)
    with trust_work(portal().database, "a page has travelled") as work:
        drop_journey(work, waiting_id)
    return _here(pupil_id, done)


def _here(pupil_id: str, done: str) -> Any:
    flask.session["done"] = done
    return flask.redirect(f"/children/{pupil_id}/about-me", 303)


PAGES = (("/travel", ask_travel, "GET"), ("/travel", agree_travel, "POST"), ("/travel/stop", stop_travel, "POST"),
         ("/arrive", bring, "POST"))
