"""What a page says when something is not there, is refused, or does not answer; what was written is shown again."""

from __future__ import annotations

from typing import Any

import flask
import sqlalchemy as sa
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from chassis.errors import Conflict, Invalid, NotFound, Problem, SignInNeeded, Stale, TooMany, Unavailable
from chassis.log import logger

log = logger("pages")
MOST_KEPT = 5000
WRITTEN = frozenset({"words", "sentence", "reply", "document", "reference", "reason", "seen"})


def answer_in_words(app: flask.Flask) -> None:
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(sa.exc.OperationalError, _away)
    app.register_error_handler(sa.exc.TimeoutError, _away)
    app.register_error_handler(Exception, _unexpected)


def _page(status: int, title: str, text: str, kept: bool = True, retry_after_s: int | None = None) -> flask.Response:
    words: dict[str, Any] = {"title": title, "text": text, "kept": _written() if kept else ""}
    if flask.request.method == "GET" and status == 503:
        words["way_on"] = {"text": _("Try again"), "href": flask.request.full_path.rstrip("?")}
    elif flask.request.method == "GET":
        words["way_on"] = {"text": _("Go to your home page"), "href": "/"}
    else:
        words["way_on"] = {"text": _("Back to the page"), "href": flask.request.path}
    reply = flask.make_response(flask.render_template("error.html", **words), status)
    if retry_after_s:
        reply.headers["Retry-After"] = str(retry_after_s)
    return reply


def _written() -> str:
    if flask.request.method != "POST":
        return ""
    words = [value for name, value in flask.request.form.items() if name in WRITTEN and value]
    return "\n".join(words)[:MOST_KEPT]


def _problem(error: Problem) -> flask.Response:
    if isinstance(error, NotFound):
        return _lost()
    if isinstance(error, TooMany):
        return _page(429, _("Please wait a little"), _("That was tried too often. Try again in a few minutes."),
                     retry_after_s=error.retry_after_s)
    if isinstance(error, (Conflict, Stale)):
        return _page(409, _("Somebody changed this a moment ago"), error.detail or _("Have a look at how it is now."))
    if isinstance(error, Invalid):
        return _page(422, _("Something in this needs changing"),
                     " ".join((error.detail, *error.errors.values())).strip())
    if isinstance(error, (Unavailable, SignInNeeded)):
        return _away(error)
    return _unexpected(error)


def _lost() -> flask.Response:
    return _page(404, _("We can't find that page"),
                 _("If you followed a link, it may have ended. Ask the school office."), kept=False)


def _away(_error: Exception) -> flask.Response:
    if flask.request.method == "POST":
        return _page(503, _("We couldn't send this"), _("Your words are still here. Try again in a minute."),
                     retry_after_s=5)
    return _page(503, _("This page isn't answering just now"), _("Nothing is lost. Try again in a minute."),
                 retry_after_s=5)


def _form_too_old(_error: CSRFError) -> flask.Response:
    return _page(400, _("Please send that again"),
                 _("The page was open for too long. Go back to it and send it again."))


def _http(error: HTTPException) -> flask.Response:
    if error.code in (404, 405):
        return _lost()
    if error.code == 413:
        return _page(413, _("That file is too big"), _("Send one of at most 64 megabytes."), kept=False)
    return _page(error.code or 500, _("That didn't work"), _("Go back and try again."))


def _unexpected(error: Exception) -> flask.Response:
    log.error("unexpected", reason=type(error).__name__, route=str(flask.request.url_rule), exc_info=error)
    return _page(500, _("Something went wrong here"), _("Nothing was changed. Your words are still here; try again."))
