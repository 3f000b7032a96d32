"""Child x adult x right, with the reason of each; and the office's word about a restriction."""

from __future__ import annotations

import datetime
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Invalid, NotFound, Refused
from chassis.log import logger
from services.portal.accounts.actions import make_sign_in_link
from services.portal.accounts.queries import Visitor
from services.portal.clients.profiles import Pair
from services.portal.visiting import for_whom, kept_words, the_office
from services.portal.wiring import portal

OFFICE = ("office", "head", "dsl")
INVITATION = datetime.timedelta(days=3)
PAIR = "/office/families/<pupil_id>/<guardian_id>"
log = logger("office")


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule("/office/families", view_func=list_families)
    room.add_url_rule(PAIR, view_func=show_pair)
    room.add_url_rule(f"{PAIR}/restriction", view_func=ask_restriction)
    room.add_url_rule(f"{PAIR}/restriction", view_func=enter_restriction, methods=["POST"], endpoint="enter")
    room.add_url_rule(f"{PAIR}/link", view_func=ask_link)
    room.add_url_rule(f"{PAIR}/link", view_func=make_link, methods=["POST"], endpoint="link")


@for_whom(*OFFICE)
def list_families(visitor: Visitor) -> Any:
    """Fifty at a time; find by a name, or those that must be checked."""
    who, args = the_office(visitor, *OFFICE), flask.request.args
    wanted = {name: args[name].strip()[:100] for name in ("find", "flag") if args.get(name, "").strip()}
    if wanted.get("flag") != "to-check":
        wanted.pop("flag", None)
    after = {"after": args["after"][:80]} if args.get("after") else {}
    pairs, more = portal().profiles.list_pairs(who, **wanted, **after)
    return flask.render_template("office_families.html", pairs=pairs, wanted=wanted, more=more, is_first=not after,
                                 full=True)


def _find(visitor: Visitor, pupil_id: str, guardian_id: str) -> tuple[Principal, Pair]:
    who = the_office(visitor, *OFFICE)
    for pair in portal().profiles.list_pairs(who, pupil_id=pupil_id[:36])[0]:
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


@for_whom(*OFFICE)
def ask_link(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    """For an adult whom no e-mail reaches, or whose address another adult reads too."""
    return _link_page(_find(visitor, pupil_id, guardian_id)[1])


def _link_page(pair: Pair, link: str = "", error: str = "") -> str:
    return flask.render_template(
        "office_link.html", pair=pair, link=link, error=error, days=INVITATION.days,
        back=f"/office/families/{pair['pupil']['id']}/{pair['guardian']['id']}")


@for_whom(*OFFICE)
def make_link(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    """A link for one use, shown once: to be handed over to the adult in person. Who made it is logged."""
    who, pair = _find(visitor, pupil_id, guardian_id)
    try:
        path = make_sign_in_link(portal().database, portal().secret, f"{who.school}:{guardian_id}", INVITATION)
    except Refused:
        return _link_page(pair, error=_("They can't sign in yet. If they are new here, try again in a minute.")), 409
    log.info("invitation_made", school=who.school, guardian=guardian_id, made_by=who.person_id)
    return _link_page(pair, link=portal().place.url + path)
