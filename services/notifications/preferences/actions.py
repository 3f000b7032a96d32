"""Keeping what adults choose, and what lets them choose from a letter."""

from __future__ import annotations

import secrets
from collections.abc import Collection

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.db import Utc
from chassis.unit_of_work import UnitOfWork
from services.notifications.deliveries.actions import plan_anew
from services.notifications.preferences.models import Preference, UnsubscribeToken
from services.notifications.preferences.queries import find_good_news, wish_of
from services.notifications.preferences.rules import AS_IT_COMES, NONE, TOKEN

# Upserts, in the words that both databases know: two first choices at once must not trip over each other.
NO_MORE = sa.text(
    "INSERT INTO preferences (school_id, person_id, email, language, changed_at) "
    "VALUES (:school, :person, :email, :language, :now) ON CONFLICT (school_id, person_id) "
    "DO UPDATE SET email = excluded.email, changed_at = excluded.changed_at").bindparams(sa.bindparam("now", type_=Utc))
CHOOSE = sa.text(
    "INSERT INTO preferences (school_id, person_id, email, good_news, language, changed_at) "
    "VALUES (:school, :person, :email, :good_news, :language, :now) ON CONFLICT (school_id, person_id) "
    "DO UPDATE SET email = excluded.email, good_news = excluded.good_news, language = excluded.language, "
    "changed_at = excluded.changed_at").bindparams(sa.bindparam("now", type_=Utc))
FIRST_WINS = sa.text("INSERT INTO unsubscribe_tokens (school_id, person_id, token) VALUES (:school, :person, :token) "
                     "ON CONFLICT (school_id, person_id) DO NOTHING")


def change_preference(uow: UnitOfWork, caller: Principal, email: str, language: str | None,
                      good_news: str | None = None) -> None:
    """Keep the caller's choice; what is queued for the caller follows it. Of good news nothing may be said."""
    chosen = good_news or find_good_news(uow, caller.person_id)
    uow.connection.execute(CHOOSE, {"school": uow.school, "person": caller.person_id, "email": email,
                                    "good_news": chosen, "language": language, "now": uow.now})
    uow.session.expire_all()  # the row was written past the session
    plan_anew(uow, caller.person_id, wish_of(uow, email, chosen))


def unsubscribe(uow: UnitOfWork, token: str) -> None:
    """No more letters to the adult whose token this is; of any other nothing is said."""
    if not TOKEN.fullmatch(token):
        return
    for person_id in uow.all(sa.select(UnsubscribeToken.person_id).where(UnsubscribeToken.token == token)):
        uow.connection.execute(NO_MORE, {"school": uow.school, "person": person_id, "email": NONE, "language": None,
                                         "now": uow.now})
        plan_anew(uow, person_id, wish_of(uow, NONE, AS_IT_COMES))


def forget_people(uow: UnitOfWork, person_ids: Collection[str]) -> None:
    """Of somebody who was erased nothing is kept, and old letters do nothing any more."""
    if person_ids:
        for model in (Preference, UnsubscribeToken):
            uow.session.execute(sa.delete(model).where(model.person_id.in_(person_ids)),
                                execution_options={"synchronize_session": False})


TOKENS = sa.select(UnsubscribeToken.person_id, UnsubscribeToken.token).where(
    UnsubscribeToken.person_id.in_(sa.bindparam("ids", expanding=True)))


def ensure_tokens(uow: UnitOfWork, person_ids: Collection[str]) -> dict[str, str]:
    """The tokens of these adults, made for those who have none. Of two senders at once the first one's stays."""
    found = _list_tokens(uow, person_ids)
    missing = sorted(set(person_ids) - set(found))
    if missing:
        uow.connection.execute(FIRST_WINS, [
            {"school": uow.school, "person": person_id, "token": secrets.token_urlsafe(32)} for person_id in missing])
        found |= _list_tokens(uow, missing)
    return found


def _list_tokens(uow: UnitOfWork, person_ids: Collection[str]) -> dict[str, str]:
    rows = uow.rows(TOKENS, ids=list(set(person_ids)))
    return {row.person_id: row.token for row in rows}
