"""The words on screens for what services name by short keys: kinds of update, audiences, strengths, rights."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

UPDATE_KINDS: dict[str, LazyString] = {
    "sleep": _("A bad night, or tired"), "illness": _("Not well"), "bereavement": _("Somebody has died"),
    "separation": _("A change in who lives at home"), "new-baby": _("A new baby"), "move": _("We are moving"),
    "friendship": _("Something with friends"), "something-good": _("Something good"), "other": _("Something else"),
}
AUDIENCES: dict[str, LazyString] = {
    "class": _("The class teacher"), "year": _("The year team"), "safeguarding": _("Only the safeguarding lead"),
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
NOTICE_KINDS: dict[str, LazyString] = {
    "praise": _("Good news"), "evening-opened": _("An invitation to a parents' evening"),
    "update-shared": _("A note from home"), "update-acknowledged": _("School has read an update"),
    "appointment-booked": _("An appointment was booked"), "appointment-cancelled": _("An appointment was cancelled"),
    "consent-asked": _("School asked for a yes or no"),
}
CAUSES: dict[str, LazyString] = {
    "right_ended": _("They may not hear of it any more"), "pupil_left": _("The child has left"),
    "update_ended": _("The update has ended"), "office": _("The office cancelled it"),
}
OPENED_PARTS: dict[str, LazyString] = {
    "page": _("Your child's page"), "praise": _("Good news"), "updates": _("What home has told school"),
    "update": _("An update of yours"), "record": _("The whole record"),
}
REQUEST_STATES: dict[str, LazyString] = {
    "asked": _("To answer"), "ready": _("Went out"), "refused": _("Refused"), "withdrawn": _("Taken back"),
}
SCREEN_WORDS = ("strength", "update_kind", "audience", "lasting", "right_name", "kind_of", "import_state",
                "letters_come", "notice_kind", "cause_of", "opened_part",
                "request_state")


def said(words: Mapping[str, LazyString], key: str) -> str:
    """The words for a key; a key from a newer service is shown as it stands."""
    found = words.get(key)
    return str(found) if found is not None else key.replace("-", " ")


def strength(key: str) -> str:
    return said(STRENGTHS, key)


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


def notice_kind(key: str) -> str:
    return said(NOTICE_KINDS, key)


def cause_of(key: str) -> str:
    return said(CAUSES, key)


def opened_part(key: str) -> str:
    return said(OPENED_PARTS, key)


def request_state(key: str) -> str:
    return said(REQUEST_STATES, key)
