"""The catalogue that every table of the portal belongs to."""

from __future__ import annotations

from chassis.db import Rows, metadata

TRUST_TABLES = ("memberships", "school_names")  # rows of schools that signing in looks through for the whole trust


class Base(Rows):
    __abstract__ = True
    metadata = metadata()
