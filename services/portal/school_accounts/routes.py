"""Coming in by an account that the school gives, and connecting it first: nobody gets in here who was not in before."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.errors import NotFound
from chassis.log import logger
from services.portal.accounts.connected import connect, disconnect, list_connected, sign_in_by_account
from services.portal.accounts.limits import Limit, count_try, refuse_if_over
from services.portal.accounts.queries import Visitor
from services.portal.accounts.rules import childs_path, hash_of_identity, local_path
from services.portal.school_accounts.openid import Door, Trouble
from services.portal.school_accounts.rules import Provider, proof_of, shown_as, subject_of
from services.portal.school_accounts.words import trouble_words
from services.portal.sign_in.devices import name_of_device
from services.portal.trust_work import trust_work
from services.portal.visiting import come_in, for_whom
from services.portal.wiring import portal

room = flask.Blueprint("school_accounts", __name__, template_folder="templates")
log = logger("school_accounts")
ACCOUNTS, CONFIRM = "/school-accounts", "/school-accounts/confirm"
HATS = ("guardian", "staff", "pupil")
LIFE = timedelta(minutes=10)
JOURNEY, WAITING = "school_journey", "school_waiting"
GUESSES = ("ended", "doubtful")
WRONG = Limit("school-account", 40, timedelta(minutes=10))  # a class of thirty sits behind one address
MOST_CODE = 4096
STATUS = {"denied": 403, "away": 503, "ended": 400, "doubtful": 400, "clocks": 400, "elsewhere": 403, "taken": 409,
          "unknown": 404}
# What a provider says when it sends somebody back without a code; whatever else it says is its own trouble.
STOPPED = ("access_denied", "login_required", "consent_required", "interaction_required", "account_selection_required")


@room.app_template_global()
def school_doors(*hats: str) -> list[Provider]:
    """The providers that people with one of these hats may come in by."""
    return [door.provider for door in portal().doors.values() if door.provider.who.intersection(hats)]


def _door(name: str, hat: str | None = None) -> Door:
    door = portal().doors.get(name)
    if door is None or (hat is not None and hat not in door.provider.who):
        raise NotFound()
    return door


@room.get("/sign-in/school/<provider>")
@for_whom("anyone")
def begin(visitor: Visitor | None, provider: str) -> Any:
    """To the provider; somebody who is signed in goes on."""
    door, next_path = _door(provider), local_path(flask.request.args.get("next"))
    if visitor is not None:
        return flask.redirect(next_path, 303)
    return _set_out(door, {"why": "enter", "next": next_path})


def _set_out(door: Door, errand: Mapping[str, str]) -> Any:
    """What comes back belongs to this browser alone, once, and for ten minutes."""
    state = secrets.token_urlsafe(32)
    try:
        address = door.address(state, _proof("nonce", state), _proof("verifier", state))
    except Trouble as trouble:
        return _tell(door, trouble, errand["why"])
    flask.session[JOURNEY] = {**errand, "state": state, "door": door.provider.name, "until": _until()}
    return flask.redirect(address, 303)


def _proof(purpose: str, state: str) -> str:
    return proof_of(portal().secret, purpose, state)


def _until() -> str:
    return (portal().database.clock.now() + LIFE).isoformat()


def _is_over(held: Mapping[str, str]) -> bool:
    return datetime.fromisoformat(held["until"]) <= portal().database.clock.now()


@room.get("/sign-in/school/<provider>/back")
@for_whom("anyone")
def come_back(visitor: Visitor | None, provider: str) -> Any:
    """From the provider: in, or on to the question whether to connect."""
    door, journey = _door(provider), flask.session.pop(JOURNEY, {})
    with trust_work(portal().database, "tries with a school account", write=False) as work:
        refuse_if_over(work, WRONG, flask.request.remote_addr or "")
    try:
        key, shown = _read_answer(door, journey)
        if journey["why"] == "enter":
            return _enter(door, key, journey["next"])
        if visitor is None or visitor.account_id != journey["account"]:
            raise Trouble("ended", "other_visitor")
    except Trouble as trouble:
        return _tell(door, trouble, journey.get("why", "enter"))
    flask.session[WAITING] = {"door": provider, "key": key, "shown": shown, "account": visitor.account_id,
                              "until": _until()}
    return flask.redirect(CONFIRM, 303)


def _read_answer(door: Door, journey: Mapping[str, str]) -> tuple[str, str]:
    """(the key of whoever signed in there, how they are called there); Trouble for all that is not in order."""
    args, state = flask.request.args, journey.get("state", "")
    if journey.get("door") != door.provider.name or _is_over(journey) \
            or not secrets.compare_digest(state.encode(), args.get("state", "").encode()):
        raise Trouble("ended", "state")
    if args.get("iss", door.provider.issuer) != door.provider.issuer:
        raise Trouble("doubtful", "other_issuer")
    if "error" in args:
        raise Trouble("denied" if args["error"] in STOPPED else "away", "sent_back")
    code = args.get("code", "")
    if not 0 < len(code) <= MOST_CODE:
        raise Trouble("ended", "no_code")
    claims = door.claims(code, _proof("verifier", state), _proof("nonce", state))
    subject = subject_of(door.provider, claims)
    if subject is None:
        raise Trouble("elsewhere")
    return hash_of_identity(portal().secret, door.provider.issuer, subject), shown_as(claims)


def _enter(door: Door, key: str, next_path: str) -> Any:
    """The same session as by link or code, with the limits of whoever comes in."""
    with trust_work(portal().database, "sign in by a school account") as work:
        came = sign_in_by_account(work, key, door.provider.who, name_of_device())
    if came is None:
        raise Trouble("unknown")
    if came.hat != "pupil":
        return come_in(came.session_id, next_path)
    reply = come_in(came.session_id, childs_path(next_path), None)
    flask.session["last_here"] = came.last_used.isoformat()
    return reply


def _tell(door: Door, trouble: Trouble, why: str) -> Any:
    """The page for it. What was said by the provider is neither shown nor logged."""
    ours = trouble.reason in ("denied", "ended", "unknown", "taken")
    (log.info if ours else log.warning)("school_account_refused", provider=door.provider.name, reason=trouble.reason,
                                        cause=trouble.cause)
    if trouble.reason in GUESSES:
        with trust_work(portal().database, "a wrong try with a school account") as work:
            count_try(work, WRONG, flask.request.remote_addr or "")
    title, text = trouble_words(trouble.reason, door.provider.label)
    reply = flask.make_response(flask.render_template(
        "school_trouble.html", title=title, text=text, provider=door.provider, connects=why == "connect",
        again=trouble.reason not in ("unknown", "taken")), STATUS[trouble.reason])
    if trouble.reason == "away":
        reply.headers["Retry-After"] = "10"
    return reply


@room.get(ACCOUNTS)
@for_whom(*HATS)
def show(visitor: Visitor) -> Any:
    """What is connected, and what can be."""
    offered = school_doors(visitor.hat)
    if not offered:
        raise NotFound()
    with trust_work(portal().database, "connected accounts", write=False) as work:
        rows = list_connected(work, visitor.account_id)
    held = {row.provider for row in rows}
    return flask.render_template(
        "school_accounts.html", connected=[(row, _label(row.provider)) for row in rows],
        offered=[provider for provider in offered if provider.name not in held], done=flask.session.pop("done", ""),
        back=_back(visitor))


def _back(visitor: Visitor) -> str:
    return "/me" if visitor.hat == "pupil" else "/settings"


def _label(name: str) -> str:
    door = portal().doors.get(name)
    return door.provider.label if door is not None else _("An account that isn't used here any more")


@room.get(f"{ACCOUNTS}/<provider>/connect")
@for_whom(*HATS)
def begin_connecting(visitor: Visitor, provider: str) -> Any:
    """To the provider; a question follows, because an address alone connects nothing."""
    return _set_out(_door(provider, visitor.hat), {"why": "connect", "account": visitor.account_id})


@room.get(CONFIRM)
@for_whom(*HATS)
def ask_to_connect(visitor: Visitor) -> Any:
    """Whose account it is, before it opens these pages: a device may be signed in there as somebody else."""
    waiting = flask.session.get(WAITING, {})
    if not _is_waiting(visitor, waiting):
        return flask.redirect(ACCOUNTS, 303)
    return flask.render_template("school_connect.html", provider=_door(waiting["door"], visitor.hat).provider,
                                 shown=waiting["shown"], back=ACCOUNTS)


def _is_waiting(visitor: Visitor, waiting: Mapping[str, str]) -> bool:
    return waiting.get("account") == visitor.account_id and not _is_over(waiting)


@room.post(CONFIRM)
@for_whom(*HATS)
def connect_it(visitor: Visitor) -> Any:
    waiting = flask.session.pop(WAITING, {})
    if not _is_waiting(visitor, waiting):
        return flask.redirect(ACCOUNTS, 303)
    door = _door(waiting["door"], visitor.hat)
    with trust_work(portal().database, "connect a school account") as work:
        is_connected = connect(work, visitor.account_id, waiting["door"], waiting["key"])
    if not is_connected:
        return _tell(door, Trouble("taken"), "connect")
    log.info("school_account_connected", provider=waiting["door"], account=visitor.account_id)
    flask.session["done"] = "connected"
    return flask.redirect(ACCOUNTS, 303)


@room.get(f"{ACCOUNTS}/<provider>/disconnect")
@for_whom(*HATS)
def ask_to_disconnect(visitor: Visitor, provider: str) -> Any:
    with trust_work(portal().database, "connected accounts", write=False) as work:
        if provider not in {row.provider for row in list_connected(work, visitor.account_id)}:
            raise NotFound()
    return flask.render_template("school_disconnect.html", label=_label(provider), back=ACCOUNTS)


@room.post(f"{ACCOUNTS}/<provider>/disconnect")
@for_whom(*HATS)
def disconnect_it(visitor: Visitor, provider: str) -> Any:
    """It opens nothing any more; doing it twice is doing it once."""
    with trust_work(portal().database, "disconnect a school account") as work:
        had_one = disconnect(work, visitor.account_id, provider)
    if had_one:
        log.info("school_account_disconnected", provider=provider, account=visitor.account_id)
    flask.session["done"] = "disconnected"
    return flask.redirect(ACCOUNTS, 303)
