"""What can be done with plans: ask for one, and stop the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Conflict, Invalid
from chassis.timers import set_timer
from chassis.unit_of_work import UnitOfWork
from services.scheduling.evenings.actions import hold_evening
from services.scheduling.planning.models import Plan
from services.scheduling.planning.queries import UNFINISHED, get_plan
from services.scheduling.solver.queries import DEFAULT_ORDER, in_order
from services.scheduling.wishes.queries import count_by_staff

RUN = "planning-run"
SEEDS = 2**31


@dataclass(frozen=True, slots=True)
class AskedPlan:
    """What the office wants: `rounds` instead of a time gives the same plan again for the same seed."""

    seed: int | None
    budget_s: int
    rounds: int | None = None
    aims: Sequence[str] = ()


def ask_plan(uow: UnitOfWork, evening_id: str, wanted: AskedPlan, who: str) -> Plan:
    """A plan that a worker begins at once. Until the last day for wishes it is a trial; it can be made anew."""
    evening = hold_evening(uow, evening_id)
    require_plannable(uow, evening)
    if uow.all(sa.select(Plan.id).where(Plan.evening_id == evening_id, Plan.state.in_(UNFINISHED)).limit(1)):
        raise Conflict("A plan for this evening is being made just now. Wait for it, or stop it.")
    if not count_by_staff(uow, evening_id):
        raise Conflict("Nobody has said yet whom they wish to see, so there is nothing to plan.")
    if set(wanted.aims) - set(DEFAULT_ORDER):
        raise Invalid(errors={"/aims": "This is not an aim that a plan can have."})
    plan = Plan(
        id=new_id(), evening_id=evening_id, state="queued", seed=0, budget_s=wanted.budget_s,
        rounds_asked=wanted.rounds, aims=list(in_order((*wanted.aims, *evening.aims))),
        requested_by=who, stop_asked=False, created_at=uow.now, claimed_until=None, finished_at=None,
        published_at=None, rounds=0, millis=0, unmet=0, idle=0, summary={})
    plan.seed = int(plan.id.replace("-", "")[-12:], 16) % SEEDS if wanted.seed is None else wanted.seed
    uow.add(plan)
    uow.flush()
    set_timer(uow, RUN, plan.id, uow.now)
    return plan


def require_plannable(uow: UnitOfWork, evening: Any) -> None:
    """Conflict unless this evening's times are made at once, and were not yet."""
    if evening.way != "plan":
        raise Conflict("Families choose their own times at this evening, so there is no plan to make.")
    if evening.state != "open":
        words = {"draft": "Open this evening first: families have not been asked yet.",
                 "planned": "This evening has its plan already. Where a time is lost, say what has changed.",
                 "cancelled": "This evening was cancelled."}
        raise Conflict(words[evening.state])
    if evening.starts_at <= uow.now:
        raise Conflict("This evening has begun, so it cannot be planned any more.")


def stop_plan(uow: UnitOfWork, plan_id: str) -> Plan:
    """End the search: the best plan so far is kept. Of one that was not begun nothing is."""
    plan = get_plan(uow, plan_id, hold=True)
    if plan.state == "queued":
        plan.state, plan.finished_at = "stopped", uow.now
    plan.stop_asked = True
    uow.flush()
    return plan
