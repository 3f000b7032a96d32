"""Looking again together: an adult chooses a time, says that none suits, or gives one back; staff offer others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from chassis.auth import Principal
from chassis.errors import NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.reviews import Hours, Review
from services.portal.looks import LONDON
from services.portal.reviews import rules
from services.portal.sending import send
from services.portal.standing import PLACES, Standing, pages, stand
from services.portal.visiting import at_school, for_whom, kept_words
from services.portal.wiring import portal
from services.portal.wordings import way_to_talk

room = flask.Blueprint("reviews", __name__, template_folder="templates")
page = pages(room, "/reviews/<review_id>", PLACES[:2])
DAYS = (_l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"))
UNREAD = _l("Look at this day or time again. Write a time like 15:30, the end after the start.")
Answers = Mapping[str, str]


def _find(visitor: Visitor, pupil_id: str, review_id: str) -> tuple[Standing, Review]:
    place = stand(visitor, pupil_id)
    review = portal().reviews.show_review(place.who, review_id)
    if review["pupil"]["id"] != pupil_id:
        raise NotFound()
    return place, review


def _page(template: str, place: Standing, review: Review, answers: Answers,
          errors: dict[str, str] | None = None) -> str:
    back = place.base if template == "review.html" else f"{place.base}/reviews/{review['id']}"
    return flask.render_template(
        template, place=place, review=review, answers=answers, errors=errors, back=back, about=place.child,
        ways=[(way, way_to_talk(way)) for way in review["ways"]], rows=range(rules.ROWS),
        done=flask.session.pop("done", "") if not errors else "")


@page()
@for_whom("guardian", "staff")
def show(visitor: Visitor, pupil_id: str, review_id: str) -> Any:
    """The times to choose from, or the one that is booked."""
    place, review = _find(visitor, pupil_id, review_id)
    return _page("review.html", place, review, kept_words(visitor))


@page("", "POST")
@for_whom("guardian", "staff")
def book(visitor: Visitor, pupil_id: str, review_id: str) -> Any:
    """An adult chooses a time, also instead of another; staff offer other times."""
    place, review = _find(visitor, pupil_id, review_id)
    if place.hat == "staff":
        return _offer(place, review)
    answers = flask.request.form.to_dict()
    if not answers.get("starts_at"):
        return _page("review.html", place, review, answers, {"starts_at": _("Choose a time")}), 422
    wish = {name: answers[name] for name in ("starts_at", "how") if answers.get(name)}
    errors, status = send(lambda: portal().reviews.book_review(place.who, review_id, wish), "starts_at")
    if errors:
        return _page("review.html", *_find(visitor, pupil_id, review_id), answers, errors), status
    return _done("review-booked", place, review_id)


def _offer(place: Standing, review: Review) -> Any:
    answers = flask.request.form.to_dict()
    try:
        times = rules.read_moments(answers, LONDON)
    except rules.Unread as unread:
        return _page("review.html", place, review, answers, {unread.field: str(UNREAD)}), 422
    if not times:
        return _page("review.html", place, review, answers, {"day0": _("Write at least one day and time")}), 422
    errors, status = send(lambda: portal().reviews.set_times(place.who, review["id"], times), "day0")
    if errors:
        return _page("review.html", place, review, answers, errors), status
    return _done("review-offered", place, review["id"])


@page("/unsuited")
@for_whom("guardian")
def ask_unsuited(visitor: Visitor, pupil_id: str, review_id: str) -> Any:
    place, review = _find(visitor, pupil_id, review_id)
    return _page("review_unsuited.html", place, review, kept_words(visitor))


@page("/unsuited", "POST")
@for_whom("guardian")
def say_unsuited(visitor: Visitor, pupil_id: str, review_id: str) -> Any:
    """None of the times suits; the teacher sees when I can."""
    place, review = _find(visitor, pupil_id, review_id)
    answers = flask.request.form.to_dict()
    try:
        can = rules.read_spans(answers)
    except rules.Unread as unread:
        return _page("review_unsuited.html", place, review, answers, {unread.field: str(UNREAD)}), 422
    errors, status = send(lambda: portal().reviews.say_unsuited(place.who, review_id, can), "day0")
    if errors:
        return _page("review_unsuited.html", place, review, answers, errors), status
    return _done("review-unsuited", place, review_id)


@page("/cancel")
@for_whom("guardian", "staff")
def ask_cancel(visitor: Visitor, pupil_id: str, review_id: str) -> Any:
    """Once, on a page of its own."""
    return _page("review_cancel.html", *_find(visitor, pupil_id, review_id), {})


@page("/cancel", "POST")
@for_whom("guardian", "staff")
def cancel(visitor: Visitor, pupil_id: str, review_id: str) -> Any:
    place, review = _find(visitor, pupil_id, review_id)
    errors, status = send(lambda: portal().reviews.cancel_review(place.who, review_id), "question")
    if errors:
        return _page("review_cancel.html", place, review, {}, errors), status
    return _done("review-cancelled", place, review_id)


def _done(what: str, place: Standing, review_id: str) -> Any:
    flask.session["done"] = what
    return flask.redirect(f"{place.base}/reviews/{review_id}", 303)


@room.get("/staff/good-hours")
@for_whom("staff")
def show_hours(visitor: Visitor) -> Any:
    """When I can usually talk with families."""
    who = _me(visitor)
    hours = portal().reviews.show_hours(who)
    given = {**rules.hours_as_form([dict(one) for one in hours["windows"]]), "link": hours["link"]}
    return _hours({**given, **kept_words(visitor)}, done=flask.session.pop("done", ""))


@room.post("/staff/good-hours")
@for_whom("staff")
def set_hours(visitor: Visitor) -> Any:
    who, answers = _me(visitor), flask.request.form.to_dict()
    try:
        windows: Any = rules.read_hours(answers)
    except rules.Unread as unread:
        return _hours(answers, {unread.field: str(UNREAD)}), 422
    wanted = Hours(windows=windows, link=answers.get("link", "").strip())
    errors, status = send(lambda: portal().reviews.set_hours(who, wanted), "link")
    if errors:
        return _hours(answers, errors), status
    flask.session["done"] = "hours-set"
    return flask.redirect("/staff/good-hours", 303)


def _me(visitor: Visitor) -> Principal:
    who = visitor.principals()[0]
    at_school(visitor, who.school)
    return who


def _hours(answers: Answers, errors: dict[str, str] | None = None, done: str = "") -> str:
    return flask.render_template("good_hours.html", answers=answers, errors=errors, done=done, days=DAYS,
                                 places=range(rules.WINDOWS), back="/staff/check-ins")
