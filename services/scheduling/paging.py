"""Cursor paging of this service's lists: ordered by when things start, then by id."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from marshmallow import Schema, fields, validate

from chassis.errors import Invalid


class PageQuerySchema(Schema):
    """What every list takes."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 100))
    after = fields.String(load_default=None, validate=validate.Length(max=200))


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted."""

    limit: int
    after: tuple[datetime, str] | None = None

    def conditions(self, starts_at: Any, key: Any) -> list[sa.ColumnElement[bool]]:
        """What comes after the cursor, in a list that is ordered by these two."""
        if self.after is None:
            return []
        when, last = self.after
        return [sa.or_(starts_at > when, sa.and_(starts_at == when, key > last))]


def read_page(query: dict[str, Any]) -> Page:
    """The page that a caller asks for; Invalid when the cursor is not one of ours."""
    if not query["after"]:
        return Page(query["limit"])
    try:
        when, _, last = base64.urlsafe_b64decode(query["after"].encode()).decode().partition("~")
        instant = datetime.fromisoformat(when)
        if instant.tzinfo is None:
            raise ValueError("no zone")
    except (ValueError, binascii.Error) as error:
        raise Invalid(errors={"/after": "Use the value of 'after' from the page before."}) from error
    return Page(query["limit"], (instant, last))


def reply_page(items: Sequence[dict[str, Any]], page: Page, key: str = "id") -> dict[str, Any]:
    """A list of at most the limit, and the cursor of what follows it; it was read with one item too many.

    `key` names what orders the items that start at one time.
    """
    shown = list(items[:page.limit])
    if len(items) <= page.limit:
        return {"items": shown, "after": None}
    last = shown[-1]
    cursor = f"{last['starts_at'].isoformat()}~{last[key]}"
    return {"items": shown, "after": base64.urlsafe_b64encode(cursor.encode()).decode()}
