"""What Home shows, read from every school of the visitor at once; one that does not answer says so in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from chassis.auth import Principal
from services.portal.accounts.queries import School, Visitor
from services.portal.clients.profiles import AskedConsent, Child, Praise
from services.portal.clients.reviews import ReviewItem
from services.portal.clients.scheduling import Answered, Appointment, Evening, is_own, is_wished
from services.portal.wiring import Portal

MOST_GOOD_NEWS = 5


@dataclass(frozen=True, slots=True)
class NeedsReply:
    """A parents' evening for which a child has no time yet."""

    evening: Evening
    pupil_id: str
    given_name: str

    @property
    def by(self) -> str:
        return self.evening["respond_by"]


@dataclass(frozen=True, slots=True)
class NeedsAnswer:
    """What school asks and this adult has not answered for each of the children."""

    consent: AskedConsent
    given_name: str

    @property
    def by(self) -> str:
        return self.consent["closes_on"]


@dataclass(frozen=True, slots=True)
class NeedsTime:
    """A time to look again together, to be chosen."""

    review: ReviewItem

    @property
    def by(self) -> str:
        return self.review["by_on"]

    @property
    def given_name(self) -> str:
        return self.review["pupil"]["given_name"]


@dataclass(frozen=True, slots=True)
class NeedsWishes:
    """An evening of which school asks what this adult wishes, for all of their children at once."""

    evening: Evening
    given_name: str
    is_wishes: bool = True

    @property
    def by(self) -> str:
        return self.evening["respond_by"]


@dataclass(slots=True)
class HomePage:
    """Everything on Home, each list in the order it is shown."""

    needs: list[NeedsReply | NeedsAnswer | NeedsTime | NeedsWishes] = field(default_factory=list)
    coming_up: list[Appointment] = field(default_factory=list)
    wished: list[Evening] = field(default_factory=list)  # this adult has said what they wish; times follow
    reviews: list[ReviewItem] = field(default_factory=list)
    good_news: list[Praise] = field(default_factory=list)
    children: list[tuple[School, Child]] = field(default_factory=list)
    silent: list[School] = field(default_factory=list)  # schools of which a part did not answer

    @property
    def several_schools(self) -> bool:
        return len({school.id for school, _child in self.children}) > 1


def read_home(portal: Portal, visitor: Visitor) -> HomePage:
    """Two reads in each school, all at the same time."""
    schools = [(member.school, who) for member, who in zip(visitor.members, visitor.principals(), strict=True)]
    reads: list[Callable[[], Any]] = [read for _school, who in schools for read in _reads(portal, who)]
    answers, page = iter(portal.transport.gather(reads)), HomePage()
    for school, _who in schools:
        family, planned = next(answers), next(answers)
        if family is None or planned is None:
            page.silent.append(school)
        if family is not None:
            page.children += [(school, child) for child in family["children"]]
            page.good_news += family["praise"]
            page.needs += _not_answered(family.get("consents", []))
        if planned is not None:
            page.coming_up += planned["appointments"]
            page.needs += _without_a_time(planned["evenings"], planned["appointments"])
            asked, wished = _wished(planned["evenings"], planned.get("wishes", []))
            page.needs += asked
            page.wished += wished
            reviews: list[ReviewItem] = planned.get("reviews", [])
            page.needs += [NeedsTime(item) for item in reviews if item["state"] == "offered"]
            page.reviews += [item for item in reviews if item["state"] == "booked"]
    _sort(page)
    return page


def _reads(portal: Portal, who: Principal) -> tuple[Callable[[], Any], ...]:
    return partial(portal.profiles.show_home, who), partial(portal.scheduling.show_home, who)


def _without_a_time(evenings: list[Evening], appointments: list[Appointment]) -> list[NeedsReply]:
    booked = {(item["evening_id"], item["pupil"]["id"]) for item in appointments if is_own(item)}
    return [NeedsReply(evening, pupil["id"], pupil["given_name"]) for evening in evenings
            if evening.get("way") != "plan" for pupil in evening["pupils"]
            if (evening["id"], pupil["id"]) not in booked]


def _wished(evenings: list[Evening], answered: list[Answered]) -> tuple[list[NeedsWishes], list[Evening]]:
    """The evenings that still wait for a word of this adult, and those for which they have said what they wish."""
    told = {one["evening_id"]: one["pupil_ids"] for one in answered}
    asked, wished = list[NeedsWishes](), list[Evening]()
    for evening in filter(is_wished, evenings):
        missing = [pupil["given_name"] for pupil in evening["pupils"] if pupil["id"] not in told.get(evening["id"], ())]
        if missing:
            asked.append(NeedsWishes(evening, ", ".join(missing)))
        else:
            wished.append(evening)
    return asked, wished


def _not_answered(consents: list[AskedConsent]) -> list[NeedsAnswer]:
    return [NeedsAnswer(consent, ", ".join(one["pupil"]["given_name"] for one in consent["pupils"]
                                           if one["answer"] is None)) for consent in consents]


def _sort(page: HomePage) -> None:
    page.needs.sort(key=lambda need: (need.by, need.given_name))
    page.wished.sort(key=lambda evening: evening["starts_at"])
    page.coming_up.sort(key=lambda item: item["starts_at"])
    page.good_news = sorted(page.good_news, key=lambda item: item["sent_at"], reverse=True)[:MOST_GOOD_NEWS]
    page.children.sort(key=lambda found: found[1]["given_name"])
