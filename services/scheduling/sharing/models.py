"""Tables of sharing."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Tenant
from services.scheduling.tables import Base


class SharingWish(Tenant, Base):
    """What one adult wishes to share about one child. It counts for nothing while anyone else does not wish it too."""

    __tablename__ = "sharing_wishes"

    pupil_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    guardian_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    shows_times: Mapped[bool]
    together: Mapped[bool]
    changed_at: Mapped[datetime]
