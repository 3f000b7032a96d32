"""What the pages of good news show: the school's strengths in words, and whether what was written can be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from chassis.errors import Invalid
from services.portal.clients.praise import GoodNews, Strength
from services.portal.standing import Standing
from services.portal.wiring import Portal
from services.portal.wordings import named_strength

MOST = 300
AUDIENCES = ("all", "school")


def choices_of(strengths: Sequence[Strength]) -> list[tuple[str, str]]:
    """What can be chosen: the key, and the word for it."""
    return [(one["key"], named_strength(one["key"], one["label"] if one["is_own"] else None)) for one in strengths]


def faults_of(answers: Mapping[str, str], keys: Sequence[str], name: str, asks_audience: bool) -> dict[str, str]:
    """What is missing or too long, in words, by field; nothing is said of the words themselves."""
    errors = {}
    if answers.get("strength") not in keys:
        errors["strength"] = _("Choose what %(name)s showed", name=name)
    if not 0 < len(answers.get("sentence", "").strip()) <= MOST:
        errors["sentence"] = _("Write one sentence, at most 300 letters")
    if asks_audience and answers.get("audience") not in AUDIENCES:
        errors["audience"] = _("Choose who may read it")
    return errors


def faults_told(refused: Invalid) -> dict[str, str]:
    """What the service found, at its fields."""
    told = {path.removeprefix("/"): words for path, words in refused.errors.items()}
    return told or {"sentence": refused.detail or refused.title}


def may_write(portal: Portal, place: Standing) -> bool:
    """Whether this visitor may write about the child: the child may, and an adult at home with the right to reply."""
    if place.hat != "guardian":
        return place.hat == "pupil"
    found = portal.profiles.list_children(place.who)
    return any(child["may"].get("reply", False) for child in found if child["id"] == place.pupil_id)


def list_seen(items: Sequence[GoodNews]) -> list[str]:
    """The strengths that were seen, each once, in the order in which they were first named. Nothing is counted."""
    return list(dict.fromkeys(named_strength(item["strength"], item["own_label"]) for item in items))
