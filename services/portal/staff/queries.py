"""What staff pages show: Today, read from every school they work at, and how far good news has got with two homes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.errors import NotFound
from services.portal.accounts.queries import School, Visitor
from services.portal.clients.profiles import ClassName, Praise, Update
from services.portal.clients.scheduling import Appointment, Evening
from services.portal.staff.rules import Reach, reach_of
from services.portal.wiring import Portal

MOST_FOLLOWED = 10  # the newest good news of a child is followed home


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


def read_reach(portal: Portal, who: Principal, pupil_id: str, praise: list[Praise]) -> dict[str, str]:
    """Words on how far each piece of good news has got, by its id; nothing where a service is silent."""
    newest = praise[:MOST_FOLLOWED]
    reads: list[Callable[[], Any]] = [partial(portal.profiles.list_homes, who, pupil_id), *(
        partial(portal.notifications.list_told, who, item["id"], pupil_id) for item in newest)]
    homes, *answers = portal.transport.gather([partial(_or_nothing, read) for read in reads])
    if homes is None:
        return {}
    adults = [home["guardian_ids"] for home in homes]
    found = {item["id"]: reach_of(adults, {one["guardian_id"]: one["state"] for one in told})
             for item, told in zip(newest, answers, strict=True) if told is not None}
    return {name: said_of(reach) for name, reach in found.items() if reach is not None}


def _or_nothing(read: Callable[[], Any]) -> Any:
    """What cannot be asked about is left out, so that the page is there all the same."""
    try:
        return read()
    except NotFound:
        return None


def said_of(reach: Reach) -> str:
    """For staff, at a glance."""
    if reach.is_on_its_way:
        return _("On its way")
    if reach.homes == 1:
        return _("One home: told") if reach.told else _("One home: not reached - please ring")
    if reach.homes == 2:
        return (_("Two homes: neither reached - please ring"), _("Two homes: one told, one not reached - please ring"),
                _("Two homes: both told"))[reach.told]
    if not reach.to_ring:
        return _("%(homes)s homes: all told", homes=reach.homes)
    return _("%(homes)s homes: %(told)s told, the others not reached - please ring", homes=reach.homes, told=reach.told)
