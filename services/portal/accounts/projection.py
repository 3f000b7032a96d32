"""Keeping the memberships that schools describe: whole snapshots, newest version wins, a tombstone takes a row away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from chassis.envelope import Event
from chassis.unit_of_work import UnitOfWork
from services.portal.accounts.events import newest_by_key, read_adult, read_school
from services.portal.accounts.models import Identifier, Membership, SchoolName
from services.portal.accounts.rules import is_shared


def store_guardians(uow: UnitOfWork, events: Sequence[Event]) -> None:
    _store_adults(uow, events, "guardian")


def store_staff(uow: UnitOfWork, events: Sequence[Event]) -> None:
    _store_adults(uow, events, "staff")


def store_school(uow: UnitOfWork, events: Sequence[Event]) -> None:
    newest = max(events, key=lambda event: event.version)
    row = uow.get(SchoolName)
    if newest.data is None:
        if row is not None:
            uow.session.delete(row)
    elif row is None:
        uow.add(SchoolName(version=newest.version, **read_school(newest.data)))
    elif row.version < newest.version:
        _change(row, newest.version, read_school(newest.data))
    uow.flush()


def _store_adults(uow: UnitOfWork, events: Sequence[Event], hat: str) -> None:
    newest = newest_by_key(events)
    known = {row.person_id: row for row in uow.all(sa.select(Membership).where(Membership.person_id.in_(newest)))}
    fresh = []
    for key, event in newest.items():
        row = known.get(key)
        if event.data is None:
            if row is not None:
                uow.session.delete(row)
        elif row is None:
            fresh.append({"person_id": key, "version": event.version, "account_id": None, "linked_by": None,
                          **read_adult(event.data, hat)})
        elif row.version < event.version:
            _change(row, event.version, read_adult(event.data, hat))
    uow.flush()
    uow.insert(Membership, fresh)
    _join_or_part(uow, {read_adult(event.data, hat)["email"] for event in newest.values() if event.data})


def _change(row: Any, version: int, values: dict[str, Any]) -> None:
    if isinstance(row, Membership) and row.linked_by == "email" and row.email != values["email"]:
        row.account_id = row.linked_by = None  # whoever reads the old address is not known to be this adult
    for name, value in values.items():
        setattr(row, name, value)
    row.version = version


def _join_or_part(uow: UnitOfWork, addresses: set[str | None]) -> None:
    """Join entries to the account that has shown it reads their address; undo that for an address two adults share."""
    found = uow.all(sa.select(Membership).where(
        Membership.email.in_([address for address in addresses if address]), Membership.status == "current")
        .execution_options(populate_existing=True))
    by_address: dict[str, list[Membership]] = {}
    for row in found:
        by_address.setdefault(str(row.email), []).append(row)
    accounts: dict[str, str] = {value: account_id for value, account_id in uow.rows(
        sa.select(Identifier.value, Identifier.account_id).where(
            Identifier.kind == "email", Identifier.value.in_(by_address)))}
    for address, rows in by_address.items():
        for row in rows:
            if is_shared(rows):
                if row.linked_by == "email":
                    row.account_id = row.linked_by = None
            elif row.account_id is None and address in accounts:
                row.account_id, row.linked_by = accounts[address], "email"
    uow.flush()
