"""What would they see? A child, an adult or both, now, at a day to come, or as it was known on a day gone by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from functools import partial
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.errors import NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.profiles import Person
from services.portal.clients.rights import Answer, Change
from services.portal.looks import LONDON
from services.portal.office.asking import day_fields, read_day
from services.portal.office.families import OFFICE
from services.portal.office.family import told
from services.portal.sending import Errors
from services.portal.visiting import for_whom, the_office
from services.portal.wiring import portal
from services.portal.wordings import full_name

MOST = 60
ID = 36


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule("/office/tester", view_func=test_rights)


@for_whom(*OFFICE)
def test_rights(visitor: Visitor) -> Any:
    """First by name whom to ask about; then each right in words, why, and who had changed it."""
    who, args = the_office(visitor, *OFFICE), flask.request.args.to_dict()
    chosen = {name: args[name][:ID] for name in ("pupil", "guardian") if args.get(name)}
    if not chosen:
        return _choose(who, args.get("find", "").strip()[:100])
    errors: Errors = {}
    at, now = _moment(args, errors), portal().database.clock.now()
    answers = [] if errors else portal().rights.test_rights(
        who, **{f"{name}_id": value for name, value in chosen.items()}, at=(at or now).isoformat())
    return flask.render_template(
        "office_answers.html", chosen=chosen, answers=answers, errors=errors, at=at, full=True,
        time=args.get("time", ""), day=day_fields(args, "on")["on"], back="/office/tester",
        tense="now" if at is None else "then" if at < now else "later",
        histories=_histories(who, answers, at or now)), 422 if errors else 200


def _choose(who: Principal, find: str) -> str:
    """The children and adults whose names have these words."""
    pairs = portal().rights.list_pairs(who, find=find)[0] if find else []
    return flask.render_template(
        "office_tester.html", find=find, pairs=pairs,
        pupils=_matching({pair["pupil"]["id"]: pair["pupil"] for pair in pairs}, find),
        guardians=_matching({pair["guardian"]["id"]: pair["guardian"] for pair in pairs}, find))


def _matching(people: Mapping[str, Person], find: str) -> list[Person]:
    """Those who have one of the words in their own name: the other words may be in a relation's."""
    words = find.casefold().split()
    return [one for one in people.values()
            if any(word in full_name(one).casefold() for word in words)]


def _moment(args: Mapping[str, str], errors: Errors) -> datetime | None:
    """The instant that was asked for, by the school's clock; None for now."""
    day = read_day(args, "on", errors, needed=bool(args.get("time", "").strip()))
    if day is None:
        return None
    try:
        return datetime.combine(day, time.fromisoformat(args.get("time", "").strip() or "12:00"), LONDON)
    except ValueError:
        errors["time"] = _("Write a time like 15:30")
        return None


def _histories(who: Principal, answers: list[Answer], at: datetime) -> list[list[Change] | None]:
    """For each answer who had changed it by then; None where that does not answer just now."""
    reads = [partial(_history, who, (item["pupil"]["id"], item["guardian"]["id"])) for item in answers[:MOST]]
    found = portal().transport.gather(reads) if reads else []
    return [None if history is None else told([change for change in history
                                               if datetime.fromisoformat(change["at"]) <= at]) for history in found]


def _history(who: Principal, place: tuple[str, str]) -> list[Change]:
    try:
        return portal().rights.show_history(who, place)
    except NotFound:  # the child has left
        return []
