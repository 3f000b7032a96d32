"""Staff before an evening: whom I would like to see, whom I need not, and a kind sentence for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from chassis.auth import Principal
from chassis.errors import NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.wishes import MarkItem, MarkList
from services.portal.sending import send
from services.portal.visiting import at_school, for_whom, kept_words, seek
from services.portal.wiring import portal

MARKS = (("please-come", _l("Please come: I would like to see them")),
         ("no-need", _l("No need this time: they can still ask")), ("none", _l("Neither: the family decides")))
KIND = {
    "please-come": (_l("I would love to show you what is going well."),
                    _l("I would like to hear how you see it, and plan the next step together."),
                    _l("A few minutes together would help me to help your child.")),
    "no-need": (_l("Everything is going well, and there is nothing that cannot wait."),
                _l("We talked not long ago. Come all the same if something is on your mind."))}
MOST = 300


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule("/staff/evenings/<evening_id>/marks", view_func=list_marks)
    room.add_url_rule("/staff/evenings/<evening_id>/marks/<pupil_id>", view_func=show_mark)
    room.add_url_rule("/staff/evenings/<evening_id>/marks/<pupil_id>", view_func=set_mark, methods=["POST"])


def _find(visitor: Visitor, evening_id: str) -> tuple[Principal, MarkList]:
    who, found = seek(visitor, lambda who: portal().wishes.list_marks(who, evening_id))
    at_school(visitor, who.school)
    return who, found


@for_whom("staff")
def list_marks(visitor: Visitor, evening_id: str) -> Any:
    """The children about whom I see families that evening."""
    _who, found = _find(visitor, evening_id)
    return flask.render_template("wishes_marks.html", found=found, back=f"/staff/evenings/{evening_id}",
                                 done=flask.session.pop("done", ""))


@for_whom("staff")
def show_mark(visitor: Visitor, evening_id: str, pupil_id: str) -> Any:
    _who, found = _find(visitor, evening_id)
    item = _item(found, pupil_id)
    return _page(found, item, {"mark": item["mark"], "sentence": item["sentence"], **kept_words(visitor)})


@for_whom("staff")
def set_mark(visitor: Visitor, evening_id: str, pupil_id: str) -> Any:
    """Mark, with a sentence of one's own or one that is offered."""
    who, found = _find(visitor, evening_id)
    item, answers = _item(found, pupil_id), flask.request.form.to_dict()
    mark, own = answers.get("mark", ""), answers.get("sentence", "").strip()
    if mark not in dict(MARKS):
        return _page(found, item, answers, {"mark": _("Choose one")}), 422
    if len(own) > MOST:
        return _page(found, item, answers, {"sentence": _("Write at most %(n)s letters", n=MOST)}), 422
    sentence = "" if mark == "none" else own or _offered(mark, answers.get("offered", ""))
    errors, status = send(lambda: portal().wishes.set_mark(who, (evening_id, pupil_id), mark, sentence), "mark",
                          {"sentence": "sentence"})
    if errors:
        return _page(found, item, answers, errors), status
    flask.session["done"] = "marked"
    return flask.redirect(f"/staff/evenings/{evening_id}/marks", 303)


def _offered(mark: str, place: str) -> str:
    """The sentence that was chosen of those offered with a mark: 'please-come-0' is the first."""
    return next((str(words) for number, words in enumerate(KIND.get(mark, ())) if place == f"{mark}-{number}"), "")


def _item(found: MarkList, pupil_id: str) -> MarkItem:
    item = next((one for one in found["items"] if one["pupil"]["id"] == pupil_id), None)
    if item is None:
        raise NotFound()
    return item


def _page(found: MarkList, item: MarkItem, answers: Mapping[str, str], errors: Mapping[str, str] | None = None) -> str:
    offered = [(f"{mark}-{number}", words) for mark, sentences in KIND.items()
               for number, words in enumerate(sentences)]
    return flask.render_template(
        "wishes_mark.html", found=found, item=item, answers=answers, errors=errors, marks=MARKS, offered=offered,
        most=MOST, about=item["pupil"]["given_name"], back=f"/staff/evenings/{found['evening']['id']}/marks")
