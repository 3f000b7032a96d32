"""A letter from what there is to tell; an appointment brings its calendar file (RFC 5545, all times in UTC)."""

from __future__ import annotations

from datetime import UTC, datetime

from icalendar import Calendar, Event, vCalAddress

from chassis.mail import Letter
from services.notifications.deliveries.words import Told, body_of, title_of, words_of

ORGANISER = "mailto:no-reply@tandem.invalid"
METHODS = {"appointment-booked": "REQUEST", "appointment-cancelled": "CANCEL"}


def write_letter(delivery_id: str, told: Told, portal_url: str, now: datetime) -> Letter:
    """The letter of one delivery; its reference is the delivery's id, so that sending it twice can be noticed."""
    words = words_of(told)
    text = body_of(told, words.line, portal_url.rstrip("/") + words.path)
    method = METHODS.get(told.kind)
    if method is None:
        return Letter(delivery_id, told.address, words.subject, text)
    return Letter(delivery_id, told.address, words.subject, text, _calendar(told, method, now), method)


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
    if told.data.get("place"):
        event.add("location", told.data["place"])
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
