"""Pages about a child that may go along to another school: the ticket waits here for the account that agreed to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.clock import new_id
from services.portal.tables import Base
from services.portal.trust_work import TrustWork


class Journey(Base):
    """One page that waits to be brought; deleted once it is there or taken back."""

    __tablename__ = "journeys"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(sa.String(36), index=True)
    from_school: Mapped[str] = mapped_column(sa.String(64))
    to_school: Mapped[str] = mapped_column(sa.String(64))
    pupil_id: Mapped[str] = mapped_column(sa.String(36))  # as the school that the page comes from knows the child
    given_name: Mapped[str] = mapped_column(sa.String(200))
    journey_id: Mapped[str] = mapped_column(sa.String(36))
    ticket: Mapped[str] = mapped_column(sa.String(100))
    agreed_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Leaving:
    """Which child's page leaves which school, and for which."""

    from_school: str
    to_school: str
    pupil_id: str
    given_name: str


def keep_journey(work: TrustWork, account_id: str, leaving: Leaving, journey_id: str, ticket: str) -> None:
    """Keep the ticket; one that this account had for the same child opens nothing any more."""
    work.run(sa.delete(Journey).where(Journey.account_id == account_id, Journey.from_school == leaving.from_school,
                                      Journey.pupil_id == leaving.pupil_id))
    work.add(Journey(id=new_id(), account_id=account_id, from_school=leaving.from_school, ticket=ticket,
                     to_school=leaving.to_school, pupil_id=leaving.pupil_id, given_name=leaving.given_name,
                     journey_id=journey_id, agreed_at=work.now))


def list_leaving(work: TrustWork, account_id: str, school: str, pupil_id: str) -> Sequence[Journey]:
    """What this account has agreed to about a child of this school, and what has not arrived yet."""
    return work.all(sa.select(Journey).where(Journey.account_id == account_id, Journey.from_school == school,
                                             Journey.pupil_id == pupil_id))


def list_waiting(work: TrustWork, account_id: str, school: str) -> Sequence[Journey]:
    """The pages that this account may bring to a school; whose child each is about there, the adult says."""
    return work.all(sa.select(Journey).where(Journey.account_id == account_id, Journey.to_school == school)
                    .order_by(Journey.id))


def find_journey(work: TrustWork, account_id: str, waiting_id: str) -> Journey | None:
    row: Journey | None = work.get(Journey, waiting_id)
    return row if row is not None and row.account_id == account_id else None


def drop_journey(work: TrustWork, waiting_id: str) -> None:
    """It has arrived, or was taken back."""
    work.run(sa.delete(Journey).where(Journey.id == waiting_id))
