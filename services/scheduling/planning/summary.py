"""A plan in figures: what each aim got."""

from __future__ import annotations

from collections import Counter
from typing import Any

from services.scheduling.planning.building import Ground
from services.scheduling.planning.rules import mean_wait
from services.scheduling.solver import queries as solver


def summarise(ground: Ground, plan: solver.Plan) -> dict[str, Any]:
    """Counts of wishes and families, waits in minutes. A wish of two who come together counts as one of each."""
    met = {talk.wish for talk in plan.talks}
    home = {party.id: party.home for party in ground.problem.parties}
    wishes = {wish.id: wish for wish in ground.problem.wishes}
    wished = Counter(home[wish.party] for wish in wishes.values())
    got = Counter(home[wishes[key].party] for key in met)
    size = {key: len(group.wishes) for key, group in ground.groups.items()}
    return {
        "wishes": sum(size.values()), "met": sum(size[key] for key in met),
        "unmet": sum(size[key] for key in size if key not in met),
        "talks": len(plan.talks), "families": len(wished),
        "families_with_all": sum(got[one] == count for one, count in wished.items()),
        "families_with_none": sum(not got[one] for one in wished),
        "please_come": sum(wish.please_come for wish in wishes.values()),
        "please_come_unmet": plan.cost.unmet_please_come,
        "first_choices": sum(wish.rank == 1 for wish in wishes.values()),
        "first_choices_met": sum(wishes[key].rank == 1 for key in met),
        "worst_wait": plan.cost.worst_wait, "mean_wait": mean_wait(plan.cost.idle, len(got)),
        "second_trips": plan.cost.trips, "is_best": plan.is_best, "held": ground.held}
