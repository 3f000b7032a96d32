"""Restrictions: entering bites at once, evidence may come later, and lifting needs a second member of staff."""

from __future__ import annotations

from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.rights import Restriction
from services.portal.office.asking import (
    Answers,
    day_fields,
    done,
    iso_day,
    need_words,
    today,
    words_or_none,
)
from services.portal.office.families import OFFICE, PAIR
from services.portal.office.family import Seen, find_adult, state_of
from services.portal.rights_words import ENTERED, RESTRICTIONS, TAKES
from services.portal.sending import Errors, send
from services.portal.visiting import for_whom, kept_words
from services.portal.wiring import portal
from services.portal.wordings import RIGHTS

ONE = f"{PAIR}/restriction/<restriction_id>"
EVIDENCE = {"document": "document", "reference": "reference", "seen_by": "seen_by", "seen_on": "seen",
            "review_on": "review"}
FIELDS = {**EVIDENCE, "kind": "kind", "takes": "takes", "starts_on": "starts", "until_on": "until"}
"""What profiles calls a field, and what the form calls it."""
DAYS = ("seen", "starts", "until", "review")


def add_pages(room: flask.Blueprint) -> None:
    for path, ask, answer in ((f"{PAIR}/restriction", ask_restriction, enter_restriction),
                              (f"{ONE}/evidence", ask_evidence, see_evidence), (f"{ONE}/lifting", ask_lifting, lift)):
        room.add_url_rule(path, view_func=ask)
        room.add_url_rule(path, view_func=answer, methods=["POST"])


@for_whom(*OFFICE)
def ask_restriction(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    return _form(find_adult(visitor, pupil_id, guardian_id), kept_words(visitor), [])


def _form(seen: Seen, answers: Answers, takes: list[str], errors: Errors | None = None) -> str:
    kinds = [{"value": kind, "text": str(RESTRICTIONS[kind]), "hint": str(TAKES[kind])} for kind in ENTERED]
    return seen.show("office_restriction.html", answers=answers, takes=takes, errors=errors, kinds=kinds,
                     days=day_fields(answers, *DAYS), rights=[(name, str(words)) for name, words in RIGHTS.items()],
                     key=answers.get("key") or new_id())


@for_whom(*OFFICE)
def enter_restriction(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    """It holds from its first day on, by default at once. Without evidence it is taken all the same: safety first."""
    seen, answers = find_adult(visitor, pupil_id, guardian_id), flask.request.form.to_dict()
    takes, errors = flask.request.form.getlist("takes"), Errors()
    entry = {"kind": answers.get("kind", ""), "takes": takes, **_evidence(answers, errors),
             "starts_on": iso_day(answers, "starts", errors), "until_on": iso_day(answers, "until", errors)}
    if entry["kind"] not in ENTERED:
        errors["kind"] = _("Choose what kind it is")
    if errors:
        return _form(seen, answers, takes, errors), 422
    errors, status = send(lambda: portal().rights.enter_restriction(
        seen.who, seen.place, entry, answers.get("key") or new_id()), fields=FIELDS)
    if errors:
        return _form(seen, answers, takes, errors), status
    planned = entry["starts_on"] is not None and entry["starts_on"] > today().isoformat()
    return done("restriction-" + {(False, True): "entered", (False, False): "unseen", (True, True): "planned",
                                  (True, False): "planned-unseen"}[planned, bool(entry["document"])], seen.back)


def _evidence(answers: Answers, errors: Errors) -> dict[str, Any]:
    """What was seen, as the form says it."""
    return {**{name: words_or_none(answers, name) for name in ("document", "reference", "seen_by")},
            "seen_on": iso_day(answers, "seen", errors), "review_on": iso_day(answers, "review", errors)}


def _find(visitor: Visitor, pupil_id: str, guardian_id: str, restriction_id: str) -> tuple[Seen, Restriction]:
    seen = find_adult(visitor, pupil_id, guardian_id)
    for order in seen.adult["restrictions"]:
        if order["id"] == restriction_id:
            return seen, order
    raise NotFound()


@for_whom(*OFFICE)
def ask_evidence(visitor: Visitor, pupil_id: str, guardian_id: str, restriction_id: str) -> Any:
    """With what is known already, so that looking again is a new day and no more."""
    seen, order = _find(visitor, pupil_id, guardian_id, restriction_id)
    known = {name: order[name] or "" for name in ("document", "reference", "seen_by")}  # type: ignore[literal-required]
    for field, name in (("seen", "seen_on"), ("review", "review_on")):
        parts = str(order[name] or "").split("-")  # type: ignore[literal-required]
        if len(parts) == 3:
            known |= {f"{field}-{part}": value.lstrip("0")
                      for part, value in zip(("year", "month", "day"), parts, strict=True)}
    return _evidence_page(seen, order, {**known, **kept_words(visitor)})


def _evidence_page(seen: Seen, order: Restriction, answers: Answers, errors: Errors | None = None) -> str:
    return seen.show("office_evidence.html", order=order, answers=answers, errors=errors,
                     days=day_fields(answers, "seen", "review"))


@for_whom(*OFFICE)
def see_evidence(visitor: Visitor, pupil_id: str, guardian_id: str, restriction_id: str) -> Any:
    (seen, order), answers = _find(visitor, pupil_id, guardian_id, restriction_id), flask.request.form.to_dict()
    errors: Errors = {}
    evidence = _evidence(answers, errors)
    need_words(answers, "document", _("Say which document was seen"), errors)
    if errors:
        return _evidence_page(seen, order, answers, errors), 422
    errors, status = send(lambda: portal().rights.see_evidence(seen.who, restriction_id, evidence), fields=EVIDENCE)
    return (_evidence_page(seen, order, answers, errors), status) if errors else done("evidence-seen", seen.back)


@for_whom(*OFFICE)
def ask_lifting(visitor: Visitor, pupil_id: str, guardian_id: str, restriction_id: str) -> Any:
    """Ask for it; or, where somebody has asked, say yes or no."""
    seen, order = _find(visitor, pupil_id, guardian_id, restriction_id)
    return _lifting(seen, order, kept_words(visitor))


def _lifting(seen: Seen, order: Restriction, answers: Answers, errors: Errors | None = None) -> str:
    return seen.show("office_lifting.html", order=order, answers=answers, errors=errors, state=state_of(order),
                     mine=order["lift_asked_by"] == seen.who.person_id)


@for_whom(*OFFICE)
def lift(visitor: Visitor, pupil_id: str, guardian_id: str, restriction_id: str) -> Any:
    """Whoever asked may take it back; only somebody else may say yes."""
    (seen, order), answers = _find(visitor, pupil_id, guardian_id, restriction_id), flask.request.form.to_dict()
    go, rights, errors, what = answers.get("go", ""), portal().rights, Errors(), "lifting-asked"
    if go == "yes":
        errors, status = send(lambda: rights.lift_restriction(seen.who, restriction_id))
        what = "lifted"
    elif go == "no":
        errors, status = send(lambda: rights.refuse_lifting(seen.who, restriction_id))
        what = "holds-on"
    else:
        reason, status = need_words(answers, "reason", _("Say why it holds no longer"), errors), 422
        if not errors:
            errors, status = send(lambda: rights.ask_lifting(seen.who, restriction_id, reason),
                                  fields={"reason": "reason"})
    return (_lifting(seen, order, answers, errors), status) if errors else done(what, seen.back)
