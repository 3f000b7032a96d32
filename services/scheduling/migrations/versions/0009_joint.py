"""Who sits beside the owner of a block has its talks in their diary too; how long the ways are at an evening."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from services.scheduling.migrations.columns import json, number

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A time is held once by each who sits there: so the key of a booking names them too."""
    for column in (number("walk_room_minutes", "2"), number("walk_site_minutes", "10")):
        op.add_column("evenings", column)
    op.add_column("evening_blocks", json("beside", "[]"))
    _name_who_sits_beside()
    with op.batch_alter_table("bookings") as bookings:
        bookings.drop_constraint("pk_bookings", type_="primary")
        bookings.create_primary_key("pk_bookings", ["school_id", "slot_id", "staff_id"])
    op.execute(
        "INSERT INTO bookings (school_id, slot_id, appointment_id, staff_id, starts_at, ends_at) "
        "SELECT b.school_id, b.slot_id, b.appointment_id, bs.staff_id, b.starts_at, b.ends_at FROM bookings b "
        "JOIN slots s ON s.school_id = b.school_id AND s.id = b.slot_id "
        "JOIN block_staff bs ON bs.school_id = s.school_id AND bs.block_id = s.block_id AND bs.staff_id <> b.staff_id "
        "WHERE NOT EXISTS (SELECT 1 FROM bookings o WHERE o.school_id = b.school_id AND o.staff_id = bs.staff_id "
        "AND o.starts_at < b.ends_at AND o.ends_at > b.starts_at)")


def _name_who_sits_beside() -> None:
    blocks = sa.table("evening_blocks", *map(sa.column, ("school_id", "id", "staff_id")), sa.column("beside", sa.JSON))
    sits = sa.table("block_staff", *map(sa.column, ("school_id", "block_id", "staff_id")))
    beside: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in op.get_bind().execute(
            sa.select(sits.c.school_id, sits.c.block_id, sits.c.staff_id).join(blocks, sa.and_(
                blocks.c.school_id == sits.c.school_id, blocks.c.id == sits.c.block_id)).where(
                sits.c.staff_id != blocks.c.staff_id).order_by(sits.c.staff_id)):
        beside[row.school_id, row.block_id].append(row.staff_id)
    for (school_id, block_id), staff_ids in beside.items():
        op.execute(blocks.update().where(blocks.c.school_id == school_id, blocks.c.id == block_id).values(
            beside=staff_ids))
