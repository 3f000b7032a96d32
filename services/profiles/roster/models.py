"""Tables of imports: what was asked, how far it is, what came of it; and the file until it is no longer needed.

A file for several schools is kept under the reserved tenant `trust`, a school's own file under the school.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.profiles.tables import Base

TRUST = "trust"  # no school may have this id


class RosterImport(Tenant, Base):
    __tablename__ = "roster_imports"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    state: Mapped[str]  # queued | running | checked | waiting | applied | refused
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    rows_done: Mapped[int]
    requested_by: Mapped[str]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class RosterChunk(Tenant, Base):
    """A piece of an uploaded file; gone when the import has been applied or refused, or after an hour."""

    __tablename__ = "roster_chunks"

    import_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
