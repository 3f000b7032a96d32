"""What the first page of staff shows, read from every school they work at; what does not answer says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from services.portal.accounts.queries import School, Visitor
from services.portal.clients.profiles import ClassName, Update
from services.portal.clients.scheduling import Appointment, Evening
from services.portal.wiring import Portal


@dataclass(slots=True)
class TodayPage:
    """Everything on Today."""

    updates: list[Update] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    evenings: list[Evening] = field(default_factory=list)
    classes: list[ClassName] = field(default_factory=list)
    silent: list[School] = field(default_factory=list)


def read_today(portal: Portal, visitor: Visitor) -> TodayPage:
    """Four reads in each school, all at the same time."""
    schools = list(zip(visitor.members, visitor.principals(), strict=True))
    reads: list[Callable[[], Any]] = [read for _member, who in schools for read in (
        partial(portal.profiles.list_waiting_updates, who), partial(portal.profiles.list_classes, who),
        partial(portal.scheduling.list_appointments, who), partial(portal.scheduling.list_evenings, who))]
    answers, page = iter(portal.transport.gather(reads)), TodayPage()
    for member, _who in schools:
        updates, classes, appointments, evenings = (next(answers) for _ in range(4))
        if None in (updates, classes, appointments, evenings):
            page.silent.append(member.school)
        page.updates += updates or []
        page.classes += classes or []
        page.appointments += appointments or []
        page.evenings += evenings or []
    page.appointments.sort(key=lambda item: item["starts_at"])
    return page
