"""A family's wishes for an evening: one calm form, checked before it goes out, changed as often as they like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import flask
from flask_babel import lazy_gettext as _l

from chassis.errors import Conflict, Invalid, Stale, Unavailable
from services.portal.accounts.queries import Visitor
from services.portal.clients.scheduling import is_own
from services.portal.clients.wishes import ElsewhereTime, WishForm
from services.portal.sending import NO_ANSWER
from services.portal.visiting import at_school, for_whom, kept_words, seek, the_office
from services.portal.wiring import portal
from services.portal.wishes import marking, rules
from services.portal.wishes.errand import Errand

room = flask.Blueprint("wishes", __name__, template_folder="templates")
marking.add_pages(room)
WHY = {rules.WHETHER: _l("Say whether you can come"), rules.ORDER: _l("The end must be later than the start"),
       rules.BOTH: _l("Choose both a start and an end, or leave both empty"),
       rules.TWICE: _l("Two teachers have this place. Give each a place of their own"),
       rules.NUMBER: _l("Write the number that the teacher should ring"),
       rules.TOO_LONG: _l("Write at most 500 letters")}
STALE = "is-stale"
Answers = Mapping[str, str]


def _mine(visitor: Visitor, evening_id: str) -> tuple[Errand, WishForm]:
    who, form = seek(visitor, lambda who: portal().wishes.show_form(who, evening_id))
    at_school(visitor, who.school)
    return Errand(who, evening_id), form


def _theirs(visitor: Visitor, evening_id: str, guardian_id: str) -> tuple[Errand, WishForm]:
    """The form of an adult for whom the office writes."""
    who = the_office(visitor, "office")
    return Errand(who, evening_id, guardian_id), portal().wishes.show_form(who, evening_id, guardian_id)


@room.get("/evenings/<evening_id>/wishes")
@for_whom("guardian")
def show(visitor: Visitor, evening_id: str) -> Any:
    """What was said, with a way to change it; the form, until something is said."""
    return _show(*_mine(visitor, evening_id), visitor)


@room.get("/office/evenings/<evening_id>/wishes/<guardian_id>")
@for_whom("office")
def show_theirs(visitor: Visitor, evening_id: str, guardian_id: str) -> Any:
    return _show(*_theirs(visitor, evening_id, guardian_id), visitor)


def _show(errand: Errand, form: WishForm, visitor: Visitor) -> Any:
    if form["is_open"] and not all(child["is_answered"] for child in form["children"]):
        return _form(errand, form, {**rules.show_answers(form), **kept_words(visitor)}, form["needs"])
    return flask.render_template("wishes_told.html", form=form, errand=errand, back=errand.back,
                                 done=flask.session.pop("done", ""))


@room.get("/evenings/<evening_id>/wishes/change")
@for_whom("guardian")
def change(visitor: Visitor, evening_id: str) -> Any:
    return _change(*_mine(visitor, evening_id), visitor)


@room.get("/office/evenings/<evening_id>/wishes/<guardian_id>/change")
@for_whom("office")
def change_theirs(visitor: Visitor, evening_id: str, guardian_id: str) -> Any:
    return _change(*_theirs(visitor, evening_id, guardian_id), visitor)


def _change(errand: Errand, form: WishForm, visitor: Visitor) -> Any:
    if not form["is_open"]:
        return flask.redirect(errand.base, 303)
    return _form(errand, form, {**rules.show_answers(form), **kept_words(visitor)}, form["needs"])


@room.post("/evenings/<evening_id>/wishes/change")
@for_whom("guardian")
def send(visitor: Visitor, evening_id: str) -> Any:
    """Check the answers, show them once more, and send them when they were confirmed."""
    errand, form = _mine(visitor, evening_id)
    return _send(errand, form, _elsewhere(visitor, errand, form))


@room.post("/office/evenings/<evening_id>/wishes/<guardian_id>/change")
@for_whom("office")
def send_theirs(visitor: Visitor, evening_id: str, guardian_id: str) -> Any:
    errand, form = _theirs(visitor, evening_id, guardian_id)
    return _send(errand, form, form["elsewhere"])


def _send(errand: Errand, form: WishForm, elsewhere: Sequence[ElsewhereTime]) -> Any:
    answers, needs = flask.request.form.to_dict(), flask.request.form.getlist("needs")
    body, faults = rules.read_answers(answers, form, needs)
    body["elsewhere"] = list(elsewhere)
    if faults or answers.get("go") == "back":
        return _form(errand, form, answers, needs, {name: str(WHY[why]) for name, why in faults.items()}
                     ), 422 if faults else 200
    if answers.get("go") != "send":
        return flask.render_template("wishes_check.html", form=form, errand=errand, body=body, answers=answers,
                                     needs=needs, back=errand.base)
    try:
        portal().wishes.save_form(errand.who, (errand.evening_id, errand.guardian_id), body, answers.get("version", ""))
    except Stale:
        return _form(errand, form, {**answers, "version": str(form["version"]), STALE: "1"}, needs), 412
    except Invalid as refused:
        said = {rules.field_of(pointer, body): words for pointer, words in refused.errors.items()}
        return _form(errand, form, answers, needs, said or {"comes": refused.detail or refused.title}), 422
    except Conflict as refused:
        return _form(errand, form, answers, needs, {"comes": refused.detail or refused.title}), 409
    except Unavailable:
        return _form(errand, form, answers, needs, {"comes": str(NO_ANSWER)}), 503
    flask.session["done"] = "wishes-sent"
    return flask.redirect(errand.base, 303)


def _form(errand: Errand, form: WishForm, answers: Answers, needs: Sequence[str],
          errors: Mapping[str, str] | None = None) -> str:
    """The form; of one that is based on an older version (`STALE`), beside how it stands now."""
    evening = form["evening"]
    return flask.render_template(
        "wishes_form.html", form=form, errand=errand, answers=answers, needs=needs, errors=errors,
        is_stale=STALE in answers, clocks=rules.list_clocks(evening["from"], evening["to"]), rows=range(rules.NOT_ROWS),
        ranks=rules.list_ranks,
        back=errand.back if form["comes"] is None else errand.base)


def _elsewhere(visitor: Visitor, errand: Errand, form: WishForm) -> list[ElsewhereTime]:
    """Where this adult is that day at other schools of the trust; of a school that is silent, what was known before."""
    others = [(member.school.name, who) for member, who in zip(visitor.members, visitor.principals(), strict=True)
              if who.school != errand.who.school]
    answers = portal().transport.gather([partial(portal().scheduling.list_appointments, who) for _name, who in others])
    found: list[Any] = []
    for (site, _who), items in zip(others, answers, strict=True):
        if items is None:
            found += [one for one in form["elsewhere"] if one["site"] == site[:60]]
        else:
            found += rules.list_same_day([item for item in items if is_own(item)], form["evening"], site)
    return found


@room.get("/evenings/<evening_id>/how-it-works")
@for_whom("guardian")
def explain(visitor: Visitor, evening_id: str) -> Any:
    """How everybody's times are made, in plain words."""
    errand, form = _mine(visitor, evening_id)
    return flask.render_template("wishes_how.html", form=form, errand=errand, back=errand.base)


@room.get("/office/evenings/<evening_id>/wishes")
@for_whom("office")
def list_forms(visitor: Visitor, evening_id: str) -> Any:
    """Who has answered and who has not; each leads to a form to write for them."""
    who, args = the_office(visitor, "office"), flask.request.args
    answer = args.get("answer", "")
    found = portal().wishes.list_forms(who, evening_id, answer if answer in ("yes", "cannot", "none") else "",
                                       args.get("after", ""))
    return flask.render_template("wishes_office.html", found=found, answer=answer,
                                 back=f"/office/evenings/{evening_id}")
