"""A child of the visitor: in which school, what they may do, and what stands on the child's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from chassis.auth import Principal
from chassis.errors import NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.profiles import Child, Praise, PupilPage, Update
from services.portal.clients.scheduling import Appointment, Evening
from services.portal.visiting import at_school, seek
from services.portal.wiring import Portal


@dataclass(frozen=True, slots=True)
class ChildPage:
    """What stands on a child's page; None in the place of what did not answer."""

    pupil: PupilPage
    praise: list[Praise] | None
    updates: list[Update] | None
    evenings: list[Evening] | None
    appointments: list[Appointment] | None


def find_child(portal: Portal, visitor: Visitor, pupil_id: str) -> tuple[Principal, Child]:
    """The child, and who the visitor is in the child's school; the page is banded as that school's."""

    def ask(who: Principal) -> Child:
        found = next((child for child in portal.profiles.list_children(who) if child["id"] == pupil_id), None)
        if found is None:
            raise NotFound()
        return found

    who, child = seek(visitor, ask)
    at_school(visitor, who.school)
    return who, child


def read_child(portal: Portal, who: Principal, pupil_id: str) -> ChildPage:
    """Everything about one child at once. What is about the child alone must answer; the rest may be silent."""
    reads: list[Callable[[], Any]] = [
        partial(portal.profiles.list_praise, who, pupil_id), partial(portal.profiles.list_updates, who, pupil_id),
        partial(portal.scheduling.list_evenings, who), partial(portal.scheduling.list_appointments, who)]
    pupil = portal.profiles.show_pupil(who, pupil_id)
    praise, updates, evenings, appointments = portal.transport.gather(reads)
    return ChildPage(
        pupil, praise, updates,
        None if evenings is None else [item for item in evenings
                                       if pupil_id in {child["id"] for child in item["pupils"]}],
        None if appointments is None else [item for item in appointments if item["pupil"]["id"] == pupil_id])
