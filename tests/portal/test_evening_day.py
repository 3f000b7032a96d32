"""The office puts an evening on another day or at other hours, and says how long the ways are."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Conflict, Invalid, Stale, Unavailable
from tests.portal.house import House
from tests.portal.test_setting_up import AIMS, EVENING, HERE, here, home, olga, sent

__all__ = ["home"]
PATH = "/evenings/e-1"
DAY = {"on-day": 11, "on-month": 12, "on-year": 2026, "from": "15:30", "to": "18:00"}


def answer(home: House, what: Any) -> None:
    home.answers.tell("scheduling", "PUT", PATH, what)


def test_another_day_is_sent_with_its_hours_and_who_is_told_is_said(home: House) -> None:
    here(home, {**EVENING, "state": "open"})
    answer(home, EVENING)
    visitor = olga(home)
    assert f'href="{HERE}/day"' in visitor.open(HERE).html
    page = visitor.open(f"{HERE}/day")
    assert "who could not come on the old day is asked again" in page.text
    assert "Change it and tell them" in page.text
    done = visitor.send(**DAY)
    assert sent(home, "PUT", PATH) == [({
        "title": "Spring evening", "place": "The hall", "aims": AIMS, "on": "2026-12-11", "from": "15:30",
        "to": "18:00", "respond_by": "2026-12-04"}, "3")]
    assert (done.path, "The day and hours are changed" in done.text, "Families and teachers are told now" in done.text
            ) == (HERE, True, True)


def test_of_a_draft_nobody_is_told(home: House) -> None:
    answer(home, EVENING)
    visitor = olga(home)
    assert "Families and teachers are told" not in visitor.open(f"{HERE}/day").text
    assert "Nobody is told: it is a draft." in visitor.send(**DAY).text


@pytest.mark.parametrize("changes", [{"state": "planned"}, {"state": "open", "way": "book"}, {"state": "cancelled"}])
def test_once_families_may_have_times_the_page_is_not_offered(home: House, changes: Any) -> None:
    here(home, {**EVENING, **changes})
    assert f'href="{HERE}/day"' not in olga(home).open(HERE).html


@pytest.mark.parametrize(("wrong", "field"), [
    ({"from": "half past"}, "from"), ({"to": ""}, "to"), ({"on-day": 31, "on-month": 2}, "on"),
    ({"by-month": "May"}, "by")])
def test_what_cannot_be_read_is_said_at_its_field(home: House, wrong: Any, field: str) -> None:
    visitor = olga(home)
    visitor.open(f"{HERE}/day")
    page = visitor.send(**{**DAY, **wrong})
    assert (page.status, f'href="#{field}' in page.html) == (422, True)
    assert sent(home, "PUT", PATH) == []


@pytest.mark.parametrize(("refused", "status", "words"), [
    (Invalid(errors={"/from": "Kit Ray: these times are outside of the new hours."}), 422, "Kit Ray: these times"),
    (Conflict("Families may have times at this evening."), 409, "Families may have times"),
    (Stale(), 409, "As it is saved now"), (Unavailable(), 503, "Your words are still here")])
def test_what_is_refused_keeps_what_was_written(home: House, refused: Any, status: int, words: str) -> None:
    answer(home, refused)
    visitor = olga(home)
    visitor.open(f"{HERE}/day")
    page = visitor.send(**DAY)
    assert (page.status, words in page.text, 'value="15:30"' in page.html) == (status, True, True)


def test_the_ways_are_the_evenings_own(home: House) -> None:
    here(home, {**EVENING, "walk_room_minutes": 4, "walk_site_minutes": 12})
    answer(home, EVENING)
    visitor = olga(home)
    page = visitor.open(f"{HERE}/details")
    assert 'value="4"' in page.html
    wrong = visitor.send(walk_room_minutes="some")
    assert (wrong.status, 'href="#walk_room_minutes"' in wrong.html) == (422, True)
    visitor.open(f"{HERE}/details")
    visitor.send(walk_room_minutes="0")
    (body, version), = sent(home, "PUT", PATH)
    assert (body["walk_room_minutes"], body["walk_site_minutes"], version) == (0, 12, "3")
