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
from services.notifications.preferences.rules import (
    AS_IT_COMES,
    AT_ONCE,
    DAILY,
    NONE,
    WEEKLY,
    next_digest,
    next_week_end,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What an adult has chosen, or has without choosing."""

    email: str
    language: str | None
    good_news: str


def get_preference(uow: UnitOfWork, caller: Principal) -> Choice:
    """The caller's own choice."""
    row = uow.get(Preference, caller.person_id)
    if row is None:
        return Choice(AT_ONCE, find_language(uow, caller.person_id), AS_IT_COMES)
    return Choice(row.email, row.language or find_language(uow, caller.person_id), row.good_news)


@dataclass(frozen=True, slots=True)
class Wish:
    """What an adult's choice means for a letter: none at all, or one that waits for the day's letter until then.

    Good news waits for the week's letter until `week_at`, where that is chosen.
    """

    wants_none: bool = False
    digest_at: datetime | None = None
    week_at: datetime | None = None

    def due_at(self, is_good_news: bool) -> datetime | None:
        """Until when a letter waits that may share another; None if it goes at once."""
        return self.week_at if is_good_news and self.week_at is not None else self.digest_at


AS_USUAL = Wish()


CHOSEN = sa.select(Preference.person_id, Preference.email, Preference.good_news).where(
    Preference.person_id.in_(sa.bindparam("ids", expanding=True)),
    sa.or_(Preference.email != AT_ONCE, Preference.good_news != AS_IT_COMES))


def list_wishes(uow: UnitOfWork, person_ids: Collection[str]) -> dict[str, Wish]:
    """What these adults want; whoever is not in it wants each letter at once."""
    rows = uow.rows(CHOSEN, ids=list(set(person_ids)))
    chosen = {row.person_id: (row.email, row.good_news) for row in rows}
    meaning = {choice: wish_of(uow, *choice) for choice in set(chosen.values())}
    return {person_id: meaning[choice] for person_id, choice in chosen.items()}


def wish_of(uow: UnitOfWork, email: str, good_news: str) -> Wish:
    """What a choice means now."""
    if email == NONE:
        return Wish(wants_none=True)
    zone = get_school(uow).zone
    return Wish(digest_at=next_digest(uow.now, zone) if email == DAILY else None,
                week_at=next_week_end(uow.now, zone) if good_news == WEEKLY else None)


def find_good_news(uow: UnitOfWork, person_id: str) -> str:
    """How an adult has good news now."""
    row = uow.get(Preference, person_id)
    return AS_IT_COMES if row is None else str(row.good_news)
