"""What there is to tell the caller: each list is one query beside the one that asks how fresh we are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.notifications.contacts.queries import allows, join_pupils_and_rights, require_fresh
from services.notifications.notices.models import Notice
from services.notifications.notices.rules import needs, purposes_of


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
    return caller.hat == "staff" or allows(row.windows, purposes_of(row.Notice.kind), now)


def _shown(row: Any) -> dict[str, Any]:
    notice = row.Notice
    pupil = {"id": notice.pupil_id, "given_name": row.given_name} if row.given_name else None
    return {"id": notice.id, "kind": notice.kind, "pupil": pupil, "about_id": notice.about_id, "data": notice.data,
            "created_at": notice.created_at, "read_at": notice.read_at,
            "needs": needs(notice.kind, notice.read_at is not None)}


def list_words(uow: UnitOfWork, notice_ids: Collection[str]) -> dict[str, NoticeWords]:
    """What letters about these notices are made of."""
    rows = uow.rows(sa.select(Notice.id, Notice.kind, Notice.about_id, Notice.data, Notice.withdrawn_at)
                    .where(Notice.id.in_(set(notice_ids))))
    return {row.id: NoticeWords(row.kind, row.about_id, row.data, row.withdrawn_at) for row in rows}
