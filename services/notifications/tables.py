"""The catalogue that every table of this service belongs to."""

from __future__ import annotations

from chassis.db import Rows, metadata


class Base(Rows):
    __abstract__ = True
    metadata = metadata()
