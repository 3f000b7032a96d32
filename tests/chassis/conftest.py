"""The chassis is tested on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.unit_of_work import Database
from tests.chassis.house import create
from tests.fakes import FixedClock
from tests.parts.databases import make_database


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Iterator[Database]:
    """A fresh database of the little house, once on each kind."""
    made = make_database(request, request.param, tmp_path, "words", clock, create)
    yield made
    made.close()
