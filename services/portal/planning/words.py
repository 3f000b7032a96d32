"""Sentences about plans: why a wish was met or not, and what a plan got of each aim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from services.portal.wordings import EVENING_AIMS as AIMS
from services.portal.wordings import full_name, need_briefly

FAULTS = {"too-many-families": _l("There are more families than one plan can hold."),
          "too-many-wishes": _l("There are more wishes than one plan can hold."),
          "too-many-slots": _l("There are more times than one plan can hold."),
          "too-many-desks": _l("There are more teachers' tables than one plan can hold."),
          "too-long": _l("The evening is longer than one plan can hold.")}


def say_why(code: str, facts: Mapping[str, Any], teacher: str) -> str:
    """One sentence that a parent understands; a code from a newer service is said in general."""
    names = {"teacher": teacher}
    said = {
        "met-first-choice": _("This was your first wish, and there was a time for it."),
        "met": _("There was a time for it."),
        "teacher-full": _full(facts, names),
        "gave-way-please-come": _(
            "The times with %(teacher)s went first to children whom the teacher had asked to see.", **names),
        "cannot-come-then": _("%(teacher)s had no time free when you said that you can come.", **names),
        "clashes-with-your-other-talks": _(
            "The times left with %(teacher)s are when you are in another talk.", **names),
        "no-slot-with-walk": _(
            "The times left with %(teacher)s would not give you time to walk from your other talks.", **names),
        "need-taken": _("What you need was not free when %(teacher)s was: %(need)s.",
                        need=need_briefly(str(facts.get("need", ""))), **names),
        "no-slots": _("%(teacher)s has no times that evening.", **names),
        "replanned": _("Something changed at school, and the time with %(teacher)s is lost. We are sorry.", **names),
        "taken-since": _("The time with %(teacher)s was taken before the times were made final.", **names),
    }
    return said.get(code, _("There was no time left with %(teacher)s.", **names))


def _full(facts: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if "places" in facts and "wishes" in facts:
        return ngettext("%(teacher)s has %(num)s time, and %(wishes)s families wished for it.",
                        "%(teacher)s has %(num)s times, and %(wishes)s families wished for one.",
                        facts["places"], wishes=facts["wishes"], **names)
    return _("More families wished to see %(teacher)s than there were times.", **names)


def say_for_office(wish: Mapping[str, Any]) -> str:
    """The same for the office, which also hears what was lost at the last moment."""
    teacher = full_name(wish["staff"])
    more = {"not-now": _("The adult may not book now."), "withdrawn": _("The wish was taken back since."),
            "cannot-come-then": _("They cannot come when %(teacher)s has a time.", teacher=teacher),
            "clashes-with-your-other-talks": _("The times left are during the family's other talks."),
            "no-slot-with-walk": _("The times left are too near the family's other talks to walk there.")}
    return more.get(wish["code"]) or say_why(wish["code"], wish["facts"], teacher)


def say_results(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(aim, what it got) in figures."""
    return [
        (str(AIMS["please-come"]), _("%(met)s of %(all)s have a time", all=summary["please_come"],
                                     met=summary["please_come"] - summary["please_come_unmet"])
         if summary["please_come"] else _("No teacher asked for a family")),
        (str(AIMS["rank"]), _("%(met)s of %(all)s first wishes are met", met=summary["first_choices_met"],
                              all=summary["first_choices"])),
        (str(AIMS["fair"]), _("Families: %(families)s. With every wish: %(all)s. With nothing: %(none)s",
                              all=summary["families_with_all"], families=summary["families"],
                              none=summary["families_with_none"])),
        (str(AIMS["waits"]), _("In minutes, on average: %(mean)s. The longest: %(worst)s", mean=summary["mean_wait"],
                               worst=summary["worst_wait"])),
        (str(AIMS["trip"]), ngettext("%(num)s family has to come twice", "%(num)s families have to come twice",
                                     summary["second_trips"])),
    ]


def say_fault(fault: str) -> str:
    """Why no plan could be made at all."""
    found = FAULTS.get(fault.partition(":")[0])
    return str(found or _("Something went wrong here. Try it again, and tell us if it stays."))


def say_measure(measure: Mapping[str, int], cause: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a change of times or rooms does, in figures."""
    if cause.get("to_room"):
        return [
            (_("Talks that stay as they are"), str(measure["keep"])),
            (_("Talks that stay at their time, in another room"), str(measure["relocated"])),
            (_("Adults who are told"), str(measure["adults_told"])),
            (_("Adults with too little time to walk to that room, or on from it"), str(measure["rushed"])),
        ]
    added = [(_("New times"), str(measure["new_slots"]))] if cause["kind"] == "changed" else []
    return [
        *added,
        (_("Times that are lost"), str(measure["lost_slots"])),
        (_("Talks that stay as they are"), str(measure["keep"])),
        (_("Talks that move to another time"), str(measure["move"])),
        (_("Talks with no other time that evening"), str(measure["fall_out"])),
        (_("Adults who are told"), str(measure["adults_told"])),
        (_("Adults whose own times are not lost, but change"), str(measure["unaffected_changed"])),
    ]
