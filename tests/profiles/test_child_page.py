"""A child's page is one read of what every room has to say, as the caller may know it, however much there is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.profiles.house import House, open_house

MOST_READS = 4


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = open_house(tmp_path)
    yield found
    found.service.database.close()


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    """What the service reads of its database meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    engine = house.service.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def page(house: House, who: str) -> Any:
    return house.call("GET", "/pupils/p-sam/page", who)


@pytest.mark.parametrize("who", ["g-amira", "p-sam", "s-bell"])
def test_a_page_names_the_child_the_class_and_the_team(house: House, who: str) -> None:
    found = page(house, who).json
    assert found["pupil"]["given_name"] == "Sam"
    assert [item["words"] for item in found["parts"]["class"]] == ["Maple"]
    assert [item["signature"]["by"] for item in found["parts"]["team"]] == ["Bell Staff"]
    assert found["may"].get("see", True)


@pytest.mark.parametrize("who", ["g-barred", "s-other", "p-zoe", "g-nobody"])
def test_who_may_not_see_the_child_finds_no_page(house: House, who: str) -> None:
    there, absent = page(house, who), house.call("GET", "/pupils/nobody/page", who)
    assert (there.status_code, there.get_data()) == (404, absent.get_data())


def test_a_parents_page_is_at_most_four_reads_however_much_there_is(house: House) -> None:
    page(house, "g-amira")
    with counted(house) as few:
        page(house, "g-amira")
    for number in range(30):
        house.call("POST", "/pupils/p-sam/praise", "s-bell", {"strength": "focus", "sentence": f"Good {number}."})
    with counted(house) as many:
        page(house, "g-amira")
    assert len(few) == len(many) <= MOST_READS
