"""A class's codes: made by whoever teaches the class, printed as cards, and shown once."""

from __future__ import annotations

from typing import Any

import flask

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import NotFound
from services.portal.accounts.pupils import end_codes, list_codes, list_with_account, make_codes
from services.portal.accounts.queries import School, Visitor
from services.portal.clients.profiles import ClassPage
from services.portal.trust_work import trust_work
from services.portal.visiting import at_school, for_whom, seek
from services.portal.wiring import portal

room = flask.Blueprint("pupil_codes", __name__, template_folder="templates",
                       url_prefix="/staff/classes/<class_id>/codes")
EVERYBODY = "everybody"


def _find(visitor: Visitor, class_id: str) -> tuple[Principal, ClassPage, School]:
    """The class, if this member of staff teaches it or answers for the whole school."""
    who, found = seek(visitor, lambda who: portal().profiles.show_class(who, class_id))
    return who, found, at_school(visitor, who.school)


@room.get("")
@for_whom("staff")
def show(visitor: Visitor, class_id: str) -> Any:
    """Who has a code, and since when; a code itself is never shown again."""
    who, found, _school = _find(visitor, class_id)
    with trust_work(portal().database, "codes of a class", write=False) as work:
        pupils = [pupil["id"] for pupil in found["pupils"]]
        codes, connected = list_codes(work, who.school, pupils), list_with_account(work, who.school, pupils)
    key = flask.session["codes"] = new_id()
    return flask.render_template("codes.html", found=found, codes=codes, connected=connected, key=key,
                                 everybody=EVERYBODY, back=f"/staff/classes/{class_id}",
                                 done=flask.session.pop("done", ""))


@room.post("")
@for_whom("staff")
def make(visitor: Visitor, class_id: str) -> Any:
    """Cards with new codes, in this answer alone: loading it again leads back and makes no more of them."""
    who, found, school = _find(visitor, class_id)
    wanted = _chosen(found, flask.request.form.get("pupil", ""))
    if flask.session.pop("codes", None) != flask.request.form.get("key"):
        flask.session["done"] = "codes-shown"
        return flask.redirect(flask.request.path, 303)
    with trust_work(portal().database, "make codes") as work:
        codes = make_codes(work, portal().secret, (who.school, wanted), who.person_id)
    cards = [(pupil, codes[pupil["id"]]) for pupil in found["pupils"] if pupil["id"] in codes]
    address = f"{portal().place.url.partition('://')[2]}/sign-in/child"
    return flask.render_template("codes_cards.html", found=found, cards=cards, school=school, address=address,
                                 missing=len(wanted) > len(cards), back=flask.request.path)


def _chosen(found: ClassPage, pupil: str) -> list[str]:
    ids = [one["id"] for one in found["pupils"]]
    if pupil != EVERYBODY and pupil not in ids:
        raise NotFound()
    return ids if pupil == EVERYBODY else [pupil]


@room.post("/end")
@for_whom("staff")
def end(visitor: Visitor, class_id: str) -> Any:
    """A card was lost: its code opens no door any more."""
    who, found, _school = _find(visitor, class_id)
    with trust_work(portal().database, "end codes") as work:
        end_codes(work, who.school, _chosen(found, flask.request.form.get("pupil", "")))
    flask.session["done"] = "code-ended"
    return flask.redirect(f"/staff/classes/{class_id}/codes", 303)
