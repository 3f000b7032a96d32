"""Who is at the door: every page says for whom it is, and gets the visitor as its first argument.

Hats never mix on a page. What somebody may not see is not there: the page, the words and the status of a missing one.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.envelope import correlation_id
from chassis.errors import NotFound
from services.portal.accounts.actions import drop_draft, keep_draft, look_up_visitor
from services.portal.accounts.queries import School, Visitor, find_draft, initials_of, was_account
from services.portal.looks import accent_class
from services.portal.trust_work import trust_work
from services.portal.wiring import portal

T = TypeVar("T")
NOT_WORDS = frozenset({"csrf_token", "key", "door-child", "door-adult"})  # names said at the door are never kept


def cookie_name() -> str:
    return "__Host-tandem" if portal().place.url.startswith("https://") else "tandem"


def come_in(session_id: str, next_path: str, kept_for: timedelta | None = timedelta(days=30)) -> Any:
    """Let somebody in with a fresh session; what `kept_for` is None for goes when the browser closes."""
    flask.session.clear()
    reply = flask.redirect(next_path, 303)
    reply.set_cookie(cookie_name(), session_id, secure=cookie_name().startswith("__Host-"), httponly=True,
                     samesite="Lax", path="/", max_age=kept_for)
    return reply


def for_whom(*who: str) -> Callable[..., Any]:
    """Guard a page: `who` names hats and roles; 'anyone' lets everybody in (the visitor is None when not signed in)."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def guarded(**arguments: Any) -> Any:
            visitor = flask.g.visitor = _look_up()
            if "anyone" not in who:
                if visitor is None:
                    return _ask_to_sign_in()
                if not visitor.is_any(*who):
                    return _other_hat(visitor, who)
            return view(visitor, **arguments)

        guarded.who = who  # type: ignore[attr-defined]
        return guarded

    return decorate


def _look_up() -> Visitor | None:
    session_id = flask.request.cookies.get(cookie_name(), "")
    return look_up_visitor(portal().database, session_id) if session_id else None


def _ask_to_sign_in() -> Any:
    """Away for a while: what was being written is kept for its writer, who carries on after signing in."""
    path = flask.request.full_path.rstrip("?")
    query = {"next": path if flask.request.method == "GET" else flask.request.path}
    session_id = flask.request.cookies.get(cookie_name(), "")
    if session_id:
        query["away"] = "1"
        with trust_work(portal().database, "words of a session that ended") as work:
            account_id = was_account(work, session_id)
            if account_id and flask.request.method == "POST":
                keep_draft(work, account_id, flask.request.path, _words())
    door = "/sign-in/child" if session_id and f"{flask.request.path}/".startswith("/me/") else "/sign-in"
    return flask.redirect(f"{door}?{urlencode(query)}", 303)


def _words() -> dict[str, str]:
    return {name: value for name, value in flask.request.form.items() if name not in NOT_WORDS}


def _other_hat(visitor: Visitor, who: Sequence[str]) -> Any:
    """A page for another hat of the same person offers to change hats; any other page is not there.

    A child has one hat, and their home page is their own page.
    """
    if visitor.hat == "pupil" and flask.request.path == "/":
        return flask.redirect("/me", 303)
    hat = "guardian" if "guardian" in who else "operator" if "operator" in who else "staff"
    if hat not in visitor.hats or hat == visitor.hat or flask.request.method != "GET" or tuple(who) == ("pupil",):
        raise NotFound()
    return flask.render_template("other_hat.html", hat=hat, next_path=flask.request.full_path.rstrip("?"))


def kept_words(visitor: Visitor) -> dict[str, str]:
    """What was being written on this page when a session ended: shown again once, then forgotten."""
    with trust_work(portal().database, "kept words", write=False) as work:
        words = find_draft(work, visitor.account_id, flask.request.path)
    if words:
        with trust_work(portal().database, "kept words shown") as work:
            drop_draft(work, visitor.account_id, flask.request.path)
    return words


def seek(visitor: Visitor, ask: Callable[[Principal], T], *roles: str) -> tuple[Principal, T]:
    """Ask in each of the visitor's schools until one has it; NotFound when none has."""
    for who in visitor.principals(*roles):
        try:
            return who, ask(who)
        except NotFound:
            continue
    raise NotFound()


def at_school(visitor: Visitor, school: str) -> School:
    """The school as screens name it; the page is banded as that school's."""
    member = visitor.member_of(school)
    if member is None:
        raise NotFound()
    flask.g.school = member.school
    return member.school


def the_office(visitor: Visitor, *roles: str) -> Principal:
    """Whom somebody with a school-wide role works for; the page is banded as that school's."""
    found = visitor.principals(*roles)
    if not found:
        raise NotFound()
    at_school(visitor, found[0].school)
    return found[0]


def receive_visitors(app: flask.Flask) -> None:
    @app.before_request
    def begin() -> None:
        correlation_id.set(new_id())

    @app.after_request
    def end(reply: flask.Response) -> flask.Response:
        reply.headers["X-Request-Id"] = correlation_id.get()
        return reply

    @app.context_processor
    def frame() -> dict[str, Any]:
        if "visitor" not in flask.g:  # a page that is not there has the frame of one that is
            flask.g.visitor = _look_up()
        visitor: Visitor | None = flask.g.visitor
        return {"visitor": visitor, "band": _band(), **(_frame(visitor) if visitor else {})}


def _band() -> dict[str, str]:
    school: School | None = flask.g.get("school")
    trust = portal().place.trust()
    if school is None:
        return {"name": trust, "sub": "", "accent": "", "initials": initials_of(trust), "href": "/"}
    return {"name": school.name, "sub": trust, "initials": school.initials, "href": "/",
            "accent": school.accent or "" if accent_class(school.accent) else ""}


def _frame(visitor: Visitor) -> dict[str, Any]:
    return {"menu": _menu(visitor), "sign_out": "/sign-out", "role_switch": _role_switch(visitor)}


def _menu(visitor: Visitor) -> list[dict[str, str]]:
    if visitor.hat == "operator":
        entries = [("/trust", _("Platform"))]
    elif visitor.hat == "pupil":
        return [{"href": "/me", "text": _("My page")}]
    elif visitor.hat == "guardian":
        entries = [("/", _("Home")), ("/inbox", _("News for you")), ("/calendar", _("Calendar"))]
    else:
        entries = [("/staff", _("Today")), ("/inbox", _("News for you")), ("/staff/check-ins", _("Check-ins"))]
        if visitor.is_any("senco"):
            entries.append(("/staff/support", _("Support for special needs")))
        if visitor.is_any("reception", "office", "head", "dsl"):
            entries.append(("/reception", _("Reception")))
        if visitor.is_any("office", "head", "dsl"):
            entries += [("/office/families", _("Families")), ("/office/checks", _("To check")),
                        ("/office/tester", _("What would they see?")), ("/office/policy", _("What each kind may do")),
                        ("/office/duplicates", _("Adults entered twice"))]
            entries.append(("/office/requests", _("Records asked for")))
            entries.append(("/office/consents", _("Permissions")))
        if visitor.is_any("office", "head"):
            entries += [("/office/school", _("Our school")), ("/office/evenings", _("Parents' evenings"))]
        if visitor.is_any("head"):
            entries.append(("/head", _("Our promises")))
        if visitor.is_any("dsl"):
            entries.append(("/staff/safeguarding", _("Safeguarding")))
        if visitor.is_any("office"):
            entries.append(("/office/rosters", _("Rosters")))
    return [{"href": href, "text": text} for href, text in (*entries, ("/settings", _("Settings")))]


def _role_switch(visitor: Visitor) -> dict[str, str] | None:
    if {"guardian", "staff"} - visitor.hats or visitor.hat in ("operator", "pupil"):
        return None
    if visitor.hat == "guardian":
        return {"here": _("You are here as a parent or carer."), "href": "/hat/staff",
                "text": _("Go to the staff pages")}
    return {"here": _("You are here as staff."), "href": "/hat/guardian", "text": _("Go to your family's pages")}
