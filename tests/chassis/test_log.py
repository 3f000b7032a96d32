"""A log line holds ids and places, never what somebody wrote."""

from __future__ import annotations

import json
from io import StringIO

from chassis.log import logger, set_up_logging


def line(**said: object) -> dict[str, object]:
    stream = StringIO()
    set_up_logging("INFO", stream)
    logger("test").info("happened", **said)
    found: dict[str, object] = json.loads(stream.getvalue())
    return found


def test_names_addresses_and_words_are_not_logged() -> None:
    found = line(school="oakfield", given_name="Sam", token="t", reason="to sam@families.example")
    assert found["school"] == "oakfield"
    assert {found["given_name"], found["token"], found["reason"]} == {"[not logged]"}


def test_of_an_exception_the_places_are_kept_and_the_words_are_not() -> None:
    try:
        raise ValueError("Sam slept badly")
    except ValueError as error:
        found = line(exc_info=error)
    assert "slept" not in str(found)
    assert "test_log.py" in str(found["at"])
