"""The words of the page for the short keys of its sections, audiences and changes, for adults and for the child."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from services.portal.standing import Standing

SECTIONS = ("strengths", "matters", "help", "home", "school", "avoid", "signs")
AUDIENCES: Mapping[str, Mapping[str, LazyString]] = {
    "guardian": {"all": _("Everybody who helps: school, the child, and every home"), "school": _("School and me")},
    "pupil": {"all": _("My school and my grown-ups at home"), "school": _("Only my school"),
              "only-me": _("Only me, for now: please don't share this yet")},
    "staff": {},
}
READERS: Mapping[str, LazyString] = {
    "all": _("Everybody who helps may read it"), "school": _("For school and its writer alone"),
    "only-me": _("Only you can see this, until you say yes"),
}
HOWS: Mapping[str, LazyString] = {
    "added": _("Written"), "changed": _("Changed"), "agreed": _("Other words agreed"),
    "kept-both": _("Kept as another view"), "removed": _("Taken off"), "arrived": _("Came from another school"),
}
STATUSES: Mapping[str, LazyString] = {
    "none": _("No extra support"), "sen-support": _("SEN support"), "ehc-plan": _("An EHC plan"),
}
AREAS: Mapping[str, LazyString] = {
    "communication": _("Communication and being with others"), "learning": _("Thinking and learning"),
    "feelings": _("Feelings and mental health"), "senses-and-body": _("Senses and the body"),
}


def section_names(place: Standing) -> dict[str, LazyString]:
    """Each part by its name, in the order of the page."""
    if place.hat == "pupil":
        names = (_("What people like about me"), _("What matters to me"), _("How to help me"),
                 _("What works at home"), _("What works at school"), _("What I'd rather not"),
                 _("How I show that I'm worried or happy"))
    else:
        names = (_("What people like about %(name)s", name=place.child),
                 _("What matters to %(name)s", name=place.child), _("How best to help %(name)s", name=place.child),
                 _("What works at home"), _("What works at school"), _("What to avoid"),
                 _("How %(name)s shows being worried or happy", name=place.child))
    return dict(zip(SECTIONS, names, strict=True))
