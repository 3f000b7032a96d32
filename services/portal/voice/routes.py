"""A child's own words for staff: saying that I have read them; and for safeguarding leads, what a child has sealed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.errors import Conflict
from services.portal.accounts.queries import Visitor
from services.portal.clients.profiles import PupilPage
from services.portal.clients.voice import SealedOpening
from services.portal.visiting import at_school, for_whom, kept_words, seek
from services.portal.wiring import portal

room = flask.Blueprint("voice", __name__, template_folder="templates", url_prefix="/staff")
TOLD = ("told", "not-safe-to-wait")
MOST = 1000


@room.post("/notes/<note_id>/read")
@for_whom("staff")
def read(visitor: Visitor, note_id: str) -> Any:
    """I have read it, and the child sees that; back to where the button was."""
    _who, note = seek(visitor, lambda who: portal().voice.read_note(who, note_id))
    flask.session["done"] = "note-read"
    on_pupil = flask.request.form.get("from") == "pupil"
    return flask.redirect(f"/staff/pupils/{note['pupil_id']}" if on_pupil else "/staff", 303)


def _find(visitor: Visitor, pupil_id: str) -> tuple[Principal, PupilPage, list[SealedOpening]]:
    """The child, for a safeguarding lead of their school."""
    who, openings = seek(visitor, lambda who: portal().voice.list_openings(who, pupil_id), "dsl")
    at_school(visitor, who.school)
    return who, portal().profiles.show_pupil(who, pupil_id), openings


@room.get("/pupils/<pupil_id>/sealed")
@for_whom("dsl")
def ask_opening(visitor: Visitor, pupil_id: str) -> Any:
    """Why, and whether the child knows: asked before anything is shown, and whether or not there is anything."""
    _who, pupil, openings = _find(visitor, pupil_id)
    return _form(pupil, openings, kept_words(visitor))


def _form(pupil: PupilPage, openings: list[SealedOpening], answers: Mapping[str, str],
          errors: Mapping[str, str] | None = None) -> str:
    return flask.render_template("sealed.html", pupil=pupil, openings=openings, answers=answers, errors=errors,
                                 most=MOST, about=pupil["given_name"], back=f"/staff/pupils/{pupil['id']}",
                                 done=flask.session.pop("done", ""))


@room.post("/pupils/<pupil_id>/sealed")
@for_whom("dsl")
def open_sealed(visitor: Visitor, pupil_id: str) -> Any:
    """What the child keeps to themselves, in this answer alone."""
    who, pupil, openings = _find(visitor, pupil_id)
    answers = flask.request.form.to_dict()
    errors = {}
    if not 0 < len(answers.get("why", "").strip()) <= MOST:
        errors["why"] = _("Say why, in at most %(most)s letters", most=f"{MOST:,}")
    if answers.get("told") not in TOLD:
        errors["told"] = _("Choose one")
    if errors:
        return _form(pupil, openings, answers, errors), 422
    sealed = portal().voice.open_sealed(who, pupil_id, answers["why"], answers["told"])
    return flask.render_template("sealed_opened.html", pupil=pupil, sealed=sealed, told=answers["told"],
                                 about=pupil["given_name"], back=flask.request.path)


@room.post("/pupils/<pupil_id>/sealed/<opening_id>/told")
@for_whom("dsl")
def tell(visitor: Visitor, pupil_id: str, opening_id: str) -> Any:
    """The child has been told after all."""
    who, _pupil, _openings = _find(visitor, pupil_id)
    with suppress(Conflict):  # a second press: the child has been told, which is what was asked
        portal().voice.tell_child(who, opening_id)
    flask.session["done"] = "told"
    return flask.redirect(f"/staff/pupils/{pupil_id}/sealed", 303)
