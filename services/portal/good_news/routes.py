"""Good news about a child: a list and a form for a parent and the child, and a page to keep for all three."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

from chassis.clock import new_id
from chassis.errors import Invalid, NotFound
from services.portal.accounts.queries import Visitor
from services.portal.good_news.queries import choices_of, faults_of, faults_told, list_seen, may_write
from services.portal.standing import Standing, stand
from services.portal.together.queries import wants_a_pause
from services.portal.visiting import for_whom, kept_words
from services.portal.wiring import portal

room = flask.Blueprint("good_news", __name__, template_folder="templates")


@room.get("/children/<pupil_id>/good-news")
@for_whom("guardian")
def show_good_news(visitor: Visitor, pupil_id: str) -> Any:
    return _page(stand(visitor, pupil_id), kept_words(visitor))


@room.get("/me/good-news")
@for_whom("pupil")
def show_my_good_news(visitor: Visitor) -> Any:
    return _page(stand(visitor), kept_words(visitor))


@room.post("/children/<pupil_id>/good-news")
@for_whom("guardian")
def send_good_news(visitor: Visitor, pupil_id: str) -> Any:
    return _send(stand(visitor, pupil_id))


@room.post("/me/good-news")
@for_whom("pupil")
def send_my_good_news(visitor: Visitor) -> Any:
    return _send(stand(visitor))


def _page(place: Standing, answers: Mapping[str, str], errors: dict[str, str] | None = None,
          pause: bool = False) -> str:
    """The newest first, and a form for whoever may write; with `pause`, the offer to read it once more."""
    found = portal().praise.list_praise(place.who, place.pupil_id, flask.request.args.get("after", ""))
    writes = may_write(portal(), place)
    return flask.render_template(
        "good_news.html", place=place, found=found, writes=writes, answers=answers, errors=errors,
        strengths=choices_of(portal().praise.list_strengths(place.who)) if writes else [],
        key=answers.get("key") or new_id(), about=place.child, back=place.base, pause=pause,
        done="" if answers or errors else flask.session.pop("done", ""))


def _send(place: Standing) -> Any:
    """Send it once; what is missing is said at its field, and nothing written is lost."""
    answers = flask.request.form.to_dict()
    if not may_write(portal(), place):
        raise NotFound()
    keys = [one["key"] for one in portal().praise.list_strengths(place.who)]
    errors = faults_of(answers, keys, place.child, True)
    if errors:
        return _page(place, answers, errors), 422
    if not answers.get("as_is") and wants_a_pause(answers["sentence"]):
        return _page(place, answers, pause=True)
    wanted = {name: answers[name] for name in ("strength", "sentence", "audience")}
    try:
        portal().praise.send_praise(place.who, place.pupil_id, wanted, answers.get("key") or new_id())
    except Invalid as refused:
        return _page(place, answers, faults_told(refused)), 422
    flask.session["done"] = "good-news-sent"
    return flask.redirect(f"{place.base}/good-news", 303)


@room.get("/children/<pupil_id>/good-news/keepsake")
@for_whom("guardian")
def keep_good_news(visitor: Visitor, pupil_id: str) -> Any:
    return _keepsake(stand(visitor, pupil_id))


@room.get("/staff/pupils/<pupil_id>/good-news/keepsake")
@for_whom("staff")
def keep_pupils_good_news(visitor: Visitor, pupil_id: str) -> Any:
    return _keepsake(stand(visitor, pupil_id))


@room.get("/me/good-news/keepsake")
@for_whom("pupil")
def keep_my_good_news(visitor: Visitor) -> Any:
    return _keepsake(stand(visitor))


def _keepsake(place: Standing) -> str:
    """A school year's good news on paper; a year that is no number is this one."""
    wanted = flask.request.args.get("year", type=int)
    year = wanted if wanted is not None and 2000 <= wanted <= 2200 else None
    kept = portal().praise.show_keepsake(place.who, place.pupil_id, year)
    return flask.render_template(
        "good_news_keepsake.html", place=place, kept=kept, seen=list_seen(kept["items"]), about=place.child,
        is_this_year=year is None, back=place.base if place.hat == "staff" else f"{place.base}/good-news")
