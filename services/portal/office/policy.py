"""What each kind of adult may do by default: seen by the office, changed by the head and the safeguarding lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Stale
from services.portal.accounts.queries import Visitor
from services.portal.clients.rights import Policy
from services.portal.office.asking import Answers, day_fields, done, iso_day, need_words
from services.portal.office.families import OFFICE
from services.portal.sending import Errors, send
from services.portal.visiting import for_whom, kept_words, the_office
from services.portal.wiring import portal
from services.portal.wordings import RIGHTS

CHANGERS = ("head", "dsl")
HERE = "/office/policy"
FIELDS = {"starts_on": "starts", "reason": "reason"}
Kinds = dict[str, list[str]]


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule(HERE, view_func=show_policy)
    room.add_url_rule(HERE, view_func=change_policy, methods=["POST"])
    room.add_url_rule(f"{HERE}/undo", view_func=ask_undo)
    room.add_url_rule(f"{HERE}/undo", view_func=undo_policy, methods=["POST"])


@for_whom(*OFFICE)
def show_policy(visitor: Visitor) -> Any:
    who = the_office(visitor, *OFFICE)
    policy, answers = portal().rights.show_policy(who), kept_words(visitor)
    return _page(visitor, policy, answers, _kinds(policy, answers) if answers else None)


def _page(visitor: Visitor, policy: Policy, answers: Answers, kinds: Kinds | None = None,
          errors: Errors | None = None) -> str:
    """The table; with what somebody has ticked already, where they come back to it."""
    return flask.render_template(
        "office_policy.html", policy=policy, answers=answers, errors=errors, full=True, starts=day_fields(
            answers, "starts")["starts"], done=flask.session.pop("done", ""), may_change=visitor.is_any(*CHANGERS),
        ticked=kinds or {row["kind"]: row["rights"] for row in policy["kinds"]},
        key=answers.get("key") or new_id())


def _kinds(policy: Policy, answers: Mapping[str, str]) -> Kinds:
    """What the boxes say: all that is not ticked is taken."""
    return {row["kind"]: [right for right in RIGHTS if answers.get(f"{right}:{row['kind']}")]
            for row in policy["kinds"]}


@for_whom(*CHANGERS)
def change_policy(visitor: Visitor) -> Any:
    """What it would do, by name, comes first; only then it is saved."""
    who, answers = the_office(visitor, *CHANGERS), flask.request.form.to_dict()
    policy, errors = portal().rights.show_policy(who), Errors()
    kinds = _kinds(policy, answers)
    if answers.get("go") == "back":
        return _page(visitor, policy, answers, kinds)
    reason = need_words(answers, "reason", _("Say why, for those who ask later"), errors)
    change = {"kinds": kinds, "reason": reason, "starts_on": iso_day(answers, "starts", errors),
              "based_on": int(answers["based_on"]) if answers.get("based_on", "").isdigit() else -1}
    if not errors and change["based_on"] == policy["version"] and _same(policy, kinds):
        errors["question"] = _("Nothing is different yet. Tick or untick something first.")
    if errors:
        return _page(visitor, policy, answers, kinds, errors), 422
    if answers.get("go") != "save":
        return _preview(who, policy, answers, change)
    return _save(visitor, who, answers, change)


def _same(policy: Policy, kinds: Kinds) -> bool:
    return all(set(row["rights"]) == set(kinds[row["kind"]]) for row in policy["kinds"])


def _preview(who: Principal, policy: Policy, answers: Answers, change: Mapping[str, Any]) -> str:
    return flask.render_template(
        "office_policy_check.html", turns=portal().rights.preview_policy(who, change["kinds"]), change=change,
        full=True, policy=policy, back=HERE, answers={**answers, "key": answers.get("key") or new_id()})


def _save(visitor: Visitor, who: Principal, answers: Answers, change: Mapping[str, Any]) -> Any:
    """Where a colleague was faster the table is shown again, with theirs beside what was ticked here."""
    key = answers.get("key") or new_id()
    try:
        errors, status = send(lambda: portal().rights.change_policy(who, change, key), fields=FIELDS)
    except Stale:
        answers.pop("key", None)
        errors, status = {"question": _("A colleague changed the policy a moment ago. Look at how it is now, and "
                                        "whether you still want this.")}, 409
    if errors:
        return _page(visitor, portal().rights.show_policy(who), answers, change["kinds"], errors), status
    return done("policy-saved", HERE)


@for_whom(*CHANGERS)
def ask_undo(visitor: Visitor) -> Any:
    return _undo(portal().rights.show_policy(the_office(visitor, *CHANGERS)), new_id())


def _undo(policy: Policy, key: str, errors: Errors | None = None) -> str:
    return flask.render_template("office_policy_undo.html", last=next(iter(policy["versions"]), None), key=key,
                                 back=HERE, errors=errors)


@for_whom(*CHANGERS)
def undo_policy(visitor: Visitor) -> Any:
    """What held before the last version holds again; nothing is deleted. A second press does it once."""
    who, key = the_office(visitor, *CHANGERS), flask.request.form.get("key") or new_id()
    errors, status = send(lambda: portal().rights.undo_policy(who, key))
    if errors:
        return _undo(portal().rights.show_policy(who), key, errors), status
    return done("policy-undone", HERE)
