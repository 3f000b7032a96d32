"""What is told of the partnership: to those whom a fact names, by the right that each kind needs, never with why."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.envelope import Event
from services.notifications.deliveries.news import NEWS as SPOKEN
from services.notifications.deliveries.news import page_of
from services.notifications.notices.rules import NEWS, PURPOSES, QUIET
from services.notifications.subscriptions import ON_NEWS, SUBSCRIPTIONS
from tests.fakes import event
from tests.notifications.house import ALWAYS, PROFILES, SCHEDULING, House, house

__all__ = ["house"]
FOR_STAFF_ALONE = {kind for kind, news in NEWS.items() if not news.rights}


def fact(name: str, service: str = PROFILES, **data: Any) -> Event:
    return event(f"{service}.{name}.v1", "sam", {"pupil_id": "sam", **data})


def loop(name: str, **data: Any) -> Event:
    return fact(f"partnership.{name}", partnership_id="loop-1", **data)


def sent_by(kind: str) -> str:
    return next(name for name in ON_NEWS if name.endswith(f".{kind.replace('-', '.')}.v1")).rsplit(".", 3)[0]


def kinds(house: House, person: str, hat: str = "guardian") -> list[str]:
    return [notice["kind"] for notice in house.notices(person, hat)]


def test_every_kind_has_words_and_is_heard() -> None:
    assert set(NEWS) == set(SPOKEN)
    assert len(ON_NEWS) == len(NEWS)
    assert set(ON_NEWS) <= set(SUBSCRIPTIONS.handlers)
    assert not [name for name in SUBSCRIPTIONS.handlers if ".matter." in name]
    assert FOR_STAFF_ALONE.isdisjoint(PURPOSES)


@pytest.mark.parametrize("kind", NEWS)
def test_each_kind_reaches_those_whom_it_names_and_nobody_else(house: House, kind: str) -> None:
    news = NEWS[kind]
    data = {"starts_at": "2026-11-26T17:10:00Z", "guardian_ids": ["mother", "uncle", "mother"],
            "staff_ids": ["shaw", "shaw"], news.about: "thing-1", "pupil_id": "sam"}
    house.hear(event(f"{sent_by(kind)}.{kind.replace('-', '.')}.v1", "sam", data))
    (told,) = house.notices("shaw", "staff")
    about = "sam" if news.about == "pupil_id" else "thing-1"
    assert (told["kind"], told["about_id"], told["needs"]) == (kind, about, news.is_asking)
    assert set(told["data"]) == set(news.keeps)
    assert kinds(house, "mother") == ([] if kind in FOR_STAFF_ALONE else [kind])
    assert house.notices("uncle") == house.notices("father") == []
    house.pump()
    sent = {letter.to for letter in house.office.letters}
    everybody = {"shaw@school.invalid"} | ({"mother@home.invalid"} if news.rights else set())
    assert sent == (set() if kind in QUIET else everybody)
    for letter in house.office.letters:
        assert letter.subject.startswith("Sam: ")
        assert "thing-1" not in letter.subject
        page = page_of(kind, "staff" if "school" in letter.to else "guardian", "sam", about)
        assert f"https://tandem.invalid{page}" in letter.text


@pytest.mark.parametrize("kind", [kind for kind, news in NEWS.items() if news.rights == ("receive",)])
def test_what_is_for_adults_is_told_to_each_who_may_receive(house: House, kind: str) -> None:
    news = NEWS[kind]
    house.hear(house.rights("sam", "father", receive=[], book=ALWAYS))
    house.hear(fact(kind.replace("-", "."), to="adults", **{news.about: "thing-1"}))
    assert kinds(house, "mother") == [kind]
    assert kinds(house, "father") == kinds(house, "uncle") == []


def test_a_fact_about_a_class_is_told_of_each_child_in_it(house: House) -> None:
    house.sibling("kim", "Kim")
    house.hear(event(f"{PROFILES}.expectation.published.v1", "c-1", {
        "expectation_id": "e-1", "class_id": "c-1", "pupil_ids": ["sam", "kim", "lee"], "to": "adults"}))
    assert sorted(notice["pupil"]["given_name"] for notice in house.notices("mother")) == ["Kim", "Sam"]
    house.pump()
    (letter,) = house.office.to("mother@home.invalid")
    assert letter.subject == "Kim and Sam: this half-term in class"
    assert "Kim" not in house.office.to("father@home.invalid")[0].text


@pytest.mark.parametrize(("name", "data"), [
    ("review.offered", {"review_id": "r-1", "partnership_id": "loop-1"}),
    ("checkin.proposed", {"checkin_id": "c-1", "starts_at": "2026-11-26T17:10:00Z", "how": "phone"})])
def test_a_time_to_talk_is_offered_to_those_who_may_book(house: House, name: str, data: dict[str, Any]) -> None:
    house.hear(house.rights("sam", "father", receive=ALWAYS, book=[]))
    house.hear(fact(name, SCHEDULING, guardian_ids=["mother", "father"], staff_ids=["shaw"], **data))
    assert len(house.notices("mother")) == len(house.notices("shaw", "staff")) == 1
    assert house.notices("father") == []


def test_a_right_that_ends_takes_the_notices_and_waiting_letters_back(house: House) -> None:
    house.hear(loop("opened", guardian_ids=["mother", "father"], staff_ids=["shaw"], review_on="2026-12-08"))
    house.hear(house.rights("sam", "father", receive=[], book=[]))
    assert house.notices("father") == []
    house.pump()
    assert house.office.to("father@home.invalid") == []
    assert len(house.office.to("mother@home.invalid")) == len(house.office.to("shaw@school.invalid")) == 1


def test_what_is_closed_asks_nobody_to_look_again(house: House) -> None:
    house.hear(loop("reminded", guardian_ids=["mother"], staff_ids=["shaw"]), loop("overdue", staff_ids=["shaw"]))
    house.hear(loop("closed", outcome="celebration", guardian_ids=["mother"], staff_ids=["shaw"]))
    assert kinds(house, "mother") == kinds(house, "shaw", "staff") == ["partnership-closed"]
    assert house.notices("mother")[0]["data"] == {"outcome": "celebration"}
    house.pump()
    assert [letter.subject for letter in house.office.to("mother@home.invalid")] == ["Sam: what we did together"]
    assert len(house.facts("notice.withdrawn")) == 3


def test_times_that_are_not_needed_any_more_are_offered_no_more(house: House) -> None:
    for number in (1, 2):
        house.hear(fact("review.offered", SCHEDULING, review_id=f"r-{number}", partnership_id=f"loop-{number}",
                        guardian_ids=["mother"], staff_ids=[]))
    house.hear(fact("review.dropped", partnership_id="loop-1"))
    (left,) = house.notices("mother")
    assert left["about_id"] == "r-2"


def test_why_a_talk_will_not_happen_is_told_to_nobody(house: House) -> None:
    asked = {"review_id": "r-1", "partnership_id": "loop-1", "staff_ids": ["shaw"]}
    house.hear(fact("review.offered", SCHEDULING, guardian_ids=["mother", "father"], **asked))
    house.hear(fact("review.cancelled", SCHEDULING, guardian_ids=["mother"], cause="right_ended", **asked))
    assert house.notices("mother") == house.notices("father") == []
    (told,) = house.notices("shaw", "staff")
    assert (told["kind"], told["data"]["partnership_id"]) == ("review-cancelled", "loop-1")
    assert "cause" not in told["data"]


def test_where_a_review_ended_for_the_adult_alone_the_teacher_keeps_what_was_told(house: House) -> None:
    asked = {"review_id": "r-1", "partnership_id": "loop-1"}
    times = {"starts_at": "2026-11-26T17:10:00Z", "ends_at": "2026-11-26T17:20:00Z"}
    house.hear(fact("review.booked", SCHEDULING, guardian_id="mother", staff_id="shaw", **times, **asked))
    before = house.notices("shaw", "staff")
    house.hear(fact("review.cancelled", SCHEDULING, guardian_ids=["mother"], staff_ids=[], cause="dropped", sequence=2,
                    **times, **asked))
    assert house.notices("shaw", "staff") == before != []
    assert kinds(house, "mother") == ["review-cancelled"]


def test_a_booked_talk_is_told_to_its_own_guardian_and_teacher_at_once(house: House) -> None:
    house.choose("mother", "daily")
    house.hear(fact("review.booked", SCHEDULING, review_id="r-1", partnership_id="loop-1", guardian_id="mother",
                    staff_id="shaw", starts_at="2026-11-26T17:10:00Z", ends_at="2026-11-26T17:20:00Z"))
    house.pump()
    assert [letter.subject for letter in house.office.to("mother@home.invalid")] == [
        "Sam: time to talk, Thursday 26 November, 5:10pm"]
    assert kinds(house, "shaw", "staff") == ["review-booked"]
    assert house.notices("father") == []


def test_a_page_that_was_read_is_not_asked_for_again(house: House) -> None:
    house.hear(fact("aboutme.toread", staff_ids=["shaw", "roy"], version=3))
    house.hear(fact("aboutme.read", staff_id="shaw", version=3))
    assert house.notices("shaw", "staff") == []
    assert kinds(house, "roy", "staff") == ["aboutme-toread"]


def test_a_note_that_was_read_or_has_ended_waits_no_more(house: House) -> None:
    acknowledged = {"guardian_id": "mother", "staff_id": "shaw"}
    for number, ending in enumerate(("acknowledged", "ended")):
        house.hear(fact("update.overdue", update_id=f"u-{number}", staff_ids=["shaw"]))
        house.hear(fact(f"update.{ending}", update_id=f"u-{number}", **acknowledged))
    assert house.notices("shaw", "staff") == []


def test_what_is_quiet_counts_as_told_and_comes_once_however_often_it_is_heard(house: House) -> None:
    thanks = loop("thanked", guardian_ids=["mother"], staff_ids=[])
    house.hear(thanks, thanks)
    house.hear(thanks)
    assert kinds(house, "mother") == ["partnership-thanked"]
    assert house.states() == []
    reply = house.call("GET", "/told?about_id=loop-1&pupil_id=sam", ("shaw", "staff", ()))
    assert reply.json["items"] == [{"guardian_id": "mother", "state": "told"}]


def test_a_fact_that_names_nobody_is_told_to_nobody(house: House) -> None:
    house.hear(loop("thanked"), fact("aboutme.changed", entry_id="e-1"), loop("stepped", staff_id="shaw"))
    assert house.notices("mother") == house.notices("shaw", "staff") == []


def test_many_facts_of_one_kind_are_told_with_as_many_statements_as_one(house: House) -> None:
    def cost(number: int) -> int:
        facts = [fact("progress.written", progress_id=f"p-{number}-{one}", to="adults") for one in range(number)]
        with house.statements() as seen:
            house.hear(*facts)
        return len(seen)

    assert cost(30) == cost(2)
    assert len(house.notices("mother")) == 32


def test_of_words_that_became_their_writers_alone_nobody_else_is_told_any_more(house: House) -> None:
    """One answer of two; then the loop with the talk that was offered: not so what its writer was told."""
    house.hear(house.rights("sam", "father", receive=ALWAYS, book=ALWAYS))
    both = {"guardian_ids": ["mother", "father"], "staff_ids": ["shaw"]}
    house.hear(loop("opened", voice="home", **{**both, "guardian_ids": ["father"]}),
               loop("answered", voice="school", entry_id="e-1", **both),
               loop("answered", voice="school", entry_id="e-2", **both), loop("reminded", **both),
               fact("review.offered", SCHEDULING, review_id="r-1", partnership_id="loop-1", guardian_ids=["mother"],
                    staff_ids=["shaw"]),
               fact("progress.replied", progress_id="p-1", entry_id="e-3", staff_ids=["shaw"]))
    gone = {"about_id": "loop-1", "by_id": "mother"}
    house.hear(fact("entry.withdrawn", entry_id="e-1", **gone),
               fact("entry.withdrawn", about_id="p-1", entry_id="e-3", by_id="mother"))
    assert kinds(house, "shaw", "staff") == ["review-offered", "partnership-reminded", "partnership-answered",
                                             "partnership-opened"]
    house.hear(fact("entry.withdrawn", **gone))
    assert kinds(house, "father") == kinds(house, "shaw", "staff") == []
    assert kinds(house, "mother") == ["review-offered", "partnership-reminded", "partnership-answered",
                                      "partnership-answered"]
    house.pump()
    assert {letter.to for letter in house.office.letters} == {"mother@home.invalid"}
    office = house.call("GET", "/withdrawn?pupil_id=sam&guardian_id=father", ("olu", "staff", ("office",)))
    assert office.json["items"] == []
