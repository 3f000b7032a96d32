"""Good news is kept, announced without its words, and read by every adult who may see the child."""

from __future__ import annotations

from tests.profiles.house import House

GOOD = {"strength": "kindness", "sentence": "Sam asked a new boy to play."}


def test_each_home_reads_good_news(house: House) -> None:
    assert house.call("POST", "/pupils/p-sam/praise", "s-bell", GOOD).status_code == 201
    for who in ("g-amira", "g-karim"):
        (item,) = house.call("GET", "/praise", who).json["items"]
        assert (item["pupil_given_name"], item["sentence"], item["staff_name"]) == (
            "Sam", GOOD["sentence"], "Bell Staff")
    assert house.call("GET", "/praise", "g-barred").json["items"] == []


def test_the_fact_says_how_far_the_state_had_come_and_no_words(house: House) -> None:
    house.call("POST", "/pupils/p-sam/praise", "s-bell", GOOD)
    (fact,) = house.facts("tandem.profiles.praise.sent.v1")
    assert fact["strength"] == "kindness"
    assert "play" not in str(fact)


def test_staff_who_do_not_teach_the_child_and_parents_cannot_send(house: House) -> None:
    for who in ("s-other", "g-amira"):
        assert house.call("POST", "/pupils/p-sam/praise", who, GOOD).status_code == 404
