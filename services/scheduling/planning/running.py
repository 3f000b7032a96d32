"""Running plans: a plan that was asked for is claimed in one transaction, searched with none open, stored in another.

While it searches it says now and then how far it is, in short transactions of their own. When its process dies its
claim runs out, and another begins the plan anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Unavailable
from chassis.log import logger
from chassis.timers import set_timer
from chassis.unit_of_work import Database, UnitOfWork
from services.scheduling.planning.actions import RUN
from services.scheduling.planning.building import Ground, build_ground
from services.scheduling.planning.models import Plan, PlanWish
from services.scheduling.planning.queries import UNFINISHED
from services.scheduling.planning.summary import summarise
from services.scheduling.solver import queries as solver

CLAIM, PATIENCE = timedelta(minutes=2), timedelta(seconds=20)
TELL_S = 1.0
LONGEST_S = 30.0
TOO_MUCH = "too-"  # how the faults begin that are of the whole evening
log = logger("planning")
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Task:
    """A plan that is ours to make."""

    id: str
    evening_id: str
    seed: int
    budget_s: int
    rounds: int | None
    aims: tuple[str, ...]


class Runner:
    """Makes plans, one at a time, in a thread of the worker that nothing else waits for.

    A timer says where one was asked for; only at the start, after whatever ended the last process, is everywhere
    looked. `clock` measures seconds of work.
    """

    def __init__(self, database: Database, schools: Callable[[], Sequence[str]], clock: Clock = time.monotonic):
        self._database = database
        self._schools = schools
        self._clock = clock
        self._due: set[str] | None = None

    def wake(self, uow: UnitOfWork, _plan_id: str) -> None:
        """The timer's word that a plan of this school waits, or may have been left."""
        if self._due is not None:
            self._due.add(uow.school)

    def run_next(self) -> int:
        """Make what waits; return how many plans were ended."""
        due, self._due = self._due, set()
        done = 0
        for school in self._schools() if due is None else sorted(due):
            while (task := self._claim(school)) is not None:
                self._run(school, task)
                done += 1
        return done

    def _claim(self, school: str) -> Task | None:
        """Take the oldest plan that waits, or whose worker ended. A timer looks whether this one ends."""
        waits = sa.and_(Plan.state.in_(UNFINISHED), sa.or_(
            Plan.claimed_until.is_(None), Plan.claimed_until < self._database.clock.now()))
        with self._database.unit_of_work(school, write=False) as uow:
            if not uow.all(sa.select(Plan.id).where(waits).limit(1)):
                return None
        with self._database.unit_of_work(school) as uow:
            rows = uow.all(sa.select(Plan).where(waits).order_by(Plan.id).limit(1).with_for_update(skip_locked=True))
            if not rows:
                return None
            plan = rows[0]
            plan.state, plan.claimed_until = "running", uow.now + CLAIM
            set_timer(uow, RUN, plan.id, plan.claimed_until + timedelta(seconds=1))
            return Task(plan.id, plan.evening_id, plan.seed, plan.budget_s, plan.rounds_asked, tuple(plan.aims))

    def _run(self, school: str, task: Task) -> None:
        try:
            with self._database.unit_of_work(school, write=False) as uow:
                ground = build_ground(uow, task.evening_id, task.aims)
            faults = solver.find_faults(ground.problem)
            if any(fault.startswith(TOO_MUCH) for fault in faults):
                self._end(school, task, {"faults": faults})
                return
            plan = self._search(school, task, ground.problem)
            self._store(school, task, ground, plan, faults)
        except Unavailable:
            self._wait(school, task)
            return
        except Exception as error:
            log.error("plan_failed", school=school, plan=task.id, reason=type(error).__name__)
            self._end(school, task, {"faults": ["unexpected"]})
            return
        log.info("plan_made", school=school, plan=task.id, rounds=plan.rounds, millis=round(plan.seconds * 1000))

    def _search(self, school: str, task: Task, problem: solver.Problem) -> solver.Plan:
        told = began = self._clock()

        def progress(so_far: solver.Progress) -> bool:
            nonlocal told
            now = self._clock()
            if now - told < TELL_S:
                return now - began < LONGEST_S
            told = now
            return self._tell(school, task, so_far, now - began) and now - began < LONGEST_S

        if task.rounds is None:
            return solver.solve(problem, task.seed, float(task.budget_s), self._clock, progress)
        # By rounds and not by time: what a look at the clock tells must not depend on the machine.
        return solver.solve(problem, task.seed, float(task.budget_s), lambda: 0.0, progress, max_rounds=task.rounds)

    def _tell(self, school: str, task: Task, so_far: solver.Progress, seconds: float) -> bool:
        """Write down how far it is; False when somebody wants it to stop, or took it over."""
        with self._database.unit_of_work(school) as uow:
            uow.session.execute(sa.update(Plan).where(Plan.id == task.id, Plan.state == "running").values(
                rounds=so_far.rounds, millis=round(seconds * 1000), unmet=so_far.unmet, idle=so_far.burden,
                claimed_until=uow.now + CLAIM))
            return bool(uow.all(sa.select(Plan.id).where(
                Plan.id == task.id, Plan.state == "running", Plan.stop_asked.is_(False))))

    def _store(self, school: str, task: Task, ground: Ground, plan: solver.Plan, faults: Sequence[str]) -> None:
        reasons = solver.explain(ground.problem, plan)
        talks = {talk.wish: talk for talk in plan.talks}
        rows = [row for key, group in ground.groups.items() for row in _wish_rows(
            task, ground, group, (talks.get(key), reasons[key]))]
        summary = {**summarise(ground, plan), "faults": list(faults)}
        with self._database.unit_of_work(school) as uow:
            if _finish(uow, task.id, "ready", {
                    "summary": summary, "rounds": plan.rounds, "millis": round(plan.seconds * 1000),
                    "unmet": summary["unmet"], "idle": plan.cost.idle}):
                uow.insert(PlanWish, rows)

    def _wait(self, school: str, task: Task) -> None:
        """We cannot say now who may come: the plan waits until we can."""
        with self._database.unit_of_work(school) as uow:
            later = uow.now + PATIENCE
            uow.session.execute(sa.update(Plan).where(Plan.id == task.id, Plan.state == "running").values(
                state="queued", claimed_until=later))
            set_timer(uow, RUN, task.id, later + timedelta(seconds=1))

    def _end(self, school: str, task: Task, summary: Mapping[str, Any]) -> None:
        with self._database.unit_of_work(school) as uow:
            _finish(uow, task.id, "failed", {"summary": dict(summary)})


def _finish(uow: UnitOfWork, plan_id: str, state: str, values: Mapping[str, Any]) -> bool:
    """Whether it was ours to end: whoever took a plan over ends it."""
    return bool(uow.session.execute(
        sa.update(Plan).where(Plan.id == plan_id, Plan.state == "running").values(
            state=state, finished_at=uow.now, claimed_until=None, **values).returning(Plan.id),
        execution_options={"synchronize_session": False}).all())


def _wish_rows(task: Task, ground: Ground, group: Any, got: tuple[Any, solver.Reason]) -> list[dict[str, Any]]:
    talk, reason = got
    talk_id, slots = (new_id(), [ground.slots[key] for key in talk.slots]) if talk is not None else (None, [])
    return [{"plan_id": task.id, "wish_id": wish.id, "evening_id": task.evening_id, "guardian_id": wish.guardian_id,
             "pupil_id": wish.pupil_id, "staff_id": wish.staff_id, "rank": wish.rank, "please_come": wish.please_come,
             "code": reason.code, "facts": _facts(reason), "talk_id": talk_id,
             "slot_ids": [slot.id for slot in slots], "starts_at": slots[0].starts_at if slots else None,
             "ends_at": slots[-1].ends_at if slots else None,
             "adults": list(group.adults) if talk else [wish.guardian_id], "appointment_id": None}
            for wish in group.wishes]


def _facts(reason: solver.Reason) -> dict[str, Any]:
    """Numbers and keys alone; the times of a talk stand in the row itself."""
    return {name: value for name, value in reason.facts.items() if name not in ("start", "end")}
