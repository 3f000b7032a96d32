"""The catalogue of this service's tables."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from chassis.db import Rows, metadata


class Base(Rows):
    """What every model of this service inherits."""

    __abstract__ = True
    metadata = metadata()


def table_of(model: type[Any]) -> sa.Table:
    """A model's table, for statements that change many rows at once; they must name the school themselves."""
    return cast(sa.Table, model.__table__)
