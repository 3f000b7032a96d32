"""What can be asked of feeds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from icalendar import Calendar, Event, vCalAddress

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.scheduling.appointments.queries import list_calendar
from services.scheduling.feeds.actions import hash_token
from services.scheduling.feeds.models import FeedToken
from services.scheduling.people.queries import get_school, list_bookable
from services.scheduling.reviews import queries as reviews

REFRESH = timedelta(hours=1)
SHOWN_AFTER = timedelta(days=30)
ORGANISER = "mailto:no-reply@tandem.invalid"
WHAT = {"review": "looking again together", "talk": "a talk"}


def write_calendar(uow: UnitOfWork, token: str) -> bytes:
    """The calendar behind a token. An adult who may book for nobody has no feed: the link stops with the right."""
    found = uow.all(sa.select(FeedToken.guardian_id).where(FeedToken.token_hash == hash_token(token)))
    if not found:
        raise NotFound()
    bookable = list_bookable(uow, found[0])
    if not bookable:
        raise NotFound()
    school, _ = get_school(uow)
    calendar = Calendar()
    calendar.add("prodid", "-//Tandem//Scheduling//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = f"Parents' evenings at {school}"
    calendar.add("name", name)
    if "X-WR-CALNAME" not in calendar:
        calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, {"value": "DURATION"})
    for item in list_calendar(uow, found[0], bookable):
        calendar.add_component(_entry(item, "parents' evening", school))
    for item in reviews.list_calendar(uow, found[0], bookable, uow.now - SHOWN_AFTER):
        calendar.add_component(_entry({**item, "place": school, "room": ""}, WHAT[item["kind"]], school))
    return bytes(calendar.to_ical())


def _entry(item: dict[str, Any], what: str, school: str) -> Event:
    """One meeting, in UTC: calendars disagree about time zones that a file brings along, never about UTC.

    Its UID is that of the letters about it (notifications), so that no calendar shows it twice; and as there, who
    organises it is the school, and no other adult is named.
    """
    entry = Event()
    entry.add("uid", f"{item['id']}@tandem.invalid")
    entry.add("sequence", item["sequence"])
    entry.add("dtstamp", item["changed_at"])
    entry.add("last-modified", item["changed_at"])
    entry.add("dtstart", item["starts_at"])
    entry.add("dtend", item["ends_at"])
    entry.add("summary", f"{item['pupil']['given_name']}: {what}")
    entry.add("description", f"With {item['staff']['given_name']} {item['staff']['family_name']}")
    if item["state"] != "cancelled":
        entry.add("location", _place(item))
        if item["how"] == "video" and item["link"]:
            entry.add("url", item["link"])
    entry.add("status", "CANCELLED" if item["state"] == "cancelled" else "CONFIRMED")
    organiser = vCalAddress(ORGANISER)
    organiser.params["CN"] = school
    entry.add("organizer", organiser)
    return entry


def _place(item: dict[str, Any]) -> str:
    """Where it is: the room and the building, the video call, or that somebody rings."""
    if item["how"] == "phone":
        return "By phone"
    if item["how"] == "video":
        return str(item["link"] or "By video")
    return ", ".join(part for part in (item["room"], item["place"]) if part)
