"""The words of letters: a subject that says the child and the thing and never the content, and one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from gettext import gettext as _
from typing import Any
from zoneinfo import ZoneInfo

from services.notifications.deliveries.news import NEWS, page_of
from services.notifications.deliveries.rules import GOOD_NEWS


@dataclass(frozen=True, slots=True)
class Told:
    """All that a letter is made of."""

    kind: str
    about_id: str
    data: Mapping[str, Any]
    pupil_id: str | None
    child: str
    recipient_hat: str
    recipient_name: str
    address: str
    school: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    line: str
    path: str


@dataclass(frozen=True, slots=True)
class DigestWords:
    """A day's letter: `told` is whom and which children it is about."""

    subject: str
    line: str
    told: Told


def nameless(recipient_hat: str) -> str:
    """How a child is called who has not been described to us (any more)."""
    return _("Your child") if recipient_hat == "guardian" else _("A child")


def write_day(day: date) -> str:
    """'Thursday 26 November'."""
    days = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    months = (_("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"), _("August"),
              _("September"), _("October"), _("November"), _("December"))
    return f"{days[day.weekday()]} {day.day} {months[day.month - 1]}"


def write_instant(instant: datetime, zone: ZoneInfo) -> str:
    """'Thursday 26 November, 5:10pm', as the school's own clock shows it."""
    local = instant.astimezone(zone)
    return f"{write_day(local.date())}, {local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"


def words_of(told: Told) -> Words:
    """Subject, line and the portal's page for a kind of notice."""
    child = " ".join(told.child.split())  # a line break would end a header
    staff = told.recipient_hat == "staff"
    page = f"/staff/pupils/{told.pupil_id}" if staff else f"/children/{told.pupil_id}"
    names = {"child": child}
    if told.kind in NEWS:
        return _news(told, child)
    if told.kind == "evening-opened":
        return _evening(told, child)
    if told.kind in ("appointment-booked", "appointment-cancelled"):
        return _appointment(told, child)
    if told.kind == "update-shared":
        return Words(_("%(child)s: a note from home") % names, _("Somebody at home has written a note for you."),
                     f"/staff/updates/{told.about_id}")
    if told.kind == "update-acknowledged":
        return Words(_("%(child)s: school has read your note") % names,
                     _("School has read your note and written back."),
                     f"{page}/updates/{told.about_id}")
    if told.kind == "pupil-left":
        return Words(_("%(child)s: no longer on the register") % names,
                     _("The school's register no longer has this child. Nothing about them goes home from now on, and "
                       "what was booked is free again."), "/staff")
    if told.kind == "consent-asked":
        return Words(_("%(child)s: school asks for your answer") % names,
                     _("School asks for your consent. Please read what it is about and answer."),
                     f"/consents/{told.about_id}")
    if told.kind.startswith("alert-"):
        return Words(_("%(child)s: something to check") % names,
                     _("Something about %(child)s's adults needs your eyes. Sign in to see it.") % names,
                     "/office/checks")
    if told.kind == "colleague-called":
        return Words(_("%(child)s: please come to reception") % names,
                     _("Somebody is at the door for %(child)s. Please come to reception.") % names, "/reception")
    if told.kind == "praise":
        return Words(_("%(child)s: good news from school") % names, _("There is good news for you to read."), page)
    return Words(_("%(child)s: something new from school") % names, _("There is something new for you to read."), "/")


def _news(told: Told, child: str) -> Words:
    """Of the partnership; where it has a time, the subject says when."""
    spoken, starts_at = NEWS[told.kind], told.data.get("starts_at")
    subject = f"{child}: {spoken.subject()}"
    if starts_at:
        subject = f"{subject}, {write_instant(datetime.fromisoformat(starts_at), told.zone)}"
    line = spoken.to_staff if told.recipient_hat == "staff" and spoken.to_staff else spoken.line
    return Words(subject, line(), page_of(told.kind, told.recipient_hat, told.pupil_id or "", told.about_id))


def _evening(told: Told, child: str) -> Words:
    names = {"child": child, "day": write_day(date.fromisoformat(told.data["on"]))}
    line = _("You can now choose your times.")
    if told.data.get("respond_by"):
        by = write_day(date.fromisoformat(told.data["respond_by"]))
        line = _("You can now choose your times. Please choose by %(day)s.") % {"day": by}
    return Words(_("%(child)s: parents' evening, %(day)s") % names, line, f"/evenings/{told.about_id}")


def _appointment(told: Told, child: str) -> Words:
    at = write_instant(datetime.fromisoformat(told.data["starts_at"]), told.zone)
    evening = told.data.get("evening_id")
    path = f"/staff/evenings/{evening}" if told.recipient_hat == "staff" else f"/evenings/{evening}"
    if told.kind == "appointment-booked":
        return Words(_("%(child)s: parents' evening, %(at)s") % {"child": child, "at": at},
                     _("Your time is kept for you. It is in the calendar file that comes with this e-mail."), path)
    return Words(_("%(child)s: appointment cancelled, %(at)s") % {"child": child, "at": at},
                 _("This appointment will not happen. The file that comes with this e-mail takes it out of your "
                   "calendar."), path)


def title_of(told: Told) -> str:
    """An appointment's name in a calendar, which others may see: the given name alone."""
    return _("%(child)s: parents' evening") % {"child": " ".join(told.child.split())}


def place_of(told: Told) -> str:
    """Where an appointment is, as a calendar says it."""
    return _("By phone") if told.data.get("how") == "phone" else str(told.data.get("place") or "")


def join_children(told: Sequence[Told]) -> list[Told]:
    """What one reader is told, where the same thing about several children is one telling that names them all."""
    same: dict[tuple[str, str], list[Told]] = {}
    for one in told:
        same.setdefault((one.kind, one.about_id), []).append(one)
    return [replace(ones[0], child=name_all([one.child for one in ones])) for ones in same.values()]


def name_all(children: Sequence[str]) -> str:
    """'Kim, Lee and Sam'; who has no name here comes first, because the words begin with a capital."""
    capitals = (nameless("guardian"), nameless("staff"))
    names = sorted({" ".join(child.split()) for child in children}, key=lambda name: (name not in capitals, name))
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def digest_of(told: Sequence[Told], home: str) -> DigestWords:
    """The letter of a day, or of a week's good news: a line for each telling, with its own link."""
    words = [_words_in_a_list(one) for one in join_children(told)]
    lines = [f"- {word.subject}\n  {word.line}\n  {home}{word.path}" for word in words]
    about = replace(told[0], child=name_all([one.child for one in told]))
    is_good = all(one.kind == GOOD_NEWS for one in told)
    subject = _("%(child)s: good news from school") if is_good else _("%(child)s: today's news from school")
    return DigestWords(subject % {"child": about.child}, "\n\n".join(lines), about)


def _words_in_a_list(told: Told) -> Words:
    """Words for a line; one telling that cannot be put into words must not hold its neighbours."""
    try:
        return words_of(told)
    except (KeyError, TypeError, ValueError):
        return words_of(replace(told, kind=""))


def body_of(told: Told, text: str) -> str:
    """The whole text of a letter: greeting, what there is and where, why it came, and who to ring."""
    why = _("You get this because you work with %(child)s at %(school)s.")
    if told.recipient_hat == "guardian":
        why = _("You get this because %(school)s has you down as a parent or carer of %(child)s.")
    return "\n\n".join((
        _("Hello %(name)s,") % {"name": told.recipient_name}, text,
        why % {"school": told.school, "child": told.child},
        _("Something not right? Ring the school office at %(school)s.") % {"school": told.school})) + "\n"
