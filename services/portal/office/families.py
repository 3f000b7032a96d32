"""Child x adult x right, with the reason of each; and the office's word about a restriction."""

from __future__ import annotations

import datetime
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Invalid, NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.profiles import Pair
from services.portal.visiting import for_whom, kept_words, the_office
from services.portal.wiring import portal

OFFICE = ("office", "head", "dsl")
PAGE = 50
PAIR = "/office/families/<pupil_id>/<guardian_id>"


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule("/office/families", view_func=list_families)
    room.add_url_rule(PAIR, view_func=show_pair)
    room.add_url_rule(f"{PAIR}/restriction", view_func=ask_restriction)
    room.add_url_rule(f"{PAIR}/restriction", view_func=enter_restriction, methods=["POST"], endpoint="enter")


@for_whom(*OFFICE)
def list_families(visitor: Visitor) -> Any:
    """Fifty at a time; find by a name, or those that must be checked."""
    who, args = the_office(visitor, *OFFICE), flask.request.args
    wanted = {name: args[name].strip() for name in ("find", "flag") if args.get(name, "").strip()}
    if wanted.get("flag") != "to-check":
        wanted.pop("flag", None)
    pairs = portal().profiles.list_pairs(who, **wanted)
    place = args.get("from", "0")
    start = int(place) if place.isdigit() and len(place) < 7 else 0
    return flask.render_template("office_families.html", pairs=pairs[start:start + PAGE], start=start, wanted=wanted,
                                 more=start + PAGE if len(pairs) > start + PAGE else None, full=True)


def _find(visitor: Visitor, pupil_id: str, guardian_id: str) -> tuple[Principal, Pair]:
    who = the_office(visitor, *OFFICE)
    for pair in portal().profiles.list_pairs(who, pupil_id=pupil_id[:36]):
        if pair["guardian"]["id"] == guardian_id:
            return who, pair
    raise NotFound()


@for_whom(*OFFICE)
def show_pair(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    """One adult and one child: what they may do, and why."""
    _who, pair = _find(visitor, pupil_id, guardian_id)
    return flask.render_template("office_pair.html", pair=pair, back="/office/families",
                                 done=flask.session.pop("done", ""))


@for_whom(*OFFICE)
def ask_restriction(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    _who, pair = _find(visitor, pupil_id, guardian_id)
    return _form(pair, kept_words(visitor))


def _form(pair: Pair, answers: dict[str, str], errors: dict[str, str] | None = None) -> str:
    day = {name: answers.get(f"review-{name}", "") for name in ("day", "month", "year")}
    return flask.render_template(
        "office_restriction.html", pair=pair, answers=answers, day=day, errors=errors,
        key=answers.get("key") or new_id(), back=f"/office/families/{pair['pupil']['id']}/{pair['guardian']['id']}")


@for_whom(*OFFICE)
def enter_restriction(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    """The office's word; it holds from now on, and the adult is told nothing."""
    who, pair = _find(visitor, pupil_id, guardian_id)
    answers = flask.request.form.to_dict()
    errors: dict[str, str] = {}
    if answers.get("restriction") not in ("none", "restricted"):
        errors["restriction"] = _("Choose one")
    if not answers.get("evidence", "").strip():
        errors["evidence"] = _("Say what was seen, and by whom")
    review_on = read_day(answers, "review", errors, needed=False)
    if errors:
        return _form(pair, answers, errors), 422
    entry = {"restriction": answers["restriction"], "evidence": answers["evidence"].strip(),
             "review_on": review_on.isoformat() if review_on else None}
    try:
        portal().profiles.enter_restriction(who, pupil_id, guardian_id, entry, answers.get("key") or new_id())
    except Invalid as refused:
        return _form(pair, answers, {"evidence": " ".join(refused.errors.values()) or refused.title}), 422
    flask.session["done"] = "restriction-entered"
    return flask.redirect(f"/office/families/{pupil_id}/{guardian_id}", 303)


def read_day(answers: dict[str, str], name: str, errors: dict[str, str], needed: bool = True) -> datetime.date | None:
    """A day from its three fields; what is wrong with it goes into `errors`."""
    parts = [answers.get(f"{name}-{part}", "").strip() for part in ("year", "month", "day")]
    if not any(parts) and not needed:
        return None
    try:
        return datetime.date(*(int(part) for part in parts))
    except ValueError:
        errors[name] = _("Write a day that there is, like 26 11 2026")
        return None
