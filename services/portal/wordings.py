"""The words on screens for what services name by short keys: kinds of update, audiences, strengths, rights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

UPDATE_KINDS: dict[str, LazyString] = {
    "sleep": _("A bad night, or tired"), "illness": _("Not well"), "bereavement": _("Somebody has died"),
    "separation": _("A change in who lives at home"), "new-baby": _("A new baby"), "move": _("We are moving"),
    "friendship": _("Something with friends"), "something-good": _("Something good"), "other": _("Something else"),
}
AUDIENCES: dict[str, LazyString] = {
    "class": _("The class teacher"), "year": _("The year team"), "named": _("People I choose"),
    "safeguarding": _("Only the safeguarding lead"),
}
UNTILS: dict[str, LazyString] = {
    "week": _("This week"), "half-term": _("Until half-term"), "i-say": _("Until I say"),
}
STRENGTHS: dict[str, LazyString] = {
    "kindness": _("Kindness"), "perseverance": _("Keeping going"), "curiosity": _("Curiosity"),
    "teamwork": _("Working together"), "creativity": _("Creativity"), "courage": _("Courage"),
    "helpfulness": _("Helping others"), "honesty": _("Honesty"), "focus": _("Concentration"),
    "progress": _("Getting better at something"),
}
RIGHTS: dict[str, LazyString] = {
    "see": _("See"), "receive": _("Receive"), "reply": _("Reply"), "book": _("Book"), "attend": _("Attend"),
    "consent": _("Consent"), "collect": _("Collect"),
}
IMPORT_STATES: dict[str, LazyString] = {
    "queued": _("Waiting its turn"), "running": _("Being read"), "checked": _("Checked, not imported"),
    "waiting": _("Waiting for your word"), "applied": _("Imported"), "refused": _("Refused"),
}
KINDS: dict[str, LazyString] = {
    "parent": _("Parent"), "guardian": _("Guardian"), "relative": _("Relative"), "step-parent": _("Step-parent"),
    "foster carer": _("Foster carer"), "kinship carer": _("Kinship carer"), "grandparent": _("Grandparent"),
    "social worker": _("Social worker"), "other professional": _("Other professional"),
    "emergency contact": _("Emergency contact"), "other": _("Other"),
}
LETTERS: dict[str, LazyString] = {
    "at-once": _("At once"), "daily": _("Once a day, at 6pm"), "none": _("Not by e-mail"),
}
GOOD_NEWS_COMES: dict[str, LazyString] = {
    "as-it-comes": _("As it comes"), "weekly": _("Once a week, on Friday at 3:30pm"),
}
NOTICE_KINDS: dict[str, LazyString] = {
    "praise": _("Good news"), "evening-opened": _("An invitation to a parents' evening"),
    "evening-cancelled": _("A parents' evening was cancelled"), "evening-moved": _("A parents' evening was moved"),
    "update-shared": _("A note from home"), "update-acknowledged": _("School has read an update"),
    "itinerary-planned": _("Times of a parents' evening"), "plan-published": _("An evening's list of talks"),
    "appointment-booked": _("An appointment was booked"), "appointment-cancelled": _("An appointment was cancelled"),
    "consent-asked": _("School asked for a yes or no"),
    "partnership-opened": _("Something to look at together"),
    "partnership-answered": _("New words in what we look at together"),
    "partnership-stepped": _("Next steps"), "partnership-joined": _("Somebody joined in"),
    "partnership-reminded": _("A reminder to look again"), "partnership-overdue": _("Time to look again has passed"),
    "partnership-closed": _("What we did together"), "partnership-thanked": _("A thank you"),
    "strategy-suggested": _("Something suggested to do the same way"),
    "strategy-agreed": _("Something home and school do the same way"),
    "strategy-changed": _("A change in what we do the same way"), "strategy-ended": _("Something we no longer do"),
    "agreement-published": _("What school and home promise"), "aboutme-toread": _("A page to read before a lesson"),
    "aboutme-reviewdue": _("Time to look at the page together"), "aboutme-changed": _("Something new on the page"),
    "update-overdue": _("A note from home that waits"), "note-shared": _("A note from the child"),
    "progress-written": _("How school is going"), "progress-replied": _("An answer to a note"),
    "expectation-published": _("This half-term in class"), "praise-shared": _("Good news for school"),
    "review-offered": _("Times to talk were offered"), "review-booked": _("A time to talk"),
    "meeting-asked": _("A talk was asked for"),
    "meeting-offered": _("Times to talk were offered"),
    "meeting-booked": _("A time to talk"),
    "meeting-cancelled": _("A talk that will not happen"),
    "talk-missed": _("We missed you at the evening"),
    "evening-thanked": _("Thank you for coming"),
    "review-cancelled": _("A talk that will not happen"), "checkin-proposed": _("A short talk"),
    "wishes-reminded": _("A reminder to say when they can come"),
}
CAUSES: dict[str, LazyString] = {
    "right_ended": _("They may not hear of it any more"), "pupil_left": _("The child has left"),
    "update_ended": _("The update has ended"), "update_read": _("The update was read"),
    "partnership_closed": _("It came to its end"), "review_dropped": _("The talk is not needed any more"),
    "review_cancelled": _("The talk will not happen at that time"), "done": _("It was done"),
    "note_withdrawn": _("It was taken back"),
    "office": _("The office cancelled it"),
}
OPENED_PARTS: dict[str, LazyString] = {
    "page": _("Your child's page"), "praise": _("Good news"), "updates": _("What home has told school"),
    "about-me": _("The page about your child"), "support": _("Support at school"),
    "update": _("An update of yours"), "together": _("What we look at together"),
    "record": _("The whole record"), "progress": _("How school is going"),
    "strategies": _("What home and school are trying"), "agreement": _("The home-school agreement"),
}
TOPICS: dict[str, LazyString] = {
    "going-well": _("What is going well"), "friends": _("My friends"), "lessons": _("My lessons"),
    "playtime": _("Playtime and clubs"), "what-helps": _("What helps me"),
    "something-hard": _("Something that is hard"), "home-and-school": _("Home and school"),
    "next-year": _("What comes next"), "own": _("Something else"),
}
REQUEST_STATES: dict[str, LazyString] = {
    "asked": _("To answer"), "ready": _("Went out"), "refused": _("Refused"), "withdrawn": _("Taken back"),
}
STRATEGY_KINDS: dict[str, LazyString] = {
    "behaviour": _("Behaviour"), "homework": _("Homework routine"), "morning": _("Morning routine"),
    "bedtime": _("Bedtime routine"), "calm-down": _("Calm-down plan"), "other": _("Something else"),
}
TRIED_HOWS: dict[str, LazyString] = {
    "helped": _("Helped"), "not-yet": _("Not yet"), "not-tried": _("Not tried"),
}
STRATEGY_ENDS: dict[str, LazyString] = {
    "worked": _("It worked: we don't need it any more"), "did-not-suit": _("It didn't suit us"),
    "other": _("Something else"),
}
SCREEN_WORDS = (
    "strategy_kind", "how_tried", "why_ended", "strength", "named_strength", "update_kind", "audience", "lasting",
    "right_name", "kind_of", "import_state", "letters_come", "good_news_comes", "notice_kind", "cause_of",
    "opened_part", "request_state", "topic_kind", "way_to_talk", "need_named", "need_briefly")
EVENING_AIMS: dict[str, LazyString] = {
    "please-come": _("Families whom a teacher asks to come"),
    "rank": _("The teachers whom each family wants most"),
    "fair": _("Every family gets something before one gets everything"),
    "waits": _("Short waits between talks"),
    "trip": _("One trip for families with children at several schools"),
}
WAYS_TO_TALK: dict[str, LazyString] = {
    "in-person": _("In person, at school"), "phone": _("By phone"), "video": _("By video"),
}
NEEDS: dict[str, LazyString] = {
    "interpreter": _("An interpreter"), "bsl": _("An interpreter for British Sign Language"),
    "step-free": _("A room without steps"), "longer": _("A longer talk"),
    "creche": _("A place in the crèche for a small child"),
}
NEEDS_BRIEFLY: dict[str, LazyString] = {
    "interpreter": _("Interpreter"), "bsl": _("BSL interpreter"),
    "step-free": _("Step-free room"), "longer": _("Longer talk"),
    "creche": _("Crèche place"),
}


def said(words: Mapping[str, LazyString], key: str) -> str:
    """The words for a key; a key from a newer service is shown as it stands."""
    found = words.get(key)
    return str(found) if found is not None else key.replace("-", " ")


def full_name(person: Mapping[str, Any]) -> str:
    """As people are called here: the given name first."""
    return f"{person['given_name']} {person['family_name']}"


def strength(key: str) -> str:
    return said(STRENGTHS, key)


def named_strength(key: str, own_label: str | None = None) -> str:
    """A strength in the school's own word for it, if it has one."""
    return own_label or strength(key)


def update_kind(key: str) -> str:
    return said(UPDATE_KINDS, key)


def audience(key: str) -> str:
    return said(AUDIENCES, key)


def lasting(key: str) -> str:
    return said(UNTILS, key)


def right_name(key: str) -> str:
    return said(RIGHTS, key)


def kind_of(key: str) -> str:
    return said(KINDS, key)


def import_state(key: str) -> str:
    return said(IMPORT_STATES, key)


def letters_come(key: str) -> str:
    return said(LETTERS, key)


def good_news_comes(key: str) -> str:
    return said(GOOD_NEWS_COMES, key)


def notice_kind(key: str) -> str:
    return said(NOTICE_KINDS, key)


def cause_of(key: str) -> str:
    return said(CAUSES, key)


def opened_part(key: str) -> str:
    return said(OPENED_PARTS, key)


def request_state(key: str) -> str:
    return said(REQUEST_STATES, key)


def topic_kind(key: str) -> str:
    return said(TOPICS, key)


def strategy_kind(key: str) -> str:
    return said(STRATEGY_KINDS, key)


def how_tried(key: str) -> str:
    return said(TRIED_HOWS, key)


def why_ended(key: str) -> str:
    return said(STRATEGY_ENDS, key)


def way_to_talk(key: str) -> str:
    return said(WAYS_TO_TALK, key)


def need_named(key: str) -> str:
    """What a family needs at a talk; a language is a name, and stays as the office wrote it."""
    return _with_language(NEEDS, key)


def need_briefly(key: str) -> str:
    """The same on a list, or within a sentence."""
    return _with_language(NEEDS_BRIEFLY, key)


def _with_language(words: Mapping[str, LazyString], key: str) -> str:
    kind, _colon, language = key.partition(":")
    return f"{said(words, kind)} ({language})" if language else said(words, kind)
