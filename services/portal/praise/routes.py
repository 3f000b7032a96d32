"""Sending good news home."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.clock import new_id
from services.portal.accounts.queries import Visitor
from services.portal.clients.profiles import PupilPage
from services.portal.visiting import at_school, for_whom, kept_words, seek
from services.portal.wiring import portal
from services.portal.wordings import STRENGTHS

room = flask.Blueprint("praise", __name__, template_folder="templates", url_prefix="/staff/pupils/<pupil_id>/good-news")
MOST = 300


def _find(visitor: Visitor, pupil_id: str) -> tuple[Principal, PupilPage]:
    who, pupil = seek(visitor, lambda who: portal().profiles.show_pupil(who, pupil_id))
    at_school(visitor, who.school)
    return who, pupil


@room.get("")
@for_whom("staff")
def write(visitor: Visitor, pupil_id: str) -> Any:
    _who, pupil = _find(visitor, pupil_id)
    return _page(pupil, kept_words(visitor))


def _page(pupil: PupilPage, answers: Mapping[str, str], errors: dict[str, str] | None = None) -> str:
    return flask.render_template(
        "praise_write.html", pupil=pupil, answers=answers, errors=errors, strengths=list(STRENGTHS.items()),
        key=answers.get("key") or new_id(), about=pupil["given_name"], back=f"/staff/pupils/{pupil['id']}")


@room.post("")
@for_whom("staff")
def send(visitor: Visitor, pupil_id: str) -> Any:
    """Send it once; what is missing is said at its field and nothing written is lost."""
    who, pupil = _find(visitor, pupil_id)
    answers = flask.request.form.to_dict()
    sentence = answers.get("sentence", "").strip()
    errors = {}
    if answers.get("strength") not in STRENGTHS:
        errors["strength"] = _("Choose what %(name)s showed", name=pupil["given_name"])
    if not 0 < len(sentence) <= MOST:
        errors["sentence"] = _("Write one sentence, at most 300 letters")
    if errors:
        return _page(pupil, answers, errors), 422
    portal().profiles.send_praise(who, pupil_id, answers["strength"], sentence, answers.get("key") or new_id())
    flask.session["done"] = "praise-sent"
    return flask.redirect(f"/staff/pupils/{pupil_id}", 303)
