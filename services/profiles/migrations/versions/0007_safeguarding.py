"""Updates in full, and the locked room."""

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LOCKED = ("matters", "matter_entries", "matter_reads")


def upgrade() -> None:
    """Updates get versions, a promise and readers who leave; the locked room gets tables that are only added to."""
    _widen_updates()
    _make_room()
    for table in LOCKED:
        _lock(table)


def _widen_updates() -> None:
    for name in ("version", "words_version"):
        op.add_column("updates", sa.Column(name, sa.Integer(), nullable=False, server_default="1"))
    op.add_column("updates", sa.Column("chased", sa.Integer(), nullable=False, server_default="0"))
    for name in ("changed_at", "promised_at", "passed_at"):
        op.add_column("updates", sa.Column(name, Utc(), nullable=True))
    op.create_index("ix_updates_promised", "updates", ["school_id", "ended_at", "promised_at"], unique=False)
    op.add_column("update_readers", sa.Column("acknowledged_version", sa.Integer(), nullable=True))
    op.add_column("update_readers", sa.Column("left_at", Utc(), nullable=True))
    op.create_table(
        "update_versions",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("update_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=False),
        sa.Column("staff_ids", sa.JSON(), nullable=False),
        sa.Column("written_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "update_id", "number", name=op.f("pk_update_versions")),
    )
    op.create_table(
        "update_promises",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=False),
        sa.Column("changed_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_update_promises")),
    )


def _make_room() -> None:
    op.create_table(
        "matters",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("voice", sa.String(length=10), nullable=False),
        sa.Column("author_id", sa.String(length=36), nullable=False),
        sa.Column("written_at", Utc(), nullable=False),
        sa.Column("passed_by", sa.String(length=36), nullable=False),
        sa.Column("passed_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_matters")),
    )
    op.create_index("ix_matters_entry", "matters", ["school_id", "kind", "entry_id"], unique=False)
    op.create_table(
        "matter_entries",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("matter_id", sa.String(length=36), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.String(length=36), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("child_told", sa.String(length=20), nullable=True),
        sa.Column("system", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_matter_entries")),
    )
    op.create_index("ix_matter_entries_matter", "matter_entries", ["school_id", "matter_id"], unique=False)
    op.create_table(
        "matter_reads",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("matter_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("read_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_matter_reads")),
    )
    op.create_index("ix_matter_reads_matter", "matter_reads", ["school_id", "matter_id"], unique=False)


def _lock(table: str) -> None:
    """The database refuses to change or delete a row, whoever asks: triggers hold for the owner of the tables too."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                       f"BEGIN SELECT RAISE(ABORT, 'what is kept here is only added to'); END")
        return
    op.execute("CREATE OR REPLACE FUNCTION tandem_only_added() RETURNS trigger LANGUAGE plpgsql AS "
               "$$ BEGIN RAISE EXCEPTION 'what is kept here is only added to'; END $$")
    op.execute(f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
               "FOR EACH STATEMENT EXECUTE FUNCTION tandem_only_added()")
