"""Good news is kept, announced without its words, and read by those whom its author chose and who may see the child."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.auth import Principal
from services.profiles.praise.actions import divert_entry, move_author
from services.profiles.praise.queries import list_held, select_part
from tests.profiles.house import House

GOOD = {"strength": "kindness", "sentence": "Sam asked a new boy to play."}
HOME = {"strength": "courage", "sentence": "Sam slept at a friend's.", "audience": "all"}
SENT, SHARED = "tandem.profiles.praise.sent.v1", "tandem.profiles.praise.shared.v1"
PATH = "/pupils/p-sam/praise"


def send(house: House, who: str, body: Any) -> Any:
    return house.call("POST", PATH, who, body)


def read(house: House, who: str) -> list[dict[str, Any]]:
    return list(house.call("GET", PATH, who).json["items"])


def sentences(house: House, who: str) -> list[str]:
    return [item["sentence"] for item in read(house, who)]


def test_each_home_and_the_child_read_schools_good_news(house: House) -> None:
    assert send(house, "s-bell", GOOD).status_code == 201
    for who in ("g-amira", "g-karim"):
        (item,) = house.call("GET", "/praise", who).json["items"]
        assert (item["pupil_given_name"], item["sentence"], item["staff_name"]) == (
            "Sam", GOOD["sentence"], "Bell Staff")
    assert sentences(house, "p-sam") == [GOOD["sentence"]]
    assert house.call("GET", "/praise", "g-barred").json["items"] == []


def test_the_fact_says_how_far_the_state_had_come_and_no_words(house: House) -> None:
    send(house, "s-bell", GOOD)
    (fact,) = house.facts(SENT)
    assert (fact["strength"], fact["voice"], fact["staff_id"]) == ("kindness", "school", "s-bell")
    assert "play" not in str(fact)


@pytest.mark.parametrize(("who", "voice"), [("g-amira", "home"), ("p-sam", "child")])
def test_homes_and_the_childs_good_news_tells_the_team_and_no_other_home(house: House, who: str, voice: str) -> None:
    assert send(house, who, HOME).status_code == 201
    assert house.facts(SENT) == []
    (fact,) = house.facts(SHARED)
    assert (fact["voice"], fact["staff_ids"], fact["pupil_id"]) == (voice, ["s-bell"], "p-sam")
    assert "friend" not in str(fact)


def test_a_child_without_a_team_has_the_office(house: House) -> None:
    send_zoe = house.call("POST", "/pupils/p-zoe/praise", "p-zoe", HOME)
    assert send_zoe.status_code == 201
    assert house.facts(SHARED)[0]["staff_ids"] == ["s-office"]


def test_a_home_is_named_to_staff_and_itself_alone(house: House) -> None:
    send(house, "g-amira", HOME)
    seen = {who: read(house, who)[0] for who in ("g-amira", "g-karim", "p-sam", "s-bell")}
    assert {who: item["signature"]["by"] for who, item in seen.items()} == {
        "g-amira": "Amira Haddad", "g-karim": None, "p-sam": None, "s-bell": "Amira Haddad"}
    assert {who for who, item in seen.items() if item["signature"]["is_mine"]} == {"g-amira"}
    assert {item["staff_name"] for item in seen.values()} == {None}
    assert "Amira" not in house.call("GET", PATH, "g-karim").get_data(as_text=True)


@pytest.mark.parametrize(("who", "others"), [("g-amira", ("g-karim", "p-sam")), ("p-sam", ("g-amira", "g-karim"))])
def test_what_is_for_school_is_nobody_elses(house: House, who: str, others: tuple[str, ...]) -> None:
    before = {other: house.call("GET", PATH, other).get_data() for other in others}
    send(house, who, {**HOME, "audience": "school"})
    assert {other: house.call("GET", PATH, other).get_data() for other in others} == before
    assert sentences(house, who) == sentences(house, "s-bell") == [HOME["sentence"]]
    assert house.call("GET", "/pupils/p-sam/keepsake", who).json["items"] == []


def test_staff_who_do_not_teach_the_child_and_adults_without_the_right_cannot_send(house: House) -> None:
    for who in ("s-other", "g-barred", "p-zoe", "g-nobody"):
        there, absent = send(house, who, HOME), house.call("POST", "/pupils/nobody/praise", who, HOME)
        assert (there.status_code, there.get_data()) == (404, absent.get_data()), who


@pytest.mark.parametrize(("who", "change", "where"), [
    ("g-amira", {"audience": None}, "/audience"), ("p-sam", {"audience": "only-me"}, "/audience"),
    ("s-bell", {"audience": "school"}, "/audience"), ("g-amira", {"strength": "obedience"}, "/strength"),
    ("g-amira", {"strength": "x" * 41}, "/strength"), ("g-amira", {"sentence": " \n "}, "/sentence"),
    ("p-sam", {"sentence": "x" * 50_000}, "/sentence"),
])
def test_what_is_missing_or_too_long_is_said_at_its_place(house: House, who: str, change: Any, where: str) -> None:
    refused = send(house, who, {**HOME, **change})
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json["errors"]] == [where]
    assert read(house, "s-bell") == []


@pytest.mark.parametrize("words", [
    "<script>alert('x')</script> & <b>brave</b>", "👩‍👧 🌈 Größe", "‏ساعد سام صديقه في الملعب‏",
    "A damned good deed, you idiots."])
def test_words_stay_as_they_were_written(house: House, words: str) -> None:
    send(house, "g-amira", {**HOME, "sentence": words})
    assert sentences(house, "g-karim") == [words]


def test_a_second_press_sends_once(house: House) -> None:
    for _press in range(2):
        house.call("POST", PATH, "g-amira", HOME, **{"Idempotency-Key": "once"})
    assert len(read(house, "g-amira")) == 1


def test_a_long_list_comes_in_pages(house: House) -> None:
    for number in range(5):
        send(house, "s-bell", {**GOOD, "sentence": f"Good {number}."})
    first = house.call("GET", f"{PATH}?limit=3", "g-amira").json
    second = house.call("GET", f"{PATH}?limit=3&after={first['after']}", "g-amira").json
    assert [item["sentence"] for item in first["items"] + second["items"]] == [f"Good {n}." for n in (4, 3, 2, 1, 0)]
    assert second["after"] is None


def test_a_keepsake_is_one_school_year_for_everybody_oldest_first(house: House) -> None:
    send(house, "s-bell", {**GOOD, "sentence": "Last year."})
    year = house.call("GET", "/pupils/p-sam/keepsake", "g-karim").json["year"]
    house.clock.advance(days=365)
    for who, body in (("s-bell", GOOD), ("g-amira", HOME), ("p-sam", {**HOME, "sentence": "I swam."})):
        send(house, who, body)
    kept = house.call("GET", "/pupils/p-sam/keepsake", "g-karim").json
    assert (kept["year"], [item["sentence"] for item in kept["items"]]) == (
        year + 1, [GOOD["sentence"], HOME["sentence"], "I swam."])
    before = house.call("GET", f"/pupils/p-sam/keepsake?year={year}", "g-karim").json
    assert [item["sentence"] for item in before["items"]] == ["Last year."]


def test_what_is_passed_on_leaves_every_screen_but_its_authors(house: House) -> None:
    entry = send(house, "g-amira", HOME).json["id"]
    before = house.call("GET", PATH, "g-amira").get_data()
    with house.service.database.unit_of_work("oakfield") as uow:
        passed = divert_entry(uow, entry)
    assert (passed.kind, passed.voice, passed.author_id) == ("praise", "home", "g-amira")
    assert passed.words == "Courage: Sam slept at a friend's."
    assert house.call("GET", PATH, "g-amira").get_data() == before
    assert [read(house, who) for who in ("g-karim", "p-sam", "s-bell")] == [[], [], []]


def test_a_pack_holds_what_its_adult_may_read_and_a_merge_moves_the_author(house: House) -> None:
    send(house, "s-bell", GOOD)
    send(house, "g-amira", {**HOME, "audience": "school"})
    with house.service.database.unit_of_work("oakfield") as uow:
        held = {who: list_held(uow, "p-sam", who) for who in ("g-amira", "g-karim")}
        assert [item["says"]["From"] for item in held["g-amira"]] == ["Amira Haddad", "Bell Staff"]
        assert [item["says"]["From"] for item in held["g-karim"]] == ["Bell Staff"]
        move_author(uow, "g-amira", "g-karim")
    assert HOME["sentence"] in sentences(house, "g-karim")
    assert HOME["sentence"] not in sentences(house, "g-amira")


def test_the_part_of_the_childs_page_is_what_the_caller_may_read(house: House) -> None:
    send(house, "s-bell", GOOD)
    send(house, "g-amira", {**HOME, "audience": "school"})
    with house.service.database.unit_of_work("oakfield") as uow:
        for who, hat, count in (("g-amira", "guardian", 2), ("g-karim", "guardian", 1), ("s-bell", "staff", 2)):
            (wanted,) = select_part(uow, Principal("", "oakfield", who, hat), "p-sam")
            rows = uow.connection.execute(wanted).all()
            assert [row.part for row in rows] == ["praise"] * count


def strengths(house: House, who: str = "s-office", query: str = "?all=true") -> dict[str, bool]:
    """The words on the list, and whether each can be chosen."""
    return {one["label"]: not one["is_retired"] for one in house.call("GET", f"/strengths{query}", who).json["items"]}


def key_of(house: House, label: str) -> str:
    items = house.call("GET", "/strengths?all=true", "s-office").json["items"]
    return next(one["key"] for one in items if one["label"] == label)


def test_the_trusts_list_stands_until_a_school_has_its_own(house: House) -> None:
    assert strengths(house, "p-sam")["Keeping going"]
    assert house.call("POST", "/strengths", "s-office", {"label": " Working\n hard "}).status_code == 201
    assert strengths(house, "g-amira")["Working hard"]
    named = send(house, "s-bell", {**GOOD, "strength": key_of(house, "Working hard")})
    assert named.json["own_label"] == "Working hard"
    assert "hard" not in str(house.facts(SENT))


def test_a_strength_that_was_named_is_retired_and_keeps_its_word(house: House) -> None:
    send(house, "s-bell", GOOD)
    refused = house.call("PUT", "/strengths/kindness", "s-office", {"label": "Care"})
    assert (refused.status_code, "its word stays" in refused.json["detail"]) == (409, True)
    assert house.call("POST", "/strengths/kindness/retire", "s-office").status_code == 200
    assert strengths(house)["Kindness"] is False
    assert "Kindness" not in strengths(house, "s-bell")
    assert send(house, "s-bell", GOOD).status_code == 422
    assert read(house, "g-amira")[0]["strength"] == "kindness"
    house.call("POST", "/strengths/kindness/restore", "s-office")
    assert send(house, "s-bell", GOOD).status_code == 201


def test_a_strength_that_nobody_named_can_have_another_word(house: House) -> None:
    assert house.call("PUT", "/strengths/focus", "s-office", {"label": "Listening"}).status_code == 200
    found = strengths(house)
    assert "Listening" in found
    assert "Concentration" not in found


@pytest.mark.parametrize(("label", "words"), [
    ("kindness", "on the list already"), (" ", "Write something"), ("x" * 61, "at most 60")])
def test_a_label_that_will_not_do_is_said_at_its_place(house: House, label: str, words: str) -> None:
    refused = house.call("POST", "/strengths", "s-office", {"label": label})
    assert refused.status_code == 422
    assert words in refused.get_data(as_text=True)


def test_the_list_is_never_empty_and_never_endless(house: House) -> None:
    keys = [one["key"] for one in house.call("GET", "/strengths", "s-office").json["items"]]
    ends = [house.call("POST", f"/strengths/{key}/retire", "s-office").status_code for key in keys]
    assert ends == [200] * (len(keys) - 1) + [409]
    adds = [house.call("POST", "/strengths", "s-office", {"label": f"Own {turn}"}).status_code for turn in range(30)]
    assert adds == [201] * 29 + [409]
    assert house.call("POST", f"/strengths/{keys[0]}/restore", "s-office").status_code == 409


def test_the_list_is_the_offices_and_the_heads_to_keep(house: House) -> None:
    for who in ("s-bell", "g-amira", "p-sam", "s-dsl"):
        assert house.call("POST", "/strengths", who, {"label": "Pace"}).status_code == 404
        assert house.call("POST", "/strengths/kindness/retire", who).status_code == 404
    assert house.call("POST", "/strengths/nothing/retire", "s-head").status_code == 404
