"""What is done in a loop: answering, agreeing steps, two views, notes, a third person, closing and thanks.

Each deed is one form. Harsh words bring the form back once, with a question and every word in it; never a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound, Problem, Stale
from services.portal.accounts.queries import Visitor
from services.portal.together.queries import LoopPlace, find_loop
from services.portal.together.rules import ACTS, MOVES, day_fields, faults_of, read_day, wants_a_pause
from services.portal.visiting import for_whom, kept_words
from services.portal.wiring import portal

WHO = ("guardian", "staff", "pupil")
Answers = Mapping[str, str]
FIELD_OF = {"/by_on": "by", "/step/by_on": "by", "/doer": "doer", "/step/doer": "doer", "/guardian_id": "doer",
            "/review_on": "review", "/next_step/review_on": "review", "/step/words": "step", "/next_step/words": "next"}


@for_whom(*WHO)
def ask_deed(visitor: Visitor, partnership_id: str, deed: str, pupil_id: str | None = None) -> Any:
    """The form of a deed, if it can be done now; the loop's page says what can."""
    at = find_loop(visitor, pupil_id, partnership_id)
    if deed not in ACTS:
        raise NotFound()
    if not set(MOVES[deed]) & set(at.loop["may"]):
        return flask.redirect(at.here, 303)
    return _form(at, deed, {**_held(at, deed), **kept_words(visitor)})


def _own(at: LoopPlace) -> dict[str, Any] | None:
    return next((one for one in at.loop["answers"] if one["signature"]["is_mine"]), None)


def _held(at: LoopPlace, deed: str) -> dict[str, str]:
    """What the form holds before anybody writes: one's own answer, the usual next day to look again."""
    own = _own(at)
    if deed == "answers" and own is not None:
        return {name: str(own[name]) for name in ("going_well", "worries", "support", "version")}
    if deed == "close":
        found = portal().partnerships.list_loops(at.place.who, at.place.pupil_id) if at.back != "/staff" else None
        return day_fields("review", found["proposed_review_on"]) if found else {}
    return {"meeting": flask.request.args.get("meeting", "")} if deed == "notes" else {}


def _form(at: LoopPlace, deed: str, answers: Answers, errors: dict[str, str] | None = None, **more: Any) -> str:
    return flask.render_template(
        "together_deed.html", at=at, place=at.place, shared=at.loop, deed=deed, answers=answers, errors=errors,
        key=answers.get("key") or new_id(), own=_own(at), limits=ACTS[deed][0], about=at.place.child, back=at.here,
        **more)


@for_whom(*WHO)
def do_deed(visitor: Visitor, partnership_id: str, deed: str, pupil_id: str | None = None) -> Any:
    """Do it once; what is missing is said at its field, and nothing written is lost."""
    at, answers = find_loop(visitor, pupil_id, partnership_id), flask.request.form.to_dict()
    if deed not in ACTS:
        raise NotFound()
    errors = _faults(at, deed, answers)
    if errors:
        return _form(at, deed, answers, errors), 422
    if not answers.get("as_is") and any(wants_a_pause(answers.get(name, "")) for name in ACTS[deed][0]):
        return _form(at, deed, answers, pause=True)
    try:
        _act(at, deed, answers)
    except Stale:
        return _both(visitor, at, answers), 412
    except (Invalid, Conflict) as refused:
        return _form(at, deed, answers, _told(refused, deed)), refused.status
    flask.session["done"] = f"loop-{deed}"
    return flask.redirect(at.here, 303)


def _both(visitor: Visitor, at: LoopPlace, answers: dict[str, str]) -> str:
    """It was changed on another page: that version, and the words just written, which are still in the form."""
    now = find_loop(visitor, at.place.pupil_id, at.loop["id"])
    own = _own(now)
    return _form(now, "answers", {**answers, "version": str(own["version"]) if own else ""}, other=own)


def _told(refused: Problem, deed: str) -> dict[str, str]:
    first = next(iter(ACTS[deed][0]))
    told = {FIELD_OF.get(path, path.strip("/")): words for path, words in refused.errors.items() if path != "/instead"}
    return told or {first: refused.detail or _("This can't be done now. Your words are still here.")}


def _faults(at: LoopPlace, deed: str, answers: Answers) -> dict[str, str]:
    texts, needed = ACTS[deed]
    goes_on = deed == "close" and answers.get("outcome") in ("loop", "strategy")
    found = {name: _("Write a few words") if fault == "empty" else _("Write at most %(most)s letters", most=texts[name])
             for name, fault in faults_of(texts, (*needed, *(("next",) if goes_on else ())), answers).items()}
    if deed in ("steps", "views"):
        if read_day(answers, "by") is None:
            found["by"] = _("Write a day, a month and a year")
        if at.place.hat != "pupil" and not answers.get("doer"):
            found["doer"] = _("Choose who does it")
    asks = deed == "answers" and _own(at) is None and _asks_audience(at)
    if asks and answers.get("audience") not in ("all", "school"):
        found["audience"] = _("Choose who may read it")
    if deed == "joiners" and not answers.get("role"):
        found["role"] = _("Choose who should join")
    if deed == "close" and answers.get("outcome") not in ("celebration", "loop", "strategy"):
        found["outcome"] = _("Choose how it goes on")
    if deed == "close" and answers.get("outcome") == "loop" and read_day(answers, "review") is None:
        found["review"] = _("Write a day, a month and a year")
    return found


def _asks_audience(at: LoopPlace) -> bool:
    return at.place.hat != "staff" and at.loop["audience"] == "all"


def _act(at: LoopPlace, deed: str, answers: Answers) -> None:
    who, loop_id = at.place.who, at.loop["id"]
    if deed == "answers" and _own(at) is not None:
        portal().partnerships.change_answer(who, loop_id, {
            name: answers.get(name, "") for name in ACTS[deed][0]}, answers.get("version", ""))
    else:
        portal().partnerships.act(who, f"{loop_id}/{deed}", BODIES[deed](at, answers), answers.get("key") or new_id())


def _answer_of(at: LoopPlace, answers: Answers) -> dict[str, Any]:
    return {"going_well": answers["going_well"], "worries": answers.get("worries", ""),
            "audience": answers["audience"] if _asks_audience(at) else "all"}


def _step_of(at: LoopPlace, answers: Answers, words: str = "words") -> dict[str, Any]:
    """`doer` is school, child, home, or home with whose it is."""
    doer, _sep, guardian_id = answers.get("doer", "").partition(":")
    day = read_day(answers, "by")
    return {"doer": "child" if at.place.hat == "pupil" else doer, "words": answers[words],
            "by_on": day.isoformat() if day else "", **({"guardian_id": guardian_id} if guardian_id else {})}


def _view_of(at: LoopPlace, answers: Answers) -> dict[str, Any]:
    return {"words": answers["words"], "step": _step_of(at, answers, "step")}


def _note_of(_at: LoopPlace, answers: Answers) -> dict[str, Any]:
    kind, _sep, meeting_id = answers.get("meeting", "").partition(":")
    return {"words": answers["words"], "meeting": {"kind": kind, "id": meeting_id} if meeting_id else None}


def _joiner_of(_at: LoopPlace, answers: Answers) -> dict[str, Any]:
    return {"role": answers["role"], "words": answers["words"]}


def _close_of(_at: LoopPlace, answers: Answers) -> dict[str, Any]:
    said = {"helped": answers["helped"], "not_yet": answers["not_yet"]}
    if answers["outcome"] == "celebration":
        return {**said, "outcome": "celebration"}
    day = read_day(answers, "review") if answers["outcome"] == "loop" else None
    return {**said, "outcome": "new-step", "next_step": {
        "kind": answers["outcome"], "words": answers["next"], "review_on": day.isoformat() if day else None}}


def _thanks_of(_at: LoopPlace, answers: Answers) -> dict[str, Any]:
    return {"words": answers["words"]}


BODIES: dict[str, Callable[[LoopPlace, Answers], dict[str, Any]]] = {
    "answers": _answer_of, "steps": _step_of, "views": _view_of, "notes": _note_of, "joiners": _joiner_of,
    "close": _close_of, "thanks": _thanks_of}


def _act_here(visitor: Visitor, place: tuple[str | None, str], path: str, wanted: Answers, done: str) -> Any:
    """A button of the loop's page."""
    at = find_loop(visitor, *place)
    portal().partnerships.act(at.place.who, f"{at.loop['id']}/{path}", wanted)
    flask.session["done"] = done
    return flask.redirect(at.here, 303)


@for_whom(*WHO)
def mark_step(visitor: Visitor, partnership_id: str, step_id: str, pupil_id: str | None = None) -> Any:
    state = "kept" if flask.request.form.get("state") == "kept" else "not-yet"
    return _act_here(visitor, (pupil_id, partnership_id), f"steps/{step_id}", {"state": state}, "loop-marked")


@for_whom("guardian", "staff")
def include_child(visitor: Visitor, partnership_id: str, pupil_id: str | None = None) -> Any:
    return _act_here(visitor, (pupil_id, partnership_id), "child", {}, "loop-child")


@for_whom("guardian", "staff")
def ask_view(visitor: Visitor, partnership_id: str, view_id: str, pupil_id: str | None = None) -> Any:
    """My side beside the other's."""
    at = find_loop(visitor, pupil_id, partnership_id)
    view = next((one for one in at.loop["views"] if one["id"] == view_id), None)
    if view is None:
        raise NotFound()
    return _form(at, "views", kept_words(visitor), view=view)


@for_whom("guardian", "staff")
def answer_view(visitor: Visitor, partnership_id: str, view_id: str, pupil_id: str | None = None) -> Any:
    at, answers = find_loop(visitor, pupil_id, partnership_id), flask.request.form.to_dict()
    view = next((one for one in at.loop["views"] if one["id"] == view_id), None)
    if view is None:
        raise NotFound()
    errors = _faults(at, "thanks", {"words": answers.get("words", "")[:1]})
    if errors or len(answers["words"]) > ACTS["views"][0]["words"]:
        return _form(at, "views", answers, errors or {"words": _("Write at most 2,000 letters")}, view=view), 422
    if not answers.get("as_is") and wants_a_pause(answers["words"]):
        return _form(at, "views", answers, view=view, pause=True)
    return _act_here(visitor, (pupil_id, partnership_id), f"views/{view_id}", {"words": answers["words"]}, "loop-views")


@for_whom("staff")
def ask_who_joins(visitor: Visitor, partnership_id: str, joiner_id: str, pupil_id: str | None = None) -> Any:
    """Which of school's people joins, or that somebody from outside does."""
    at = find_loop(visitor, pupil_id, partnership_id)
    joiner = next((one for one in at.loop["joiners"] if one["id"] == joiner_id), None)
    if joiner is None:
        raise NotFound()
    return flask.render_template("together_joiner.html", at=at, place=at.place, joiner=joiner, about=at.place.child,
                                 back=at.here, colleagues=portal().partnerships.list_colleagues(
                                     at.place.who, at.loop["id"]))


@for_whom("staff")
def settle_joiner(visitor: Visitor, partnership_id: str, joiner_id: str, pupil_id: str | None = None) -> Any:
    staff_id = flask.request.form.get("staff_id", "")
    return _act_here(visitor, (pupil_id, partnership_id), f"joiners/{joiner_id}",
                     {"staff_id": staff_id} if staff_id else {}, "loop-joined")


LOOP = "/<partnership_id>"
PAGES = (
    (f"{LOOP}/<deed>", ask_deed, "GET"), (f"{LOOP}/<deed>", do_deed, "POST"),
    (f"{LOOP}/steps/<step_id>", mark_step, "POST"),
    (f"{LOOP}/child", include_child, "POST"), (f"{LOOP}/views/<view_id>", ask_view, "GET"),
    (f"{LOOP}/views/<view_id>", answer_view, "POST"), (f"{LOOP}/joiners/<joiner_id>", ask_who_joins, "GET"),
    (f"{LOOP}/joiners/<joiner_id>", settle_joiner, "POST"))
