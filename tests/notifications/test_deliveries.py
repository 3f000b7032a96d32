"""Letters: sent once, with no word of content, held while we cannot know, taken back when a right ends."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import vobject

from chassis.errors import Unavailable
from chassis.mail import AddressRefused, Letter
from tests.notifications.house import ALWAYS, House, house

__all__ = ["house"]
CONTRACT = Path(__file__).parents[2] / "contracts" / "events" / "notifications" / "delivery.withdrawn.v1"


def test_a_letter_says_the_child_and_the_thing_and_never_the_content(house: House) -> None:
    house.hear(house.praise())
    house.pump()
    (letter,) = house.office.to("mother@home.invalid")
    assert letter.subject == "Sam: good news from school"
    assert "kindness" not in letter.text
    assert "Hello Mother," in letter.text
    assert "https://tandem.invalid/children/sam" in letter.text
    assert "Ring the school office at Oakfield." in letter.text
    assert house.states() == ["sent", "sent"]


def test_an_evenings_letter_writes_its_day_in_words(house: House) -> None:
    house.hear(house.evening("sam"))
    house.pump()
    (letter,) = house.office.to("mother@home.invalid")
    assert letter.subject == "Sam: parents' evening, Thursday 26 November"
    assert "Please choose by Monday 23 November." in letter.text
    assert "https://tandem.invalid/evenings/evening-1" in letter.text


def test_what_was_sent_is_not_sent_again(house: House) -> None:
    house.hear(house.praise())
    house.pump()
    house.clock.advance(hours=5)
    house.beat()
    assert house.pump() == 0
    assert len(house.office.letters) == 2


def test_an_adult_without_an_address_is_noted_as_unreachable_and_still_has_the_notice(house: House) -> None:
    house.hear(house.guardian("father", None))
    house.hear(house.praise())
    house.pump()
    assert house.states() == ["sent", "unreachable"]
    assert len(house.notices("father")) == 1


def test_letters_are_held_while_our_knowledge_is_too_old_and_sent_when_it_is_fresh(house: House) -> None:
    house.hear(house.praise())
    house.clock.advance(seconds=61)
    assert house.pump() == 0
    assert (house.office.letters, house.states()) == ([], ["queued", "queued"])
    house.beat()
    house.pump()
    assert len(house.office.letters) == 2


def test_a_right_that_ends_takes_back_what_is_queued_and_says_so(house: House) -> None:
    house.hear(house.praise())
    house.hear(house.rights("sam", "father", receive=[], book=[]))
    house.pump()
    assert house.office.to("father@home.invalid") == []
    assert house.states() == ["sent", "withdrawn"]
    ((key, value),) = house.facts()
    fact = json.loads(value)
    assert (fact["delivery_id"], fact["cause"]) == (key, "right_ended")
    jsonschema.validate(fact, json.loads(CONTRACT.with_suffix(".v1.json").read_text()))


def test_the_sample_of_the_contract_obeys_its_schema() -> None:
    sample = json.loads(CONTRACT.with_suffix(".v1.sample.json").read_text())
    jsonschema.validate(sample["data"], json.loads(CONTRACT.with_suffix(".v1.json").read_text()))


def test_a_child_who_leaves_takes_back_what_is_queued_for_guardians_alone(house: House) -> None:
    house.hear(house.appointment("booked"), house.praise())
    house.hear(house.pupil("sam", status="left"))
    house.pump()
    assert [letter.to for letter in house.office.letters] == ["shaw@school.invalid"]
    assert [json.loads(value)["cause"] for _, value in house.facts()] == ["pupil_left"] * 3


def test_a_right_that_ended_by_date_is_noticed_when_the_letter_is_claimed(house: House) -> None:
    until = "2026-11-24T09:00:10+00:00"
    house.hear(house.rights("sam", "father", receive=[[None, until]]))
    house.hear(house.praise())
    house.clock.advance(seconds=20)
    house.pump()
    assert house.office.to("father@home.invalid") == []
    assert house.states() == ["sent", "withdrawn"]
    assert [json.loads(value)["cause"] for _, value in house.facts()] == ["right_ended"]


def test_a_right_that_comes_back_does_not_bring_back_what_was_withdrawn(house: House) -> None:
    house.hear(house.praise())
    house.hear(house.rights("sam", "father", receive=[], book=[]))
    house.hear(house.rights("sam", "father", receive=ALWAYS, book=ALWAYS))
    house.pump()
    assert house.office.to("father@home.invalid") == []


def test_a_sender_that_ends_between_claim_and_record_sends_again_under_the_same_reference(house: House) -> None:
    house.hear(house.rights("sam", "father", receive=[], book=[]))
    house.hear(house.praise())
    house.office.failures = [SystemExit()]
    with pytest.raises(SystemExit):
        house.pump()
    house.clock.advance(seconds=30)
    house.beat()
    assert house.pump() == 0
    house.clock.advance(seconds=31)
    house.beat()
    assert house.pump() == 1
    first, second = house.office.to("mother@home.invalid")
    assert first.reference == second.reference
    assert house.states() == ["sent"]


def test_a_letter_is_handed_over_with_no_transaction_open(house: House) -> None:
    class Writer:
        """Writes to the database while it has the letter: it would wait for ever for a transaction to end."""

        wrote = 0

        def send(self, _letter: Letter) -> None:
            with house.service.database.unit_of_work("oakfield"):
                self.wrote += 1

    from services.notifications.deliveries.sending import Post

    writer = Writer()
    house.hear(house.praise())
    assert Post(house.service.database, writer, "https://tandem.invalid", lambda: ["oakfield"]).pump() == 2
    assert writer.wrote == 2


def test_an_unwilling_mail_server_is_tried_again_ever_more_patiently_and_then_given_up(house: House) -> None:
    house.hear(house.rights("sam", "father", receive=[], book=[]))
    house.hear(house.praise())
    for minutes in (1, 5, 30, 120, 1):
        house.office.failures = [Unavailable()]
        assert house.pump() == 1
        house.clock.advance(minutes=minutes, seconds=-1)
        house.beat()
        assert house.pump() == 0
        house.clock.advance(seconds=1)
        house.beat()
    assert house.pump() == 0
    assert house.states() == ["failed"]
    assert len({letter.reference for letter in house.office.letters}) == 1
    assert len(house.office.letters) == 5


def test_a_mail_server_that_is_down_costs_few_letters_a_try(house: House) -> None:
    house.hear(*(house.praise(f"praise-{number}") for number in range(10)))
    house.office.failures = [Unavailable() for _ in range(3)]
    assert house.pump() == 3
    assert house.pump() == 0
    house.clock.advance(minutes=2)
    house.beat()
    while house.pump():
        pass
    assert house.states() == ["sent"] * 20


def test_an_address_that_is_refused_is_not_tried_again(house: House) -> None:
    house.hear(house.rights("sam", "father", receive=[], book=[]))
    house.hear(house.praise())
    house.office.failures = [AddressRefused("550")]
    house.pump()
    house.clock.advance(hours=1)
    house.beat()
    assert house.pump() == 0
    assert house.states() == ["unreachable"]


def test_one_letter_that_cannot_be_written_holds_no_other(house: House) -> None:
    house.hear(house.appointment("booked", starts_at="no instant"), house.praise())
    house.pump()
    assert sorted(letter.to for letter in house.office.letters) == ["father@home.invalid", "mother@home.invalid"]


@pytest.mark.parametrize(("starts_at", "utc", "words"), [
    ("2026-11-26T17:10:00Z", "2026-11-26 17:10:00+00:00", "Thursday 26 November, 5:10pm"),
    ("2026-06-25T16:10:00Z", "2026-06-25 16:10:00+00:00", "Thursday 25 June, 5:10pm"),
    ("2026-06-25T17:10:00+01:00", "2026-06-25 16:10:00+00:00", "Thursday 25 June, 5:10pm"),
])
def test_an_appointment_is_at_the_right_instant_in_winter_and_summer(
        house: House, starts_at: str, utc: str, words: str) -> None:
    house.hear(house.appointment("booked", starts_at))
    house.pump()
    (letter,) = house.office.to("mother@home.invalid")
    assert letter.subject == f"Sam: parents' evening, {words}"
    calendar = vobject.readOne((letter.calendar or b"").decode())
    event = calendar.vevent
    assert str(event.dtstart.value) == utc
    assert (event.dtend.value - event.dtstart.value).total_seconds() == 600
    assert (calendar.method.value, letter.calendar_method) == ("REQUEST", "REQUEST")
    assert event.uid.value == "appointment-1@tandem.invalid"
    assert event.organizer.value == "mailto:no-reply@tandem.invalid"
    assert event.attendee.value == "mailto:mother@home.invalid"
    assert (event.summary.value, event.location.value) == ("Sam: parents' evening", "Hall")


def test_a_cancelled_appointment_takes_itself_out_of_the_calendar(house: House) -> None:
    house.hear(house.appointment("booked"), house.appointment("cancelled", cause="office", sequence=1))
    house.pump()
    booked, cancelled = (vobject.readOne((letter.calendar or b"").decode())
                         for letter in house.office.to("mother@home.invalid"))
    assert cancelled.method.value == "CANCEL"
    assert cancelled.vevent.status.value == "CANCELLED"
    assert cancelled.vevent.uid.value == booked.vevent.uid.value
    assert int(cancelled.vevent.sequence.value) > int(booked.vevent.sequence.value)


def test_a_moved_appointment_takes_its_new_time_in_the_calendar(house: House) -> None:
    house.hear(house.appointment("booked"),
               house.appointment("moved", "2026-11-26T18:10:00Z", sequence=1, how="phone"))
    house.pump()
    booked, moved = (vobject.readOne((letter.calendar or b"").decode())
                     for letter in house.office.to("mother@home.invalid"))
    assert moved.method.value == "REQUEST"
    assert moved.vevent.uid.value == booked.vevent.uid.value
    assert int(moved.vevent.sequence.value) > int(booked.vevent.sequence.value)
    assert str(moved.vevent.dtstart.value) == "2026-11-26 18:10:00+00:00"
    assert [one.vevent.location.value for one in (booked, moved)] == ["Hall", "By phone"]


@pytest.mark.parametrize("fact", ["booked", "moved", "cancelled"])
def test_what_concerns_one_adults_part_alone_is_not_told_to_staff(house: House, fact: str) -> None:
    house.hear(house.appointment(fact, guardian_only=True, cause="guardian"))
    house.pump()
    assert [letter.to for letter in house.office.letters] == ["mother@home.invalid"]


def test_who_lost_the_right_to_an_appointment_gets_no_letter_about_its_end(house: House) -> None:
    house.hear(house.appointment("cancelled", cause="right_ended", sequence=1))
    house.pump()
    assert [letter.to for letter in house.office.letters] == ["shaw@school.invalid"]
    assert "right" not in house.office.letters[0].text.replace("Something not right?", "")


def test_a_second_look_without_news_asks_nothing_of_the_database(house: House) -> None:
    house.hear(house.praise())
    house.pump()
    house.pump()
    with house.statements() as seen:
        house.pump()
    assert seen == []
