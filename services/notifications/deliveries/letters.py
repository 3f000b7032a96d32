"""A letter from what there is to tell; what has a time brings its calendar file (RFC 5545, all times in UTC)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from icalendar import Calendar, Event, vCalAddress

from chassis.mail import Letter
from services.notifications.deliveries.claims import Claimed
from services.notifications.deliveries.words import (
    Told,
    body_of,
    digest_of,
    join_children,
    place_of,
    title_of,
    words_of,
)

ORGANISER, PUBLISH = "mailto:no-reply@tandem.invalid", "PUBLISH"
METHODS = {"appointment-booked": "REQUEST", "appointment-cancelled": "CANCEL", "review-booked": "REQUEST",
           "review-cancelled": "CANCEL", "meeting-booked": "REQUEST", "meeting-cancelled": "CANCEL"}
"""Of the kinds that are about a time: what their calendar file does. It needs `starts_at`, `ends_at` and `sequence`."""


def write_letter(letter: Claimed, portal_url: str, now: datetime) -> Letter:
    """What was claimed, as a letter; its reference stays when it is sent twice, so that this can be noticed.

    What tells one thing about several children is one telling; several tellings make a day's letter.
    """
    home = portal_url.rstrip("/")
    tellings = join_children(letter.told)
    first = tellings[0]
    unsubscribe = f"{home}/unsubscribe/{letter.unsubscribe}" if letter.unsubscribe else None
    if len(tellings) > 1:
        words = digest_of(letter.told, home)
        return Letter(letter.reference, first.address, words.subject, body_of(words.told, words.line),
                      unsubscribe_url=unsubscribe)
    single = words_of(first)
    text = body_of(first, f"{single.line}\n\n{home}{single.path}")
    meetings, method = _meetings_of(first)
    if method is None:
        return Letter(letter.reference, first.address, single.subject, text, unsubscribe_url=unsubscribe)
    return Letter(letter.reference, first.address, single.subject, text, _calendar(meetings, method, now), method,
                  unsubscribe)


def _meetings_of(told: Told) -> tuple[list[Told], str | None]:
    """What goes into a calendar, and how. Many meetings at once are published: an invitation is of one (RFC 5546)."""
    if told.data.get("talks"):
        return [replace(told, about_id=talk["appointment_id"], child=talk.get("child") or told.child, data=talk)
                for talk in told.data["talks"]], PUBLISH
    return [told], _method_of(told)


def _method_of(told: Told) -> str | None:
    """None where there is nothing to put into a calendar, or to take out of it: an offer that went has had no time."""
    return METHODS.get(told.kind) if told.data.get("starts_at") and told.data.get("ends_at") else None


def _calendar(meetings: Sequence[Told], method: str, now: datetime) -> bytes:
    """Clients find a meeting again by its UID, and the higher SEQUENCE wins, in whatever order mail comes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Tandem//notifications//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for told in meetings:
        calendar.add_component(_event(told, method, now))
    return bytes(calendar.to_ical())


def _event(told: Told, method: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{told.about_id}@tandem.invalid")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", _instant(told.data["starts_at"]))
    event.add("dtend", _instant(told.data["ends_at"]))
    event.add("sequence", told.data.get("sequence") or 0)
    event.add("summary", title_of(told))
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    if (place := place_of(told)):
        event.add("location", place)
    if told.data.get("link") and method != "CANCEL":
        event.add("url", told.data["link"])
    organiser = vCalAddress(ORGANISER)
    organiser.params["CN"] = told.school
    event.add("organizer", organiser)
    if method != PUBLISH:  # what is published names nobody who attends
        attendee = vCalAddress(f"mailto:{told.address}")
        attendee.params["RSVP"] = "FALSE"
        event.add("attendee", attendee)
    return event


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
