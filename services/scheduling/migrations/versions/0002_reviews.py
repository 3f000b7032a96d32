"""Reviews and check-ins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc
from services.scheduling.migrations.columns import an_id, day, instant, json, maybe, number, table, text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Reviews and check-ins."""
    op.add_column("schools", sa.Column("year", sa.JSON(), nullable=False, server_default="{}"))
    op.create_index("ix_appointments_ends_at", "appointments", ["school_id", "ends_at"])
    table("engagements", [an_id("meeting_id")], [
        an_id("guardian_id"), instant("starts_at"), instant("ends_at"), instant("booked_at")])
    op.create_index("uq_engagements_place", "engagements", ["school_id", "guardian_id", "starts_at"], unique=True)
    _reviews()
    _checkins()


def _reviews() -> None:
    table("staff_hours", [an_id("staff_id")], [json("windows"), text("link", 300), instant("changed_at")])
    table("review_asks", [an_id("partnership_id")], [
        an_id("pupil_id"), json("guardian_ids"), json("staff_ids"), maybe("from_on", sa.Date()),
        maybe("by_on", sa.Date()), text("status", 10), number("version")])
    table("reviews", [an_id("id")], [
        an_id("partnership_id"), an_id("pupil_id"), an_id("guardian_id"), an_id("staff_id"), day("from_on"),
        day("by_on"),
        json("times"), json("can"), text("state", 10), maybe("cause", sa.String(20)), maybe("how", sa.String(10)),
        maybe("starts_at", Utc), maybe("ends_at", Utc), number("sequence"), number("version"), instant("changed_at")],
        sa.UniqueConstraint("school_id", "partnership_id", "guardian_id",
                            name="uq_reviews_school_id_partnership_id_guardian_id"))
    for name, column in (("guardian", "guardian_id"), ("staff", "staff_id"), ("pupil", "pupil_id"),
                         ("ends_at", "ends_at")):
        op.create_index(f"ix_reviews_{name}", "reviews", ["school_id", column])


def _checkins() -> None:
    table("cadences", [], [
        number("usual"), number("closer"), number("reviews"), number("most_a_day"), number("version"),
        maybe("swept_at", Utc)])
    table("supports", [an_id("pupil_id")], [text("reviews", 20), number("version")])
    table("spoken", [an_id("pupil_id")], [instant("last_spoken_at"), maybe("last_review_at", Utc)])
    table("family_hours", [an_id("guardian_id")], [json("windows"), instant("changed_at")])
    table("checkins", [an_id("id")], [
        an_id("pupil_id"), an_id("guardian_id"), an_id("staff_id"), day("since_on"), day("on_day"),
        instant("starts_at"),
        text("how", 10), text("state", 10), text("note", 280), maybe("held_on", sa.Date()), number("version"),
        instant("changed_at")])
    still = sa.text("state NOT IN ('ended', 'held')")
    op.create_index("uq_checkins_open", "checkins", ["school_id", "pupil_id", "since_on"], unique=True,
                    sqlite_where=still, postgresql_where=still)
    op.create_index("ix_checkins_staff", "checkins", ["school_id", "staff_id", "state"])
    op.create_index("ix_checkins_pupil", "checkins", ["school_id", "pupil_id"])
