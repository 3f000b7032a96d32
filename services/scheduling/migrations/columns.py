"""How migrations write tables: the school leads every key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc


def table(name: str, key: Sequence[sa.Column], columns: Sequence[sa.Column], *rules: sa.UniqueConstraint) -> None:
    """A table of a school's rows."""
    key = [text("school_id", 64), *key]
    op.create_table(name, *key, *columns, sa.PrimaryKeyConstraint(*(column.name for column in key), name=f"pk_{name}"),
                    *rules)


def index(name: str, about: str, *columns: str) -> None:
    """`ix_<table>_<what about it>`, after the school."""
    op.create_index(f"ix_{name}_{about}", name, ["school_id", *columns])


def an_id(name: str) -> sa.Column:
    return text(name, 36)


def text(name: str, length: int, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def json(name: str, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.JSON, nullable=False, server_default=default)


def day(name: str) -> sa.Column:
    return sa.Column(name, sa.Date, nullable=False)


def number(name: str, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Integer, nullable=False, server_default=default)


def flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean, nullable=False)


def instant(name: str) -> sa.Column:
    return sa.Column(name, Utc, nullable=False)


def maybe(name: str, kind: Any) -> sa.Column:
    return sa.Column(name, kind, nullable=True)
