"""Notices of all the visitor's schools in one list, each with its words and the page it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from flask_babel import gettext as _

from services.portal.accounts.queries import School, Visitor
from services.portal.clients.notifications import Notice
from services.portal.looks import day, moment
from services.portal.wiring import Portal

PAGE = 30


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
    said = {
        "update-shared": (_("A note from home about %(name)s", name=name), f"/staff/updates/{notice['about_id']}"),
        "update-acknowledged": (_("School has read your update about %(name)s", name=name),
                                f"{child}/updates/{notice['about_id']}"),
        "pupil-left": (_("%(name)s is no longer on the school's register", name=name), "/staff"),
        "praise": (_("Good news about %(name)s", name=name), child),
        "consent-asked": (_("School asks something about %(name)s: answer by %(day)s", name=name,
                            day=day(data.get("closes_on"))), f"/consents/{notice['about_id']}"),
        "evening-opened": (_("Parents' evening for %(name)s, %(day)s: choose your times", name=name,
                             day=day(data.get("on"))), f"/evenings/{notice['about_id']}"),
        "appointment-booked": (_("Booked for %(name)s: %(when)s", name=name, when=moment(data.get("starts_at"))),
                               f"/staff{evening}" if staff else evening),
        "appointment-cancelled": (_("Not happening: %(when)s, for %(name)s", name=name,
                                    when=moment(data.get("starts_at"))), "/staff" if staff else evening),
    }
    return said.get(notice["kind"], (_("There is something new about %(name)s", name=name), "/"))
