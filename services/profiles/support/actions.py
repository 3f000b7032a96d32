"""What can be done with support: say that a child has it, how its plan is called, or that it has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.auth import Principal
from chassis.errors import Invalid, Stale
from chassis.unit_of_work import UnitOfWork
from services.profiles.partnerships.actions import hand_over
from services.profiles.people.events import publish_state
from services.profiles.relationships.actions import note_change
from services.profiles.support.events import support_described
from services.profiles.support.models import Support
from services.profiles.support.rules import NONE, read_version, reviews_for


@dataclass(frozen=True, slots=True)
class Said:
    """Whether a child has support, how its plan is called, and for what."""

    status: str
    plan_reference: str
    areas: Sequence[str]


def set_support(uow: UnitOfWork, caller: Principal, pupil_id: str, said: Said, match: str | None) -> None:
    """Say what support a child has; readers hear only how often school and home should speak.

    Whether a SENCO has to do with the child follows from it at once: the rule reads this row. What they were leading
    goes to somebody who still has.
    """
    row: Support | None = uow.get(Support, pupil_id)
    if match is None:
        raise Invalid(errors={"/If-Match": "Say which version you have seen."})
    if read_version(match) != (row.version if row else 0):
        raise Stale()
    if row is None:
        row = Support(pupil_id=pupil_id, status=NONE, version=0)
        uow.add(row)
    before, row.status = row.status, said.status
    row.plan_reference, row.areas = said.plan_reference.strip(), list(said.areas)
    row.version, row.set_by, row.set_at = row.version + 1, caller.person_id, uow.now
    note_change(uow, (pupil_id, None), "support", caller.person_id)
    publish_state(uow, [support_described(pupil_id, reviews_for(row.status))])
    if row.status == NONE and before != NONE:
        hand_over(uow, pupil_id)
