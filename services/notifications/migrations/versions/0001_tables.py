"""The tables of notifications."""

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
    _contacts()
    _notices()
    _deliveries()
    _preferences()


def _table(name: str, keys: tuple[sa.Column[Any], ...], *rest: Any) -> None:
    """A table of schools' rows: the school leads the key."""
    school = sa.Column("school_id", sa.String(64), nullable=False)
    op.create_table(name, school, *keys, *rest,
                    sa.PrimaryKeyConstraint("school_id", *(key.name for key in keys), name=f"pk_{name}"))


def _id(name: str = "id", length: int = 36) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False)


def _contacts() -> None:
    _table("contacts", (_id(),),
           _id("hat", 10), _id("given_name", 200), _id("family_name", 200), sa.Column("email", sa.String(320)),
           sa.Column("language", sa.String(20)), _id("status", 10), _version())
    _table("pupils", (_id(),), _id("given_name", 200), _id("status", 10), _version())
    _table("schools", (), _id("name", 200), _id("zone", 60), _version())
    _table("permissions", (_id("about_id"), _id("holder_id")), sa.Column("windows", sa.JSON, nullable=False),
           _version(), sa.Column("is_held", sa.Boolean, nullable=False, server_default=sa.false()))


def _version() -> sa.Column[Any]:
    return sa.Column("version", sa.Integer, nullable=False)


def _notices() -> None:
    _table("notices", (_id(),),
           _id("recipient_id"), _id("recipient_hat", 10), sa.Column("pupil_id", sa.String(36)), _id("kind", 40),
           _id("about_id"), sa.Column("data", sa.JSON, nullable=False), _id("event_id", 100),
           sa.Column("created_at", Utc, nullable=False), sa.Column("read_at", Utc), sa.Column("withdrawn_at", Utc),
           sa.Column("withdrawn_cause", sa.String(20)),
           sa.UniqueConstraint("school_id", "event_id", "recipient_id", "pupil_id",
                               name="uq_notices_school_id_event_id_recipient_id_pupil_id"))
    op.create_index("ix_notices_mine", "notices", ["school_id", "recipient_id", "id"])
    op.create_index("ix_notices_pair", "notices", ["school_id", "pupil_id", "recipient_id"])
    op.create_index("ix_notices_about", "notices", ["school_id", "about_id"])


def _deliveries() -> None:
    _table("deliveries", (_id(),),
           _id("notice_id"), _id("recipient_id"), _id("recipient_hat", 10), sa.Column("pupil_id", sa.String(36)),
           _id("purpose", 40), _id("channel", 10), _id("state", 12), sa.Column("due_at", Utc),
           sa.Column("attempts", sa.Integer, nullable=False), sa.Column("claimed_until", Utc),
           sa.Column("sent_at", Utc), sa.Column("reason", sa.String(100)), _id("letter_key", 80),
           sa.Column("letter_id", sa.String(36)))
    open_alone = sa.text("due_at IS NOT NULL")
    op.create_index("ix_deliveries_due", "deliveries", ["school_id", "due_at"],
                    sqlite_where=open_alone, postgresql_where=open_alone)
    op.create_index("ix_deliveries_recipient", "deliveries", ["school_id", "recipient_id"],
                    sqlite_where=open_alone, postgresql_where=open_alone)
    op.create_index("ix_deliveries_notice", "deliveries", ["school_id", "notice_id"])


def _preferences() -> None:
    _table("preferences", (_id("person_id"),), _id("email", 10), sa.Column("language", sa.String(20)),
           sa.Column("changed_at", Utc, nullable=False))
    _table("unsubscribe_tokens", (_id("person_id"),), _id("token", 50),
           sa.UniqueConstraint("school_id", "token", name="uq_unsubscribe_tokens_school_id_token"))
