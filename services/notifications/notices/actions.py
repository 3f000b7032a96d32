"""Telling people, and taking back what may no longer be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.envelope import Event
from chassis.errors import Conflict, NotFound, Unavailable
from chassis.permissions import Answer
from chassis.unit_of_work import UnitOfWork
from services.notifications.contacts.actions import recheck_pair
from services.notifications.contacts.queries import (
    STRANGERS,
    is_pupil_current,
    list_adults,
    list_rights,
    require_fresh,
)
from services.notifications.deliveries.actions import queue_deliveries, withdraw_deliveries
from services.notifications.notices.events import Telling, notice_resent, notice_withdrawn, pupils_of, read_news
from services.notifications.notices.models import Notice
from services.notifications.notices.queries import get_notice, list_offers
from services.notifications.notices.rules import NEWS, RESENDABLE, UNSAID, is_quiet, purposes_of, refused_kinds

GUARDIAN = "guardian"
AT_A_TIME = 1000
TOLD = sa.select(Notice.event_id, Notice.recipient_id, Notice.pupil_id).where(
    Notice.event_id.in_(sa.bindparam("ids", expanding=True)))


def tell(uow: UnitOfWork, tellings: Sequence[Telling]) -> None:
    """A notice for each, and its delivery; what was told before is not told again. Set-based: batches are large."""
    wanted = {telling.key: telling for telling in tellings}
    if not wanted:
        return
    known = {tuple(row) for row in uow.rows(TOLD, ids=list({telling.event_id for telling in wanted.values()}))}
    rows = [_row(uow, telling) for key, telling in wanted.items() if key not in known]
    uow.insert(Notice, rows)
    loud = [row for row in rows if not is_quiet(row["kind"])]
    queue_deliveries(uow, loud, {row["kind"]: purposes_of(row["kind"]) for row in loud})


def tell_allowed(uow: UnitOfWork, kind: str, tellings: Sequence[Telling]) -> None:
    """Like `tell`, for tellings of one kind: a guardian is told only if a right lets him or her hear it now."""
    adults = list_adults(uow, {telling.pupil_id for telling in tellings}, purposes_of(kind))
    tell(uow, [telling for telling in tellings if telling.recipient_hat != GUARDIAN
               or telling.recipient_id in adults.get(telling.pupil_id, ())])


def tell_news(uow: UnitOfWork, kind: str, events: Sequence[Event]) -> None:
    """Tell what these facts of one kind say, to those whom they name or to every adult who may hear of it."""
    news = NEWS[kind]
    pupils = {pupil_id for event in events for pupil_id in pupils_of(event)}
    adults = list_adults(uow, pupils, news.rights) if news.rights else {}
    tell(uow, [telling for event in events for telling in read_news(event, kind, news, adults)
               if telling.recipient_hat != GUARDIAN or telling.recipient_id in adults.get(telling.pupil_id, ())])


def _row(uow: UnitOfWork, telling: Telling) -> dict[str, Any]:
    return {"id": new_id(), "recipient_id": telling.recipient_id, "recipient_hat": telling.recipient_hat,
            "pupil_id": telling.pupil_id, "kind": telling.kind, "about_id": telling.about_id, "data": telling.data,
            "event_id": telling.event_id, "created_at": uow.now, "read_at": None, "withdrawn_at": None,
            "withdrawn_cause": None}


def withdraw_refused(uow: UnitOfWork, allowed: Mapping[tuple[str, str], Collection[str]]) -> None:
    """A right that was lost bites backwards: what the pair's guardian may no longer be told of is taken back."""
    refused = {pair: kinds for pair, purposes in allowed.items() if (kinds := refused_kinds(purposes))}
    if not refused:
        return
    live = _live_guardian_notices(uow, {pupil for pupil, _ in refused}, {holder for _, holder in refused})
    _withdraw(uow, [row.id for row in live if row.kind in refused.get((row.pupil_id, row.recipient_id), ())],
              "right_ended")


def withdraw_of_leavers(uow: UnitOfWork, pupil_ids: Collection[str]) -> None:
    """A child who has left is no longer told of to guardians; staff keep what they have."""
    if pupil_ids:
        live = _live_guardian_notices(uow, set(pupil_ids), None)
        _withdraw(uow, [row.id for row in live], "pupil_left")


def withdraw_about(uow: UnitOfWork, kind: str, about_ids: Collection[str], cause: str,
                   recipient_id: str | None = None) -> None:
    """What these notices are about is over, for one reader or (None) for all: they are told of it no more."""
    mine = () if recipient_id is None else (Notice.recipient_id == recipient_id,)
    live = uow.all(sa.select(Notice.id).where(
        Notice.about_id.in_(about_ids), Notice.kind == kind, Notice.withdrawn_at.is_(None), *mine))
    _withdraw(uow, live, cause)


def withdraw_offers(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """The talks of these partnerships are not wanted any more: no time is offered for them."""
    dropped = {event.data["partnership_id"] for event in events}
    offers = list_offers(uow, {event.data["pupil_id"] for event in events}, "review-offered")
    _withdraw(uow, [row.id for row in offers if row.data.get("partnership_id") in dropped], "review_dropped")


def withdraw_words(uow: UnitOfWork, about_id: str, entry_id: str | None, by_id: str, pupil_id: str) -> None:
    """These words are their writer's alone now: nobody else is told of them any more, nor of a talk about them."""
    rows = uow.rows(sa.select(Notice.id, Notice.about_id, Notice.data).where(
        sa.or_(Notice.about_id == about_id, sa.and_(Notice.pupil_id == pupil_id, Notice.kind == "review-offered")),
        Notice.recipient_id != by_id, Notice.withdrawn_at.is_(None)))
    theirs = [row for row in rows if about_id in (row.about_id, row.data.get("partnership_id"))]
    _withdraw(uow, [row.id for row in theirs if entry_id in (None, row.data.get("entry_id"))], UNSAID)


def withdraw_from(uow: UnitOfWork, kind: str, recipient_id: str, pupil_id: str, cause: str) -> None:
    """One reader has done what these notices about a child asked."""
    live = uow.all(sa.select(Notice.id).where(
        Notice.recipient_id == recipient_id, Notice.pupil_id == pupil_id, Notice.kind == kind,
        Notice.withdrawn_at.is_(None)))
    _withdraw(uow, live, cause)


def withdraw_ended(uow: UnitOfWork, pair: str) -> None:
    """A window of a pair ended by itself: what may no longer be told is taken back, and stays so."""
    withdraw_refused(uow, recheck_pair(uow, pair))


def _live_guardian_notices(uow: UnitOfWork, pupil_ids: set[str], holder_ids: set[str] | None) -> Sequence[Any]:
    query = sa.select(Notice.id, Notice.kind, Notice.pupil_id, Notice.recipient_id).where(
        Notice.pupil_id.in_(pupil_ids), Notice.recipient_hat == GUARDIAN, Notice.withdrawn_at.is_(None))
    return uow.rows(query if holder_ids is None else query.where(Notice.recipient_id.in_(holder_ids)))


def withdraw_notices(uow: UnitOfWork, notice_ids: Sequence[str], cause: str) -> None:
    """Show these no more, and say so of each that was shown until now."""
    if not notice_ids:
        return
    taken = uow.session.execute(
        sa.update(Notice).where(Notice.id.in_(notice_ids), Notice.withdrawn_at.is_(None))
        .values(withdrawn_at=uow.now, withdrawn_cause=cause)
        .returning(Notice.id, Notice.recipient_id, Notice.pupil_id, Notice.kind),
        execution_options={"synchronize_session": False}).all()
    uow.record(*(notice_withdrawn(row, cause) for row in taken))


def _withdraw(uow: UnitOfWork, notice_ids: Sequence[str], cause: str) -> None:
    """By a thousand at a time: a year group that leaves has more notices than a statement takes parameters."""
    for start in range(0, len(notice_ids), AT_A_TIME):
        some = notice_ids[start:start + AT_A_TIME]
        withdraw_notices(uow, some, cause)
        withdraw_deliveries(uow, some, cause)


def resend_notice(uow: UnitOfWork, caller: Principal, notice_id: str) -> None:
    """Tell after all what was taken back, by a new delivery, if its reader may hear it now."""
    require_fresh(uow)
    rows = uow.all(sa.select(Notice).where(Notice.id == notice_id).with_for_update())
    notice = rows[0] if rows else None
    if notice is None or notice.recipient_hat != GUARDIAN:
        raise NotFound()
    if notice.withdrawn_at is None:
        raise Conflict("This was not taken back, or it was sent again already.")
    if notice.withdrawn_cause not in RESENDABLE:
        raise Conflict("What this tells of is over, so it cannot be sent again.")
    _require_allowed(uow, notice)
    notice.withdrawn_at = notice.withdrawn_cause = None
    loud = [] if is_quiet(notice.kind) else [notice]
    queue_deliveries(uow, [{"id": one.id, "recipient_id": one.recipient_id, "pupil_id": one.pupil_id,
                            "recipient_hat": one.recipient_hat, "kind": one.kind, "about_id": one.about_id}
                           for one in loud], {notice.kind: purposes_of(notice.kind)})
    uow.record(notice_resent(notice, caller.person_id))
    uow.flush()


def _require_allowed(uow: UnitOfWork, notice: Notice) -> None:
    pupil_id = notice.pupil_id or ""
    standing = list_rights(uow, {pupil_id}).get((pupil_id, notice.recipient_id), STRANGERS)
    answer = standing.answer(purposes_of(notice.kind), uow.now)
    if answer is Answer.HELD:
        raise Unavailable("We're checking who may see this. It'll be here shortly.", retry_after_s=60)
    if answer is Answer.REFUSED or not is_pupil_current(uow, pupil_id):
        raise Conflict("This adult may not be told this now, so it was not sent.")


def read_notice(uow: UnitOfWork, caller: Principal, notice_id: str) -> None:
    """Note that its reader has read it; again changes nothing."""
    get_notice(uow, caller, notice_id)
    row = uow.get(Notice, notice_id)
    if row is None:
        raise NotFound()
    row.read_at = row.read_at or uow.now
