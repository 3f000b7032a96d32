"""How each adult wants to be told: at once, one letter a day, none; and the one click that tells nobody anything."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from tests.fakes import FixedClock
from tests.notifications.house import ALWAYS, House, build_house, house, new_database

__all__ = ["house"]
MOTHER, FATHER, UNCLE = (("mother", "guardian", ()), ("father", "guardian", ()), ("uncle", "guardian", ()))
AS_IT_COMES = {"good_news": "as-it-comes"}
Reply = tuple[int, bytes, list[tuple[str, str]]]


def due(house: House, person_id: str) -> list[Any]:
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        return [row[0] for row in uow.connection.execute(sa.text(
            "SELECT due_at FROM deliveries WHERE school_id = 'oakfield' AND recipient_id = :person")
            .columns(sa.column("due_at", sa.DateTime(timezone=True))), {"person": person_id})]


def whole(reply: Any) -> Reply:
    return reply.status_code, reply.data, [item for item in reply.headers if item[0] != "X-Request-Id"]


def at(house: House, **by: float) -> None:
    house.clock.advance(**by)
    house.beat()


def test_whoever_has_chosen_nothing_is_told_at_once(house: House) -> None:
    assert house.call("GET", "/preferences", MOTHER).json == {**AS_IT_COMES, "email": "at-once", "language": None}


def test_a_choice_is_the_callers_own_and_nobody_elses(house: House) -> None:
    reply = house.call("PUT", "/preferences", MOTHER, {"email": "daily", "language": "ar"})
    assert reply.json == house.call("GET", "/preferences", MOTHER).json == {
        **AS_IT_COMES, "email": "daily", "language": "ar"}
    assert house.call("GET", "/preferences", FATHER).json == {**AS_IT_COMES, "email": "at-once", "language": None}
    house.choose("mother", "none")
    assert house.call("GET", "/preferences", MOTHER).json == {**AS_IT_COMES, "email": "none", "language": None}


def test_the_language_that_the_school_has_noted_holds_until_one_is_chosen(house: House) -> None:
    noted = house.guardian("mother", "mother@home.invalid")
    noted.data["language"] = "pl"
    house.hear(noted)
    assert house.call("GET", "/preferences", MOTHER).json["language"] == "pl"


@pytest.mark.parametrize("body", [{}, {"email": "hourly"}, {"email": "daily", "language": "a language"},
                                  {"email": "daily", "language": "en\n"},
                                  {"email": "daily", "language": "abc-abcdefgh-abcdefgh"},
                                  {"email": "daily", "colour": "red"}, {"email": None}])
def test_a_choice_that_there_is_not_is_refused_in_words(house: House, body: dict[str, Any]) -> None:
    assert house.call("PUT", "/preferences", MOTHER, body).status_code == 422


def test_an_adult_with_no_right_gets_the_same_preferences_as_any_other(house: House) -> None:
    assert whole(house.call("GET", "/preferences", UNCLE)) == whole(house.call("GET", "/preferences", FATHER))
    assert house.call("GET", "/preferences", ("op", "operator", ())).status_code == 404


def test_who_wants_no_letters_has_the_notice_in_the_portal_and_no_letter(house: House) -> None:
    house.choose("mother", "none")
    house.choose("shaw", "none", "staff")
    house.hear(house.praise(), house.appointment("booked"))
    house.pump()
    assert [letter.to for letter in house.office.letters] == ["father@home.invalid"]
    assert len(house.notices("mother")) == 2


def test_a_choice_plans_anew_what_is_queued(house: House) -> None:
    house.hear(house.praise())
    house.choose("mother", "daily")
    house.pump()
    assert house.office.to("mother@home.invalid") == []
    house.choose("mother", "at-once")
    at(house, seconds=31)
    house.pump()
    assert len(house.office.to("mother@home.invalid")) == 1
    house.hear(house.praise("praise-2"))
    house.choose("mother", "none")
    house.pump()
    assert len(house.office.to("mother@home.invalid")) == 1
    assert house.states() == ["sent", "sent", "sent", "unwanted"]


def test_a_choice_made_while_a_letter_waits_for_its_next_try_is_obeyed_at_the_claim(house: House) -> None:
    house.hear(house.rights("sam", "father", receive=[], book=[]))
    house.hear(house.praise())
    house.office.failures = [SystemExit()]
    with pytest.raises(SystemExit):
        house.pump()
    house.choose("mother", "none")
    at(house, seconds=61)
    house.pump()
    assert len(house.office.letters) == 1
    assert house.states() == ["unwanted"]


@pytest.mark.parametrize(("now", "expected"), [
    (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), datetime(2026, 11, 24, 18, 0, tzinfo=UTC)),
    (datetime(2026, 11, 24, 18, 0, tzinfo=UTC), datetime(2026, 11, 25, 18, 0, tzinfo=UTC)),
    (datetime(2026, 6, 24, 9, 0, tzinfo=UTC), datetime(2026, 6, 24, 17, 0, tzinfo=UTC)),
    (datetime(2026, 3, 28, 20, 0, tzinfo=UTC), datetime(2026, 3, 29, 17, 0, tzinfo=UTC)),  # the clocks go forward
    (datetime(2026, 10, 24, 20, 0, tzinfo=UTC), datetime(2026, 10, 25, 18, 0, tzinfo=UTC)),  # and back
])
def test_a_days_letter_is_due_at_six_by_the_schools_own_clock(
        now: datetime, expected: datetime, tmp_path: Any, request: pytest.FixtureRequest) -> None:
    house = build_house(new_database(request, "sqlite", tmp_path), clock=FixedClock(now))
    house.settle()
    house.choose("mother", "daily")
    house.hear(house.praise())
    assert [instant.replace(tzinfo=UTC) for instant in due(house, "mother")] == [expected]
    house.service.database.close()


def test_a_days_letter_has_a_line_for_each_and_goes_out_once(house: House) -> None:
    house.sibling("kim", "Kim")
    house.choose("mother", "daily")
    house.hear(house.praise("praise-1"), house.praise("praise-2", "kim"), house.evening("sam", "kim"))
    house.pump()
    assert house.office.to("mother@home.invalid") == []
    at(house, hours=9)
    house.pump()
    (letter,) = house.office.to("mother@home.invalid")
    assert letter.subject == "Kim and Sam: today's news from school"
    assert letter.text.count("\n- ") == 3
    assert "- Kim and Sam: parents' evening, Thursday 26 November" in letter.text
    assert "https://tandem.invalid/children/kim" in letter.text
    assert "down as a parent or carer of Kim and Sam." in letter.text
    assert "kindness" not in letter.text
    assert set(house.states()) == {"sent"}


def test_what_cannot_wait_does_not_wait_for_the_days_letter(house: House) -> None:
    house.choose("mother", "daily")
    house.hear(house.appointment("booked"))
    house.pump()
    (letter,) = house.office.to("mother@home.invalid")
    assert letter.calendar is not None


def test_a_days_letter_leaves_out_what_may_not_be_told_any_more(house: House) -> None:
    house.sibling("kim", "Kim")
    house.choose("mother", "daily")
    house.hear(house.praise("praise-1"), house.praise("praise-2", "kim"), house.praise("praise-3", "kim"))
    until = "2026-11-24T12:00:00+00:00"
    house.hear(house.rights("sam", "mother", receive=[[None, until]], book=ALWAYS))
    at(house, hours=9)
    house.pump()
    (letter,) = house.office.to("mother@home.invalid")
    assert "Sam" not in letter.subject + letter.text
    assert house.states() == ["sent", "sent", "sent", "withdrawn"]


def test_a_days_letter_that_is_held_goes_out_when_we_know_again(house: House) -> None:
    house.choose("mother", "daily")
    house.hear(house.praise())
    house.clock.advance(hours=9)
    house.pump()
    assert house.office.to("mother@home.invalid") == []
    house.beat()
    house.pump()
    assert len(house.office.to("mother@home.invalid")) == 1


def link(house: House, person_id: str) -> str:
    """Where the newest letter to a guardian says that no more are wanted, as a path of this service."""
    found = house.office.to(f"{person_id}@home.invalid")[-1].unsubscribe_url or ""
    assert found.startswith("https://tandem.invalid/unsubscribe/oakfield/")
    return f"/unsubscribe/{found.rpartition('/')[2]}"


def test_one_click_ends_the_letters_of_its_reader_alone(house: House) -> None:
    house.hear(house.praise())
    house.pump()
    assert link(house, "mother") != link(house, "father")
    assert house.client.post(f"/schools/oakfield{link(house, 'mother')}").status_code == 204
    assert house.call("GET", "/preferences", MOTHER).json["email"] == "none"
    assert house.call("GET", "/preferences", FATHER).json["email"] == "at-once"
    house.hear(house.praise("praise-2"))
    house.pump()
    assert len(house.office.to("mother@home.invalid")) == 1
    assert len(house.office.to("father@home.invalid")) == 2


def test_one_click_keeps_the_language(house: House) -> None:
    house.call("PUT", "/preferences", MOTHER, {"email": "at-once", "language": "ar"})
    house.hear(house.praise())
    house.pump()
    house.client.post(f"/schools/oakfield{link(house, 'mother')}")
    assert house.call("GET", "/preferences", MOTHER).json == {
        **AS_IT_COMES, "email": "none", "language": "ar"}


def test_every_letter_to_one_adult_has_the_same_link_and_staff_have_none(house: House) -> None:
    house.hear(house.appointment("booked"), house.praise())
    house.pump()
    assert len({letter.unsubscribe_url for letter in house.office.to("mother@home.invalid")}) == 1
    assert house.office.to("shaw@school.invalid")[0].unsubscribe_url is None


def test_the_click_tells_nothing_whoever_makes_it(house: House) -> None:
    house.hear(house.praise())
    house.pump()
    valid, restricted = link(house, "mother"), link(house, "father")
    house.hear(house.rights("sam", "father", receive=[], book=[]))
    paths = (valid, valid, restricted, "/unsubscribe/x", f"/unsubscribe/{'a' * 43}", "/unsubscribe/%00",
             f"/unsubscribe/{'a' * 3000}")
    replies = [whole(house.client.post(f"/schools/oakfield{path}")) for path in paths]
    replies.append(whole(house.client.post(f"/schools/elm{valid}")))
    assert replies == [replies[0]] * len(replies)
    assert replies[0][:2] == (204, b"")


def test_of_an_erased_adult_nothing_is_kept_and_an_old_link_does_nothing(house: House) -> None:
    house.choose("mother", "at-once")
    house.hear(house.praise())
    house.pump()
    old = link(house, "mother")
    house.hear(house.state("guardian.described.v1", "mother", None))
    assert house.client.post(f"/schools/oakfield{old}").status_code == 204
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        assert uow.connection.scalar(sa.text("SELECT count(*) FROM preferences WHERE school_id = 'oakfield'")) == 0
