"""What we're trying: the list, one strategy, suggesting, agreeing, changing, keeping, ending, and how it went.

Each page is there for a parent, for staff and for the child, at the address that each one's pages begin with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import NotFound, Stale
from services.portal.accounts.queries import Visitor
from services.portal.clients.strategies import Strategy
from services.portal.sending import alike, send
from services.portal.standing import Standing, pages, stand
from services.portal.strategies.rules import LIMITS, MOST_ENDING, MOST_LINE, WORDS, read_words, too_long, unchosen
from services.portal.visiting import for_whom, kept_words
from services.portal.wiring import portal
from services.portal.wordings import STRATEGY_ENDS, STRATEGY_KINDS, TRIED_HOWS

room = flask.Blueprint("strategies", __name__, template_folder="templates")
page = pages(room, "/strategies")
FIELDS = alike(("kind", "audience", *WORDS))


def _audiences(place: Standing, is_note: bool = False) -> dict[str, str]:
    """Who may see it, for whoever writes to choose; staff write for everybody. A child may keep a note for now."""
    if place.hat == "guardian":
        return {"all": _("Everybody who helps: school, the child, and every home"), "school": _("School and me")}
    if place.hat == "staff":
        return {}
    not_yet = {"only-me": _("Only me, for now: please don't share this yet")} if is_note else {}
    return {"all": _("My school and my grown-ups at home"), "school": _("Only my school"), **not_yet}


@page()
@for_whom("guardian", "staff", "pupil")
def list_all(visitor: Visitor, pupil_id: str | None = None) -> Any:
    """What is agreed, what waits for somebody, and what has ended."""
    place = stand(visitor, pupil_id)
    items = portal().strategies.list_strategies(place.who, place.pupil_id)
    return flask.render_template("strategies.html", place=place, items=items, back=place.base, about=place.child)


@page("/new")
@for_whom("guardian", "staff", "pupil")
def write(visitor: Visitor, pupil_id: str | None = None) -> Any:
    return _form(stand(visitor, pupil_id), kept_words(visitor))


def _form(place: Standing, answers: Mapping[str, str], errors: Mapping[str, str] | None = None,
          now: Strategy | None = None, is_stale: bool = False) -> str:
    """The form of a new strategy, or of a new version of `now`."""
    back = f"{place.base}/strategies/{now['id']}" if now else f"{place.base}/strategies"
    return flask.render_template(
        "strategy_write.html", place=place, answers=answers, errors=errors, now=now, is_stale=is_stale, limits=LIMITS,
        kinds=list(STRATEGY_KINDS.items()), audiences=[] if now else list(_audiences(place).items()),
        key=answers.get("key") or new_id(), back=back, about=place.child)


@page("/new", "POST")
@for_whom("guardian", "staff", "pupil")
def propose(visitor: Visitor, pupil_id: str | None = None) -> Any:
    """Suggest it once; what is missing is said at its field, and nothing written is lost."""
    place, answers = stand(visitor, pupil_id), flask.request.form.to_dict()
    errors, body = _faults(answers, _audiences(place)), _body(answers, "audience")
    if errors:
        return _form(place, answers, errors), 422
    made: list[Strategy] = []
    errors, status = send(lambda: made.append(portal().strategies.propose_strategy(
        place.who, place.pupil_id, body, answers.get("key") or new_id())), "what", FIELDS)
    if errors:
        return _form(place, answers, errors), status
    return _done(place, made[0]["id"], "suggested")


def _body(answers: Mapping[str, str], *more: str) -> dict[str, str]:
    chosen = {name: answers[name] for name in ("kind", *more) if answers.get(name)}
    return {**read_words(answers, *WORDS), **chosen}


def _faults(answers: Mapping[str, str], audiences: Mapping[str, str]) -> dict[str, str]:
    words = {"kind": _("Choose what it is about"), "audience": _("Choose who may see this")}
    choices = {"kind": STRATEGY_KINDS, **({"audience": audiences} if audiences else {})}
    errors = {name: words[name] for name in unchosen(answers, choices)}
    written = read_words(answers, *WORDS)
    if not written["what"].strip():
        errors["what"] = _("Write what you'd like to do")
    for name in too_long(written, LIMITS):
        errors[name] = _("Write at most %(most)s letters", most=LIMITS[name])
    return errors


def _done(place: Standing, strategy_id: str, what: str) -> Any:
    flask.session["done"] = what
    return flask.redirect(f"{place.base}/strategies/{strategy_id}", 303)


def _find(visitor: Visitor, pupil_id: str | None, strategy_id: str) -> tuple[Standing, Strategy]:
    place = stand(visitor, pupil_id)
    found = portal().strategies.show_strategy(place.who, strategy_id)
    if found["pupil_id"] != place.pupil_id:
        raise NotFound()
    return place, found


@page("/<strategy_id>")
@for_whom("guardian", "staff", "pupil")
def show(visitor: Visitor, strategy_id: str, pupil_id: str | None = None) -> Any:
    """One strategy: what, who does it, how it goes, and how it came about."""
    place, found = _find(visitor, pupil_id, strategy_id)
    return _page(place, found, kept_words(visitor), done=flask.session.pop("done", ""))


def _page(place: Standing, found: Strategy, answers: Mapping[str, str], done: str = "") -> str:
    return flask.render_template(
        "strategy.html", place=place, item=found, answers=answers, done=done, back=f"{place.base}/strategies",
        **_asking(place))


def _asking(place: Standing) -> dict[str, Any]:
    """What the question how it went needs, on a strategy's page and on its own."""
    return {"audiences": list(_audiences(place, is_note=True).items()), "most": MOST_LINE, "key": new_id(),
            "hows": list(TRIED_HOWS.items()), "about": place.child}


@page("/<strategy_id>/tried")
@for_whom("guardian", "staff", "pupil")
def ask_tried(visitor: Visitor, strategy_id: str, pupil_id: str | None = None) -> Any:
    return _tried(*_find(visitor, pupil_id, strategy_id), kept_words(visitor))


def _tried(place: Standing, found: Strategy, answers: Mapping[str, str],
           errors: Mapping[str, str] | None = None) -> str:
    return flask.render_template(
        "strategy_tried.html", place=place, item=found, answers=answers, errors=errors,
        back=f"{place.base}/strategies/{found['id']}", **_asking(place))


@page("/<strategy_id>/tried", "POST")
@for_whom("guardian", "staff", "pupil")
def note_tried(visitor: Visitor, strategy_id: str, pupil_id: str | None = None) -> Any:
    """How it went: one press, and a line if they like."""
    place, found = _find(visitor, pupil_id, strategy_id)
    answers = flask.request.form.to_dict()
    errors = _tried_faults(place, answers)
    if errors:
        return _tried(place, found, answers, errors), 422
    body = {**read_words(answers, "line"), **{name: answers[name] for name in ("how", "audience") if answers.get(name)}}
    errors, status = send(lambda: portal().strategies.note_tried(
        place.who, strategy_id, body, answers.get("key") or new_id()), "line")
    if errors:
        return _tried(place, found, answers, errors), status
    return _done(place, strategy_id, "tried")


def _tried_faults(place: Standing, answers: Mapping[str, str]) -> dict[str, str]:
    audiences = _audiences(place, is_note=True)
    choices = {"how": TRIED_HOWS, **({"audience": audiences} if audiences else {})}
    words = {"how": _("Say how it went"), "audience": _("Choose who may see this")}
    errors = {name: words[name] for name in unchosen(answers, choices)}
    if too_long(read_words(answers, "line"), {"line": MOST_LINE}):
        errors["line"] = _("Write at most %(most)s letters", most=MOST_LINE)
    return errors


@page("/<strategy_id>/agree")
@page("/<strategy_id>/keep")
@for_whom("guardian", "staff", "pupil")
def go_back(visitor: Visitor, strategy_id: str, pupil_id: str | None = None) -> Any:
    """Whoever signs in again before a press has the page that it is on."""
    place, _found = _find(visitor, pupil_id, strategy_id)
    return flask.redirect(f"{place.base}/strategies/{strategy_id}", 303)


@page("/<strategy_id>/agree", "POST")
@for_whom("guardian", "staff", "pupil")
def agree(visitor: Visitor, strategy_id: str, pupil_id: str | None = None) -> Any:
    """Agree to what was read; what was changed meanwhile is shown first."""
    place, found = _find(visitor, pupil_id, strategy_id)
    try:
        portal().strategies.agree_strategy(place.who, strategy_id, flask.request.form.get("version", "0"))
    except Stale:
        return _page(place, found, {}, done="changed-meanwhile"), 412
    return _done(place, strategy_id, "agreed")


@page("/<strategy_id>/keep", "POST")
@for_whom("guardian", "staff", "pupil")
def keep(visitor: Visitor, strategy_id: str, pupil_id: str | None = None) -> Any:
    place, _found = _find(visitor, pupil_id, strategy_id)
    portal().strategies.keep_strategy(place.who, strategy_id, flask.request.form.get("key") or new_id())
    return _done(place, strategy_id, "kept")


@page("/<strategy_id>/change")
@for_whom("guardian", "staff", "pupil")
def write_change(visitor: Visitor, strategy_id: str, pupil_id: str | None = None) -> Any:
    place, found = _find(visitor, pupil_id, strategy_id)
    return _form(place, {**_as_answers(found), **kept_words(visitor)}, now=found)


def _as_answers(found: Strategy) -> dict[str, str]:
    return {"kind": found["kind"], "version": str(found["version"]), **read_words(found, *WORDS)}  # type: ignore[arg-type]


@page("/<strategy_id>/change", "POST")
@for_whom("guardian", "staff", "pupil")
def change(visitor: Visitor, strategy_id: str, pupil_id: str | None = None) -> Any:
    """A new version. When somebody was faster both are shown: how it is now, and what was written here."""
    place, found = _find(visitor, pupil_id, strategy_id)
    answers = flask.request.form.to_dict()
    errors = _faults(answers, {})
    if errors:
        return _form(place, answers, errors, now=found), 422
    try:
        errors, status = send(lambda: portal().strategies.change_strategy(
            place.who, strategy_id, _body(answers), answers.get("version", "0")), "what", FIELDS)
    except Stale:
        return _form(place, {**answers, "version": str(found["version"])}, now=found, is_stale=True), 412
    if errors:
        return _form(place, answers, errors, now=found), status
    return _done(place, strategy_id, "changed")


@page("/<strategy_id>/end")
@for_whom("guardian", "staff", "pupil")
def ask_end(visitor: Visitor, strategy_id: str, pupil_id: str | None = None) -> Any:
    return _ending(*_find(visitor, pupil_id, strategy_id), kept_words(visitor))


def _ending(place: Standing, found: Strategy, answers: Mapping[str, str],
            errors: Mapping[str, str] | None = None) -> str:
    return flask.render_template(
        "strategy_end.html", place=place, item=found, answers=answers, errors=errors, most=MOST_ENDING,
        reasons=list(STRATEGY_ENDS.items()), key=answers.get("key") or new_id(), about=place.child,
        back=f"{place.base}/strategies/{found['id']}")


@page("/<strategy_id>/end", "POST")
@for_whom("guardian", "staff", "pupil")
def end(visitor: Visitor, strategy_id: str, pupil_id: str | None = None) -> Any:
    """End it with a reason; it can still be read."""
    place, found = _find(visitor, pupil_id, strategy_id)
    answers = flask.request.form.to_dict()
    body = {"reason": answers.get("reason", ""), **read_words(answers, "words")}
    errors = {} if body["reason"] in STRATEGY_ENDS else {"reason": _("Choose one")}
    if len(body["words"]) > MOST_ENDING:
        errors["words"] = _("Write at most %(most)s letters", most=MOST_ENDING)
    if errors:
        return _ending(place, found, answers, errors), 422
    errors, status = send(lambda: portal().strategies.end_strategy(
        place.who, strategy_id, body, answers.get("key") or new_id()), "words")
    if errors:
        return _ending(place, found, answers, errors), status
    return _done(place, strategy_id, "ended")
