"""The tables that scheduling begins with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc
from chassis.migrate import create_technical

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_technical(op.get_bind())
    _people()
    _rights()
    _evenings()
    _appointments()
    _reception()
    _table("feed_tokens", [_id("guardian_id")], [_text("token_hash", 64), _at("created_at")],
           sa.UniqueConstraint("school_id", "token_hash", name="uq_feed_tokens_school_id_token_hash"))


def _people() -> None:
    _table("schools", [], [_text("name", 200), _text("zone", 60), _number("version")])
    _table("pupils", [_id("id")], [
        _text("given_name", 200), _text("family_name", 200), _text("status", 20), _number("version")])
    _table("staff", [_id("id")], [
        _text("given_name", 200), _text("family_name", 200), sa.Column("roles", sa.JSON, nullable=False),
        _text("status", 20), _number("version")])
    _table("classes", [_id("id")], [_text("title", 200), _text("status", 20), _number("version")])
    _table("class_members", [_id("class_id"), _id("person_id")], [_text("role", 10)])
    op.create_index("ix_class_members_person", "class_members", ["school_id", "person_id"])


def _rights() -> None:
    _table("permissions", [_id("about_id"), _id("holder_id")], [
        sa.Column("windows", sa.JSON, nullable=False), _number("version"),
        sa.Column("is_held", sa.Boolean, nullable=False, server_default=sa.false())])
    op.create_index("ix_permissions_holder", "permissions", ["school_id", "holder_id"])
    _table("keep_apart", [_id("first_id"), _id("second_id")], [_text("status", 20), _number("version")])
    op.create_index("ix_keep_apart_second", "keep_apart", ["school_id", "second_id"])
    _table("sharing_wishes", [_id("pupil_id"), _id("guardian_id")], [
        _yes_or_no("shows_times"), _yes_or_no("together"), _at("changed_at")])


def _evenings() -> None:
    _table("evenings", [_id("id")], [
        _text("title", 120), sa.Column("held_on", sa.Date, nullable=False), _text("from_time", 5),
        _text("to_time", 5), _number("slot_minutes"), sa.Column("respond_by_on", sa.Date, nullable=False),
        _text("place", 120), _at("starts_at"), _at("ends_at")])
    op.create_index("ix_evenings_starts_at", "evenings", ["school_id", "starts_at"])
    _table("evening_classes", [_id("evening_id"), _id("class_id")], [])
    op.create_index("ix_evening_classes_class", "evening_classes", ["school_id", "class_id"])
    _table("slots", [_id("id")], [_id("evening_id"), _id("staff_id"), _at("starts_at"), _at("ends_at")],
           sa.UniqueConstraint("school_id", "evening_id", "staff_id", "starts_at",
                               name="uq_slots_school_id_evening_id_staff_id_starts_at"))


def _appointments() -> None:
    _table("bookings", [_id("slot_id")], [_id("appointment_id"), _id("staff_id"), _at("starts_at"), _at("ends_at")],
           sa.UniqueConstraint("school_id", "staff_id", "starts_at", name="uq_bookings_school_id_staff_id_starts_at"),
           sa.UniqueConstraint("school_id", "appointment_id", name="uq_bookings_school_id_appointment_id"))
    _table("appointments", [_id("id")], [
        _id("evening_id"), _id("slot_id"), _id("pupil_id"), _id("staff_id"), _at("starts_at"), _at("ends_at"),
        _text("place", 120), _number("sequence"), _number("version"), _text("state", 10), _at("changed_at")])
    op.create_index("ix_appointments_staff", "appointments", ["school_id", "staff_id", "starts_at"])
    _table("appointment_guests", [_id("appointment_id"), _id("guardian_id")], [
        _id("pupil_id"), _at("starts_at"), _at("ends_at"), _yes_or_no("is_booker"), _text("how", 10),
        _number("sequence"), _text("state", 10), sa.Column("cause", sa.String(20)), _at("booked_at"),
        _at("changed_at")])
    op.create_index("ix_appointment_guests_guardian", "appointment_guests", ["school_id", "guardian_id", "starts_at"])
    op.create_index("ix_appointment_guests_pupil", "appointment_guests", ["school_id", "pupil_id", "starts_at"])
    booked = sa.text("state = 'booked'")
    op.create_index("uq_appointment_guests_place", "appointment_guests", ["school_id", "guardian_id", "starts_at"],
                    unique=True, sqlite_where=booked, postgresql_where=booked)


def _reception() -> None:
    _table("door_adults", [_id("id")], [
        _text("given_name", 200), _text("family_name", 200), _text("status", 20), _number("version")])
    _table("door_calls", [_id("id")], [
        sa.Column("pupil_id", sa.String(36)), sa.Column("guardian_id", sa.String(36)), _text("asked_for", 10),
        _text("answer", 10), _id("asked_by"), _at("asked_at"), sa.Column("called_at", Utc)])
    op.create_index("ix_door_calls_called_at", "door_calls", ["school_id", "called_at"])


def _table(name: str, key: list[sa.Column], columns: list[sa.Column], *rules: sa.UniqueConstraint) -> None:
    """A table of a school's rows: the school leads the key."""
    key = [_text("school_id", 64), *key]
    op.create_table(name, *key, *columns, sa.PrimaryKeyConstraint(*(column.name for column in key), name=f"pk_{name}"),
                    *rules)


def _id(name: str) -> sa.Column:
    return _text(name, 36)


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer, nullable=False)


def _yes_or_no(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean, nullable=False)


def _at(name: str) -> sa.Column:
    return sa.Column(name, Utc, nullable=False)
