"""Evenings that are planned from wishes: blocks, who is invited, what families need, and what they wish."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.scheduling.migrations.columns import an_id, flag, index, instant, json, maybe, number, table, text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Evenings that are planned from wishes."""
    op.add_column("pupils", text("year_group", 20, ""))
    for column in (text("way", 10, "book"), text("state", 10, "open"), json("aims", "[]"), json("years", "[]"),
                   number("version", "1"),
                   sa.Column("copied_from", sa.String(36))):
        op.add_column("evenings", column)
    _blocks()
    op.add_column("appointments", text("link", 300, ""))
    op.add_column("appointments", text("room", 120, ""))
    op.add_column("appointment_guests", text("call_on", 40, ""))
    table("resources", [an_id("id")], [
        an_id("evening_id"), text("kind", 20), text("language", 20), text("name", 120), number("units"),
        instant("starts_at"), instant("ends_at")])
    index("resources", "evening", "evening_id")
    table("resource_uses", [an_id("resource_id"), an_id("appointment_id")], [
        an_id("evening_id"), instant("starts_at"), instant("ends_at")])
    index("resource_uses", "appointment", "appointment_id")
    _wishes()


def _blocks() -> None:
    table("evening_pupils", [an_id("evening_id"), an_id("pupil_id")], [])
    index("evening_pupils", "pupil", "pupil_id")
    table("evening_blocks", [an_id("id")], [
        an_id("evening_id"), an_id("staff_id"), instant("starts_at"), instant("ends_at"), number("slot_minutes"),
        number("gap_minutes"), number("run"), number("break_minutes"), text("room", 120), text("site", 60),
        flag("is_step_free"), json("ways"), text("link", 300), text("open_to", 10),
        number("version", "1")])
    index("evening_blocks", "evening", "evening_id")
    table("block_staff", [an_id("block_id"), an_id("staff_id")], [an_id("evening_id")])
    index("block_staff", "staff", "staff_id")
    op.add_column("slots", text("block_id", 36, ""))
    op.execute("UPDATE slots SET block_id = (SELECT min(one.id) FROM slots one WHERE one.school_id = slots.school_id "
               "AND one.evening_id = slots.evening_id AND one.staff_id = slots.staff_id)")
    op.execute(
        "INSERT INTO evening_blocks (school_id, id, evening_id, staff_id, starts_at, ends_at, slot_minutes, "
        "gap_minutes, run, break_minutes, room, site, is_step_free, ways, link, open_to) "
        "SELECT s.school_id, s.block_id, s.evening_id, s.staff_id, min(s.starts_at), max(s.ends_at), e.slot_minutes, "
        "0, 0, 0, '', '', false, '[\"in-person\", \"phone\"]', '', 'taught' FROM slots s "
        "JOIN evenings e ON e.school_id = s.school_id AND e.id = s.evening_id "
        "GROUP BY s.school_id, s.block_id, s.evening_id, s.staff_id, e.slot_minutes")
    op.execute("INSERT INTO block_staff (school_id, block_id, staff_id, evening_id) "
               "SELECT school_id, id, staff_id, evening_id FROM evening_blocks")


def _wishes() -> None:
    table("teacher_marks", [an_id("evening_id"), an_id("staff_id"), an_id("pupil_id")], [
        text("mark", 12), text("sentence", 300), instant("changed_at")])
    index("teacher_marks", "pupil", "pupil_id")
    table("wish_forms", [an_id("evening_id"), an_id("guardian_id")], [
        text("comes", 10), maybe("earliest", sa.String(5)), maybe("latest", sa.String(5)), json("not_times"),
        json("elsewhere"), text("how", 10), text("call_on", 40), json("needs"), json("pupil_ids"),
        text("entered_by", 10), number("version"), instant("changed_at")])
    index("wish_forms", "guardian", "guardian_id")
    table("wish_reminders", [an_id("evening_id")], [instant("reminded_at")])
    table("wishes", [an_id("id")], [
        an_id("evening_id"), an_id("guardian_id"), an_id("pupil_id"), an_id("staff_id"), number("rank"),
        text("talk_about", 500), instant("changed_at")],
        sa.UniqueConstraint("school_id", "evening_id", "guardian_id", "pupil_id", "staff_id",
                            name="uq_wishes_school_id_evening_id_guardian_id_pupil_id_staff_id"))
    index("wishes", "pupil", "pupil_id")
