"""The words of letters: a subject that says the child and the thing and never the content, and one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from gettext import translation
from typing import Any
from zoneinfo import ZoneInfo

from services.notifications.deliveries.news import NEWS, page_of
from services.notifications.deliveries.rules import GOOD_NEWS

_ = translation("messages", fallback=True).gettext  # found once: asked by name it looks for files at each word


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
    return f"{write_day(local.date())}, {write_clock(local)}"


def write_clock(local: datetime) -> str:
    """'5:10pm'."""
    return f"{local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"


def words_of(told: Told) -> Words:
    """Subject, line and the portal's page for a kind of notice."""
    child = " ".join(told.child.split())  # a line break would end a header
    staff = told.recipient_hat == "staff"
    page = f"/staff/pupils/{told.pupil_id}" if staff else f"/children/{told.pupil_id}"
    names = {"child": child}
    if told.kind in NEWS:
        return _news(told, child)
    if told.kind in ("evening-opened", "evening-moved", "evening-cancelled"):
        return _evening(told, child)
    if told.kind in ("itinerary-planned", "plan-published"):
        return _plan(told, child)
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
        return Words(_("%(child)s: good news from school") % names, _("There is good news for you to read."),
                     f"{page}/good-news")
    return Words(_("%(child)s: something new from school") % names, _("There is something new for you to read."), "/")


def _news(told: Told, child: str) -> Words:
    """Of the partnership; where it has a time, the subject says when."""
    spoken, starts_at = NEWS[told.kind], told.data.get("starts_at")
    subject = f"{child}: {spoken.subject()}"
    if starts_at:
        subject = f"{subject}, {write_instant(datetime.fromisoformat(starts_at), told.zone)}"
    line = (spoken.to_staff if told.recipient_hat == "staff" and spoken.to_staff else spoken.line)()
    if told.kind in ("review-booked", "meeting-booked") and told.data.get("how") == "video":
        line = f"{line} {_where(told)}"
    return Words(subject, line, page_of(told.kind, told.recipient_hat, told.pupil_id or "", told.about_id))


def _evening(told: Told, child: str) -> Words:
    names = {"child": child, "day": write_day(date.fromisoformat(told.data["on"]))}
    if told.kind == "evening-cancelled":
        return _evening_cancelled(told, names)
    if told.kind == "evening-moved":
        return _evening_moved(told, names)
    line = _("You can now choose your times.")
    if told.data.get("respond_by"):
        by = {"day": write_day(date.fromisoformat(told.data["respond_by"]))}
        line = _("You can now choose your times. Please choose by %(day)s.") % by
        if told.data.get("way") == "plan":
            line = _("Say whom you would like to see and when you can come, by %(day)s. All times are made at once "
                     "after that, so there is no need to be first.") % by
    return Words(_("%(child)s: parents' evening, %(day)s") % names, line, f"/evenings/{told.about_id}")


def _evening_cancelled(told: Told, names: Mapping[str, str]) -> Words:
    if told.recipient_hat == "staff":
        return Words(_("Parents' evening cancelled, %(day)s") % names,
                     _("The evening will not happen. Families have been told, and your times are free again."),
                     "/staff")
    return Words(_("%(child)s: no parents' evening, %(day)s") % names,
                 _("The evening will not happen on that day. There is nothing that you need to do. School will write "
                   "when there is a new day, and you can always ask for a talk."), "/")


def _evening_moved(told: Told, names: Mapping[str, str]) -> Words:
    """Another day, or other hours on the same."""
    start, end = (datetime.fromisoformat(told.data[name]).astimezone(told.zone) for name in ("starts_at", "ends_at"))
    when = {**names, "from": write_clock(start), "to": write_clock(end),
            "by": write_day(date.fromisoformat(told.data["respond_by"]))}
    if told.recipient_hat == "staff":
        return Words(_("Parents' evening moved to %(day)s") % names,
                     _("The evening is on %(day)s now, from %(from)s to %(to)s. Families have been told.") % when,
                     f"/staff/evenings/{told.about_id}")
    return Words(_("%(child)s: parents' evening moved to %(day)s") % names,
                 _("The parents' evening is on %(day)s now, from %(from)s to %(to)s. What you wished is kept where it "
                   "still fits. Please look at it again by %(by)s.") % when, f"/evenings/{told.about_id}/wishes")


def _appointment(told: Told, child: str) -> Words:
    at = write_instant(datetime.fromisoformat(told.data["starts_at"]), told.zone)
    evening = told.data.get("evening_id")
    path = f"/staff/evenings/{evening}" if told.recipient_hat == "staff" else f"/evenings/{evening}"
    if told.kind == "appointment-booked":
        return Words(_("%(child)s: parents' evening, %(at)s") % {"child": child, "at": at}, " ".join((
            _("Your time is kept for you."), _where(told),
            _("It is in the calendar file that comes with this e-mail."))), path)
    if told.data.get("again") and told.recipient_hat != "staff":
        return Words(_("%(child)s: please choose another time, not %(at)s") % {"child": child, "at": at},
                     _("Something changed at school, and this time is lost. We are sorry. Choose another time, or ask "
                       "for a talk on another day. The file that comes with this e-mail takes the old time out of "
                       "your calendar."), path)
    return Words(_("%(child)s: appointment cancelled, %(at)s") % {"child": child, "at": at},
                 _("This appointment will not happen. The file that comes with this e-mail takes it out of your "
                   "calendar."), path)


def _where(told: Told) -> str:
    """Where to go, or what happens instead. A phone number stands in no letter."""
    how = told.data.get("how")
    if how == "phone":
        return _("You ring them: the number is on your list.") if told.recipient_hat == "staff" else _(
            "School rings you then.")
    if how == "video":
        link = told.data.get("link")
        return _("You talk by video: %(link)s") % {"link": link} if link else _("You talk by video.")
    return _("Where: %(place)s.") % {"place": place_of(told)}


def _plan(told: Told, child: str) -> Words:
    """All times of an evening at once: to an adult with each time, to staff that their list is ready."""
    names = {"child": child, "day": write_day(date.fromisoformat(told.data["on"]))}
    if told.recipient_hat == "staff":
        return Words(_("Parents' evening, %(day)s: your list of talks") % names,
                     _("All times are made now. Your list is ready."), f"/staff/evenings/{told.about_id}")
    subject, path = _("%(child)s: parents' evening, %(day)s") % names, f"/evenings/{told.about_id}/why"
    if not told.data["talks"]:
        return Words(subject, _("We are sorry: this time we could not find a time for your wishes. You are on the "
                                "waiting list: when a time is free that suits you we write, and keep it for you. The "
                                "page says why, for each wish. There you can leave the list, or ask for a talk on "
                                "another day."), path)
    return Words(subject, "\n".join((
        _("These are your times:"), *(f"- {_talk_line(told, talk)}" for talk in told.data["talks"]), "",
        _("They are in the calendar file that comes with this e-mail. The page says what became of each wish, and "
          "there you can change a time or give it back. Where there was no time for a wish, you are on the waiting "
          "list: when one is free that suits you we write, and keep it for you."))), path)


def _talk_line(told: Told, talk: Mapping[str, Any]) -> str:
    """'5:10pm, Sam: Room 3, Main hall'."""
    at = write_instant(datetime.fromisoformat(talk["starts_at"]), told.zone).rpartition(", ")[2]
    return f"{at}, {talk.get('child') or told.child}: {place_of(replace(told, data=talk))}"


def title_of(told: Told) -> str:
    """A meeting's name in a calendar, which others may see: the given name alone."""
    names = {"child": " ".join(told.child.split())}
    if told.kind.startswith("review-"):
        return _("%(child)s: looking again together") % names
    if told.kind.startswith("meeting-"):
        return _("%(child)s: a talk") % names
    return _("%(child)s: parents' evening") % names


def place_of(told: Told) -> str:
    """Where a meeting is, as a calendar says it."""
    far = {"phone": _("By phone"), "video": told.data.get("link") or _("By video")}.get(str(told.data.get("how")))
    return far or ", ".join(str(told.data[name]) for name in ("room", "place") if told.data.get(name))


def join_children(told: Sequence[Told]) -> list[Told]:
    """What one reader is told, where the same thing about several children is one telling that names them all."""
    same: dict[tuple[str, str], list[Told]] = {}
    for one in told:
        same.setdefault((one.kind, one.about_id), []).append(one)
    return [replace(ones[0], child=name_all([one.child for one in ones]), data=_join_data(ones))
            for ones in same.values()]


def _join_data(ones: Sequence[Told]) -> Mapping[str, Any]:
    """Of an evening's plan, the talks about all children in order of time, each with its child."""
    if "talks" not in ones[0].data:
        return ones[0].data
    talks = [{**talk, "child": " ".join(one.child.split())} for one in ones for talk in one.data["talks"]]
    return {**ones[0].data, "talks": sorted(talks, key=lambda talk: str(talk["starts_at"]))}


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
    why = _("You get this because you work with %(child)s at %(school)s.") if told.pupil_id else _(
        "You get this because you work at %(school)s.")
    if told.recipient_hat == "guardian":
        why = _("You get this because %(school)s has you down as a parent or carer of %(child)s.")
    return "\n\n".join((
        _("Hello %(name)s,") % {"name": told.recipient_name}, text,
        why % {"school": told.school, "child": told.child},
        _("Something not right? Ring the school office at %(school)s.") % {"school": told.school})) + "\n"
