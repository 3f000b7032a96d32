"""What staff pages show: Today, read from every school they work at, and how far good news has got with two homes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask_babel import gettext as _

from chassis.auth import Principal
from services.portal.accounts.queries import School, Visitor
from services.portal.children.queries import ChildPage, find_page, or_nothing
from services.portal.clients.about_me import AboutToRead
from services.portal.clients.check_ins import CheckIn
from services.portal.clients.heard import Unheard
from services.portal.clients.partnerships import BriefLoop
from services.portal.clients.praise import GoodNews
from services.portal.clients.profiles import ClassName, Update
from services.portal.clients.progress import ClassDue
from services.portal.clients.reviews import ReviewItem
from services.portal.clients.scheduling import Appointment, Evening
from services.portal.clients.strategies import StrategySummary
from services.portal.clients.voice import ChildNote
from services.portal.staff.rules import Reach, by_evening, reach_of
from services.portal.standing import Standing
from services.portal.wiring import Portal

MOST_FOLLOWED = 10  # the newest good news of a child is followed home
MOST_UNHEARD = 5


@dataclass(slots=True)
class TodayPage:
    """Everything on Today, of every school at which this person works: each list by the name of its read."""

    updates: list[Update] = field(default_factory=list)
    about_me: list[AboutToRead] = field(default_factory=list)
    notes: list[ChildNote] = field(default_factory=list)
    check_ins: list[CheckIn] = field(default_factory=list)
    reviews: list[ReviewItem] = field(default_factory=list)
    loops: list[BriefLoop] = field(default_factory=list)
    strategies: list[StrategySummary] = field(default_factory=list)
    progress: list[ClassDue] = field(default_factory=list)
    class_pages: list[ClassDue] = field(default_factory=list)
    unheard: list[Unheard] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    evenings: list[Evening] = field(default_factory=list)
    classes: list[ClassName] = field(default_factory=list)
    silent: list[School] = field(default_factory=list)

    @property
    def talks(self) -> list[list[Appointment]]:
        """The appointments of each evening together."""
        return by_evening(self.appointments)

    @property
    def titles(self) -> dict[str, str]:
        """What each evening is called, by its id."""
        return {evening["id"]: evening["title"] for evening in self.evenings}


def read_today(portal: Portal, visitor: Visitor) -> TodayPage:
    """A read for each list in each school, all at the same time; a school that is silent in part is named."""
    asked = [(member.school, name, read) for member, who in zip(visitor.members, visitor.principals(), strict=True)
             for name, read in _reads(portal, who).items()]
    answers, page = portal.transport.gather([read for _school, _name, read in asked]), TodayPage()
    for (school, name, _read), answer in zip(asked, answers, strict=True):
        if answer is None and school not in page.silent:
            page.silent.append(school)
        getattr(page, name).extend(answer or ())
    page.appointments.sort(key=lambda item: item["starts_at"])
    page.reviews = keep_open(page.reviews, {loop["id"] for loop in page.loops})
    return page


def keep_open(reviews: Sequence[ReviewItem], loop_ids: Collection[str]) -> list[ReviewItem]:
    """Those that are booked, talks outside evenings, and of the others those whose loop is there for its reader."""
    return [item for item in reviews if item["state"] == "booked" or item.get("kind") == "talk"
            or item["partnership_id"] in loop_ids]


def _reads(portal: Portal, who: Principal) -> dict[str, Callable[[], Sequence[Any]]]:
    return {
        "updates": partial(portal.profiles.list_waiting_updates, who),
        "about_me": partial(portal.about_me.list_to_read, who), "notes": partial(portal.voice.list_new_notes, who),
        "check_ins": lambda: portal.check_ins.list_mine(who)["proposed"],
        "reviews": partial(portal.reviews.list_reviews, who), "loops": partial(portal.partnerships.list_due, who),
        "strategies": partial(portal.strategies.list_waiting, who), "progress": partial(portal.progress.list_due, who),
        "class_pages": partial(portal.expectations.list_due, who),
        "unheard": lambda: portal.heard.list_unheard(who, limit=MOST_UNHEARD)["items"],
        "appointments": partial(portal.scheduling.list_appointments, who),
        # All of the school's are no sign that somebody could have booked with this reader.
        "evenings": lambda: [] if who.is_any("office", "head") else portal.scheduling.list_evenings(who),
        "classes": partial(portal.profiles.list_classes, who)}


def read_pupil(portal: Portal, visitor: Visitor, pupil_id: str) -> tuple[Standing, ChildPage]:
    """Staff's page of a child, with how far good news has got, and what is planned with the family."""
    place, page = find_page(portal, visitor, pupil_id)
    who = place.who
    reads: list[Callable[[], Any]] = [
        partial(portal.praise.list_praise, who, pupil_id),
        partial(or_nothing, partial(portal.reviews.list_reviews, who)),
        partial(or_nothing, partial(portal.check_ins.list_about, who, pupil_id)),
        partial(or_nothing, partial(portal.heard.suggests_good_news, who, pupil_id))]
    praise, page.reviews, page.check_ins, suggests = portal.transport.gather(reads)
    page.suggests = bool(suggests)
    page.reviews = keep_open(page.reviews or (), {item["id"] for item in page.part("loop")})
    if praise is not None:
        page.praise = praise["items"][:MOST_FOLLOWED]
        page.reach = read_reach(portal, who, pupil_id, page.praise) if page.praise else {}
    return place, page


def read_reach(portal: Portal, who: Principal, pupil_id: str, praise: Sequence[GoodNews]) -> dict[str, str]:
    """Words on how far each piece of good news has got, by its id; nothing where a service is silent."""
    newest = praise[:MOST_FOLLOWED]
    reads: list[Callable[[], Any]] = [partial(portal.profiles.list_homes, who, pupil_id), *(
        partial(portal.notifications.list_told, who, item["id"], pupil_id) for item in newest)]
    homes, *answers = portal.transport.gather([partial(or_nothing, read) for read in reads])
    if homes is None:
        return {}
    adults = [home["guardian_ids"] for home in homes]
    found = {item["id"]: reach_of(adults, {one["guardian_id"]: one["state"] for one in told})
             for item, told in zip(newest, answers, strict=True) if told is not None}
    return {name: said_of(reach) for name, reach in found.items() if reach is not None}


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
