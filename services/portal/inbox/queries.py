"""Notices of all the visitor's schools in one list, each with its words and the page it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import gettext as _

from services.portal.accounts.queries import School, Visitor
from services.portal.clients.notifications import Notice
from services.portal.looks import day, moment
from services.portal.wiring import Portal

PAGE = 30
LOOP, TALK = "{page}/together/{about}", "{page}/reviews/{about}"
STRATEGIES, ABOUT = "{page}/strategies", "{page}/about-me"
# The words of the partnership's notices, by kind, with the page that each is about.
NEWS: dict[str, tuple[Callable[[str], str], str]] = {
    "partnership-opened": (lambda name: _("Something about %(name)s to look at together", name=name), LOOP),
    "partnership-answered": (lambda name: _("New words in what we look at together about %(name)s", name=name), LOOP),
    "partnership-stepped": (lambda name: _("Next steps for %(name)s", name=name), LOOP),
    "partnership-joined": (lambda name: _("Somebody joined what we look at together about %(name)s", name=name), LOOP),
    "partnership-reminded": (lambda name: _("Soon we look again together about %(name)s", name=name), LOOP),
    "partnership-overdue": (lambda name: _("%(name)s: the day to look again has passed", name=name), LOOP),
    "partnership-closed": (lambda name: _("What we did together for %(name)s", name=name), LOOP),
    "partnership-thanked": (lambda name: _("Somebody says thank you, about %(name)s", name=name), LOOP),
    "strategy-suggested": (lambda name: _("Something to do the same way for %(name)s?", name=name), STRATEGIES),
    "strategy-agreed": (lambda name: _("What home and school do the same way for %(name)s", name=name), STRATEGIES),
    "strategy-changed": (lambda name: _("A change in what we do the same way for %(name)s", name=name), STRATEGIES),
    "strategy-ended": (lambda name: _("Something that we no longer do for %(name)s", name=name), STRATEGIES),
    "agreement-published": (lambda name: _("What school and home promise each other about %(name)s", name=name),
                            "{page}/agreement"),
    "aboutme-toread": (lambda name: _("A page about %(name)s to read before your lesson", name=name), ABOUT),
    "aboutme-reviewdue": (lambda name: _("Time to look at the page about %(name)s together", name=name), ABOUT),
    "aboutme-changed": (lambda name: _("Something new on the page about %(name)s", name=name), ABOUT),
    "update-overdue": (lambda name: _("A note from home about %(name)s waits", name=name), "/staff/updates/overdue"),
    "note-shared": (lambda name: _("%(name)s has written to you", name=name), "{page}"),
    "progress-written": (lambda name: _("How school is going for %(name)s", name=name), "{page}/progress"),
    "progress-replied": (lambda name: _("An answer to your note about %(name)s", name=name), "{page}/progress"),
    "expectation-published": (lambda name: _("This half-term in %(name)s's class", name=name), "{page}/class"),
    "praise-shared": (lambda name: _("Good news about %(name)s", name=name), "{page}/good-news"),
    "review-offered": (lambda name: _("Choose a time to talk about %(name)s", name=name), TALK),
    "review-booked": (lambda name: _("A time to talk about %(name)s", name=name), TALK),
    "review-cancelled": (lambda name: _("The talk about %(name)s will not happen at that time", name=name), TALK),
    "meeting-asked": (lambda name: _("Somebody would like to talk with you about %(name)s", name=name), "{page}/talks"),
    "meeting-offered": (lambda name: _("Choose a time to talk about %(name)s", name=name), TALK),
    "meeting-booked": (lambda name: _("A time to talk about %(name)s", name=name), TALK),
    "meeting-cancelled": (lambda name: _("The talk about %(name)s will not happen at that time", name=name), TALK),
    "talk-missed": (lambda name: _("We missed you: choose another day to talk about %(name)s", name=name),
                    "{page}/talks"),
    "evening-thanked": (lambda name: _("Thank you for coming to the evening about %(name)s", name=name),
                        "{page}/together"),
    "checkin-proposed": (lambda name: _("A short talk about %(name)s", name=name), "{page}/check-ins/{about}"),
    "wishes-reminded": (lambda name: _("Parents' evening for %(name)s: tell us when you can come", name=name),
                        "/evenings/{about}/wishes"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One notice as it is shown."""

    school: School
    notice: Notice
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    """`after` says for each school where its next page begins; empty when there is no more."""

    items: list[Item]
    after: dict[str, str]
    silent: list[School]


def read_inbox(portal: Portal, visitor: Visitor, after: Mapping[str, str]) -> InboxPage:
    """A page of each school, put together by time. `after` is empty for the newest."""
    schools = [(member.school, who) for member, who in zip(visitor.members, visitor.principals(), strict=True)
               if not after or member.school.id in after]
    answers = portal.transport.gather([
        partial(portal.notifications.list_notices, who, PAGE, after.get(school.id)) for school, who in schools])
    items, more, silent = [], {}, []
    for (school, _who), answer in zip(schools, answers, strict=True):
        if answer is None:
            silent.append(school)
            continue
        items += [Item(school, notice, *_said(notice, visitor.hat)) for notice in answer[0]]
        if answer[1]:
            more[school.id] = answer[1]
    items.sort(key=lambda item: item.notice["created_at"], reverse=True)
    return InboxPage(items, more, silent)


def _said(notice: Notice, hat: str) -> tuple[str, str]:
    """The words of a notice and where it leads; a kind from a newer service leads home."""
    pupil, data = notice["pupil"], notice["data"]
    name = pupil["given_name"] if pupil else _("your child")
    child = f"/children/{pupil['id']}" if pupil else "/"
    evening = f"/evenings/{data.get('evening_id', notice['about_id'])}"
    staff = hat == "staff"
    if notice["kind"] in NEWS:
        return _news(notice, name, f"/staff/pupils/{pupil['id']}" if pupil and staff else child)
    said = {
        "update-shared": (_("A note from home about %(name)s", name=name), f"/staff/updates/{notice['about_id']}"),
        "update-acknowledged": (_("School has read your update about %(name)s", name=name),
                                f"{child}/updates/{notice['about_id']}"),
        "pupil-left": (_("%(name)s is no longer on the school's register", name=name), "/staff"),
        "praise": (_("Good news about %(name)s", name=name), child),
        "consent-asked": (_("School asks something about %(name)s: answer by %(day)s", name=name,
                            day=day(data.get("closes_on"))), f"/consents/{notice['about_id']}"),
        "evening-opened": (_invitation(name, data), f"/evenings/{notice['about_id']}"),
        "evening-cancelled": (_("The parents' evening on %(day)s will not happen", day=day(data.get("on"))),
                              "/staff" if staff else "/"),
        "evening-moved": (_("The parents' evening is on %(when)s now", when=moment(data.get("starts_at"))),
                          f"/staff{evening}" if staff else f"{evening}/wishes"),
        "itinerary-planned": (_("Parents' evening for %(name)s, %(day)s: your times are here", name=name,
                                day=day(data.get("on"))), f"{evening}/why"),
        "plan-published": (_("Parents' evening, %(day)s: your list of talks is ready", day=day(data.get("on"))),
                           f"/staff{evening}"),
        "appointment-booked": (_("Booked for %(name)s: %(when)s", name=name, when=moment(data.get("starts_at"))),
                               f"/staff{evening}" if staff else evening),
        "appointment-cancelled": (_("Not happening: %(when)s, for %(name)s", name=name,
                                    when=moment(data.get("starts_at"))), "/staff" if staff else evening),
    }
    return said.get(notice["kind"], (_("There is something new about %(name)s", name=name), "/"))


def _invitation(name: str, data: Mapping[str, Any]) -> str:
    if data.get("way") == "plan":
        return _("Parents' evening for %(name)s, %(day)s: say what you wish", name=name, day=day(data.get("on")))
    return _("Parents' evening for %(name)s, %(day)s: choose your times", name=name, day=day(data.get("on")))


def _news(notice: Notice, name: str, page: str) -> tuple[str, str]:
    """The words of the partnership's notices; where there is a time, it is said."""
    say, path = NEWS[notice["kind"]]
    words, starts_at = say(name), notice["data"].get("starts_at")
    if starts_at:
        words = _("%(what)s: %(when)s", what=words, when=moment(starts_at))
    return words, path.format(page=page, about=notice["about_id"]) if notice["pupil"] else "/"
