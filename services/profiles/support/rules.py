"""Pure decisions about support: what there is of it, and what follows."""

from __future__ import annotations

import re

NONE = "none"
STATUSES = (NONE, "sen-support", "ehc-plan")
AREAS = ("communication", "learning", "feelings", "senses-and-body")


def reviews_for(status: str) -> str:
    """How often school and this child's adults should speak."""
    return "usual" if status == NONE else "closer"


def read_version(match: str | None) -> int | None:
    """The version that an If-Match header names; None when it names none."""
    found = re.fullmatch(r'(?:W/)?"(\d{1,9})"', (match or "").strip())
    return int(found.group(1)) if found else None


def etag_of(version: int) -> str:
    return f'"{version}"'
