"""What there is to tell the caller: each list is one query beside the one that asks how fresh we are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.permissions import Answer
from chassis.unit_of_work import UnitOfWork
from services.notifications.contacts.queries import Standing, join_pupils_and_rights, require_fresh
from services.notifications.deliveries.queries import list_states
from services.notifications.notices.models import Notice
from services.notifications.notices.rules import UNSAID, is_quiet, needs, purposes_of, state_of_telling
from services.notifications.preferences.queries import AS_USUAL, list_wishes


@dataclass(frozen=True, slots=True)
class Page:
    items: list[dict[str, Any]]
    after: str | None


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """What a letter about a notice is made of."""

    kind: str
    about_id: str
    data: dict[str, Any]
    withdrawn_at: datetime | None


def list_notices(uow: UnitOfWork, caller: Principal, limit: int, after: str | None) -> Page:
    """The caller's notices, newest first. What the caller may not hear of now leaves no gap: the page is filled on."""
    require_fresh(uow)
    items: list[dict[str, Any]] = []
    while True:
        rows = uow.rows(_mine(caller, after).order_by(Notice.id.desc()).limit(limit + 1))
        for row in rows:
            if len(items) == limit:
                return Page(items, items[-1]["id"])
            if _may_see(row, caller, uow.now):
                items.append(_shown(row))
        if len(rows) <= limit:
            return Page(items, None)
        after = rows[-1].Notice.id


def get_notice(uow: UnitOfWork, caller: Principal, notice_id: str) -> dict[str, Any]:
    """One notice of the caller; NotFound when it is another's, withdrawn, or about what may not be heard now."""
    require_fresh(uow)
    rows = uow.rows(_mine(caller, None).where(Notice.id == notice_id))
    if not rows or not _may_see(rows[0], caller, uow.now):
        raise NotFound()
    return _shown(rows[0])


def _mine(caller: Principal, after: str | None) -> sa.Select[Any]:
    query = join_pupils_and_rights(sa.select(Notice), Notice.pupil_id, Notice.recipient_id).where(
        Notice.recipient_id == caller.person_id, Notice.recipient_hat == caller.hat, Notice.withdrawn_at.is_(None))
    return query if after is None else query.where(Notice.id < after)


def _may_see(row: Any, caller: Principal, now: datetime) -> bool:
    if caller.hat == "staff":
        return True
    return Standing(row.windows, bool(row.is_held)).answer(purposes_of(row.Notice.kind), now) is Answer.ALLOWED


def _shown(row: Any) -> dict[str, Any]:
    notice = row.Notice
    pupil = {"id": notice.pupil_id, "given_name": row.given_name} if row.given_name else None
    return {"id": notice.id, "kind": notice.kind, "pupil": pupil, "about_id": notice.about_id, "data": notice.data,
            "created_at": notice.created_at, "read_at": notice.read_at,
            "needs": needs(notice.kind, notice.read_at is not None)}


WORDS = sa.select(Notice.id, Notice.kind, Notice.about_id, Notice.data, Notice.withdrawn_at).where(
    Notice.id.in_(sa.bindparam("ids", expanding=True)))


def list_words(uow: UnitOfWork, notice_ids: Collection[str]) -> dict[str, NoticeWords]:
    """What letters about these notices are made of."""
    rows = uow.rows(WORDS, ids=list(set(notice_ids)))
    return {row.id: NoticeWords(row.kind, row.about_id, row.data, row.withdrawn_at) for row in rows}


def list_withdrawn(uow: UnitOfWork, pair: tuple[str, str], limit: int, after: str | None) -> Page:
    """What a guardian is no longer told of a child, newest first, with the cause: for the office."""
    pupil_id, guardian_id = pair
    query = sa.select(Notice.id, Notice.kind, Notice.created_at, Notice.withdrawn_at, Notice.withdrawn_cause).where(
        Notice.pupil_id == pupil_id, Notice.recipient_id == guardian_id, Notice.recipient_hat == "guardian",
        Notice.withdrawn_at.is_not(None), Notice.withdrawn_cause != UNSAID)
    rows = uow.rows((query if after is None else query.where(Notice.id < after))
                    .order_by(Notice.id.desc()).limit(limit + 1))
    items = [{"id": row.id, "kind": row.kind, "created_at": row.created_at, "withdrawn_at": row.withdrawn_at,
              "cause": row.withdrawn_cause} for row in rows[:limit]]
    return Page(items, items[-1]["id"] if len(rows) > limit else None)


def list_told(uow: UnitOfWork, about_id: str, pupil_id: str) -> list[dict[str, str]]:
    """Whether each guardian who has a live notice of a thing about a child was reached: by the newest of them."""
    rows = uow.rows(sa.select(Notice.id, Notice.recipient_id, Notice.kind, Notice.read_at).where(
        Notice.about_id == about_id, Notice.pupil_id == pupil_id, Notice.recipient_hat == "guardian",
        Notice.withdrawn_at.is_(None)).order_by(Notice.id))
    newest = {row.recipient_id: row for row in rows}
    states, wishes = list_states(uow, {row.id for row in newest.values()}), list_wishes(uow, set(newest))
    return [{"guardian_id": guardian_id, "state": state_of_telling(
        row.read_at is not None or is_quiet(row.kind), wishes.get(guardian_id, AS_USUAL).wants_none,
        states.get(row.id))}
        for guardian_id, row in sorted(newest.items())]


def list_offers(uow: UnitOfWork, pupil_ids: Collection[str], kind: str) -> list[Any]:
    """(id, data) of the live notices of a kind about these children."""
    return list(uow.rows(sa.select(Notice.id, Notice.data).where(
        Notice.pupil_id.in_(set(pupil_ids)), Notice.kind == kind, Notice.withdrawn_at.is_(None))))
