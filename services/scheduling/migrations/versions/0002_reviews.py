"""Reviews and check-ins."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Reviews and check-ins."""
    op.add_column("schools", sa.Column("year", sa.JSON(), nullable=False, server_default="{}"))
    op.create_index("ix_appointments_ends_at", "appointments", ["school_id", "ends_at"])
    _table("engagements", [_id("meeting_id")], [
        _id("guardian_id"), _at("starts_at"), _at("ends_at"), _at("booked_at")])
    op.create_index("uq_engagements_place", "engagements", ["school_id", "guardian_id", "starts_at"], unique=True)
    _reviews()
    _checkins()


def _reviews() -> None:
    _table("staff_hours", [_id("staff_id")], [_json("windows"), _text("link", 300), _at("changed_at")])
    _table("review_asks", [_id("partnership_id")], [
        _id("pupil_id"), _json("guardian_ids"), _json("staff_ids"), _maybe("from_on", sa.Date()),
        _maybe("by_on", sa.Date()), _text("status", 10), _number("version")])
    _table("reviews", [_id("id")], [
        _id("partnership_id"), _id("pupil_id"), _id("guardian_id"), _id("staff_id"), _day("from_on"), _day("by_on"),
        _json("times"), _json("can"), _text("state", 10), _maybe("cause", sa.String(20)), _maybe("how", sa.String(10)),
        _maybe("starts_at", Utc), _maybe("ends_at", Utc), _number("sequence"), _number("version"), _at("changed_at")],
        sa.UniqueConstraint("school_id", "partnership_id", "guardian_id",
                            name="uq_reviews_school_id_partnership_id_guardian_id"))
    for name, column in (("guardian", "guardian_id"), ("staff", "staff_id"), ("pupil", "pupil_id"),
                         ("ends_at", "ends_at")):
        op.create_index(f"ix_reviews_{name}", "reviews", ["school_id", column])


def _checkins() -> None:
    _table("cadences", [], [
        _number("usual"), _number("closer"), _number("reviews"), _number("most_a_day"), _number("version"),
        _maybe("swept_at", Utc)])
    _table("supports", [_id("pupil_id")], [_text("reviews", 20), _number("version")])
    _table("spoken", [_id("pupil_id")], [_at("last_spoken_at"), _maybe("last_review_at", Utc)])
    _table("family_hours", [_id("guardian_id")], [_json("windows"), _at("changed_at")])
    _table("checkins", [_id("id")], [
        _id("pupil_id"), _id("guardian_id"), _id("staff_id"), _day("since_on"), _day("on_day"), _at("starts_at"),
        _text("how", 10), _text("state", 10), _text("note", 280), _maybe("held_on", sa.Date()), _number("version"),
        _at("changed_at")])
    still = sa.text("state NOT IN ('ended', 'held')")
    op.create_index("uq_checkins_open", "checkins", ["school_id", "pupil_id", "since_on"], unique=True,
                    sqlite_where=still, postgresql_where=still)
    op.create_index("ix_checkins_staff", "checkins", ["school_id", "staff_id", "state"])
    op.create_index("ix_checkins_pupil", "checkins", ["school_id", "pupil_id"])


def _table(name: str, key: list[sa.Column], columns: list[sa.Column], *rules: sa.UniqueConstraint) -> None:
    """A table of a school's rows: the school leads the key."""
    key = [_text("school_id", 64), *key]
    op.create_table(name, *key, *columns, sa.PrimaryKeyConstraint(*(column.name for column in key), name=f"pk_{name}"),
                    *rules)


def _id(name: str) -> sa.Column:
    return _text(name, 36)


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def _json(name: str) -> sa.Column:
    return sa.Column(name, sa.JSON, nullable=False)


def _day(name: str) -> sa.Column:
    return sa.Column(name, sa.Date, nullable=False)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer, nullable=False)


def _at(name: str) -> sa.Column:
    return sa.Column(name, Utc, nullable=False)


def _maybe(name: str, kind: Any) -> sa.Column:
    return sa.Column(name, kind, nullable=True)
