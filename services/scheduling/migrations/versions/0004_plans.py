"""Plans of evenings: how far they are, what each wish got, and what is changed when times are lost."""

from __future__ import annotations

import sqlalchemy as sa

from chassis.db import Utc
from services.scheduling.migrations.columns import an_id, flag, index, instant, json, maybe, number, table, text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Plans of evenings."""
    table("plans", [an_id("id")], [
        an_id("evening_id"), text("state", 10), number("seed"), number("budget_s"), maybe("rounds_asked", sa.Integer),
        json("aims"), an_id("requested_by"), flag("stop_asked"), instant("created_at"), maybe("claimed_until", Utc),
        maybe("finished_at", Utc), maybe("published_at", Utc), number("rounds"), number("millis"), number("unmet"),
        number("idle"), json("summary")])
    index("plans", "evening", "evening_id")
    table("plan_wishes", [an_id("plan_id"), an_id("wish_id")], [
        an_id("evening_id"), an_id("guardian_id"), an_id("pupil_id"), an_id("staff_id"), number("rank"),
        flag("please_come"), text("code", 40), json("facts"), maybe("talk_id", sa.String(36)), json("slot_ids"),
        maybe("starts_at", Utc), maybe("ends_at", Utc), json("adults"), maybe("appointment_id", sa.String(36))])
    index("plan_wishes", "guardian", "guardian_id", "evening_id")
    table("replans", [an_id("id")], [
        an_id("evening_id"), json("cause"), text("state", 10), json("measure"), json("changes"), text("basis", 64),
        an_id("requested_by"), instant("created_at"), maybe("confirmed_at", Utc)])
    index("replans", "evening", "evening_id")
