"""The door of the solver: all that other rooms may ask of it."""

from services.scheduling.solver.fitting import fit
from services.scheduling.solver.limits import Capacity, bound, capacity, find_faults
from services.scheduling.solver.plan import Cost, Plan, Progress, Talk
from services.scheduling.solver.problem import (
    DEFAULT_ORDER,
    Desk,
    Elsewhere,
    Party,
    Problem,
    Resource,
    Slot,
    Wish,
    in_order,
)
from services.scheduling.solver.reasons import Reason, explain
from services.scheduling.solver.replan import Replan, replan
from services.scheduling.solver.search import solve

__all__ = ["DEFAULT_ORDER", "Capacity", "Cost", "Desk", "Elsewhere", "Party", "Plan", "Problem", "Progress", "Reason",
           "Replan", "Resource", "Slot", "Talk", "Wish", "bound", "capacity", "explain", "find_faults", "fit",
           "in_order", "replan", "solve"]
