"""Who is told what: each adult once, by rights, and nobody who may not hear."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chassis.clock import new_id
from chassis.errors import NotYet
from tests.fakes import event
from tests.notifications.house import ALWAYS, PROFILES, House, house

__all__ = ["house"]


def test_praise_is_told_to_each_allowed_adult_separately(house: House) -> None:
    house.hear(house.praise())
    for person in ("mother", "father"):
        (notice,) = house.notices(person)
        assert (notice["kind"], notice["about_id"], notice["needs"]) == ("praise", "praise-1", False)
        assert notice["pupil"] == {"id": "sam", "given_name": "Sam"}
        assert notice["data"] == {"strength": "kindness"}


def test_an_event_that_comes_twice_is_told_once(house: House) -> None:
    praise = house.praise()
    house.hear(praise, praise)
    house.hear(praise)
    assert len(house.notices("mother")) == 1
    house.pump()
    assert len(house.office.to("mother@home.invalid")) == 1


def test_a_replay_after_the_inbox_was_pruned_tells_nobody_again(house: House) -> None:
    praise = house.praise()
    house.hear(praise)
    with house.service.database.unit_of_work("oakfield") as uow:
        house.service.subscriptions.handlers[praise.type](uow, [praise])
    assert len(house.notices("mother")) == 1
    assert house.states() == ["queued", "queued"]


def test_the_restricted_adult_gets_nothing(house: House) -> None:
    house.hear(house.praise(), house.evening("sam"), house.appointment("booked", guardian_id="uncle"))
    assert house.notices("uncle") == []
    house.pump()
    assert house.office.to("uncle@home.invalid") == []


def test_each_named_member_of_staff_is_told_of_a_shared_update(house: House) -> None:
    house.hear(event("tandem.profiles.update.shared.v1", "sam", {
        "update_id": "update-1", "pupil_id": "sam", "guardian_id": "mother", "kind": "sleep",
        "staff_ids": ["shaw", "shaw", "head"], "until": "2026-11-30"}))
    for person in ("shaw", "head"):
        (notice,) = house.notices(person, "staff")
        assert (notice["kind"], notice["data"]["kind"]) == ("update-shared", "sleep")
    assert house.notices("mother") == []


def test_only_its_author_hears_that_an_update_was_acknowledged(house: House) -> None:
    data = {"update_id": "update-1", "pupil_id": "sam", "guardian_id": "mother", "staff_id": "shaw"}
    house.hear(event("tandem.profiles.update.acknowledged.v1", "sam", data),
               event("tandem.profiles.update.acknowledged.v1", "sam", {**data, "guardian_id": "uncle"}))
    assert [notice["kind"] for notice in house.notices("mother")] == ["update-acknowledged"]
    assert house.notices("father") == house.notices("uncle") == []


def test_an_evening_needs_each_adult_once_for_each_child_until_it_is_read(house: House) -> None:
    house.hear(house.pupil("kim", "Kim"), house.rights("kim", "mother", receive=ALWAYS, book=ALWAYS))
    house.hear(house.evening("sam", "kim"))
    assert sorted(notice["pupil"]["given_name"] for notice in house.notices("mother")) == ["Kim", "Sam"]
    first = house.notices("mother")[0]
    assert first["needs"]
    assert house.read("mother", first["id"]).json["needs"] is False
    assert [notice["needs"] for notice in house.notices("mother")] == [False, True]
    assert len(house.notices("father")) == 1


def test_an_evening_is_told_to_those_who_may_book_and_not_to_those_who_may_only_receive(house: House) -> None:
    house.hear(house.rights("sam", "father", receive=ALWAYS, book=[]))
    house.hear(house.evening("sam"))
    assert len(house.notices("mother")) == 1
    assert house.notices("father") == []


@pytest.mark.parametrize(("cause", "told"), [("office", 1), ("guardian", 1), ("right_ended", 0), ("pupil_left", 0)])
def test_who_lost_the_right_to_an_appointment_is_not_told_of_its_end(house: House, cause: str, told: int) -> None:
    house.hear(house.appointment("cancelled", cause=cause, sequence=1))
    assert len(house.notices("mother")) == told
    (notice,) = house.notices("shaw", "staff")
    assert notice["kind"] == "appointment-cancelled"
    assert "cause" not in notice["data"]


def test_a_right_that_ends_takes_what_was_told_out_of_sight(house: House) -> None:
    house.hear(house.praise(), house.evening("sam"))
    house.hear(house.rights("sam", "father", receive=[], book=ALWAYS))
    assert [notice["kind"] for notice in house.notices("father")] == ["evening-opened"]
    assert len(house.notices("mother")) == 2


def test_a_right_that_ends_at_midnight_bites_at_midnight_without_any_event(house: House) -> None:
    until = "2026-11-25T00:00:00+00:00"
    house.hear(house.rights("sam", "father", receive=[[None, until]], book=[[None, until]]))
    house.hear(house.praise())
    (notice,) = house.notices("father")
    house.clock.advance(hours=15)
    house.beat()
    assert house.notices("father") == []
    assert house.read("father", notice["id"]).status_code == 404


def test_a_child_who_left_is_told_of_to_staff_alone(house: House) -> None:
    house.hear(house.appointment("booked"))
    house.hear(house.pupil("sam", status="left"))
    assert house.notices("mother") == []
    assert len(house.notices("shaw", "staff")) == 1


def test_a_fact_that_comes_after_the_child_left_is_told_to_staff_alone(house: House) -> None:
    house.hear(house.pupil("sam", status="left"))
    house.hear(house.appointment("booked"), house.praise(), house.evening("sam"))
    assert house.notices("mother") == []
    assert len(house.notices("shaw", "staff")) == 1


def test_staff_who_must_know_hear_that_a_child_has_left_and_nobody_at_home_does(house: House) -> None:
    house.hear(house.pupil("sam", status="left"))
    house.hear(event(f"{PROFILES}.pupil.left.v1", "sam", {"pupil_id": "sam", "staff_ids": ["shaw"]}))
    (notice,) = house.notices("shaw", "staff")
    assert (notice["kind"], notice["pupil"]["given_name"]) == ("pupil-left", "Sam")
    house.pump()
    assert [letter.subject for letter in house.office.letters] == ["Sam: no longer on the register"]
    assert house.office.letters[0].to == "shaw@school.invalid"


def test_an_update_that_has_ended_is_told_to_nobody_any_more(house: House) -> None:
    told = {"update_id": "update-1", "pupil_id": "sam", "guardian_id": "mother"}
    house.hear(event(f"{PROFILES}.update.shared.v1", "sam", {
        **told, "kind": "sleep", "staff_ids": ["shaw"], "until": None}))
    assert len(house.notices("shaw", "staff")) == 1
    house.hear(event(f"{PROFILES}.update.ended.v1", "sam", {**told, "reason": "withdrawn"}))
    assert house.notices("shaw", "staff") == []
    assert house.pump() == 0
    assert house.states() == ["withdrawn"]


def test_anothers_notice_and_no_notice_get_the_same_reply(house: House) -> None:
    house.hear(house.praise())
    (notice,) = house.notices("mother")
    refused, missing = house.read("father", notice["id"]), house.read("father", new_id())
    assert (refused.status_code, refused.data) == (missing.status_code, missing.data)
    assert refused.status_code == 404
    assert house.get("mother", school="elm").status_code == 404


def test_the_list_takes_two_queries_and_pages_without_gaps(house: House) -> None:
    house.hear(*(house.praise(f"praise-{number}") for number in range(5)))
    with house.statements() as seen:
        first = house.get("mother", query="?limit=3").json
    assert len(seen) == 2, seen
    second = house.get("mother", query=f"?limit=3&after={first['after']}").json
    shown = [notice["about_id"] for notice in first["items"] + second["items"]]
    assert shown == [f"praise-{number}" for number in (4, 3, 2, 1, 0)]
    assert second["after"] is None


def test_nothing_is_shown_while_our_knowledge_is_too_old(house: House) -> None:
    house.hear(house.praise())
    house.clock.advance(seconds=61)
    assert house.get("mother").status_code == 503
    assert house.get("shaw", "staff").status_code == 503
    house.beat()
    assert len(house.notices("mother")) == 1


def test_an_event_waits_for_the_state_it_was_decided_on(house: House) -> None:
    praise = replace(house.praise(), after=house.version + 1)
    with pytest.raises(NotYet):
        house.hear(praise)
    house.hear(house.rights("sam", "father", receive=[], book=[]))
    house.hear(praise)
    assert house.notices("father") == []
    assert len(house.notices("mother")) == 1


def test_a_batch_of_500_takes_a_handful_of_statements(house: House) -> None:
    batch = [house.praise(f"praise-{number}") for number in range(500)]
    with house.statements() as seen:
        house.hear(*batch)
    assert len(seen) <= 15, seen
    assert house.states() == ["queued"] * 1000
