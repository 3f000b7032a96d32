"""The tables of the portal."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc
from chassis.migrate import create_technical

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_technical(op.get_bind())
    _accounts()
    _schools()
    _sign_in()
    _drafts()


def _text(name: str, length: int = 36, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _instant(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, Utc, nullable=nullable)


def _accounts() -> None:
    op.create_table("accounts", _text("id"), _instant("created_at"), sa.PrimaryKeyConstraint("id", name="pk_accounts"))
    op.create_table("identifiers", _text("kind", 10), _text("value", 320), _text("account_id"), _instant("verified_at"),
                    sa.PrimaryKeyConstraint("kind", "value", name="pk_identifiers"))
    op.create_index("ix_identifiers_account_id", "identifiers", ["account_id"])


def _schools() -> None:
    op.create_table(
        "memberships", _text("school_id", 64), _text("person_id"), _text("hat", 10), _text("given_name", 200),
        _text("family_name", 200), _text("email", 320, True), sa.Column("roles", sa.JSON, nullable=False),
        _text("status", 10), sa.Column("version", sa.Integer, nullable=False), _text("account_id", 36, True),
        _text("linked_by", 10, True), sa.PrimaryKeyConstraint("school_id", "person_id", name="pk_memberships"))
    op.create_index("ix_memberships_email", "memberships", ["email"])
    op.create_index("ix_memberships_account_id", "memberships", ["account_id"])
    op.create_table(
        "school_names", _text("school_id", 64), _text("name", 200), _text("zone", 60), _text("accent", 20, True),
        sa.Column("version", sa.Integer, nullable=False), sa.PrimaryKeyConstraint("school_id", name="pk_school_names"))
    op.create_table(
        "permissions", _text("school_id", 64), _text("about_id"), _text("holder_id"),
        sa.Column("windows", sa.JSON, nullable=False), sa.Column("version", sa.Integer, nullable=False),
        sa.Column("is_held", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("school_id", "about_id", "holder_id", name="pk_permissions"))
    op.create_index("ix_permissions_holder_id", "permissions", ["holder_id"])


def _sign_in() -> None:
    op.create_table(
        "sign_in_requests", _text("id"), _text("address", 320, True), _text("account_id", 36, True),
        _text("hat", 10, True), _text("next_path", 500), _text("state", 10),
        sa.Column("wrong_codes", sa.Integer, nullable=False), sa.Column("is_doubted", sa.Boolean, nullable=False),
        _instant("claimed_until", True), _instant("created_at"), _instant("expires_at"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_requests"))
    op.create_index("ix_sign_in_requests_state", "sign_in_requests", ["state", "created_at"])
    op.create_index("ix_sign_in_requests_address", "sign_in_requests", ["address", "created_at"])
    op.create_table(
        "sessions", _text("id_hash", 64), _text("account_id"), _text("hat", 10), _text("device", 100),
        _text("language", 20, True), _instant("created_at"), _instant("seen_at"), _instant("expires_at"),
        sa.PrimaryKeyConstraint("id_hash", name="pk_sessions"))
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_table("tries", _text("place", 64), _instant("began_at"), sa.Column("count", sa.Integer, nullable=False),
                    sa.PrimaryKeyConstraint("place", name="pk_tries"))


def _drafts() -> None:
    op.create_table(
        "drafts", _text("account_id"), _text("about", 200), sa.Column("answers", sa.JSON, nullable=False),
        _instant("changed_at"), sa.PrimaryKeyConstraint("account_id", "about", name="pk_drafts"))
