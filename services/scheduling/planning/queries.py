"""What can be asked about plans: how far one is, the whole timetable for the office, and why for one adult."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.queries import find_guest, list_my_appointments
from services.scheduling.evenings import queries as evenings
from services.scheduling.paging import Page
from services.scheduling.people import queries as people
from services.scheduling.planning.models import Plan, PlanWish, Replan
from services.scheduling.reception.queries import adult_names
from services.scheduling.tables import table_of

UNFINISHED = ("queued", "running")
SHOWN_PLANS = 20
MY_APPOINTMENTS = 100
LARGE_ENOUGH = 10
REPLANNED = "replanned"  # the cause of what lost its time by a change at school


def get_plan(uow: UnitOfWork, plan_id: str, hold: bool = False) -> Plan:
    """A plan; nobody else changes it meanwhile, with `hold`."""
    wanted = sa.select(Plan).where(Plan.id == plan_id)
    found = uow.all(wanted.with_for_update() if hold else wanted)
    if not found:
        raise NotFound()
    return found[0]


def list_plans(uow: UnitOfWork, evening_id: str) -> list[dict[str, Any]]:
    """The last plans of an evening, newest first."""
    evening = evenings.find_evening(uow, evening_id)
    today = people.today_here(uow)
    return [plan_item(plan, evening, today) for plan in uow.all(
        sa.select(Plan).where(Plan.evening_id == evening_id).order_by(Plan.id.desc()).limit(SHOWN_PLANS))]


def show_progress(uow: UnitOfWork, plan_id: str) -> dict[str, Any]:
    """A plan without its timetable."""
    uow.flush()
    plan = get_plan(uow, plan_id)
    return plan_item(plan, evenings.find_evening(uow, plan.evening_id), people.today_here(uow))


def plan_item(plan: Plan, evening: Any, today: Any) -> dict[str, Any]:
    return {
        "id": plan.id, "evening_id": plan.evening_id, "state": plan.state, "seed": plan.seed,
        "budget_s": plan.budget_s, "rounds": plan.rounds, "millis": plan.millis, "unmet": plan.unmet,
        "idle": plan.idle, "aims": plan.aims, "stop_asked": plan.stop_asked, "created_at": plan.created_at,
        "finished_at": plan.finished_at, "published_at": plan.published_at, "summary": plan.summary,
        "is_trial": today <= evening.respond_by_on, "evening_version": evening.version}


def show_plan(uow: UnitOfWork, plan_id: str) -> dict[str, Any]:
    """A plan with its timetable: each wish with child, teacher, who comes and when, or why not. For the office."""
    uow.flush()
    plan = get_plan(uow, plan_id)
    evening = evenings.find_evening(uow, plan.evening_id)
    rows = _named(uow, PlanWish.plan_id == plan_id)
    names = _names(uow, adult_names(), {adult for row in rows for adult in row["adult_ids"]})
    rows = [{**row, "adults": [names[adult] for adult in row["adult_ids"]]} for row in rows]
    met = [row for row in rows if row["starts_at"] is not None and not row["was_lost"]]
    return {**plan_item(plan, evening, people.today_here(uow)),
            "by_teacher": _gather(met, "staff"), "by_family": _gather(rows, "pupil"),
            "unmet_wishes": [row for row in rows if row["starts_at"] is None or row["was_lost"]]}


def _named(uow: UnitOfWork, which: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    """Wishes of a plan with names, in order of time; what was not met comes last."""
    pupil, teacher, table = people.pupil_names(), people.staff_names(), table_of(PlanWish)
    rows = uow.rows(
        sa.select(*table.c, pupil.c.given_name.label("pupil_given"), pupil.c.family_name.label("pupil_family"),
                  teacher.c.given_name, teacher.c.family_name).select_from(PlanWish)
        .join(pupil, sa.and_(pupil.c.school_id == PlanWish.school_id, pupil.c.id == PlanWish.pupil_id))
        .join(teacher, sa.and_(teacher.c.school_id == PlanWish.school_id, teacher.c.id == PlanWish.staff_id))
        .where(which).order_by(PlanWish.starts_at.is_(None), PlanWish.starts_at, teacher.c.family_name,
                               PlanWish.pupil_id, PlanWish.wish_id))
    return [{
        "wish_id": row.wish_id, "guardian_id": row.guardian_id, "rank": row.rank, "please_come": row.please_come,
        "adult_ids": row.adults, "code": row.code, "facts": row.facts, "talk_id": row.talk_id,
        "starts_at": row.starts_at, "ends_at": row.ends_at, "appointment_id": row.appointment_id,
        "was_lost": row.code in LOST,
        "pupil": {"id": row.pupil_id, "given_name": row.pupil_given, "family_name": row.pupil_family},
        "staff": {"id": row.staff_id, "given_name": row.given_name, "family_name": row.family_name},
    } for row in rows]


LOST = ("taken-since", "not-now", "withdrawn")  # why a talk of a plan could not stand when it was published


def _gather(rows: Iterable[dict[str, Any]], whose: str) -> list[dict[str, Any]]:
    """The rows by teacher or by child, each talk once, in the order of names."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        one = found.setdefault(row[whose]["id"], {**row[whose], "talks": {}})
        one["talks"].setdefault(row["talk_id"] or row["wish_id"], row)
    return sorted(({**one, "talks": list(one["talks"].values())} for one in found.values()),
                  key=lambda one: (one["family_name"], one["given_name"], one["id"]))


def find_published(uow: UnitOfWork, evening_id: str) -> Plan | None:
    """The plan that families have."""
    return next(iter(uow.all(sa.select(Plan).where(
        Plan.evening_id == evening_id, Plan.state == "published").limit(1))), None)


def show_why(uow: UnitOfWork, evening_id: str, guardian_id: str) -> dict[str, Any]:
    """What became of each of one adult's own wishes, and why; nothing of anybody else.

    A talk that was moved has its new time; one that was given back has none, and one whose time was lost is not met.
    """
    reader = evenings.read_as_guardian(uow, guardian_id)
    evening = evenings.get_evening(uow, evening_id, reader)
    plan = find_published(uow, evening_id)
    rows = _named(uow, sa.and_(PlanWish.plan_id == plan.id, PlanWish.guardian_id == guardian_id,
                               PlanWish.pupil_id.in_(reader.bookable or ()))) if plan else []
    mine = list_my_appointments(uow, guardian_id, Page(MY_APPOINTMENTS), reader.bookable)
    held = {item["id"]: item for item in mine if item["whose"] == "mine"}
    wishes = sorted(rows, key=lambda row: (row["pupil"]["id"], row["rank"]))
    for row in wishes:
        key = row["appointment_id"]
        if key and key not in held and find_guest(uow, key, guardian_id).cause == REPLANNED:
            row |= {"appointment_id": None, "code": REPLANNED, "facts": {}}
    return {"evening": evening, "is_planned": plan is not None, "wishes": [_why(row, held) for row in wishes]}


def _why(row: dict[str, Any], held: dict[str, Any]) -> dict[str, Any]:
    """Whatever kept a talk of the plan from standing is told alike: the time was taken."""
    now = held.get(row["appointment_id"] or "")
    code = "taken-since" if row["was_lost"] else row["code"]
    return {"pupil": row["pupil"], "staff": row["staff"], "rank": row["rank"], "code": code,
            "facts": {} if row["was_lost"] else _unrevealing(row["facts"]), "starts_at": now and now["starts_at"],
            "ends_at": now and now["ends_at"], "is_met": row["appointment_id"] is not None}


def _unrevealing(facts: dict[str, Any]) -> dict[str, Any]:
    """Numbers of a group so small that they would speak of single families are left out."""
    return {} if facts.get("wishes", LARGE_ENOUGH) < LARGE_ENOUGH else facts


def list_unmet(uow: UnitOfWork, evening_id: str) -> Sequence[Any]:
    """The wishes that the published plan could not meet, for who keeps waiting lists: most wanted first."""
    plan = find_published(uow, evening_id)
    return [] if plan is None else uow.rows(
        sa.select(PlanWish.wish_id, PlanWish.guardian_id, PlanWish.pupil_id, PlanWish.staff_id, PlanWish.rank,
                  PlanWish.please_come).where(PlanWish.plan_id == plan.id, PlanWish.appointment_id.is_(None))
        .order_by(PlanWish.rank, PlanWish.wish_id))


def get_replan(uow: UnitOfWork, replan_id: str, hold: bool = False) -> Replan:
    wanted = sa.select(Replan).where(Replan.id == replan_id)
    found = uow.all(wanted.with_for_update() if hold else wanted)
    if not found:
        raise NotFound()
    return found[0]


def list_ranks(uow: UnitOfWork, evening_id: str) -> dict[tuple[str, str, str], tuple[int, bool]]:
    """(rank, whether asked to come) of the published plan's wishes, by adult, child and teacher."""
    plan = find_published(uow, evening_id)
    rows = [] if plan is None else uow.rows(sa.select(
        PlanWish.guardian_id, PlanWish.pupil_id, PlanWish.staff_id, PlanWish.rank, PlanWish.please_come).where(
        PlanWish.plan_id == plan.id))
    return {(row.guardian_id, row.pupil_id, row.staff_id): (row.rank, row.please_come) for row in rows}


def show_replan(uow: UnitOfWork, made: Replan) -> dict[str, Any]:
    """A replan as the office sees it, with each talk that changes."""
    talks = made.changes["talks"]
    pupils = _names(uow, people.pupil_names(), {one["pupil_id"] for one in talks})
    staff = _names(uow, people.staff_names(), {one["staff_id"] for one in talks})
    return {"id": made.id, "evening_id": made.evening_id, "state": made.state, "cause": made.cause,
            "measure": {"new_slots": 0, "relocated": 0, "rushed": 0, **made.measure}, "rooms": _list_rooms(uow, made),
            "created_at": made.created_at, "confirmed_at": made.confirmed_at,
            "talks": [{"appointment_id": one["appointment_id"], "pupil": pupils[one["pupil_id"]],
                       "staff": staff[one["staff_id"]], "was_at": datetime.fromisoformat(one["was_at"]),
                       "starts_at": one["starts_at"] and datetime.fromisoformat(one["starts_at"]),
                       "was_room": one.get("was_room", ""), "room": one.get("room", "")} for one in talks]}


def _list_rooms(uow: UnitOfWork, made: Replan) -> list[dict[str, Any]]:
    """Where those who lose a room could go instead, while that can be chosen."""
    if made.state != "ready" or made.cause["kind"] != "flooded" or made.cause.get("to_room"):
        return []
    lost = set(made.changes["lost"])
    blocks = {row.block_id for row in evenings.list_sat_slots(uow, made.evening_id) if row.id in lost}
    return [one for one in evenings.list_free_rooms(uow, blocks) if one["room"] != made.cause["room"]]


def _names(uow: UnitOfWork, who: sa.Subquery, ids: Collection[str]) -> dict[str, dict[str, str]]:
    nobody = {one: {"id": one, "given_name": "", "family_name": ""} for one in ids}
    return nobody | {row.id: {"id": row.id, "given_name": row.given_name, "family_name": row.family_name}
                     for row in uow.rows(sa.select(who).where(who.c.school_id == uow.school, who.c.id.in_(ids)))}
