"""Plans of evenings: made, looked at and published by the office, mended when times are lost; and why, for families."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, Invalid, NotFound, Stale
from services.portal.accounts.queries import Visitor
from services.portal.clients.planning import WholePlan
from services.portal.evenings.queries import list_waits
from services.portal.looks import LONDON
from services.portal.planning import rules, words
from services.portal.sending import alike, place, send
from services.portal.visiting import at_school, for_whom, kept_words, seek, the_office
from services.portal.wiring import portal
from services.portal.wordings import full_name

room = flask.Blueprint("planning", __name__, template_folder="templates")
EVERY_S = 2
BUDGET_S = 10
WHY = {rules.TWICE: _l("Each of the three can stand once"), rules.UNREAD: _l("Write a time like 16:00"),
       rules.ORDER: _l("The end must be later than the start"), rules.WHICH: _l("Say which one it is"),
       rules.WHAT: _l("Say what has happened")}
AT = {"starts_at": "from", "ends_at": "to", **alike((
    "kind", "staff_id", "room", "block_id", "to_room", "to_step_free"))}


@room.get("/office/evenings/<evening_id>/plan")
@for_whom("office")
def show(visitor: Visitor, evening_id: str) -> Any:
    """The last plan: how far it is, or what it gives; and a way to have one made."""
    return _show(the_office(visitor, "office"), evening_id, kept_words(visitor))


def _show(who: Principal, evening_id: str, answers: Mapping[str, str], errors: dict[str, str] | None = None) -> str:
    evening = portal().scheduling.show_evening(who, evening_id)
    plans = portal().planning.list_plans(who, evening_id)
    plan = portal().planning.show_plan(who, plans[0]["id"]) if plans else None
    is_running = plan is not None and plan["state"] in ("queued", "running")
    aims = rules.aims_as_form(plan["aims"] if plan else evening.get("aims", []))
    return flask.render_template(
        "plan.html", evening=evening, plan=plan, errors=errors, answers={**aims, **answers}, is_running=is_running,
        refresh=EVERY_S if is_running else None, every=EVERY_S, now=portal().database.clock.now(), key=new_id(),
        grants=[(aim, words.AIMS[aim]) for aim in rules.GRANTS], times=[(aim, words.AIMS[aim]) for aim in rules.TIMES],
        results=words.say_results(plan["summary"]) if plan and plan["summary"].get("wishes") else [],
        say=words.say_for_office, say_fault=words.say_fault, back=f"/office/evenings/{evening_id}",
        done=flask.session.pop("done", "") if not errors else "")


@room.post("/office/evenings/<evening_id>/plan")
@for_whom("office")
def make(visitor: Visitor, evening_id: str) -> Any:
    """Have a plan made, with this order of aims."""
    who, answers = the_office(visitor, "office"), flask.request.form.to_dict()
    errors: dict[str, str] = {}
    wanted = {"aims": rules.read_aims(answers, errors), "budget_s": BUDGET_S}
    status = 422
    if not errors:
        errors, status = send(lambda: portal().planning.ask_plan(
            who, evening_id, wanted, answers.get("key") or new_id()))
    if errors:
        return _show(who, evening_id, answers, _said(errors)), status
    return flask.redirect(f"/office/evenings/{evening_id}/plan", 303)


@room.post("/office/evenings/<evening_id>/plan/stop")
@for_whom("office")
def stop(visitor: Visitor, evening_id: str) -> Any:
    """End the search; the best so far is kept."""
    who = the_office(visitor, "office")
    portal().planning.stop_plan(who, _last(who, evening_id)["id"])
    return flask.redirect(f"/office/evenings/{evening_id}/plan", 303)


def _last(who: Principal, evening_id: str) -> WholePlan:
    plans = portal().planning.list_plans(who, evening_id)
    if not plans:
        raise NotFound()
    return portal().planning.show_plan(who, plans[0]["id"])


@room.get("/office/evenings/<evening_id>/plan/publish")
@for_whom("office")
def ask_publish(visitor: Visitor, evening_id: str) -> Any:
    """Once more, on a page of its own: how many are told, and what stays possible."""
    return _ask_publish(the_office(visitor, "office"), evening_id)


def _ask_publish(who: Principal, evening_id: str, errors: dict[str, str] | None = None) -> str:
    evening, plan = portal().scheduling.show_evening(who, evening_id), _last(who, evening_id)
    if plan["state"] != "ready":
        raise NotFound()
    return flask.render_template("plan_publish.html", evening=evening, plan=plan, errors=errors, key=new_id(),
                                 back=f"/office/evenings/{evening_id}/plan")


@room.post("/office/evenings/<evening_id>/plan/publish")
@for_whom("office")
def publish(visitor: Visitor, evening_id: str) -> Any:
    """Make these everybody's times."""
    who, answers = the_office(visitor, "office"), flask.request.form.to_dict()
    plan_id, version = answers.get("plan", ""), answers.get("version", "")
    if not version.isdecimal():
        raise NotFound()
    try:
        errors, status = send(lambda: portal().planning.publish_plan(
            who, plan_id, int(version), answers.get("key") or new_id()))
    except Stale as changed:
        errors, status = place(changed), 409
    if errors:
        return _ask_publish(who, evening_id, errors), status
    flask.session["done"] = "plan-published"
    return flask.redirect(f"/office/evenings/{evening_id}/plan", 303)


@room.get("/office/evenings/<evening_id>/replan")
@for_whom("office")
def ask_replan(visitor: Visitor, evening_id: str) -> Any:
    """What has happened?"""
    return _ask_replan(the_office(visitor, "office"), evening_id, kept_words(visitor))


def _ask_replan(who: Principal, evening_id: str, answers: Mapping[str, str],
                errors: dict[str, str] | None = None) -> str:
    evening, seats = portal().scheduling.show_evening(who, evening_id), portal().planning.list_seats(who, evening_id)
    staff = {one["id"]: full_name(one) for seat in seats for one in seat["staff"]}
    rooms = sorted({seat["room"] or evening["place"] for seat in seats})
    blocks = [(seat["id"], ", ".join([*map(full_name, seat["staff"]), *filter(None, [seat["room"]])]))
              for seat in seats]
    return flask.render_template(
        "replan_ask.html", evening=evening, answers=answers, errors=errors, back=f"/office/evenings/{evening_id}",
        key=new_id(),
        staff=sorted(staff.items(), key=lambda item: item[1]), rooms=[(one, one) for one in rooms], blocks=blocks,
        kinds=[("ill", _("A teacher can't be there")), ("flooded", _("A room can't be used")),
               ("changed", _("A teacher's times have changed"))])


@room.post("/office/evenings/<evening_id>/replan")
@for_whom("office")
def find_replan(visitor: Visitor, evening_id: str) -> Any:
    """Find the fewest changes; nothing is changed yet."""
    who, answers = the_office(visitor, "office"), flask.request.form.to_dict()
    errors: dict[str, str] = {}
    evening = portal().scheduling.show_evening(who, evening_id)
    cause = rules.read_cause(answers, date.fromisoformat(evening["on"]), LONDON, errors)
    if errors:
        return _ask_replan(who, evening_id, answers, _said(errors)), 422
    return _find(who, evening_id, cause, answers)


def _find(who: Principal, evening_id: str, cause: Mapping[str, Any], answers: Mapping[str, str]) -> Any:
    found, key = list[str](), answers.get("key") or new_id()
    errors, status = send(
        lambda: found.append(portal().planning.find_replan(who, evening_id, cause, key)["id"]), fields=AT)
    if errors:
        return _ask_replan(who, evening_id, answers, errors), status
    return flask.redirect(f"/office/evenings/{evening_id}/replan/{found[0]}", 303)


@room.get("/office/evenings/<evening_id>/replan/<replan_id>")
@for_whom("office")
def show_replan(visitor: Visitor, evening_id: str, replan_id: str) -> Any:
    """What would change, for how many, before anybody is told."""
    return _show_replan(the_office(visitor, "office"), evening_id, replan_id)


def _show_replan(who: Principal, evening_id: str, replan_id: str) -> str:
    evening = portal().scheduling.show_evening(who, evening_id)
    replan = portal().planning.show_replan(who, replan_id)
    if replan["evening_id"] != evening_id:
        raise NotFound()
    return flask.render_template("replan.html", evening=evening, replan=replan, key=new_id(), room_key=new_id(),
                                 figures=words.say_measure(replan["measure"], replan["cause"]),
                                 cause=rules.cause_as_form(replan["cause"], LONDON),
                                 done=flask.session.pop("done", ""), back=f"/office/evenings/{evening_id}/replan")


@room.post("/office/evenings/<evening_id>/replan/<replan_id>")
@for_whom("office")
def confirm_replan(visitor: Visitor, evening_id: str, replan_id: str) -> Any:
    """Carry it out; when somebody booked meanwhile, the changes as they would be now are shown instead."""
    who, answers = the_office(visitor, "office"), flask.request.form.to_dict()
    try:
        portal().planning.confirm_replan(who, replan_id, answers.get("key") or new_id())
    except Invalid as refused:
        cause = rules.cause_as_form(portal().planning.show_replan(who, replan_id)["cause"], LONDON)
        return _ask_replan(who, evening_id, cause, place(refused, fields=AT)), 422
    except Conflict:
        flask.session["done"] = "replan-anew"
        return _find(who, evening_id, portal().planning.show_replan(who, replan_id)["cause"], {})
    flask.session["done"] = "replan-confirmed"
    return flask.redirect(f"/office/evenings/{evening_id}/replan/{replan_id}", 303)


@room.get("/evenings/<evening_id>/why")
@for_whom("guardian")
def show_why(visitor: Visitor, evening_id: str) -> Any:
    """What became of each of my wishes, and why."""
    who, found = seek(visitor, lambda who: portal().planning.show_why(who, evening_id))
    at_school(visitor, who.school)
    waits = list_waits(portal(), who, evening_id)
    children: dict[str, dict[str, Any]] = {}
    for wish in found["wishes"]:
        child = children.setdefault(wish["pupil"]["id"], {"name": wish["pupil"]["given_name"], "wishes": []})
        teacher = full_name(wish["staff"])
        child["wishes"].append({**wish, "teacher": teacher,
                                "waits": waits.get((wish["pupil"]["id"], wish["staff"]["id"])),
                                "why": words.say_why(wish["code"], wish["facts"], teacher)})
    return flask.render_template("why.html", evening=found["evening"], is_planned=found["is_planned"],
                                 children=children, back="/")


def _said(errors: Mapping[str, str]) -> dict[str, str]:
    return {field: str(WHY.get(why, why)) for field, why in errors.items()}
