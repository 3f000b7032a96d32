"""Asking what adults have chosen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.unit_of_work import UnitOfWork
from services.notifications.contacts.queries import find_language, get_school
from services.notifications.preferences.models import Preference
from services.notifications.preferences.rules import AT_ONCE, DAILY, NONE, next_digest


@dataclass(frozen=True, slots=True)
class Choice:
    """What an adult has chosen, or has without choosing."""

    email: str
    language: str | None


def get_preference(uow: UnitOfWork, caller: Principal) -> Choice:
    """The caller's own choice."""
    row = uow.get(Preference, caller.person_id)
    if row is None:
        return Choice(AT_ONCE, find_language(uow, caller.person_id))
    return Choice(row.email, row.language or find_language(uow, caller.person_id))


@dataclass(frozen=True, slots=True)
class Wish:
    """What an adult's choice means for a letter: none at all, or one that waits for the day's letter until then."""

    wants_none: bool = False
    digest_at: datetime | None = None


AS_USUAL = Wish()


def list_wishes(uow: UnitOfWork, person_ids: Collection[str]) -> dict[str, Wish]:
    """What these adults want; whoever is not in it wants each letter at once."""
    rows = uow.rows(sa.select(Preference.person_id, Preference.email)
                    .where(Preference.person_id.in_(set(person_ids)), Preference.email != AT_ONCE))
    chosen = {row.person_id: row.email for row in rows}
    meaning = {email: wish_of(uow, email) for email in set(chosen.values())}
    return {person_id: meaning[email] for person_id, email in chosen.items()}


def wish_of(uow: UnitOfWork, email: str) -> Wish:
    """What a choice means now."""
    if email == DAILY:
        return Wish(digest_at=next_digest(uow.now, get_school(uow).zone))
    return Wish(wants_none=email == NONE)
