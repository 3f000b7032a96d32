"""The catalogue that every table of the portal belongs to."""

from __future__ import annotations

from chassis.db import Rows, metadata

# Rows of schools that signing in looks through for the whole trust.
TRUST_TABLES = ("memberships", "school_names", "permissions", "pupil_codes")


class Base(Rows):
    __abstract__ = True
    metadata = metadata()
