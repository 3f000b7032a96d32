"""Real parts as fixtures: started once per test process; missing parts are said loudly, and fail where CI=true."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.parts.browser import run_chromium
from tests.parts.kafka import run_kafka
from tests.parts.postgres import PartMissing, Postgres, run_postgres


def _missing(error: PartMissing) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"a part is missing and nothing may be skipped: {error}")
    pytest.skip(f"NOT TESTED: {error}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    running = run_postgres("fsync=off", "full_page_writes=off")  # no test switches the machine off
    try:
        server = next(running)
    except PartMissing as error:
        _missing(error)
        raise AssertionError from error
    yield server
    running.close()  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def kafka_server() -> Iterator[str]:
    """Bootstrap servers of a real broker."""
    running = run_kafka()
    try:
        server = next(running)
    except PartMissing as error:
        _missing(error)
        raise AssertionError from error
    yield server
    running.close()  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser."""
    with ExitStack() as stack:
        try:
            browser = stack.enter_context(run_chromium())
        except PartMissing as error:
            _missing(error)
            raise AssertionError from error
        yield browser
