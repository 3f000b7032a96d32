"""The words on screens for the relationship rule: each right as a sentence, restrictions, and who changed what."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from services.portal.wordings import right_name, said

SENTENCES: dict[str, tuple[LazyString, LazyString]] = {
    "see": (_("Sees %(child)s's page, good news and their own updates"), _("Sees nothing about %(child)s")),
    "receive": (_("Gets news and letters about %(child)s"), _("Gets no news and no letters about %(child)s")),
    "reply": (_("Can share updates and answer school"), _("Can't share updates or answer school")),
    "book": (_("Can book times to talk about %(child)s"), _("Can't book times to talk about %(child)s")),
    "attend": (_("May come to school for %(child)s"), _("May not come to school for %(child)s")),
    "consent": (_("Can say yes or no for %(child)s, such as to a trip"), _("Can't say yes or no for %(child)s")),
    "collect": (_("May collect %(child)s"), _("May not collect %(child)s")),
}
"""What a right is in a sentence: with it, and without."""
RESTRICTIONS: dict[str, LazyString] = {
    "no contact": _("No contact"), "supervised": _("Supervised contact only"),
    "information only": _("Information only"), "interim": _("Interim order"),
    "prohibited steps": _("Prohibited steps order"), "no site": _("May not come on site"),
    "address confidential": _("Address is confidential"), "other": _("Something else"),
    "roster flag": _("Flag of a roster file"), "merge": _("Kept back when two entries were merged"),
}
TAKES: dict[str, LazyString] = {
    "no contact": _("Takes everything: they see, get, book and collect nothing."),
    "supervised": _("Takes coming to school and collecting."),
    "information only": _("Leaves seeing and receiving. Takes the rest."),
    "interim": _("Takes everything, until the court has decided."),
    "prohibited steps": _("Takes saying yes or no for the child, and collecting."),
    "no site": _("Takes coming to school and collecting. Phone and video still go."),
    "address confidential": _("Takes nothing by itself. Nobody else is shown the address."),
    "other": _("Takes what you choose below."),
    "roster flag": _("Takes everything until somebody has looked."),
    "merge": _("Takes what only one of the two entries could do."),
}
ENTERED = ("no contact", "supervised", "information only", "interim", "prohibited steps", "no site",
           "address confidential", "other")
"""The kinds that the office may enter."""
ORDER_STATES: dict[str, LazyString] = {
    "in-force": _("In force"), "planned": _("Planned"), "over": _("Over"),
}
LIVES: dict[str, LazyString] = {
    "yes": _("Yes"), "no": _("No"), "shared": _("Two homes, shared"), "unknown": _("Not known"),
}
RESPONSIBILITY: dict[str, LazyString] = {"yes": _("Yes"), "no": _("No"), "unknown": _("Not known")}
RESTRICTED: dict[str, LazyString] = {
    "none": _("None"), "restricted": _("Restricted"), "unknown": _("To check"),
}
BASES: dict[str, LazyString] = {
    "sixteen": _("The child is 16 or older"),
    "gillick": _("The child is younger, and understands what it means (Gillick)"),
}
SHARED: dict[str, LazyString] = {"name": _("name"), "email": _("e-mail address"), "phone": _("phone number")}
CHANGES: dict[str, LazyString] = {
    "relationship": _("What is known was changed"), "relationship-changed": _("What is known was changed"),
    "checked": _("Checked: no restriction"), "restriction-entered": _("A restriction was entered"),
    "evidence-seen": _("Evidence was seen"), "lifting-asked": _("Lifting was asked for"),
    "apart-entered": _("Kept apart from another adult"), "apart-lifted": _("Kept apart no longer"),
    "apart-lifting-asked": _("Asked to end keeping apart"), "apart-lifting-refused": _("Kept apart as before"),
    "lifting-refused": _("Lifting was refused"), "restriction-lifted": _("A restriction was lifted"),
    "held-back": _("The child holds something back"), "given-back": _("The child holds it back no longer"),
    "looked-after": _("The child is looked after"), "looked-after-no-longer": _("The child is looked after no longer"),
    "policy": _("The school's policy was changed"), "policy-changed": _("The school's policy was changed"),
    "merged": _("Two entries of one adult were merged"), "dates": _("A day came that changes it"),
    "roster": _("A roster file came in"), "support": _("Support for special needs was changed"),
}
CHANGERS: dict[str, LazyString] = {"roster": _("The roster file"), "calendar": _("The calendar")}
DONE: dict[str, tuple[LazyString, LazyString]] = {
    "restriction-entered": (_("It holds from now on."),
                            _("What waits to be sent is taken back, and times are given free. The adult is told "
                              "nothing.")),
    "restriction-unseen": (_("It holds from now on. Evidence is still to be seen."),
                           _("What waits to be sent is taken back, and times are given free. The adult is told "
                             "nothing.")),
    "restriction-planned": (_("It is entered, and holds from its first day on."),
                            _("The adult is told nothing.")),
    "restriction-planned-unseen": (_("It is entered, and holds from its first day on. Evidence is still to be seen."),
                                   _("The adult is told nothing.")),
    "relationship": (_("What is known of this adult is changed"), _("Their rights follow it from now on.")),
    "checked": (_("Checked: no restriction"), _("They have what an adult of their kind has.")),
    "evidence-seen": (_("What was seen is kept"), _("The restriction holds as before.")),
    "lifting-asked": (_("Lifting is asked for. It still holds."),
                      _("A colleague must agree: the head, the safeguarding lead or somebody else of the office.")),
    "lifted": (_("It is lifted"), _("What was taken back meanwhile stays taken back, until you send it again.")),
    "holds-on": (_("It holds on"), _("Nothing has changed.")),
    "kept-apart": (_("They are kept apart from now on"), _("No slot, room, call or list brings them together.")),
    "apart-end-asked": (_("The end is asked for. They are still kept apart."), _("A colleague must agree.")),
    "apart-stays": (_("They are kept apart as before"), _("Nothing has changed.")),
    "apart-ended": (_("They are kept apart no longer"), _("Slots and rooms follow it from now on.")),
    "held-back": (_("It is held back from now on"), _("The adult is told nothing.")),
    "given-back": (_("It is held back no longer"), _("They have what an adult of their kind has.")),
    "policy-saved": (_("The policy is saved"), _("It holds from its first day on, for everybody of these kinds.")),
    "policy-undone": (_("What held before holds again"), _("Both versions stay in the list below.")),
    "merged": (_("The two entries are one now"), _("What restricted either of them restricts the one that stays.")),
    "looked-after": (_("It is kept"), _("The rights of a social worker of this child follow it.")),
}
RIGHTS_WORDS = ("right_sentence", "restriction_kind", "restriction_takes", "order_state", "lives_with_words",
                "responsibility_words", "restricted_words", "basis_words", "shared_words", "change_words",
                "changer_words", "names_of_rights", "done_words")


def right_sentence(right: str, is_allowed: bool, child: str) -> str:
    """What an adult can or can't do about a child; a right from a newer service by its name alone."""
    if right not in SENTENCES:
        return f"{right_name(right)}: {_('Yes') if is_allowed else _('No')}"
    return str(SENTENCES[right][0 if is_allowed else 1]) % {"child": child}


def names_of_rights(rights: Iterable[str]) -> str:
    return ", ".join(right_name(right) for right in rights)


def done_words(key: str) -> tuple[str, str]:
    """The title and the line of a confirmation; empty for nothing done."""
    title, text = DONE.get(key, ("", ""))
    return str(title), str(text)


restriction_kind = partial(said, RESTRICTIONS)
restriction_takes = partial(said, TAKES)
order_state = partial(said, ORDER_STATES)
lives_with_words = partial(said, LIVES)
responsibility_words = partial(said, RESPONSIBILITY)
restricted_words = partial(said, RESTRICTED)
basis_words = partial(said, BASES)
shared_words = partial(said, SHARED)
change_words = partial(said, CHANGES)
changer_words = partial(said, CHANGERS)
