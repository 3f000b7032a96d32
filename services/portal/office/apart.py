"""Two adults who must not meet, and what a child holds back from an adult."""

from __future__ import annotations

from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.rights import Held, KeepApart
from services.portal.office.asking import Answers, done, need_words, words_or_none
from services.portal.office.families import OFFICE, PAIR
from services.portal.office.family import Seen, find_adult, find_apart
from services.portal.rights_words import BASES
from services.portal.sending import Errors, send
from services.portal.visiting import for_whom, kept_words
from services.portal.wiring import portal
from services.portal.wordings import RIGHTS

APART = f"{PAIR}/keep-apart"
HELD = f"{PAIR}/held"


def add_pages(room: flask.Blueprint) -> None:
    for path, ask, answer in ((APART, ask_apart, keep_apart), (f"{APART}/<keep_apart_id>", ask_end_apart, end_apart),
                              (HELD, ask_held, hold_back), (f"{HELD}/<held_id>/end", ask_give_back, give_back)):
        room.add_url_rule(path, view_func=ask)
        room.add_url_rule(path, view_func=answer, methods=["POST"])


@for_whom(*OFFICE)
def ask_apart(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    return _apart(find_adult(visitor, pupil_id, guardian_id), kept_words(visitor))


def _apart(seen: Seen, answers: Answers, errors: Errors | None = None) -> str:
    return seen.show("office_apart.html", answers=answers, errors=errors, others=seen.others,
                     key=answers.get("key") or new_id())


@for_whom(*OFFICE)
def keep_apart(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    """Another adult of this child is chosen; the two must not meet from now on."""
    seen, answers = find_adult(visitor, pupil_id, guardian_id), flask.request.form.to_dict()
    other = answers.get("other", "")
    if other not in [adult["guardian"]["id"] for adult in seen.others]:
        return _apart(seen, answers, {"other": _("Choose the other adult")}), 422
    errors, status = send(lambda: portal().rights.keep_apart(
        seen.who, [guardian_id, other], words_or_none(answers, "document"), answers.get("key") or new_id()),
        fields={"guardian_ids": "other", "document": "document"})
    return (_apart(seen, answers, errors), status) if errors else done("kept-apart", seen.back)


@for_whom(*OFFICE)
def ask_end_apart(visitor: Visitor, pupil_id: str, guardian_id: str, keep_apart_id: str) -> Any:
    seen = find_adult(visitor, pupil_id, guardian_id)
    return _end_apart(seen, find_apart(seen, keep_apart_id), kept_words(visitor))


def _end_apart(seen: Seen, row: KeepApart, answers: Answers, errors: Errors | None = None) -> str:
    other = next((one for one in seen.others if one["guardian"]["id"] in (row["first_id"], row["second_id"])), None)
    if other is None:
        raise NotFound()
    return seen.show("office_apart_end.html", row=row, other=other, answers=answers, errors=errors,
                     mine=row["lift_asked_by"] == seen.who.person_id)


@for_whom(*OFFICE)
def end_apart(visitor: Visitor, pupil_id: str, guardian_id: str, keep_apart_id: str) -> Any:
    """Asked for by one member of staff, and agreed to by another."""
    seen, answers = find_adult(visitor, pupil_id, guardian_id), flask.request.form.to_dict()
    row, errors, what = find_apart(seen, keep_apart_id), Errors(), "apart-end-asked"
    if answers.get("go") == "yes":
        errors, status = send(lambda: portal().rights.end_keep_apart(seen.who, keep_apart_id))
        what = "apart-ended"
    elif answers.get("go") == "no":
        errors, status = send(lambda: portal().rights.refuse_end_of_keep_apart(seen.who, keep_apart_id))
        what = "apart-stays"
    else:
        reason, status = need_words(answers, "reason", _("Say why they may meet again"), errors), 422
        if not errors:
            errors, status = send(lambda: portal().rights.ask_end_of_keep_apart(seen.who, keep_apart_id, reason),
                                  fields={"reason": "reason"})
    return (_end_apart(seen, row, answers, errors), status) if errors else done(what, seen.back)


@for_whom("dsl")
def ask_held(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    return _held(find_adult(visitor, pupil_id, guardian_id), kept_words(visitor), [])


def _held(seen: Seen, answers: Answers, rights: list[str], errors: Errors | None = None) -> str:
    return seen.show("office_held.html", answers=answers, chosen=rights, errors=errors,
                     rights=[(name, str(words)) for name, words in RIGHTS.items()],
                     bases=[(name, str(words)) for name, words in BASES.items()], key=answers.get("key") or new_id())


@for_whom("dsl")
def hold_back(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    """A child's own wish; the safeguarding lead who enters it agrees by that."""
    seen, answers = find_adult(visitor, pupil_id, guardian_id), flask.request.form.to_dict()
    rights, errors = flask.request.form.getlist("rights"), Errors()
    if not rights:
        errors["rights"] = _("Choose at least one")
    if answers.get("basis") not in BASES:
        errors["basis"] = _("Choose why the child may decide this")
    if errors:
        return _held(seen, answers, rights, errors), 422
    errors, status = send(lambda: portal().rights.hold_back(
        seen.who, seen.place, rights, answers["basis"], answers.get("key") or new_id()),
        fields={"rights": "rights", "basis": "basis"})
    return (_held(seen, answers, rights, errors), status) if errors else done("held-back", seen.back)


def _find_held(visitor: Visitor, pupil_id: str, guardian_id: str, held_id: str) -> tuple[Seen, Held]:
    seen = find_adult(visitor, pupil_id, guardian_id)
    for held in seen.adult["held"]:
        if held["id"] == held_id:
            return seen, held
    raise NotFound()


@for_whom("dsl")
def ask_give_back(visitor: Visitor, pupil_id: str, guardian_id: str, held_id: str) -> Any:
    seen, held = _find_held(visitor, pupil_id, guardian_id, held_id)
    return seen.show("office_held_end.html", held=held)


@for_whom("dsl")
def give_back(visitor: Visitor, pupil_id: str, guardian_id: str, held_id: str) -> Any:
    seen, held = _find_held(visitor, pupil_id, guardian_id, held_id)
    errors, status = send(lambda: portal().rights.give_back(seen.who, held_id))
    if errors:
        return seen.show("office_held_end.html", held=held, errors=errors), status
    return done("given-back", seen.back)
