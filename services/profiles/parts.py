"""How each room gives its part of a child's page, so that the whole page is one read of the database.

A room's `queries.select_part(uow, caller, pupil_id)` returns selects of the columns here, of what this caller may read;
`child_page` puts them under one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from chassis.db import Utc

COLUMNS: dict[str, Any] = {
    "id": sa.String(36), "written_at": Utc(), "voice": sa.String(10), "author_id": sa.String(36), "kind": sa.String(40),
    "words": sa.String(), "state": sa.String(40), "due_on": sa.Date(), "more": sa.String()}


def part(name: str, most: int, order: Sequence[Any], where: Sequence[Any], **columns: Any) -> sa.Select[Any]:
    """The first `most` rows of a part, in `order`. `where` must name the school: nothing filters a subquery."""
    assert set(columns) <= set(COLUMNS), sorted(set(columns) - set(COLUMNS))
    picked = [sa.cast(columns.get(column, sa.null()), kind).label(column) if column not in columns
              else sa.type_coerce(columns[column], kind).label(column) for column, kind in COLUMNS.items()]
    inner = sa.select(sa.literal(name).label("part"), *picked).where(*where).order_by(*order).limit(most).subquery()
    return sa.select(*inner.c)
