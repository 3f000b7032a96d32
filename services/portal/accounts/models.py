"""Who can sign in, and as whom. Accounts belong to the trust; memberships are a school's own rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from chassis.permissions import PermissionColumns
from services.portal.tables import Base


class Account(Base):
    """A person of the trust who has signed in at least once, or was invited."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    created_at: Mapped[datetime]


class Identifier(Base):
    """What an account is known by: an e-mail address, in small letters."""

    __tablename__ = "identifiers"
    __table_args__ = (sa.Index("ix_identifiers_verified_at", "verified_at"),)

    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    value: Mapped[str] = mapped_column(sa.String(320), primary_key=True)
    account_id: Mapped[str] = mapped_column(sa.String(36), index=True)
    verified_at: Mapped[datetime]


class Membership(Tenant, Base):
    """A guardian, member of staff or pupil of a school, as the school describes them; `account_id` once they came.

    `linked_by` is 'email' or 'invitation': a link by e-mail ends when the school changes the address.
    """

    __tablename__ = "memberships"
    __table_args__ = (sa.Index("ix_memberships_email", "email"), sa.Index("ix_memberships_account_id", "account_id"))

    person_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    hat: Mapped[str] = mapped_column(sa.String(10))
    given_name: Mapped[str] = mapped_column(sa.String(200))
    family_name: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str | None] = mapped_column(sa.String(320))
    roles: Mapped[list[str]]
    status: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int]
    account_id: Mapped[str | None] = mapped_column(sa.String(36))
    linked_by: Mapped[str | None] = mapped_column(sa.String(10))


class SchoolName(Tenant, Base):
    """How a school is named and banded on screens."""

    __tablename__ = "school_names"

    name: Mapped[str] = mapped_column(sa.String(200))
    zone: Mapped[str] = mapped_column(sa.String(60))
    accent: Mapped[str | None] = mapped_column(sa.String(20))
    version: Mapped[int]


class Permission(PermissionColumns, Base):
    """Who may do what about which child: for ending links and kept words, never for showing a page."""

    __tablename__ = "permissions"
    __table_args__ = (sa.Index("ix_permissions_holder_id", "holder_id"),)


class PupilCode(Tenant, Base):
    """The code a child signs in with, from their teacher: only a keyed hash of it. One for each child at a time.

    `used_at` outlives a code that is replaced: the child is shown when they were last here.
    """

    __tablename__ = "pupil_codes"
    __table_args__ = (sa.Index("ix_pupil_codes_code_hash", "school_id", "code_hash", unique=True),)

    pupil_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    code_hash: Mapped[str | None] = mapped_column(sa.String(64))  # none once it has ended
    made_by: Mapped[str] = mapped_column(sa.String(36))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ConnectedAccount(Base):
    """An account elsewhere (the school's Microsoft or Google) that opens this one: only a keyed hash of whose it is.

    One account elsewhere opens one here, and each account here has at most one with a provider.
    """

    __tablename__ = "connected_accounts"
    __table_args__ = (sa.Index("ix_connected_accounts_account_id", "account_id", "provider", unique=True),)

    key_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(sa.String(36))
    provider: Mapped[str] = mapped_column(sa.String(20))
    connected_at: Mapped[datetime]
    used_at: Mapped[datetime]


class SignInRequest(Base):
    """A wish to sign in. Its link and code are made from its id and the secret, so nothing here opens a door."""

    __tablename__ = "sign_in_requests"
    __table_args__ = (sa.Index("ix_sign_in_requests_state", "state", "created_at"),
                      sa.Index("ix_sign_in_requests_address", "address", "created_at"))

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    address: Mapped[str | None] = mapped_column(sa.String(320))
    account_id: Mapped[str | None] = mapped_column(sa.String(36))  # an invitation names its account already
    hat: Mapped[str | None] = mapped_column(sa.String(10))
    next_path: Mapped[str] = mapped_column(sa.String(500))
    state: Mapped[str] = mapped_column(sa.String(10))  # new | sending | sent | nobody | used
    wrong_codes: Mapped[int]
    is_doubted: Mapped[bool]  # a right has ended: it opens nothing until that is settled (access.py)
    claimed_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SignedIn(Base):
    """A session: only the hash of what the browser holds."""

    __tablename__ = "sessions"

    id_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(sa.String(36), index=True)
    hat: Mapped[str] = mapped_column(sa.String(10))
    device: Mapped[str] = mapped_column(sa.String(100))
    language: Mapped[str | None] = mapped_column(sa.String(20))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Draft(Base):
    """What somebody is still writing: kept for a few days so that nothing is lost, gone once it is sent."""

    __tablename__ = "drafts"

    account_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    about: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    answers: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]


class Tries(Base):
    """How often something was tried from one place in one stretch of time; places are kept as hashes."""

    __tablename__ = "tries"

    place: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    began_at: Mapped[datetime]
    count: Mapped[int]
