"""Children and their adults, found by name; and a link to sign in, handed over in person."""

from __future__ import annotations

import datetime
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.errors import NotFound, Refused
from chassis.log import logger
from services.portal.accounts.actions import make_sign_in_link
from services.portal.accounts.queries import Visitor
from services.portal.clients.rights import Pair
from services.portal.visiting import for_whom, the_office
from services.portal.wiring import portal

OFFICE = ("office", "head", "dsl")
INVITATION = datetime.timedelta(days=3)
PAIR = "/office/families/<pupil_id>/<guardian_id>"
log = logger("office")


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule("/office/families", view_func=list_families)
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
    pairs, more = portal().rights.list_pairs(who, **wanted, **after)
    return flask.render_template("office_families.html", pairs=pairs, wanted=wanted, more=more, is_first=not after,
                                 full=True)


def find_pair(visitor: Visitor, pupil_id: str, guardian_id: str) -> tuple[Principal, Pair]:
    who = the_office(visitor, *OFFICE)
    for pair in portal().rights.list_pairs(who, pupil_id=pupil_id[:36])[0]:
        if pair["guardian"]["id"] == guardian_id:
            return who, pair
    raise NotFound()


@for_whom(*OFFICE)
def ask_link(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    """For an adult whom no e-mail reaches, or whose address another adult reads too."""
    return _link_page(find_pair(visitor, pupil_id, guardian_id)[1])


def _link_page(pair: Pair, link: str = "", error: str = "") -> str:
    return flask.render_template(
        "office_link.html", pair=pair, link=link, error=error, days=INVITATION.days,
        back=f"/office/families/{pair['pupil']['id']}/{pair['guardian']['id']}")


@for_whom(*OFFICE)
def make_link(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    """A link for one use, shown once: to be handed over to the adult in person. Who made it is logged."""
    who, pair = find_pair(visitor, pupil_id, guardian_id)
    try:
        path = make_sign_in_link(portal().database, portal().secret, f"{who.school}:{guardian_id}", INVITATION)
    except Refused:
        return _link_page(pair, error=_("They can't sign in yet. If they are new here, try again in a minute.")), 409
    log.info("invitation_made", school=who.school, guardian=guardian_id, made_by=who.person_id)
    return _link_page(pair, link=portal().place.url + path)
