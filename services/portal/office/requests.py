"""Requests to have a child's record: by when, what is in it, what is kept out, what the child says, and the answer.

A safeguarding lead also sees who opened a record, and says what is never shown.
"""

from __future__ import annotations

import datetime
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid
from services.portal.accounts.queries import Visitor
from services.portal.clients.access import RequestInFull
from services.portal.office.asking import read_day
from services.portal.visiting import for_whom, kept_words, the_office
from services.portal.wiring import portal

OFFICE = ("office", "head", "dsl")
LEADS = ("dsl",)
ONE = "/office/requests/<request_id>"
READS = "/office/reads/<pupil_id>"
PAGE_OF = {  # an answer's own page, and the field at which a refusal of profiles stands
    "redactions": ("keep_out", "reason"), "child-wishes": ("child", "words"), "extend": ("extend", "until"),
    "release": ("release", "read"), "refuse": ("refuse", "reason")}


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule("/office/requests", view_func=list_requests)
    room.add_url_rule(ONE, view_func=show_request)
    room.add_url_rule(f"{ONE}/pack", view_func=read_pack, endpoint="request_pack")
    for step, ask, act in (("keep-out", ask_keep_out, keep_out), ("child", ask_child, note_child),
                           ("extend", ask_more_time, extend), ("release", ask_release, release),
                           ("refuse", ask_refuse, refuse)):
        room.add_url_rule(f"{ONE}/{step}", view_func=ask, endpoint=f"request_{step}")
        room.add_url_rule(f"{ONE}/{step}", view_func=act, methods=["POST"], endpoint=f"request_{step}_do")
    room.add_url_rule(READS, view_func=list_reads)
    room.add_url_rule(READS, view_func=hide_read, methods=["POST"], endpoint="hide_read")


@for_whom(*OFFICE)
def list_requests(visitor: Visitor) -> Any:
    """What waits first, with the days that are left."""
    found = portal().access.list_requests(the_office(visitor, *OFFICE))
    return flask.render_template("office_requests.html", full=True,
                                 waiting=[item for item in found if item["state"] == "asked"],
                                 answered=[item for item in found if item["state"] != "asked"])


def _find(visitor: Visitor, request_id: str) -> tuple[Principal, RequestInFull]:
    who = the_office(visitor, *OFFICE)
    return who, portal().access.show_request(who, request_id)


@for_whom(*OFFICE)
def show_request(visitor: Visitor, request_id: str) -> Any:
    _who, found = _find(visitor, request_id)
    return flask.render_template("office_request.html", found=found, back="/office/requests",
                                 is_lead=visitor.is_any(*LEADS), done=flask.session.pop("done", ""))


@for_whom(*OFFICE)
def read_pack(visitor: Visitor, request_id: str) -> flask.Response:
    """The pack as it would go out, to be read through."""
    content = portal().access.fetch_pack(the_office(visitor, *OFFICE), request_id)
    return flask.Response(content, content_type="application/zip", headers={
        "Content-Disposition": 'attachment; filename="for-review.zip"'})


def _page(step: str, found: RequestInFull, answers: dict[str, str], errors: dict[str, str] | None = None) -> str:
    """The page of one step of the review."""
    item = next((one for one in found["items"] if one["key"] == answers.get("item_key")), None)
    return flask.render_template(
        f"office_request_{step}.html", found=found, answers=answers, errors=errors, item=item,
        day={part: answers.get(f"until-{part}", "") for part in ("day", "month", "year")},
        back=f"/office/requests/{found['id']}")


def _answer(who: Principal, found: RequestInFull, how: str, body: dict[str, Any]) -> Any:
    """Send one answer; what profiles does not take is said on the step's own page."""
    step, field = PAGE_OF[how]
    try:
        portal().access.answer(who, found["id"], how, body)
    except (Conflict, Invalid) as refused:
        words = " ".join(refused.errors.values()) or refused.detail or refused.title
        return _page(step, found, flask.request.form.to_dict(), {field: words}), 422
    flask.session["done"] = how
    return flask.redirect(f"/office/requests/{found['id']}", 303)


def _words(name: str, errors: dict[str, str], said: str) -> str:
    words = flask.request.form.get(name, "").strip()
    if not words:
        errors[name] = said
    elif len(words) > 1000:
        errors[name] = _("Write at most 1,000 letters")
    return words


@for_whom(*OFFICE)
def ask_keep_out(visitor: Visitor, request_id: str) -> Any:
    _who, found = _find(visitor, request_id)
    return _page("keep_out", found, {"item_key": flask.request.args.get("item", ""), **kept_words(visitor)})


@for_whom(*OFFICE)
def keep_out(visitor: Visitor, request_id: str) -> Any:
    """It is kept out for ever; the reason stays with the school."""
    who, found = _find(visitor, request_id)
    errors: dict[str, str] = {}
    reason = _words("reason", errors, _("Say whom it is about, and why it is kept out"))
    if errors:
        return _page("keep_out", found, flask.request.form.to_dict(), errors), 422
    body = {"item_key": flask.request.form.get("item_key", ""), "reason": reason}
    return _answer(who, found, "redactions", body)


@for_whom(*OFFICE)
def ask_child(visitor: Visitor, request_id: str) -> Any:
    return _page("child", _find(visitor, request_id)[1], kept_words(visitor))


@for_whom(*OFFICE)
def note_child(visitor: Visitor, request_id: str) -> Any:
    who, found = _find(visitor, request_id)
    errors: dict[str, str] = {}
    too_young = not found["asks_child"] and flask.request.form.get("too_young") == "yes"
    words = "" if too_young else _words("words", errors, _("Write what the child says"))
    if errors:
        return _page("child", found, flask.request.form.to_dict(), errors), 422
    return _answer(who, found, "child-wishes", {"words": words, "is_too_young": too_young})


@for_whom(*OFFICE)
def ask_more_time(visitor: Visitor, request_id: str) -> Any:
    return _page("extend", _find(visitor, request_id)[1], kept_words(visitor))


@for_whom(*OFFICE)
def extend(visitor: Visitor, request_id: str) -> Any:
    who, found = _find(visitor, request_id)
    errors: dict[str, str] = {}
    until: datetime.date | None = read_day(flask.request.form.to_dict(), "until", errors)
    reason = _words("reason", errors, _("Say why: the adult is told"))
    if errors or until is None:
        return _page("extend", found, flask.request.form.to_dict(), errors), 422
    return _answer(who, found, "extend", {"until": until.isoformat(), "reason": reason})


@for_whom(*OFFICE)
def ask_release(visitor: Visitor, request_id: str) -> Any:
    """The last check: all that goes out, once more, and in whose name."""
    return _page("release", _find(visitor, request_id)[1], {})


@for_whom(*OFFICE)
def release(visitor: Visitor, request_id: str) -> Any:
    who, found = _find(visitor, request_id)
    if flask.request.form.get("read") != "yes":
        return _page("release", found, {}, {"read": _("Say that you have read all of it")}), 422
    body = {"fingerprint": flask.request.form.get("fingerprint", "")}
    return _answer(who, found, "release", body)


@for_whom(*OFFICE)
def ask_refuse(visitor: Visitor, request_id: str) -> Any:
    return _page("refuse", _find(visitor, request_id)[1], kept_words(visitor))


@for_whom(*OFFICE)
def refuse(visitor: Visitor, request_id: str) -> Any:
    who, found = _find(visitor, request_id)
    errors: dict[str, str] = {}
    reason = _words("reason", errors, _("Say why: the adult is told"))
    if errors:
        return _page("refuse", found, flask.request.form.to_dict(), errors), 422
    return _answer(who, found, "refuse", {"reason": reason})


@for_whom(*LEADS)
def list_reads(visitor: Visitor, pupil_id: str) -> Any:
    """Who opened a child's record, with what no adult is shown: for safeguarding leads alone."""
    who = the_office(visitor, *LEADS)
    pupil = portal().profiles.show_pupil(who, pupil_id)
    return flask.render_template("office_reads.html", pupil=pupil, reads=portal().access.list_reads(who, pupil_id),
                                 key=new_id(), full=True, back=f"/staff/pupils/{pupil['id']}",
                                 done=flask.session.pop("done", ""))


@for_whom(*LEADS)
def hide_read(visitor: Visitor, pupil_id: str) -> Any:
    who, form = the_office(visitor, *LEADS), flask.request.form
    portal().access.hide_read(who, pupil_id, form.get("read_id", ""), "for_good" in form)
    flask.session["done"] = "hidden"
    return flask.redirect(f"/office/reads/{pupil_id}", 303)
