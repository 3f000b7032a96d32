"""What belongs together is one letter: the same thing about siblings. Never two readers in one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.errors import Unavailable
from tests.fakes import event
from tests.notifications.house import ALWAYS, PROFILES, SCHEDULING, House, house

__all__ = ["house"]
MOTHERS = "mother@home.invalid"


def crash(house: House) -> None:
    """A sender that ends when it has handed a letter over."""
    house.office.failures = [SystemExit()]
    with pytest.raises(SystemExit):
        house.pump()
    house.clock.advance(seconds=61)
    house.beat()


def test_one_thing_about_two_siblings_is_one_letter_for_each_home(house: House) -> None:
    house.sibling("kim", "Kim", "mother", "father")
    house.hear(house.evening("sam", "kim"))
    assert house.pump() == 4
    (letter,) = house.office.to(MOTHERS)
    assert letter.subject == "Kim and Sam: parents' evening, Thursday 26 November"
    assert "down as a parent or carer of Kim and Sam." in letter.text
    assert len(house.office.to("father@home.invalid")) == 1
    assert house.states() == ["sent"] * 4
    assert len(house.notices("mother")) == 2


def test_a_home_that_hears_of_one_child_alone_is_told_of_that_child_alone(house: House) -> None:
    house.sibling("kim", "Kim")
    house.hear(house.evening("sam", "kim"))
    house.pump()
    (letter,) = house.office.to("father@home.invalid")
    assert letter.subject == "Sam: parents' evening, Thursday 26 November"
    assert "Kim" not in letter.text


def test_three_children_and_one_without_a_name_are_named_in_words(house: House) -> None:
    house.sibling("kim", "Kim")
    house.sibling("lee", "Lee")
    house.hear(house.rights("nobody", "mother", book=ALWAYS))
    house.hear(house.evening("sam", "kim", "lee", "nobody"))
    house.pump()
    assert house.office.to(MOTHERS)[0].subject.startswith("Your child, Kim, Lee and Sam: parents' evening")


def test_different_things_told_at_once_are_different_letters(house: House) -> None:
    house.sibling("kim", "Kim")
    house.hear(house.praise("praise-1"), house.praise("praise-2", "kim"))
    house.pump()
    assert sorted(letter.subject for letter in house.office.to(MOTHERS)) == [
        "Kim: good news from school", "Sam: good news from school"]


def test_each_appointment_has_a_letter_and_a_calendar_file_of_its_own(house: House) -> None:
    house.sibling("kim", "Kim")
    house.choose("mother", "daily")
    house.hear(house.appointment("booked"), house.appointment("booked", pupil_id="kim"))
    house.pump()
    letters = house.office.to(MOTHERS)
    assert [letter.calendar is not None for letter in letters] == [True, True]


def test_a_child_who_may_not_be_told_of_drops_out_of_the_letter_and_the_rest_goes(house: House) -> None:
    house.sibling("kim", "Kim")
    house.hear(house.evening("sam", "kim"))
    house.hear(house.rights("sam", "mother", receive=ALWAYS, book=[[None, "2026-11-24T09:00:10+00:00"]]))
    house.clock.advance(seconds=20)
    house.pump()
    (letter,) = house.office.to(MOTHERS)
    assert letter.subject == "Kim: parents' evening, Thursday 26 November"
    assert "Sam" not in letter.text
    assert house.states() == ["sent", "sent", "withdrawn"]


def test_a_letter_of_two_children_is_repeated_under_the_same_reference(house: House) -> None:
    house.sibling("kim", "Kim")
    house.hear(house.rights("sam", "father", receive=[], book=[]))
    house.hear(house.evening("sam", "kim"))
    crash(house)
    house.pump()
    first, second = house.office.to(MOTHERS)
    assert (first.reference, first.subject, first.text) == (second.reference, second.subject, second.text)
    assert house.states() == ["sent", "sent"]


def test_what_comes_while_a_letter_is_repeated_has_a_letter_of_its_own(house: House) -> None:
    """In the repeated one it could be lost: whoever has the first one takes the second for the same."""
    house.hear(house.rights("sam", "father", receive=[], book=[]))
    house.choose("mother", "daily")
    house.hear(house.praise("praise-1"))
    house.clock.advance(hours=9)
    house.beat()
    crash(house)
    house.choose("mother", "at-once")
    house.hear(house.praise("praise-2"))
    house.choose("mother", "daily")
    house.clock.advance(hours=24)
    house.beat()
    house.pump()
    first, again, other = house.office.to(MOTHERS)
    assert first.reference == again.reference != other.reference
    assert first.text == again.text


def test_a_letter_that_could_not_be_handed_over_is_tried_again_whole(house: House) -> None:
    house.sibling("kim", "Kim")
    house.hear(house.rights("sam", "father", receive=[], book=[]))
    house.hear(house.evening("sam", "kim"))
    house.office.failures = [Unavailable()]
    assert house.pump() == 2
    assert house.states() == ["queued", "queued"]
    house.clock.advance(minutes=1)
    house.beat()
    house.pump()
    assert len({letter.reference for letter in house.office.letters}) == 1
    assert house.states() == ["sent", "sent"]


def test_siblings_share_a_letter_however_many_homes_are_told_at_once(house: House) -> None:
    house.sibling("kim", "Kim")
    homes = [f"home-{number}" for number in range(30)]
    house.hear(*(house.guardian(home, f"{home}@home.invalid") for home in homes),
               *(house.rights(child, home, book=ALWAYS) for home in homes for child in ("sam", "kim")))
    house.hear(house.evening("sam", "kim"))
    while house.pump():
        pass
    assert len(house.office.letters) == 32
    assert {len(house.office.to(f"{home}@home.invalid")) for home in homes} == {1}
    assert set(house.states()) == {"sent"}


def test_one_telling_that_cannot_be_put_into_words_holds_no_other_of_the_day(house: House) -> None:
    house.choose("mother", "daily")
    broken = house.evening("sam")
    broken.data["on"] = "no day"
    house.hear(broken, house.praise())
    house.clock.advance(hours=9)
    house.beat()
    house.pump()
    (letter,) = house.office.to(MOTHERS)
    assert "good news from school" in letter.text
    assert "something new from school" in letter.text


def test_an_adult_who_may_consent_is_asked_until_it_is_over(house: House) -> None:
    house.sibling("kim", "Kim")
    house.hear(house.rights("sam", "mother", receive=ALWAYS, consent=ALWAYS))
    house.hear(house.consent("sam", "kim"))
    assert [notice["needs"] for notice in house.notices("mother")] == [True, True]
    assert house.notices("father") == []
    house.pump()
    (letter,) = house.office.letters
    assert letter.subject == "Kim and Sam: school asks for your answer"
    assert "https://tandem.invalid/consents/consent-1" in letter.text
    house.hear(event(f"{PROFILES}.consent.ended.v1", "consent-1", {"consent_id": "consent-1"}))
    assert house.notices("mother") == []
    assert {json.loads(value)["cause"] for _, value in house.facts("notice.withdrawn")} == {"consent_ended"}


def test_named_staff_are_warned_with_no_word_of_why(house: House) -> None:
    house.choose("shaw", "daily", "staff")
    house.hear(event(f"{PROFILES}.alert.raised.v1", "sam", {
        "alert_id": "alert-1", "kind": "nobody-left", "pupil_id": "sam", "guardian_id": "father",
        "staff_ids": ["shaw", "shaw"]}, after=house.version))
    (notice,) = house.notices("shaw", "staff")
    assert (notice["kind"], notice["about_id"], notice["data"]) == ("alert-nobody-left", "alert-1", {})
    house.pump()
    (letter,) = house.office.letters
    assert letter.subject == "Sam: something to check"
    assert "Something about Sam's adults needs your eyes. Sign in to see it." in letter.text
    assert "https://tandem.invalid/office/checks" in letter.text
    assert not any(word in letter.text for word in ("nobody", "father", "Father"))


def test_a_colleague_who_is_called_to_the_door_hears_at_once_and_not_of_whom(house: House) -> None:
    house.choose("shaw", "daily", "staff")
    house.hear(event(f"{SCHEDULING}.colleague.called.v1", "sam", {
        "call_id": "call-1", "pupil_id": "sam", "guardian_id": "father", "staff_ids": ["shaw"]}))
    assert [notice["kind"] for notice in house.notices("shaw", "staff")] == ["colleague-called"]
    house.pump()
    (letter,) = house.office.letters
    assert "Somebody is at the door for Sam. Please come to reception." in letter.text
    assert "https://tandem.invalid/reception" in letter.text
    assert "ather" not in letter.text


@contextmanager
def transactions(house: House) -> Iterator[list[list[str]]]:
    """The statements of each transaction meanwhile."""
    seen: list[list[str]] = [[]]
    engine = house.service.database.engine

    def ended(_connection: Any) -> None:
        seen.append([])

    def asked(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen[-1].append(statement)

    listeners = {"commit": ended, "rollback": ended, "before_cursor_execute": asked}
    for name, listener in listeners.items():
        sa.event.listen(engine, name, listener)
    try:
        yield seen
    finally:
        for name, listener in listeners.items():
            sa.event.remove(engine, name, listener)


def test_the_rights_are_asked_in_the_very_transaction_that_claims(house: House) -> None:
    house.hear(house.praise())
    with transactions(house) as seen:
        house.pump()
    (claiming,) = [some for some in seen if any("letter_id=" in text.replace(" ", "") and "UPDATE" in text
                                                for text in some)]
    assert any("FROM permissions" in text for text in claiming)
    assert any("FROM freshness" in text for text in claiming)


def test_claiming_takes_a_handful_of_statements_however_many_are_due(house: House) -> None:
    house.sibling("kim", "Kim")
    house.hear(house.evening("sam", "kim"), *(house.praise(f"praise-{number}") for number in range(15)))
    with transactions(house) as seen:
        house.pump()
    assert max(len(some) for some in seen) <= 20
