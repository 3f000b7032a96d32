"""A parent's page of a child costs a few reads in each service, and not one more however much was written."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.journeys.house import SERVICES, Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people
from tests.journeys.test_pages import AMIRA
from tests.journeys.test_the_story import tell

MOST_READS = {"profiles": 4, "scheduling": 4, "notifications": 0}
PAGES_BY = ("profiles", "scheduling", "notifications")


@pytest.fixture
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, "embedded", tmp_path)


@contextmanager
def counted(trust: Trust) -> Iterator[dict[str, list[str]]]:
    """What this thread, which serves the page, reads of the child's school in each service's database meanwhile."""
    me, seen = threading.get_ident(), {name: list[str]() for name in PAGES_BY}
    noting: list[tuple[Any, Any]] = []
    for name in PAGES_BY:

        def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any,
                 into: list[str] = seen[name]) -> None:
            if threading.get_ident() == me and statement.lstrip().startswith("SELECT") and OAKFIELD in values:
                into.append(statement)

        engine = trust.workers[SERVICES.index(name)].work.database.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        noting.append((engine, note))
    try:
        yield seen
    finally:
        for engine, note in noting:
            sa.event.remove(engine, "before_cursor_execute", note)


def test_a_parents_page_of_a_child_is_a_few_reads_in_each_service(trust: Trust) -> None:
    import_sample(trust)
    sam = people(trust)["sam"]
    amira = trust.sign_in(AMIRA)
    few = reads(trust, amira, sam)
    tell(trust)
    many = reads(trust, amira, sam)
    assert "build bridges" in amira.page.text
    assert few == many
    assert {name: count for name, count in many.items() if count > MOST_READS[name]} == {}


def reads(trust: Trust, amira: Any, sam: str) -> dict[str, int]:
    trust.until(lambda: amira.open(f"/children/{sam}").status == 200 and "isn't answering" not in amira.page.text)
    with counted(trust) as seen:
        amira.open(f"/children/{sam}")
    return {name: len(found) for name, found in seen.items()}
