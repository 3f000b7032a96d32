"""The questions of a loop in their order, days as forms hold them, and when words deserve a second reading."""

from __future__ import annotations

from datetime import date

import pytest

from services.portal.together.queries import wants_a_pause as for_other_rooms
from services.portal.together.rules import (
    MOST,
    day_fields,
    faults_of,
    next_step,
    read_day,
    step_before,
    wants_a_pause,
)


@pytest.mark.parametrize("text", [
    "You are all useless", "What an IDIOT", "idiots!", "YOU NEVER EVER LISTEN", "he was crying. WHY DID NOBODY RING?"])
def test_harsh_words_and_shouting_deserve_a_second_reading(text: str) -> None:
    assert wants_a_pause(text)
    assert for_other_rooms(text)


@pytest.mark.parametrize("text", [
    "", "Sam has an EHCP and sees SENCO staff", "We are worried, and a little cross.", "He lies down after lunch",
    "ADHD", "أمي تحب المدرسة", "🌟🌟🌟", "A B C D E", "Scunthorpe", "I can't do it ANY MORE", "NHS and DSL said"])
def test_ordinary_words_do_not(text: str) -> None:
    assert not wants_a_pause(text)


def test_questions_follow_one_another_and_an_empty_answer_is_one() -> None:
    answers: dict[str, str] = {}
    seen = []
    for fields in ({"going_well": "x"}, {"worries": ""}, {"support": ""}, {"audience": "all", "child": "no"},
                   day_fields("review", "2026-12-15"), {}):
        seen.append(next_step("guardian", answers))
        answers |= fields
    assert seen == ["going-well", "worries", "support", "who", "review", "check"]
    assert next_step("staff", {name: "x" for name in answers if name != "audience"}) == "check"
    assert next_step("pupil", {"going_well": "x", "worries": ""}) == "who"
    assert (step_before("guardian", "going-well"), step_before("guardian", "check")) == (None, "review")
    assert step_before("pupil", "check") == "who"


def test_a_day_is_read_as_it_is_written_or_not_at_all() -> None:
    assert read_day(day_fields("by", "2026-12-05"), "by") == date(2026, 12, 5)
    assert read_day({"by-day": "31", "by-month": "2", "by-year": "2026"}, "by") is None
    assert read_day({"by-day": "next Tuesday"}, "by") is None


def test_what_is_empty_or_too_long_is_known_by_its_field() -> None:
    assert faults_of({"words": MOST}, ("words",), {"words": " \n"}) == {"words": "empty"}
    assert faults_of({"words": MOST}, ("words",), {"words": "x" * (MOST + 1)}) == {"words": "long"}
    assert faults_of({"words": MOST}, (), {}) == {}
