"""First come: itineraries that are held for a family, the waiting list, and what is offered from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc
from services.scheduling.migrations.columns import an_id, index, instant, json, maybe, number, table, text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """First come: itineraries that are held for a family, the waiting list, and what is offered from it."""
    with op.batch_alter_table("bookings") as bookings:  # a longer talk holds several times
        bookings.drop_constraint("uq_bookings_school_id_appointment_id", type_="unique")
    index("bookings", "holder", "appointment_id")
    op.add_column("appointments", json("needs", "[]"))
    _itineraries()
    _waiting()


def _itineraries() -> None:
    table("itineraries", [an_id("id")], [
        an_id("evening_id"), an_id("guardian_id"), text("state", 10), json("children"),
        maybe("earliest", sa.String(5)), maybe("latest", sa.String(5)), json("not_times"), maybe("how", sa.String(10)),
        text("call_on", 40), json("needs"), instant("held_until"), number("extended"), instant("changed_at")])
    _one_at_a_time("itineraries", "held", "state = 'held'", "evening_id", "guardian_id")
    table("itinerary_talks", [an_id("appointment_id")], [
        an_id("itinerary_id"), an_id("guardian_id"), an_id("pupil_id"), an_id("staff_id"), json("slot_ids"),
        instant("starts_at"), instant("ends_at"), text("room", 120), text("how", 10)])
    index("itinerary_talks", "itinerary", "itinerary_id")


def _waiting() -> None:
    table("waiting", [an_id("id")], [
        an_id("evening_id"), an_id("guardian_id"), an_id("pupil_id"), an_id("staff_id"), text("state", 10),
        maybe("instead_of", sa.String(36)), maybe("earliest", sa.String(5)), maybe("latest", sa.String(5)),
        maybe("how", sa.String(10)), text("call_on", 40), json("needs"), instant("since"), instant("changed_at")])
    _one_at_a_time("waiting", "live", "state = 'waiting'", "evening_id", "guardian_id", "pupil_id", "staff_id")
    index("waiting", "staff", "staff_id", "state")
    table("offers", [an_id("id")], [
        an_id("waiting_id"), an_id("evening_id"), an_id("guardian_id"), an_id("pupil_id"), an_id("staff_id"),
        text("state", 10), json("slot_ids"), instant("starts_at"), instant("ends_at"), instant("made_at"),
        instant("expires_at"), maybe("appointment_id", sa.String(36)), maybe("ended_at", Utc)])
    _one_at_a_time("offers", "open", "state = 'open'", "waiting_id")
    index("offers", "guardian", "guardian_id", "state")


def _one_at_a_time(name: str, about: str, where: str, *columns: str) -> None:
    """A key over the rows of one state alone."""
    op.create_index(f"uq_{name}_{about}", name, ["school_id", *columns], unique=True,
                    sqlite_where=sa.text(where), postgresql_where=sa.text(where))
