"""What is asked before somebody has a time: that it is ahead, long enough, and that who comes can be there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NoReturn

from chassis.errors import Conflict
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.queries import can_walk, list_free_runs, plan_visit
from services.scheduling.appointments.rules import SHOWN_TIMES, Diary, Span, Walks, clock_words, taken_words
from services.scheduling.people import queries as people


@dataclass(frozen=True, slots=True)
class Asked:
    """Slots one after the other that somebody asks for, by whom, about whom, and where everybody concerned is.

    `how` is how who asks comes; `but` the appointment that is moved, in whose place they would be. `by_office`: the
    office asks for them, and what is said is said of them.
    """

    slots: Sequence[Any]
    pupil_id: str
    guardian_id: str
    diary: Diary
    walks: Walks
    how: str
    but: str = ""
    by_office: bool = False

    @property
    def slot(self) -> Any:
        return self.slots[0]

    @property
    def span(self) -> Span:
        return Span(self.slots[0].starts_at, self.slots[-1].ends_at)

    def why_not(self, guardian_id: str, how: str, run: Sequence[Any] | None = None) -> str:
        """Why this adult cannot be there, for these slots or for a run of others; '' if they can."""
        visit = plan_visit(run or self.slots, how, self.walks)
        if self.diary.is_busy(guardian_id, visit.span, self.but):
            return "yours" if guardian_id == self.guardian_id else "taken"
        if self.diary.is_too_near(guardian_id, visit.span, self.but):
            return "taken"
        if not can_walk(self.diary, guardian_id, visit, self.but):
            return "walk" if guardian_id == self.guardian_id else "taken"
        return ""


def require_free(uow: UnitOfWork, asked: Asked, ways: Mapping[str, str]) -> None:
    """Conflict unless the time is ahead and all who come can be there; of others no more is said than 'taken'.

    `ways` is how each of them comes.
    """
    if asked.slot.starts_at <= uow.now:
        refuse(uow, asked, "past")
    for one in sorted(ways, key=lambda one: one != asked.guardian_id):
        reason = asked.why_not(one, ways[one])
        if reason:
            refuse(uow, asked, reason)


def require_length(uow: UnitOfWork, asked: Asked, length: int) -> None:
    if len(asked.slots) < length:
        refuse(uow, asked, "short", length)


def refuse(uow: UnitOfWork, asked: Asked, reason: str, length: int = 0) -> NoReturn:
    """Conflict, with the first times of the same teacher that who asks could have."""
    _, zone = people.get_school(uow)
    runs = list_free_runs(uow, asked.slot.evening_id, asked.pupil_id, [asked.slot.staff_id],
                          length or len(asked.slots))
    free = (clock_words(run[0].starts_at, zone) for run in runs
            if not asked.why_not(asked.guardian_id, asked.how, run)
            and not asked.diary.is_busy(asked.guardian_id, Span(run[0].starts_at, run[-1].ends_at)))
    raise Conflict(taken_words(clock_words(asked.slot.starts_at, zone), reason,
                               list(islice(free, SHOWN_TIMES + 1)), asked.by_office))
