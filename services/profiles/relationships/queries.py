"""What can be asked of the rule. A refusal is NotFound: what may not be seen does not exist.

An adult's rights are read from the windows that were last published: what this service answers is what its readers
answer. What is known of a pair is put together here for the one function that computes them (`rules.windows_of`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.permissions import open_at
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import WHOLE_SCHOOL, teaches
from services.profiles.people.models import Guardian, Pupil
from services.profiles.policy.queries import list_effective, list_versions
from services.profiles.relationships.models import CareOrder, Relationship
from services.profiles.relationships.rules import (
    RIGHTS,
    Default,
    Duty,
    Hold,
    Order,
    Pair,
    concerns,
    default_rights,
    home_of,
    rights_at,
)
from services.profiles.restrictions.queries import Taking, list_taking
from services.profiles.support.queries import has_support

Place = tuple[str, str]
"""(pupil, guardian)."""
SENCO = "senco"
WORDS = ("see", "reply")  # the rights that staff and the child have as well
NEEDED = {"reply": WORDS}
WINDOWS = sa.select(Relationship.windows).where(
    Relationship.pupil_id == sa.bindparam("pupil"), Relationship.guardian_id == sa.bindparam("guardian"))


def ask(uow: UnitOfWork, caller: Principal, right: str, pupil_id: str) -> None:
    """Raise NotFound unless this caller has this right about this pupil now.

    Whoever may reply answers what they see: an adult at home needs both rights for it. Staff read and write about the
    children whom they have to do with, and a child about themselves.
    """
    if caller.hat == "guardian":
        known = uow.all(WINDOWS, pupil=pupil_id, guardian=caller.person_id)
        if known and all(open_at(known[0], name, uow.now) for name in NEEDED.get(right, (right,))):
            return
    elif right in WORDS and (_concerns(uow, caller, pupil_id) or _is_self(uow, caller, pupil_id)):
        return
    raise NotFound()


def is_here(uow: UnitOfWork, pupil_id: str) -> bool:
    """Whether a child is at this school now."""
    pupil: Pupil | None = uow.get(Pupil, pupil_id)
    return pupil is not None and pupil.status == "current"


def _is_self(uow: UnitOfWork, caller: Principal, pupil_id: str) -> bool:
    """Whether the caller is this child, who is at this school now."""
    return caller.hat == "pupil" and caller.person_id == pupil_id and is_here(uow, pupil_id)


def _concerns(uow: UnitOfWork, caller: Principal, pupil_id: str) -> bool:
    """Whether a member of staff has to do with this child; read anew each time, so that an end of it ends at once."""
    if caller.hat != "staff" or uow.get(Pupil, pupil_id) is None:
        return False
    whole, is_senco = bool(caller.roles.intersection(WHOLE_SCHOOL)), SENCO in caller.roles
    taught = not whole and teaches(uow, caller.person_id, pupil_id)
    return concerns(Duty(whole, taught, is_senco, is_senco and not (whole or taught) and has_support(uow, pupil_id)))


def list_children(uow: UnitOfWork, guardian_id: str, right: str = "see") -> Sequence[tuple[Pupil, dict[str, bool]]]:
    """The children whom this adult may see now (or has another right about), with what else they may do."""
    rows = uow.rows(sa.select(Relationship.windows, Pupil).join(Pupil, Pupil.id == Relationship.pupil_id)
                    .where(Relationship.guardian_id == guardian_id).order_by(Pupil.given_name, Pupil.id))
    answers = [(pupil, {name: open_at(windows, name, uow.now) for name in RIGHTS}) for windows, pupil in rows]
    return [(pupil, may) for pupil, may in answers if may[right]]


def get_child(uow: UnitOfWork, caller: Principal, pupil_id: str) -> tuple[Pupil, dict[str, bool]]:
    """A child whom the caller may see, with an adult's seven rights (staff and the child have none): one read."""
    pair = sa.and_(Relationship.school_id == Pupil.school_id, Relationship.pupil_id == Pupil.id,
                   Relationship.guardian_id == (caller.person_id if caller.hat == "guardian" else ""))
    [(pupil, windows)] = uow.rows(sa.select(Pupil, Relationship.windows).outerjoin(Relationship, pair)
                                  .where(Pupil.id == pupil_id))
    return pupil, {} if windows is None else {name: open_at(windows, name, uow.now) for name in RIGHTS}


def child_item(pupil: Pupil, may: dict[str, bool]) -> dict[str, Any]:
    """A child as a parent's list shows it."""
    return {"id": pupil.id, "given_name": pupil.given_name, "family_name": pupil.family_name,
            "year_group": pupil.year_group, "status": pupil.status, "may": may}


def list_holders(uow: UnitOfWork, pupil_ids: Collection[str], right: str) -> dict[str, list[str]]:
    """For each of these pupils the adults who have this right now: one read."""
    found: dict[str, list[str]] = {}
    for row in list_pairs(uow, pupil_ids):
        if open_at(row.windows, right, uow.now):
            found.setdefault(row.pupil_id, []).append(row.guardian_id)
    return found


@dataclass(frozen=True, slots=True)
class Home:
    """Adults who live together with a child."""

    guardian_ids: tuple[str, ...]


def list_homes(uow: UnitOfWork, pupil_id: str) -> list[Home]:
    """A child's homes, of the adults who may receive now; the home where the child simply lives comes first."""
    homes: dict[str, list[str]] = {}
    for row in sorted(list_pairs(uow, [pupil_id]), key=lambda row: row.lives_with != "yes"):
        if open_at(row.windows, "receive", uow.now):
            homes.setdefault(home_of(row.pupil_id, row.guardian_id, row.lives_with), []).append(row.guardian_id)
    return [Home(tuple(adults)) for adults in homes.values()]


PAIRS = sa.select(Relationship).where(Relationship.pupil_id.in_(sa.bindparam("pupils", expanding=True))).order_by(
    Relationship.pupil_id, Relationship.guardian_id)


def list_pairs(uow: UnitOfWork, pupil_ids: Collection[str]) -> Sequence[Relationship]:
    """The pairs of these pupils, ended ones too."""
    return uow.all(PAIRS, pupils=sorted(set(pupil_ids)))


def list_without_home(uow: UnitOfWork) -> Sequence[Relationship]:
    """Current pairs of which it was never said which home the adult is of: they were there before homes were."""
    return uow.all(sa.select(Relationship).where(
        Relationship.home_id.is_(None), Relationship.status == "current", Relationship.pupil_is_current))


def select_named() -> sa.Select[Any]:
    """(relationship, pupil, guardian) of every pair that is current."""
    return (sa.select(Relationship, Pupil, Guardian).join(Pupil, Pupil.id == Relationship.pupil_id)
            .join(Guardian, Guardian.id == Relationship.guardian_id)
            .where(Relationship.status == "current", Pupil.status == "current"))


def get_pair(uow: UnitOfWork, place: Place) -> Relationship:
    row: Relationship | None = uow.get(Relationship, *place)
    if row is None:
        raise NotFound()
    return row


def list_known(uow: UnitOfWork, rows: Iterable[Any], known_at: datetime | None = None) -> dict[Place, Pair]:
    """What is known of these pairs, for the rule; or what was known of them at an instant.

    `rows` hold `Facts`. Four reads for any number of pairs. What had ended by then is left out, so that the windows of
    a pair do not grow for ever.
    """
    at, rows = known_at or uow.now, list(rows)
    pupils = {row.pupil_id for row in rows}
    some = pupils if len(pupils) <= 500 else None
    taking = list_taking(uow, some, at)
    looked_after = set(uow.all(sa.select(CareOrder.pupil_id).where(
        CareOrder.entered_at <= at, sa.or_(CareOrder.ended_at.is_(None), CareOrder.ended_at > at))))
    versions = list_effective(list_versions(uow, at), at)
    defaults = {kind: _defaults(versions, kind) for kind in {row.kind for row in rows}}
    return {(row.pupil_id, row.guardian_id): _known(row, taking, defaults[row.kind], row.pupil_id in looked_after, at)
            for row in rows}


def _known(row: Any, taking: Mapping[Place, Taking], defaults: tuple[Default, ...], is_looked_after: bool,
           at: datetime) -> Pair:
    taken = taking.get((row.pupil_id, row.guardian_id))
    orders = () if taken is None else tuple(
        Order(found.kind, frozenset(found.takes), found.starts_at, found.ends_at) for found in taken.restrictions
        if found.ends_at is None or found.ends_at > at)
    holds = () if taken is None else tuple(Hold(frozenset(found.rights)) for found in taken.held)
    is_checked = row.restriction in ("none", "restricted") or bool(row.checked_by)
    return Pair(row.kind, row.parental_responsibility, is_checked,
                row.status == "current", row.pupil_is_current, is_looked_after, orders, holds, defaults)


def _defaults(versions: Sequence[Any], kind: str) -> tuple[Default, ...]:
    return tuple(Default(default_rights(kind, row.overrides), row.starts_at) for row in versions)


def explain(pair: Pair, at: datetime) -> dict[str, dict[str, Any]]:
    """Each right with its reason at an instant, as screens and the tester show it."""
    return {name: {"allowed": right.allowed, "reason": right.reason} for name, right in rights_at(pair, at).items()}
