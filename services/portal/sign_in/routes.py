"""Signing in by a link or a code, changing hats and signing out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.errors import NotFound
from services.portal.accounts.actions import (
    ask_to_sign_in,
    change_hat,
    find_entry,
    sign_in_by_code,
    sign_in_by_link,
    sign_out,
)
from services.portal.accounts.limits import Limit, count_try, refuse_if_over
from services.portal.accounts.pupils import ChildEntered, sign_in_child
from services.portal.accounts.queries import Visitor, list_school_names
from services.portal.accounts.rules import childs_path, is_address, local_path, tidy_address
from services.portal.sign_in.devices import name_of_device
from services.portal.trust_work import trust_work
from services.portal.visiting import come_in, cookie_name, for_whom
from services.portal.wiring import portal

room = flask.Blueprint("sign_in", __name__, template_folder="templates")
BY_PLACE = Limit("ask-by-place", 30, timedelta(minutes=10))
BY_ADDRESS = Limit("ask-by-address", 6, timedelta(minutes=20))
TRIES = Limit("try", 30, timedelta(minutes=10))
WRONG_BY_PLACE = Limit("child-by-place", 40, timedelta(minutes=10))  # a class of thirty sits behind one address
WRONG_BY_SCHOOL = Limit("child-by-school", 200, timedelta(minutes=10))


@room.get("/sign-in")
@for_whom("anyone")
def ask(visitor: Visitor | None) -> Any:
    """Where to send the link; somebody who is signed in goes on."""
    next_path = local_path(flask.request.args.get("next"))
    if visitor is not None:
        return flask.redirect(next_path, 303)
    return flask.render_template("sign_in.html", next_path=next_path, away="away" in flask.request.args)


@room.post("/sign-in")
@for_whom("anyone")
def send(_visitor: Visitor | None) -> Any:
    """Note the wish. The answer is the same for everyone: who has an address here is nobody's business."""
    address, next_path = tidy_address(flask.request.form.get("email", "")), local_path(flask.request.form.get("next"))
    if not is_address(address):
        errors = {"email": _("Write your e-mail address in full, like name@example.com")}
        return flask.render_template("sign_in.html", next_path=next_path, email=address, errors=errors), 422
    with trust_work(portal().database, "ask to sign in") as work:
        count_try(work, BY_PLACE, flask.request.remote_addr or "")
        count_try(work, BY_ADDRESS, address)
        flask.session["wish"] = ask_to_sign_in(work, address, next_path)
    flask.session["address"] = address
    return flask.redirect("/sign-in/code", 303)


@room.get("/sign-in/code")
@for_whom("anyone")
def ask_code(_visitor: Visitor | None) -> Any:
    """The link is on its way; here is where the code goes."""
    if "wish" not in flask.session:
        return flask.redirect("/sign-in", 303)
    return flask.render_template("sign_in_code.html", address=flask.session.get("address"))


@room.post("/sign-in/code")
@for_whom("anyone")
def try_code(_visitor: Visitor | None) -> Any:
    code = "".join(filter(str.isdigit, flask.request.form.get("code", "")))[:12]
    with trust_work(portal().database, "sign in by code") as work:
        count_try(work, TRIES, flask.request.remote_addr or "")
        entered = sign_in_by_code(work, portal().secret, flask.session.get("wish", ""), code, name_of_device())
    if entered is None:
        errors = {"code": _("That isn't the code, or it has ended. Look at the newest e-mail, or ask for a new one.")}
        return flask.render_template("sign_in_code.html", errors=errors, address=flask.session.get("address")), 422
    return come_in(entered.session_id, entered.next_path)


@room.get("/sign-in/link/<token>")
@for_whom("anyone")
def open_link(_visitor: Visitor | None, token: str) -> Any:
    """A button, because programs that look at mail open links too."""
    with trust_work(portal().database, "look at a link", write=False) as work:
        entry = find_entry(work, portal().secret, token)
    if entry is None:
        return flask.render_template("sign_in_ended.html"), 404
    return flask.render_template("sign_in_link.html", token=token)


@room.post("/sign-in/link/<token>")
@for_whom("anyone")
def use_link(_visitor: Visitor | None, token: str) -> Any:
    with trust_work(portal().database, "sign in by link") as work:
        count_try(work, TRIES, flask.request.remote_addr or "")
        entered = sign_in_by_link(work, portal().secret, token, name_of_device())
    if entered is None:
        return flask.render_template("sign_in_ended.html"), 404
    return come_in(entered.session_id, entered.next_path)


@room.get("/sign-in/child")
@for_whom("anyone")
def ask_child(visitor: Visitor | None) -> Any:
    """A child's own way in: the school, and the code on the card from their teacher."""
    if visitor is not None:
        return flask.redirect("/", 303)
    return _child_page(flask.request.args.get("school", ""))


def _child_page(school: str, errors: dict[str, str] | None = None) -> str:
    with trust_work(portal().database, "the schools by name", write=False) as work:
        schools = list_school_names(work, portal().place.schools())
    next_path = childs_path(flask.request.values.get("next"))
    return flask.render_template("sign_in_child.html", schools=schools, school=school, errors=errors,
                                 away="away" in flask.request.args, next_path=next_path)


@room.post("/sign-in/child")
@for_whom("anyone")
def use_child_code(_visitor: Visitor | None) -> Any:
    """The same answer for every school and code that opens nothing. Only wrong tries are counted."""
    school, code = flask.request.form.get("school", "")[:64], flask.request.form.get("code", "")
    limits = ((WRONG_BY_PLACE, flask.request.remote_addr or ""), (WRONG_BY_SCHOOL, school))
    with trust_work(portal().database, "sign in a child") as work:
        for limit, place in limits:
            refuse_if_over(work, limit, place)
        entered = sign_in_child(work, portal().secret, school, code, name_of_device())
        if entered is None:
            for limit, place in limits:
                count_try(work, limit, place)
    if entered is None:
        errors = {"code": _("That code doesn't open the door. Look at your card again, or ask your teacher.")}
        return _child_page("", errors), 422
    return _child_in(entered)


def _child_in(entered: ChildEntered) -> Any:
    reply = come_in(entered.session_id, childs_path(flask.request.form.get("next")), None)
    flask.session["last_here"] = entered.last_here.isoformat() if entered.last_here else ""
    return reply


@room.post("/sign-out")
@for_whom("guardian", "staff", "operator", "pupil")
def leave(visitor: Visitor) -> Any:
    with trust_work(portal().database, "sign out") as work:
        sign_out(work, visitor.account_id, visitor.session_hash)
    flask.session.clear()
    reply = flask.redirect("/sign-in/out", 303)
    reply.delete_cookie(cookie_name(), secure=cookie_name().startswith("__Host-"), httponly=True, samesite="Lax")
    reply.headers["Clear-Site-Data"] = '"cache", "storage"'
    return reply


@room.get("/sign-in/out")
@for_whom("anyone")
def left(_visitor: Visitor | None) -> Any:
    return flask.render_template("signed_out.html")


@room.get("/hat/<any(guardian, staff):hat>")
@for_whom("guardian", "staff")
def show_hat(visitor: Visitor, hat: str) -> Any:
    """Ask before the hat changes: a link alone never does it."""
    if hat not in visitor.hats:
        raise NotFound()
    return flask.render_template("other_hat.html", hat=hat, next_path="/" if hat == "guardian" else "/staff")


@room.post("/hat/<any(guardian, staff):hat>")
@for_whom("guardian", "staff")
def put_on_hat(visitor: Visitor, hat: str) -> Any:
    with trust_work(portal().database, "change hat") as work:
        change_hat(work, visitor, hat)
    return flask.redirect(local_path(flask.request.form.get("next")), 303)
