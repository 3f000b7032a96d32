"""What can be done with the policy: see what a change would do before it is saved, save it, undo it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa

from chassis.errors import Conflict, Invalid, Stale
from chassis.timers import set_timer
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.queries import get_zone
from services.profiles.policy.models import PolicyVersion
from services.profiles.policy.queries import list_effective, list_versions
from services.profiles.relationships.actions import note_change, settle
from services.profiles.relationships.models import Relationship
from services.profiles.relationships.queries import list_known, select_named
from services.profiles.relationships.rules import TRUST_DEFAULT, Default, default_rights, rights_at

POLICY_TURN = "policy-turn"
Overrides = Mapping[str, Sequence[str]]


def describe_policy(uow: UnitOfWork) -> dict[str, Any]:
    """What each kind may do now, beside the trust's default, and every version there was."""
    versions = list_versions(uow)
    begun = [row for row in list_effective(versions, uow.now) if row.starts_at <= uow.now]
    overrides = begun[-1].overrides if begun else {}
    return {"version": versions[-1].number if versions else 0, "versions": list(reversed(versions)),
            "kinds": [{"kind": kind, "trust": sorted(trust), "rights": sorted(default_rights(kind, overrides))}
                      for kind, trust in TRUST_DEFAULT.items()]}


def preview_policy(uow: UnitOfWork, overrides: Overrides) -> list[dict[str, Any]]:
    """Who would gain and who would lose what, by name, were this the policy now."""
    rows = uow.rows(select_named())
    known = list_known(uow, [row for row, _, _ in rows])
    found = []
    for row, pupil, guardian in rows:
        pair = known[row.pupil_id, row.guardian_id]
        then = replace(pair, defaults=(Default(default_rights(row.kind, overrides)),))
        before, after = ({name for name, right in rights_at(one, uow.now).items() if right.allowed}
                         for one in (pair, then))
        if before != after:
            found.append({"pupil": pupil, "guardian": guardian, "kind": row.kind,
                          "gains": sorted(after - before), "loses": sorted(before - after)})
    return found


def change_policy(uow: UnitOfWork, body: Mapping[str, Any], by: str) -> PolicyVersion:
    """A new version from a day on, or at once; Stale when somebody else has changed it since it was looked at."""
    versions = list_versions(uow)
    if body["based_on"] != (versions[-1].number if versions else 0):
        raise Stale()
    starts_at = _begin(uow, body["starts_on"])
    return _add(uow, {kind: sorted(set(rights)) for kind, rights in body["kinds"].items()
                      if set(rights) != TRUST_DEFAULT[kind]}, (starts_at, body["reason"]), by)


def _begin(uow: UnitOfWork, starts_on: date | None) -> datetime:
    if starts_on is None:
        return uow.now
    found = datetime.combine(starts_on, time(), get_zone(uow)).astimezone(UTC)
    if found < uow.now and starts_on != uow.now.astimezone(get_zone(uow)).date():
        raise Invalid(errors={"/starts_on": "The first day has gone by."})
    return max(found, uow.now)


def undo_policy(uow: UnitOfWork, by: str) -> PolicyVersion:
    """What held before the last version holds again, as a version of its own: nothing is deleted."""
    versions = list_versions(uow)
    if not versions:
        raise Conflict("There is nothing to undo: the trust's defaults hold.")
    before = versions[-2].overrides if len(versions) > 1 else {}
    return _add(uow, before, (uow.now, f"Undoes version {versions[-1].number}"), by)


def _add(uow: UnitOfWork, overrides: Mapping[str, Any], dated: tuple[datetime, str], by: str) -> PolicyVersion:
    number = 1 + (uow.session.scalar(sa.select(sa.func.max(PolicyVersion.number))) or 0)
    row = PolicyVersion(number=number, overrides=dict(overrides), starts_at=dated[0], reason=dated[1], entered_by=by,
                        entered_at=uow.now)
    uow.add(row)
    uow.flush()
    note_change(uow, (None, None), "policy", by)
    settle(uow, uow.all(sa.select(Relationship)), "policy-changed", by)
    if row.starts_at > uow.now:
        set_timer(uow, POLICY_TURN, str(number), row.starts_at)
    return row


def turn_policy(uow: UnitOfWork, _number: str) -> None:
    """A version's day has come; readers obeyed it already. The pairs whose rights turned are announced."""
    settle(uow, uow.all(sa.select(Relationship)), "policy-changed", "calendar")
