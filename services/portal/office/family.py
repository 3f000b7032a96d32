"""A family's adults and rights on one screen; what is known of each adult is changed by reason and evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.errors import NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.rights import Adult, Change, Family, KeepApart, Place, Restriction
from services.portal.office.asking import Answers, done, need_words, today, words_or_none
from services.portal.office.families import OFFICE, PAIR
from services.portal.rights_words import change_words
from services.portal.sending import Errors, send
from services.portal.visiting import for_whom, kept_words, the_office
from services.portal.wiring import portal
from services.portal.wordings import KINDS, full_name

FAMILY = "/office/families/<pupil_id>"
FACTS = {"kind": "kind", "parental_responsibility": "responsibility", "responsibility_seen": "seen",
         "lives_with": "lives"}
"""What profiles calls a fact, and what the form calls it."""


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule(FAMILY, view_func=show_family)
    room.add_url_rule(PAIR, view_func=show_adult)
    for path, ask, answer in ((f"{FAMILY}/looked-after", ask_looked_after, look_after),
                              (f"{PAIR}/known", ask_known, change_known), (f"{PAIR}/check", ask_check, check)):
        room.add_url_rule(path, view_func=ask)
        room.add_url_rule(path, view_func=answer, methods=["POST"])


@dataclass(frozen=True, slots=True)
class Seen:
    """One adult of a family, and who looks at them."""

    who: Principal
    family: Family
    adult: Adult

    @property
    def place(self) -> Place:
        return self.adult["pupil"]["id"], self.adult["guardian"]["id"]

    @property
    def back(self) -> str:
        return f"/office/families/{self.place[0]}"

    @property
    def here(self) -> str:
        return f"{self.back}/{self.place[1]}"

    @property
    def others(self) -> list[Adult]:
        """The other adults of this child."""
        return [adult for adult in self.family["adults"] if adult["guardian"]["id"] != self.place[1]]

    def show(self, template: str, **more: Any) -> str:
        return flask.render_template(template, adult=self.adult, family=self.family, here=self.here, back=self.back,
                                     **more)


def find_family(visitor: Visitor, pupil_id: str) -> tuple[Principal, Family]:
    who = the_office(visitor, *OFFICE)
    return who, portal().rights.show_family(who, pupil_id)


def find_adult(visitor: Visitor, pupil_id: str, guardian_id: str) -> Seen:
    """NotFound when this adult has no relationship with this child."""
    who, family = find_family(visitor, pupil_id)
    for adult in family["adults"]:
        if adult["guardian"]["id"] == guardian_id:
            return Seen(who, family, adult)
    raise NotFound()


def state_of(order: Restriction) -> str:
    """By its days: 'planned', 'in-force' or 'over'."""
    day = today().isoformat()
    if order["starts_on"] and order["starts_on"] > day:
        return "planned"
    return "over" if order["until_on"] and order["until_on"] < day else "in-force"


@for_whom(*OFFICE)
def show_family(visitor: Visitor, pupil_id: str) -> Any:
    """Who may do what, and why; where each adult lives; what is in force, planned and still to be seen."""
    who, family = find_family(visitor, pupil_id)
    people = {adult["guardian"]["id"]: adult["guardian"] for adult in family["adults"]}
    return flask.render_template("office_family.html", family=family, people=people, full=True, back="/office/families",
                                 homes=_homes(family), here=f"/office/families/{pupil_id}", state_of=state_of,
                                 me=who.person_id, is_dsl="dsl" in who.roles, done=flask.session.pop("done", ""))


def _homes(family: Family) -> list[list[str]]:
    """The names of each home."""
    names = {adult["guardian"]["id"]: full_name(adult["guardian"])
             for adult in family["adults"]}
    return [[names[one] for one in home["guardian_ids"] if one in names] for home in family["homes"]]


@for_whom(*OFFICE)
def show_adult(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    """One adult and one child: what they may do, why, and who changed what."""
    seen = find_adult(visitor, pupil_id, guardian_id)
    history = portal().transport.gather([partial(portal().rights.show_history, seen.who, seen.place)])[0]
    return seen.show("office_pair.html", pair=seen.adult, history=None if history is None else told(history),
                     done=flask.session.pop("done", ""))


def told(history: Sequence[Change]) -> list[Change]:
    """The history as a reader wants it: an act and what it did to rights are one line."""
    lines: list[Change] = []
    for change in history:
        last = lines[-1] if lines else None
        if last is not None and (change["at"], change["by"], change_words(change["what"])) == (
                last["at"], last["by"], change_words(last["what"])):
            last["lost"], last["gained"] = last["lost"] or change["lost"], last["gained"] or change["gained"]
        else:
            lines.append({**change})
    return lines


@for_whom(*OFFICE)
def ask_known(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    seen = find_adult(visitor, pupil_id, guardian_id)
    known = {field: str(seen.adult[name] or "") for name, field in FACTS.items()}  # type: ignore[literal-required]
    return _known(seen, {**known, **kept_words(visitor)})


def _known(seen: Seen, answers: Answers, errors: Errors | None = None) -> str:
    return seen.show("office_known.html", answers=answers, errors=errors, kinds_of_adult=list(KINDS))


@for_whom(*OFFICE)
def change_known(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    """What the office has seen and asked goes before what a file says, from now on."""
    seen, answers = find_adult(visitor, pupil_id, guardian_id), flask.request.form.to_dict()
    facts: dict[str, Any] = {name: answers.get(field, "").strip() for name, field in FACTS.items()}
    facts["responsibility_seen"] = facts["responsibility_seen"] or None
    errors = {FACTS[name]: _("Choose one") for name in ("kind", "parental_responsibility", "lives_with")
              if not facts[name]}
    if facts["parental_responsibility"] == "yes" and not facts["responsibility_seen"]:
        errors["seen"] = _("Say how it was seen, such as a birth certificate")
    if errors:
        return _known(seen, answers, errors), 422
    errors, status = send(lambda: portal().rights.change_relationship(seen.who, seen.place, facts), fields=FACTS)
    return (_known(seen, answers, errors), status) if errors else done("relationship", seen.back)


@for_whom(*OFFICE)
def ask_check(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    return find_adult(visitor, pupil_id, guardian_id).show("office_check.html", answers=kept_words(visitor))


@for_whom(*OFFICE)
def check(visitor: Visitor, pupil_id: str, guardian_id: str) -> Any:
    """Somebody has looked, and there is no restriction."""
    seen, answers = find_adult(visitor, pupil_id, guardian_id), flask.request.form.to_dict()
    errors: Errors = {}
    words, status = need_words(answers, "seen", _("Say what you looked at, or whom you asked"), errors), 422
    if not errors:
        errors, status = send(lambda: portal().rights.check_relationship(seen.who, seen.place, words),
                              fields={"seen": "seen"})
    if errors:
        return seen.show("office_check.html", answers=answers, errors=errors), status
    return done("checked", seen.back)


@for_whom(*OFFICE)
def ask_looked_after(visitor: Visitor, pupil_id: str) -> Any:
    _who, family = find_family(visitor, pupil_id)
    held = {"authority": family["looked_after_by"] or "", "shares": "yes" if family["looked_after_by"] else "no"}
    return _looked_after(family, {**held, **kept_words(visitor)})


def _looked_after(family: Family, answers: Answers, errors: Errors | None = None) -> str:
    return flask.render_template("office_looked_after.html", family=family, answers=answers, errors=errors,
                                 back=f"/office/families/{family['pupil']['id']}")


@for_whom(*OFFICE)
def look_after(visitor: Visitor, pupil_id: str) -> Any:
    """The local authority that shares responsibility; none when it does no longer."""
    (who, family), answers = find_family(visitor, pupil_id), flask.request.form.to_dict()
    errors: Errors = {}
    authority = words_or_none(answers, "authority") if answers.get("shares") == "yes" else None
    if answers.get("shares") not in ("yes", "no"):
        errors["shares"] = _("Choose one")
    elif answers["shares"] == "yes" and not authority:
        errors["authority"] = _("Write the name of the local authority")
    if errors:
        return _looked_after(family, answers, errors), 422
    errors, status = send(lambda: portal().rights.look_after(who, pupil_id, authority),
                          fields={"authority": "authority"})
    if errors:
        return _looked_after(family, answers, errors), status
    return done("looked-after", f"/office/families/{pupil_id}")


def find_apart(seen: Seen, keep_apart_id: str) -> KeepApart:
    """A pair of adults that this one belongs to."""
    for row in seen.family["keep_apart"]:
        if row["id"] == keep_apart_id and seen.place[1] in (row["first_id"], row["second_id"]):
            return row
    raise NotFound()
