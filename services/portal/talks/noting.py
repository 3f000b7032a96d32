"""Writing down in one minute what a talk of an evening came to: in what is looked at together, where families agree."""

from __future__ import annotations

from datetime import date
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound, Problem, Unavailable
from services.portal.accounts.queries import Visitor
from services.portal.clients.meetings import Rest
from services.portal.looks import LONDON
from services.portal.sending import NO_ANSWER
from services.portal.talks.rules import LINE, MOST, NEW, STEPS, day_fields, faults_of_note, read_day
from services.portal.together.queries import wants_a_pause
from services.portal.visiting import at_school, for_whom, kept_words, seek
from services.portal.wiring import portal

Answers = dict[str, str]
FIELD_OF = {"/going_well": "going_well", "/worries": "worries", "/review_on": "review", "/words": "going_well"}


@for_whom("staff")
def ask_note(visitor: Visitor, appointment_id: str) -> Any:
    """The form: what goes well, what worries, up to three next steps, and when we look again."""
    who, rest = _find(visitor, appointment_id)
    loops = _read_loops(who, rest)
    held = day_fields("review", loops["proposed_review_on"]) if loops else {}
    return _form(rest, loops, {**held, **kept_words(visitor)})


def _find(visitor: Visitor, appointment_id: str) -> tuple[Principal, Rest]:
    who, rest = seek(visitor, lambda who: portal().meetings.show_rest(who, appointment_id))
    at_school(visitor, who.school)
    return who, rest


def _read_loops(who: Principal, rest: Rest) -> Any:
    """What is looked at together about the child; None for who sits there and does not work with the child."""
    try:
        return portal().partnerships.list_loops(who, rest["pupil"]["id"])
    except NotFound:
        return None


def _form(rest: Rest, loops: Any, answers: Answers, errors: dict[str, str] | None = None, pause: bool = False) -> str:
    items = [one for one in loops["items"] if one["state"] == "open"] if loops else []
    return flask.render_template(
        "talks_note.html", rest=rest, loops=items, can_write=loops is not None, answers=answers, errors=errors,
        pause=pause, most=MOST, line=LINE, new=NEW, key=answers.get("key") or new_id(),
        steps=[(number, answers.get(f"step_key{number}") or new_id()) for number in STEPS],
        about=rest["pupil"]["given_name"],
        back=f"/staff/evenings/{rest['evening_id']}/night")


@for_whom("staff")
def keep_note(visitor: Visitor, appointment_id: str) -> Any:
    """Keep it once; each home reads it as it may, and agrees there."""
    who, rest = _find(visitor, appointment_id)
    loops, answers = _read_loops(who, rest), flask.request.form.to_dict()
    if loops is None:
        raise NotFound()
    faults = faults_of_note(answers, _today())
    if faults:
        return _form(rest, loops, answers, {name: _words(name, fault) for name, fault in faults.items()}), 422
    if not answers.get("as_is") and any(wants_a_pause(answers.get(name, "")) for name in (
            "going_well", "worries", *(f"step{number}" for number in STEPS))):
        return _form(rest, loops, answers, pause=True)
    try:
        loop_id = _keep(who, rest, answers)
    except (Invalid, Conflict) as refused:
        return _form(rest, loops, answers, _told(refused)), refused.status
    except Unavailable:
        return _form(rest, loops, answers, {"going_well": str(NO_ANSWER)}), 503
    here = f"/staff/pupils/{rest['pupil']['id']}/together/{loop_id}"
    if not all([_add_step(who, loop_id, answers, number) for number in STEPS]):
        return flask.redirect(f"{here}/steps", 303)
    flask.session["done"] = "loop-notes"
    return flask.redirect(here, 303)


def _today() -> date:
    return portal().database.clock.now().astimezone(LONDON).date()


def _words(name: str, fault: str) -> str:
    return {"empty": _("Write a few words"), "day": _("Write a day, a month and a year"),
            "past": _("Choose today or a day after it"), "doer": _("Choose who does it"),
            "where": _("Choose where it belongs")}.get(
        fault, _("Write at most %(most)s letters", most=LINE if name.startswith("step") else MOST))


def _told(refused: Problem) -> dict[str, str]:
    told = {FIELD_OF.get(path, "going_well"): words for path, words in refused.errors.items() if path != "/instead"}
    return told or {"going_well": refused.detail or _("This can't be done now. Your words are still here.")}


def _keep(who: Principal, rest: Rest, answers: Answers) -> str:
    """The loop's id: a new one is opened by these words, to another they are added as what was said when we met."""
    meeting = {"kind": "evening", "id": rest["appointment_id"]}
    going_well, worries = answers["going_well"].strip(), answers.get("worries", "").strip()
    key = answers.get("key") or new_id()
    if answers["where"] == NEW:
        day = read_day(answers, "review")
        return str(portal().partnerships.open_loop(who, rest["pupil"]["id"], {
            "going_well": going_well, "worries": worries, "support": "", "audience": "all", "is_child_in": False,
            "review_on": day.isoformat() if day else "", "meeting": meeting}, key)["id"])
    words = "\n\n".join((_("Going well: %(words)s", words=going_well), *(
        [_("What worries us: %(words)s", words=worries)] if worries else [])))
    return str(portal().partnerships.act(who, f"{answers['where']}/notes", {"words": words, "meeting": meeting},
                                         key)["id"])


def _add_step(who: Principal, loop_id: str, answers: Answers, number: str) -> bool:
    """Whether this next step is kept, if there is one; the note and the others stand either way."""
    words = answers.get(f"step{number}", "").strip()
    if not words:
        return True
    doer, _sep, guardian_id = answers[f"doer{number}"].partition(":")
    day = read_day(answers, f"by{number}")
    try:
        portal().partnerships.act(who, f"{loop_id}/steps", {
            "doer": doer, "words": words, "by_on": day.isoformat() if day else "",
            **({"guardian_id": guardian_id} if guardian_id else {})}, answers.get(f"step_key{number}") or new_id())
    except (Invalid, Conflict, Unavailable):
        return False
    return True
