"""Keeping the memberships that schools describe, and which account each belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from chassis.envelope import Event
from chassis.projections import Read, keep
from chassis.unit_of_work import UnitOfWork
from services.portal.accounts.events import read_guardian, read_school, read_staff
from services.portal.accounts.models import Identifier, Membership, SchoolName
from services.portal.accounts.rules import is_shared


def store_guardians(uow: UnitOfWork, events: Sequence[Event]) -> None:
    _store_adults(uow, events, read_guardian)


def store_staff(uow: UnitOfWork, events: Sequence[Event]) -> None:
    _store_adults(uow, events, read_staff)


def store_school(uow: UnitOfWork, events: Sequence[Event]) -> None:
    keep(uow, SchoolName, events, read_school)


def _store_adults(uow: UnitOfWork, events: Sequence[Event], read: Read) -> None:
    fresh = keep(uow, Membership, events, read)
    _join_or_part(uow, [event.key for event in fresh], {read(event)["email"] for event in fresh} - {None})


def _join_or_part(uow: UnitOfWork, person_ids: Sequence[str], addresses: set[str]) -> None:
    """Join entries to the account that has shown it reads their address.

    Undo that for an address that two adults share, and where the school has changed the address since: whoever reads
    the old one is not known to be this adult.
    """
    rows = uow.all(sa.select(Membership).where(sa.or_(
        Membership.person_id.in_(person_ids),
        sa.and_(Membership.email.in_(addresses), Membership.status == "current")))
        .execution_options(populate_existing=True))
    by_address: dict[str, list[Membership]] = defaultdict(list)
    for row in rows:
        if row.email and row.status == "current":
            by_address[row.email].append(row)
    readers: dict[str, str] = {value: account_id for value, account_id in uow.rows(
        sa.select(Identifier.value, Identifier.account_id).where(
            Identifier.kind == "email", Identifier.value.in_(by_address)))}
    alone = {address for address, found in by_address.items() if not is_shared(found)}
    for row in rows:
        reader = readers.get(row.email or "") if row.email in alone and row.status == "current" else None
        if row.linked_by == "email" and row.account_id != reader:
            row.account_id = row.linked_by = None
        if row.account_id is None and reader is not None:
            row.account_id, row.linked_by = reader, "email"
    uow.flush()
