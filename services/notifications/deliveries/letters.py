"""A letter from what there is to tell; an appointment brings its calendar file (RFC 5545, all times in UTC)."""

from __future__ import annotations

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

ORGANISER = "mailto:no-reply@tandem.invalid"
METHODS = {"appointment-booked": "REQUEST", "appointment-cancelled": "CANCEL"}


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
    if (method := METHODS.get(first.kind)) is None:
        return Letter(letter.reference, first.address, single.subject, text, unsubscribe_url=unsubscribe)
    return Letter(letter.reference, first.address, single.subject, text, _calendar(first, method, now), method,
                  unsubscribe)


def _calendar(told: Told, method: str, now: datetime) -> bytes:
    """One appointment. Clients find it again by its UID, and the higher SEQUENCE wins, in whatever order mail comes."""
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
    organiser = vCalAddress(ORGANISER)
    organiser.params["CN"] = told.school
    event.add("organizer", organiser)
    attendee = vCalAddress(f"mailto:{told.address}")
    attendee.params["RSVP"] = "FALSE"
    event.add("attendee", attendee)
    calendar = Calendar()
    calendar.add("prodid", "-//Tandem//notifications//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
