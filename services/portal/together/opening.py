"""Starting a loop: one question a page, everything once more before it goes out, and nothing written is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import Invalid, NotFound
from services.portal.accounts.actions import drop_draft, keep_draft
from services.portal.accounts.queries import Visitor, find_draft
from services.portal.standing import Standing, stand
from services.portal.together.rules import (
    FIELDS,
    MOST,
    NEEDED,
    STEPS,
    day_fields,
    faults_of,
    needed_of,
    next_step,
    read_day,
    step_before,
    wants_a_pause,
)
from services.portal.trust_work import trust_work
from services.portal.visiting import for_whom, kept_words
from services.portal.wiring import portal

TEXTS = ("going_well", "worries", "support")
WHO = ("guardian", "staff", "pupil")


def _draft(visitor: Visitor, place: Standing) -> dict[str, str]:
    with trust_work(portal().database, "draft", write=False) as work:
        return find_draft(work, visitor.account_id, f"together:{place.pupil_id}")


def _keep(visitor: Visitor, place: Standing, answers: Mapping[str, str]) -> None:
    with trust_work(portal().database, "keep a draft") as work:
        keep_draft(work, visitor.account_id, f"together:{place.pupil_id}", dict(answers))


@for_whom(*WHO)
def begin(visitor: Visitor, pupil_id: str | None = None) -> Any:
    """Go on where the writer stopped; a meeting that this is about comes along in the address."""
    place = stand(visitor, pupil_id)
    answers, meeting = _draft(visitor, place), flask.request.args.get("meeting", "")
    if meeting:
        answers = {"key": new_id(), **answers, "meeting": meeting[:100]}
        _keep(visitor, place, answers)
    return _go_on(place, answers)


def _go_on(place: Standing, answers: Mapping[str, str]) -> Any:
    return flask.redirect(f"{place.base}/together/new/{next_step(place.hat, answers)}", 303)


@for_whom(*WHO)
def ask(visitor: Visitor, step: str, pupil_id: str | None = None) -> Any:
    """One question."""
    place = stand(visitor, pupil_id)
    if step == "check":
        return _check(visitor, place)
    return _question(place, step, {**_draft(visitor, place), **kept_words(visitor)})


def _question(place: Standing, step: str, answers: Mapping[str, str], errors: dict[str, str] | None = None) -> str:
    if step not in STEPS[place.hat]:
        raise NotFound()
    before = step_before(place.hat, step)
    found = {} if step != "review" or "review-day" in answers else day_fields(
        "review", portal().partnerships.list_loops(place.who, place.pupil_id)["proposed_review_on"])
    suggests = place.hat == "staff" and step == "worries" and portal().heard.suggests_good_news(
        place.who, place.pupil_id)
    return flask.render_template(
        "together_question.html", place=place, step=step, answers={**answers, **found}, errors=errors, most=MOST,
        suggests=suggests, about=place.child,
        back=f"{place.base}/together/new/{before}" if before else f"{place.base}/together")


@for_whom(*WHO)
def answer(visitor: Visitor, step: str, pupil_id: str | None = None) -> Any:
    """Keep an answer, and go on."""
    place = stand(visitor, pupil_id)
    if step == "check":
        return _send(visitor, place)
    if step not in STEPS[place.hat]:
        raise NotFound()
    given = {name: flask.request.form.get(name, "") for name in FIELDS[step] if name in needed_of(place.hat, step)}
    errors = _faults(place, step, given)
    if errors:
        return _question(place, step, {**_draft(visitor, place), **given}, errors), 422
    answers = {"key": new_id(), **_draft(visitor, place), **given}
    _keep(visitor, place, answers)
    return _go_on(place, answers)


def _faults(place: Standing, step: str, given: Mapping[str, str]) -> dict[str, str]:
    if step == "review":
        return {} if read_day(given, "review") else {"review": _("Write a day, a month and a year")}
    needed = tuple(name for name in given if name in NEEDED)
    words = {"going_well": _("Write what goes well, however small"), "audience": _("Choose who is in this"),
             "child": _("Say if %(child)s is part of this", child=place.child)}
    texts = {name: MOST for name in given if name in TEXTS}
    return {name: _too_long() if fault == "long" else words[name]
            for name, fault in faults_of(texts, needed, given).items()}


def _too_long() -> str:
    return _("Write at most %(most)s letters", most=MOST)


def _check(visitor: Visitor, place: Standing, pause: bool = False) -> Any:
    """Everything once more before it goes out."""
    answers = _draft(visitor, place)
    if next_step(place.hat, answers) != "check":
        return _go_on(place, answers)
    return flask.render_template(
        "together_check.html", place=place, answers=answers, review_on=read_day(answers, "review"), pause=pause,
        about=place.child, back=f"{place.base}/together/new/{step_before(place.hat, 'check')}")


def _send(visitor: Visitor, place: Standing) -> Any:
    """Send it once: the draft's own key makes a second press the same deed."""
    answers = _draft(visitor, place)
    if next_step(place.hat, answers) != "check":
        return flask.redirect(f"{place.base}/together", 303)  # it went out with the first press
    if not flask.request.form.get("as_is") and any(wants_a_pause(answers.get(name, "")) for name in TEXTS):
        return _check(visitor, place, pause=True)
    try:
        loop = portal().partnerships.open_loop(place.who, place.pupil_id, _wanted(place, answers), answers["key"])
    except Invalid as refused:
        return _refused(visitor, place, answers, refused)
    with trust_work(portal().database, "sent") as work:
        drop_draft(work, visitor.account_id, f"together:{place.pupil_id}")
    flask.session["done"] = "loop-opened"
    return flask.redirect(f"{place.base}/together/{loop['id']}", 303)


def _wanted(place: Standing, answers: Mapping[str, str]) -> dict[str, Any]:
    day = read_day(answers, "review")
    on = day.isoformat() if day else portal().partnerships.list_loops(
        place.who, place.pupil_id)["proposed_review_on"]  # the child is not asked for a day
    kind, _sep, meeting_id = answers.get("meeting", "").partition(":")
    return {"going_well": answers["going_well"], "worries": answers["worries"], "support": answers.get("support", ""),
            "audience": answers.get("audience", "all"), "is_child_in": answers.get("child") == "yes", "review_on": on,
            "meeting": {"kind": kind, "id": meeting_id} if meeting_id else None}


def _refused(visitor: Visitor, place: Standing, answers: dict[str, str], refused: Invalid) -> Any:
    """School is closed on that day, say: the day that would do is filled in."""
    if "/review_on" not in refused.errors or place.hat == "pupil":
        raise refused
    instead = refused.errors.get("/instead")
    answers = {**answers, **(day_fields("review", instead) if instead else {})}
    _keep(visitor, place, {**answers, "key": new_id()})
    return _question(place, "review", answers, {"review": refused.errors["/review_on"]}), 422


PAGES = (("/new", begin, "GET"), ("/new/<step>", ask, "GET"), ("/new/<step>", answer, "POST"))
