"""Two homes of one child share what all of them have asked for, and otherwise do not learn of each other."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.scheduling.house import House, each_house, house
from tests.scheduling.test_feeds import feed, new_link

__all__ = ["each_house", "house"]
NOTHING = {"shows_times": False, "together": False}


def wish(house: House, guardian: str, pupil: str = "mina", **wanted: bool) -> Any:
    return house.call(house.guardian(guardian), "PUT", f"/pupils/{pupil}/sharing", {**NOTHING, **wanted})


def both_wish(house: House, **wanted: bool) -> None:
    for guardian in ("mum", "dad"):
        assert wish(house, guardian, **wanted).status_code == 200


def booked_together(house: House) -> tuple[dict[str, Any], dict[str, Any]]:
    """An evening, and an appointment that mum booked and to which dad comes."""
    both_wish(house, together=True)
    evening = house.open_evening()
    return evening, house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0]).json


def cancelled(house: House) -> list[tuple[str, str, bool]]:
    return [(data["guardian_id"], data["cause"], data.get("guardian_only", False))
            for name, data in house.facts() if name == "appointment.cancelled"]


def test_an_adult_sees_and_sets_their_own_wish_alone(house: House) -> None:
    path = "/pupils/mina/sharing"
    assert house.call(house.guardian("mum"), "GET", path).json == NOTHING
    before = house.call(house.guardian("dad"), "GET", path)
    assert wish(house, "mum", shows_times=True).json == {"shows_times": True, "together": False}
    after = house.call(house.guardian("dad"), "GET", path)
    assert (before.data, dict(before.headers)["Content-Type"]) == (after.data, dict(after.headers)["Content-Type"])
    alone = wish(house, "mum", "leo", shows_times=True)
    assert alone.json == {"shows_times": True, "together": False}, "whether there is another adult is not said"
    assert wish(house, "mum", shows_times=False).json == NOTHING
    assert house.call(house.guardian("mum"), "PUT", path, {"shows_times": "maybe", "together": 7}).status_code == 422


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_who_may_not_book_gets_the_bytes_of_a_missing_child(house: House, method: str) -> None:
    body = NOTHING if method == "PUT" else None
    for who in (house.guardian("barred"), house.guardian("gran"), house.office):
        there, absent = (house.call(who, method, f"/pupils/{pupil}/sharing", body) for pupil in ("mina", "nobody"))
        assert there.status_code == 404
        assert (there.data, there.headers["Content-Type"]) == (absent.data, absent.headers["Content-Type"])


def test_times_are_shown_when_both_say_yes_and_nothing_but_times(house: House) -> None:
    evening = house.open_evening()
    slots = house.slots(evening, "mum", "mina")["ama"]
    mums = house.book(evening, "mum", "mina", slots[0], how="phone").json
    dads = house.book(evening, "dad", "mina", slots[1]).json
    wish(house, "dad", shows_times=True)
    assert [item["id"] for item in house.mine("dad")] == [dads["id"]]
    wish(house, "mum", shows_times=True)
    other, mine = house.mine("dad")
    assert other == {
        "whose": "other-home", "starts_at": slots[0]["starts_at"], "ends_at": slots[0]["ends_at"],
        "place": "Main hall", "pupil": {"id": "mina", "given_name": "Mina"},
        "staff": {"id": "ama", "given_name": "Ama", "family_name": "Osei"}}
    assert (mine["id"], mine["whose"]) == (dads["id"], "mine")
    home = house.call(house.guardian("mum"), "GET", "/home")
    assert [item["whose"] for item in home.json["appointments"]] == ["mine", "other-home"]
    assert dads["id"] not in home.text
    assert house.cancel(house.guardian("dad"), mums).status_code == 404
    first = house.call(house.guardian("dad"), "GET", "/appointments?limit=1").json
    rest = house.call(house.guardian("dad"), "GET", f"/appointments?limit=1&after={first['after']}").json
    assert [item["whose"] for item in first["items"] + rest["items"]] == ["other-home", "mine"]
    assert rest["after"] is None
    wish(house, "mum", shows_times=False)
    assert len(house.mine("dad")) == 1


def test_a_third_adult_who_does_not_say_yes_or_must_be_kept_apart_ends_it(house: House) -> None:
    evening = house.open_evening()
    house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0])
    both_wish(house, shows_times=True)
    assert len(house.mine("dad")) == 1
    house.tell(house.let("aunt", "mina"))
    assert house.mine("dad") == []
    house.tell(house.let("aunt", "mina", book=[]))
    assert len(house.mine("dad")) == 1
    house.tell(house.keep_apart("mum", "dad"))
    assert house.mine("dad") == []


def test_one_adult_alone_shares_with_nobody(house: House) -> None:
    evening = house.open_evening()
    wish(house, "mum", "leo", together=True, shows_times=True)
    house.book(evening, "mum", "leo", house.slots(evening, "mum", "leo")["tom"][0])
    assert [item["whose"] for item in house.mine("mum")] == ["mine"]


def test_coming_together_makes_the_others_guests(each_house: House) -> None:
    house = each_house
    evening, made = booked_together(house)
    assert [data["guardian_id"] for name, data in house.facts() if name == "appointment.booked"] == ["mum", "dad"]
    assert [data.get("guardian_only", False) for _, data in house.facts()[1:]] == [False, True]
    for guardian in ("mum", "dad"):
        assert [item["id"] for item in house.mine(guardian)] == [made["id"]]
        assert house.states(evening, guardian, "mina") == ["yours", "free", "free"]
        assert f"UID:{made['id']}".encode() in feed(house, new_link(house, guardian))
    assert str(house.mine("mum")) == str(house.mine("dad"))
    sheet = house.call(house.staff("ama", "teacher"), "GET", f"/evenings/{evening['id']}/staff/ama/appointments").json
    assert len(sheet["items"]) == 1


def test_separate_is_the_default_and_stays_possible(house: House) -> None:
    evening, _ = booked_together(house)
    wish(house, "mum", together=False)
    second = house.slots(evening, "dad", "mina")["noa"][1]
    assert house.book(evening, "dad", "mina", second).status_code == 201
    assert [len(house.mine(guardian)) for guardian in ("mum", "dad")] == [1, 2]


def test_who_has_a_time_with_the_teacher_or_is_elsewhere_is_no_guest(house: House) -> None:
    evening = house.open_evening()
    slots = house.slots(evening, "dad", "mina")
    house.book(evening, "dad", "mina", slots["ama"][2])
    both_wish(house, together=True)
    house.book(evening, "mum", "mina", slots["ama"][0])
    house.book(evening, "mum", "mina", slots["noa"][2])
    assert len(house.mine("dad")) == 1
    house.book(evening, "mum", "mina", slots["noa"][1])
    assert len(house.mine("dad")) == 2


def test_a_guest_cannot_be_elsewhere_too(each_house: House) -> None:
    house = each_house
    evening, _ = booked_together(house)
    reply = house.book(evening, "dad", "mina", house.slots(evening, "dad", "mina")["noa"][0])
    assert reply.status_code == 409
    assert reply.json["detail"].startswith("You already have an appointment at 4:00pm.")


@pytest.mark.parametrize(("first", "second"), [("mum", "dad"), ("dad", "mum")])
def test_one_who_cancels_leaves_the_place_to_the_other(each_house: House, first: str, second: str) -> None:
    house = each_house
    evening, made = booked_together(house)
    before = house.mine(second)
    assert house.cancel(house.guardian(first), made).json["state"] == "cancelled"
    assert house.mine(first) == []
    assert house.mine(second) == before
    assert house.states(evening, first, "mina")[0] == "taken"
    assert house.cancel(house.guardian(first), made).status_code == 200  # again: nothing more happens
    assert house.cancel(house.guardian(second), made).json["sequence"] == 1
    assert cancelled(house) == [(first, "guardian", True), (second, "guardian", False)]
    assert house.states(evening, first, "mina")[0] == "free"


def test_of_two_who_cancel_at_once_the_last_frees_the_slot(each_house: House) -> None:
    house = each_house
    evening, made = booked_together(house)
    gate = threading.Barrier(2)

    def leave(guardian: str) -> None:
        gate.wait()
        assert house.cancel(house.guardian(guardian), made).status_code == 200

    threads = [threading.Thread(target=leave, args=(guardian,)) for guardian in ("mum", "dad")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(alone for _, _, alone in cancelled(house)) == [False, True]
    assert house.states(evening, "mum", "mina") == ["free"] * 3


def test_the_office_takes_out_one_or_all(house: House) -> None:
    _, made = booked_together(house)
    path = f"/appointments/{made['id']}/cancel"
    assert house.call(house.office, "POST", path, {"guardian_id": "gran"}).status_code == 404
    assert house.call(house.office, "POST", path, {"guardian_id": "dad"}).json["state"] == "cancelled"
    assert [len(house.mine(guardian)) for guardian in ("mum", "dad")] == [1, 0]
    assert house.call(house.office, "POST", path).json["state"] == "cancelled"
    assert cancelled(house) == [("dad", "office", True), ("mum", "office", False)]


@pytest.mark.parametrize(("barred", "other"), [("mum", "dad"), ("dad", "mum")])
def test_a_right_that_ends_takes_one_out_and_touches_nobody_else(each_house: House, barred: str, other: str) -> None:
    house = each_house
    evening, _ = booked_together(house)
    before = house.call(house.guardian(other), "GET", "/appointments").data
    house.tell(house.let(barred, "mina", []))
    assert cancelled(house) == [(barred, "right_ended", True)]
    assert house.call(house.guardian(other), "GET", "/appointments").data == before
    house.tell(house.let(barred, "mina"))
    assert house.mine(barred) == []
    assert house.call(house.guardian(barred), "GET", "/pupils/mina/sharing").json == NOTHING
    assert house.states(evening, barred, "mina")[0] == "taken"


def test_a_guest_who_may_not_come_on_site_joins_by_phone(house: House) -> None:
    both_wish(house, together=True)
    house.tell(house.let("dad", "mina", attend=[]))
    evening = house.open_evening()
    house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][0])
    assert [house.mine(guardian)[0]["how"] for guardian in ("mum", "dad")] == ["in-person", "phone"]


def test_everybody_moves_along_or_nobody(house: House) -> None:
    evening, made = booked_together(house)
    slots = house.slots(evening, "dad", "mina")
    house.book(evening, "mum", "leo", house.slots(evening, "mum", "leo")["tom"][2])
    reply = house.move(house.guardian("dad"), made, slots["ama"][2])
    assert reply.json["detail"].startswith("Someone took 4:20pm a moment ago.")
    assert house.move(house.guardian("dad"), made, slots["ama"][1]).json["sequence"] == 1
    assert house.mine("mum")[0]["starts_at"] == slots["ama"][1]["starts_at"]
    moved = [(data["guardian_id"], data.get("guardian_only", False)) for name, data in house.facts()
             if name == "appointment.moved"]
    assert moved == [("mum", False), ("dad", True)]


def test_a_child_who_leaves_ends_it_for_all_and_tells_the_teacher_once(house: House) -> None:
    booked_together(house)
    house.tell(house.state("pupil.described", "mina", {
        "id": "mina", "given_name": "Mina", "family_name": "Vale", "status": "left", "class_ids": []}))
    assert cancelled(house) == [("mum", "pupil_left", False), ("dad", "pupil_left", True)]


def test_two_who_must_not_meet_any_more_come_apart(house: House) -> None:
    evening, made = booked_together(house)
    house.tell(house.keep_apart("mum", "dad"))
    assert cancelled(house) == [("dad", "office", True)]
    assert [item["id"] for item in house.mine("mum")] == [made["id"]]
    assert house.states(evening, "dad", "mina") == ["taken"] * 3
