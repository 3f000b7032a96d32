"""The class page as families and the child read it, and the form in which staff write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import NotFound, Stale
from services.portal.accounts.queries import Visitor
from services.portal.clients.expectations import ClassPage
from services.portal.expectations.rules import MOST, differs, faults_of
from services.portal.sending import alike, send
from services.portal.standing import PLACES, stand
from services.portal.visiting import at_school, for_whom, kept_words, seek
from services.portal.wiring import portal

room = flask.Blueprint("expectations", __name__, template_folder="templates")
CHANGED = _l("A colleague wrote here a moment ago. Their words are below yours: take what is good, and save again.")
PATH = "/staff/classes/<class_id>/expectations"


@for_whom("guardian", "staff", "pupil")
def show(visitor: Visitor, pupil_id: str | None = None) -> Any:
    """What each class of the child learns this half-term, and how home can help."""
    place = stand(visitor, pupil_id)
    return flask.render_template("class_page.html", place=place, back=place.base, about=place.child,
                                 pages=portal().expectations.list_pages(place.who, place.pupil_id))


for _place in PLACES:
    room.add_url_rule(f"{_place}/class", view_func=show)


@room.get(PATH)
@for_whom("staff")
def write(visitor: Visitor, class_id: str) -> Any:
    """The draft of this half-term, and whether families can read it yet."""
    _who, found = _class(visitor, class_id)
    return _form(found, {**(found["page"] or {}), **kept_words(visitor)})


def _class(visitor: Visitor, class_id: str) -> tuple[Principal, ClassPage]:
    who, found = seek(visitor, lambda who: portal().expectations.show_class(who, class_id))
    at_school(visitor, who.school)
    return who, found


def _form(found: ClassPage, answers: Mapping[str, Any], errors: Mapping[str, str] | None = None,
          theirs: Mapping[str, Any] | None = None) -> str:
    return flask.render_template(
        "class_page_write.html", found=found, answers=answers, errors=errors, theirs=theirs, most=MOST, key=new_id(),
        back=f"/staff/classes/{found['id']}", done=flask.session.pop("done", ""))


@room.post(PATH)
@for_whom("staff")
def save(visitor: Visitor, class_id: str) -> Any:
    """Keep the draft, or keep it and let families read it; where a colleague was faster both are shown."""
    who, found = _class(visitor, class_id)
    if not found["may_write"]:
        raise NotFound()
    answers = {name: value.replace("\r\n", "\n") for name, value in flask.request.form.items()}
    errors = {name: _("Write at most %(most)s letters", most=most) if most else _("Write something here")
              for name, most in faults_of(answers).items()}
    if errors:
        return _form(found, answers, errors), 422
    publishes = answers.get("go") == "publish"
    try:
        errors, status = send(lambda: _keep(who, found, answers, publishes), "learning", alike(MOST))
    except Stale:
        _who, found = _class(visitor, class_id)
        return _form(found, answers, {"learning": str(CHANGED)}, found["page"]), 409
    if errors:
        return _form(found, answers, errors), status
    flask.session["done"] = "class-page-published" if publishes else "class-page-kept"
    return flask.redirect(flask.request.path, 303)


def _keep(who: Principal, found: ClassPage, answers: Mapping[str, str], publishes: bool) -> None:
    """A page that is already kept as it stands is not kept again."""
    words = {name: answers.get(name, "") for name in MOST}
    version = answers.get("version") if answers.get("version", "").isdecimal() else "0"
    if differs(words, found["page"]) or version != str(found["version"]):
        found = portal().expectations.write(who, found["id"], words, str(version))
    if publishes and found["state"] != "published":
        portal().expectations.publish(who, found["id"], str(found["version"]), answers.get("key") or new_id())
