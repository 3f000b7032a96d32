"""What was taken back from an adult when a right ended: shown to the office, which may send or book it again.

Nothing comes back by itself when a right does. Each thing is looked at and sent again one by one.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.notifications import Withdrawn
from services.portal.clients.rights import Pair
from services.portal.clients.scheduling import EveningSlots
from services.portal.office.families import OFFICE, PAIR, find_pair
from services.portal.visiting import for_whom
from services.portal.wiring import portal

HERE = f"{PAIR}/withdrawn"
BOOK = f"{PAIR}/book/<evening_id>"


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule(HERE, view_func=show_withdrawn)
    room.add_url_rule(f"{HERE}/<notice_id>", view_func=ask_again)
    room.add_url_rule(f"{HERE}/<notice_id>", view_func=send_again, methods=["POST"])
    room.add_url_rule(BOOK, view_func=choose_time_for)
    room.add_url_rule(BOOK, view_func=book_for, methods=["POST"])


def _path(pair: Pair, rest: str = "") -> str:
    return f"/office/families/{pair['pupil']['id']}/{pair['guardian']['id']}{rest}"


@for_whom(*OFFICE)
def show_withdrawn(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    """News by kind and day, then appointments; a part that does not answer says so in its place."""
    who, pair = find_pair(visitor, pupil_id, guardian_id)
    after = flask.request.args.get("after", "")[:80] or None
    ids = (pair["pupil"]["id"], pair["guardian"]["id"])
    reads: list[Any] = [partial(portal().notifications.list_withdrawn, who, *ids, after),
                        partial(portal().scheduling.list_released, who, *ids)]
    notices, appointments = portal().transport.gather(reads)
    return flask.render_template(
        "office_withdrawn.html", pair=pair, notices=notices[0] if notices else None,
        more=notices[1] if notices else None, appointments=appointments, here=_path(pair), back=_path(pair),
        may_book="office" in who.roles, done=flask.session.pop("done", ""))


def _find_notice(visitor: Visitor, pupil_id: str, guardian_id: str, notice_id: str) -> tuple[Principal, Pair,
                                                                                             Withdrawn]:
    who, pair = find_pair(visitor, pupil_id, guardian_id)
    after: str | None = None
    while True:
        found, after = portal().notifications.list_withdrawn(who, pupil_id, guardian_id, after)
        for notice in found:
            if notice["id"] == notice_id:
                return who, pair, notice
        if after is None:
            raise NotFound()


@for_whom(*OFFICE)
def ask_again(visitor: Visitor, pupil_id: str, guardian_id: str, notice_id: str) -> Any:
    """Once more before it goes out: what, and to whom."""
    _who, pair, notice = _find_notice(visitor, pupil_id, guardian_id, notice_id)
    return _check(pair, notice)


def _check(pair: Pair, notice: Withdrawn, error: str = "") -> str:
    return flask.render_template("office_send_again.html", pair=pair, notice=notice, error=error,
                                 back=_path(pair, "/withdrawn"))


@for_whom(*OFFICE)
def send_again(visitor: Visitor, pupil_id: str, guardian_id: str, notice_id: str) -> Any:
    """Whether the adult may hear of it now is not for this page to say: notifications asks the right once more."""
    who, pair, notice = _find_notice(visitor, pupil_id, guardian_id, notice_id)
    try:
        portal().notifications.resend(who, notice_id)
    except (NotFound, Conflict, Invalid):
        return _check(pair, notice, _("It can't be sent: this adult may not hear of it now, or it is over.")), 409
    flask.session["done"] = "sent-again"
    return flask.redirect(_path(pair, "/withdrawn"), 303)


def _read_times(who: Principal, pair: Pair, evening_id: str) -> EveningSlots:
    """The times that this adult could have: none where they may not book for this child."""
    scheduling, pupil_id, guardian_id = portal().scheduling, pair["pupil"]["id"], pair["guardian"]["id"]
    try:
        return scheduling.list_slots_for(who, evening_id, pupil_id, guardian_id)
    except NotFound:
        return {"evening": scheduling.show_evening(who, evening_id), "staff": []}


@for_whom("office")
def choose_time_for(visitor: Visitor, pupil_id: str, guardian_id: str, evening_id: str) -> Any:
    """The times of an evening that this adult could have."""
    who, pair = find_pair(visitor, pupil_id, guardian_id)
    return _times(pair, _read_times(who, pair, evening_id))


def _times(pair: Pair, found: EveningSlots, errors: dict[str, str] | None = None) -> str:
    free = [(teacher, slot) for teacher in found["staff"] for slot in teacher["slots"] if slot["state"] == "free"]
    return flask.render_template("office_book.html", pair=pair, evening=found["evening"], free=free, errors=errors,
                                 key=new_id(), back=_path(pair, "/withdrawn"))


@for_whom("office")
def book_for(visitor: Visitor, pupil_id: str, guardian_id: str, evening_id: str) -> Any:
    """Book a time for an adult, as they would themselves: with their right, and the same answers."""
    who, pair = find_pair(visitor, pupil_id, guardian_id)
    slot_id = flask.request.form.get("slot", "")
    if not slot_id:
        return _times(pair, _read_times(who, pair, evening_id), {"slot": _("Choose a time")}), 422
    try:
        portal().scheduling.book_for(who, evening_id, pupil_id, {"slot_id": slot_id, "guardian_id": guardian_id},
                                     flask.request.form.get("key") or new_id())
    except (NotFound, Conflict, Invalid) as refused:
        words = refused.detail or _("They may not book for this child now, or the time is gone.")
        return _times(pair, _read_times(who, pair, evening_id), {"slot": words}), 409
    flask.session["done"] = "booked-again"
    return flask.redirect(_path(pair, "/withdrawn"), 303)
