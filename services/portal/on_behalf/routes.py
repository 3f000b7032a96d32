"""A family who rings: found by a name, seen at one evening, and their times on a sheet of paper."""

from __future__ import annotations

from typing import Any

import flask

from services.portal.accounts.queries import Visitor
from services.portal.on_behalf import asking, times
from services.portal.on_behalf.desk import ADULT, FAMILIES, Desk, find_desk, find_evening, find_family, read_children
from services.portal.on_behalf.rules import WISHING, list_by_teacher, list_families, minutes_until, stage_of
from services.portal.visiting import for_whom, the_office
from services.portal.wiring import portal

room = flask.Blueprint("on_behalf", __name__, template_folder="templates")
asking.add_pages(room)
times.add_pages(room)


@room.get("/office/evenings/<evening_id>/waiting")
@for_whom("office")
def list_waiting(visitor: Visitor, evening_id: str) -> Any:
    """Who waits for whom, in the order in which they are asked; and what is offered, with its clock."""
    who, now = the_office(visitor, "office"), portal().database.clock.now()
    found = portal().waitlist.list_of_evening(who, evening_id)
    return flask.render_template(
        "on_behalf_waiting.html", evening=found["evening"], teachers=list_by_teacher(found["items"]), now=now,
        left=lambda moment: minutes_until(moment, now), stage=stage_of(found["evening"], now),
        back=f"/office/evenings/{evening_id}")


@room.get(FAMILIES)
@for_whom("office")
def find(visitor: Visitor, evening_id: str) -> Any:
    """A child or an adult by a part of their name; nobody is listed before that."""
    who, evening = find_evening(visitor, evening_id)
    args = flask.request.args
    wanted = args.get("find", "").strip()[:100]
    after = {"after": args["after"][:80]} if args.get("after") else {}
    pairs, more = portal().rights.list_pairs(who, find=wanted, **after) if wanted else ([], None)
    return flask.render_template("on_behalf_find.html", evening=evening, wanted=wanted, families=list_families(pairs),
                                 more=more, stage=stage_of(evening, portal().database.clock.now()),
                                 back=f"/office/evenings/{evening_id}")


@room.get(f"{FAMILIES}/<pupil_id>")
@for_whom("office")
def choose_adult(visitor: Visitor, evening_id: str, pupil_id: str) -> Any:
    """Which adult it is for: each has their own times. An only adult straight on."""
    _who, evening, family = find_family(visitor, evening_id, pupil_id)
    here = f"/office/evenings/{evening_id}/families/{pupil_id}"
    if len(family["adults"]) == 1:
        return flask.redirect(f"{here}/{family['adults'][0]['guardian']['id']}", 303)
    return flask.render_template("on_behalf_family.html", evening=evening, family=family, here=here,
                                 back=f"/office/evenings/{evening_id}/families")


@room.get(ADULT)
@for_whom("office")
def show_adult(visitor: Visitor, evening_id: str, pupil_id: str, guardian_id: str) -> Any:
    """One adult's evening: what they have, what is kept for them, whom they wait for, and what is still to choose."""
    desk = find_desk(visitor, evening_id, pupil_id, guardian_id)
    if desk.may_book and desk.stage == WISHING:
        return flask.redirect(f"/office/evenings/{evening_id}/wishes/{guardian_id}", 303)
    return show(desk)


def show(desk: Desk) -> str:
    now = portal().database.clock.now()
    children = read_children(desk) if desk.is_open else []
    held = portal().itineraries.find(desk.who, desk.evening["id"], desk.guardian_id) if children else None
    waiting = [one for one in portal().waitlist.list_waiting(desk.who, desk.guardian_id)
               if one["evening_id"] == desk.evening["id"]] if children else []
    return flask.render_template(
        "on_behalf_adult.html", desk=desk, evening=desk.evening, children=children, waiting=waiting,
        held=held if held and held["state"] == "held" else None, left=lambda moment: minutes_until(moment, now),
        waits_for={(one["pupil"]["id"], one["staff"]["id"]) for one in waiting}, now=now,
        talks=sorted((talk for part in children for talk in part.talks), key=lambda talk: str(talk["starts_at"])),
        done=flask.session.pop("done", ""), problem=flask.session.pop("problem", ""),
        back=f"/office/evenings/{desk.evening['id']}/families")


@room.get(f"{ADULT}/sheet")
@for_whom("office")
def show_sheet(visitor: Visitor, evening_id: str, pupil_id: str, guardian_id: str) -> Any:
    """Their evening on one sheet, to send by post or to hand over."""
    desk = find_desk(visitor, evening_id, pupil_id, guardian_id)
    if not desk.is_open:
        return flask.redirect(desk.here, 303)
    talks = sorted((talk for part in read_children(desk) for talk in part.talks),
                   key=lambda talk: str(talk["starts_at"]))
    return flask.render_template("on_behalf_sheet.html", desk=desk, evening=desk.evening, talks=talks, back=desk.here)
