"""The tables that scheduling begins with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc
from chassis.migrate import create_technical
from services.scheduling.migrations.columns import an_id, flag, instant, number, table, text

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_technical(op.get_bind())
    _people()
    _rights()
    _evenings()
    _appointments()
    _reception()
    table("feed_tokens", [an_id("guardian_id")], [text("token_hash", 64), instant("created_at")],
          sa.UniqueConstraint("school_id", "token_hash", name="uq_feed_tokens_school_id_token_hash"))


def _people() -> None:
    table("schools", [], [text("name", 200), text("zone", 60), number("version")])
    table("pupils", [an_id("id")], [
        text("given_name", 200), text("family_name", 200), text("status", 20), number("version")])
    table("staff", [an_id("id")], [
        text("given_name", 200), text("family_name", 200), sa.Column("roles", sa.JSON, nullable=False),
        text("status", 20), number("version")])
    table("classes", [an_id("id")], [text("title", 200), text("status", 20), number("version")])
    table("class_members", [an_id("class_id"), an_id("person_id")], [text("role", 10)])
    op.create_index("ix_class_members_person", "class_members", ["school_id", "person_id"])


def _rights() -> None:
    table("permissions", [an_id("about_id"), an_id("holder_id")], [
        sa.Column("windows", sa.JSON, nullable=False), number("version"),
        sa.Column("is_held", sa.Boolean, nullable=False, server_default=sa.false())])
    op.create_index("ix_permissions_holder", "permissions", ["school_id", "holder_id"])
    table("keep_apart", [an_id("first_id"), an_id("second_id")], [text("status", 20), number("version")])
    op.create_index("ix_keep_apart_second", "keep_apart", ["school_id", "second_id"])
    table("sharing_wishes", [an_id("pupil_id"), an_id("guardian_id")], [
        flag("shows_times"), flag("together"), instant("changed_at")])


def _evenings() -> None:
    table("evenings", [an_id("id")], [
        text("title", 120), sa.Column("held_on", sa.Date, nullable=False), text("from_time", 5),
        text("to_time", 5), number("slot_minutes"), sa.Column("respond_by_on", sa.Date, nullable=False),
        text("place", 120), instant("starts_at"), instant("ends_at")])
    op.create_index("ix_evenings_starts_at", "evenings", ["school_id", "starts_at"])
    table("evening_classes", [an_id("evening_id"), an_id("class_id")], [])
    op.create_index("ix_evening_classes_class", "evening_classes", ["school_id", "class_id"])
    table("slots", [an_id("id")], [an_id("evening_id"), an_id("staff_id"), instant("starts_at"), instant("ends_at")],
          sa.UniqueConstraint("school_id", "evening_id", "staff_id", "starts_at",
                               name="uq_slots_school_id_evening_id_staff_id_starts_at"))


def _appointments() -> None:
    table("bookings", [an_id("slot_id")], [
        an_id("appointment_id"), an_id("staff_id"), instant("starts_at"), instant("ends_at")],
          sa.UniqueConstraint("school_id", "staff_id", "starts_at", name="uq_bookings_school_id_staff_id_starts_at"),
          sa.UniqueConstraint("school_id", "appointment_id", name="uq_bookings_school_id_appointment_id"))
    table("appointments", [an_id("id")], [
        an_id("evening_id"), an_id("slot_id"), an_id("pupil_id"), an_id("staff_id"), instant("starts_at"),
        instant("ends_at"),
        text("place", 120), number("sequence"), number("version"), text("state", 10), instant("changed_at")])
    op.create_index("ix_appointments_staff", "appointments", ["school_id", "staff_id", "starts_at"])
    table("appointment_guests", [an_id("appointment_id"), an_id("guardian_id")], [
        an_id("pupil_id"), instant("starts_at"), instant("ends_at"), flag("is_booker"), text("how", 10),
        number("sequence"), text("state", 10), sa.Column("cause", sa.String(20)), instant("booked_at"),
        instant("changed_at")])
    op.create_index("ix_appointment_guests_guardian", "appointment_guests", ["school_id", "guardian_id", "starts_at"])
    op.create_index("ix_appointment_guests_pupil", "appointment_guests", ["school_id", "pupil_id", "starts_at"])
    booked = sa.text("state = 'booked'")
    op.create_index("uq_appointment_guests_place", "appointment_guests", ["school_id", "guardian_id", "starts_at"],
                    unique=True, sqlite_where=booked, postgresql_where=booked)


def _reception() -> None:
    table("door_adults", [an_id("id")], [
        text("given_name", 200), text("family_name", 200), text("status", 20), number("version")])
    table("door_calls", [an_id("id")], [
        sa.Column("pupil_id", sa.String(36)), sa.Column("guardian_id", sa.String(36)), text("asked_for", 10),
        text("answer", 10), an_id("asked_by"), instant("asked_at"), sa.Column("called_at", Utc)])
    op.create_index("ix_door_calls_called_at", "door_calls", ["school_id", "called_at"])
