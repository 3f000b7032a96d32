"""The one-page profile: three pens, other words agreed or kept beside, who may read what, and who has read it."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.timers import sweep
from services.profiles.about_me.actions import note_new_team
from tests.profiles.house import House

PAGE = "/pupils/p-sam/about-me"
RIGHT_TO_LEFT = "هو طيب <b>جداً</b> 🙂"


def write(house: House, who: str, words: str = "Kind", section: str = "strengths", audience: str | None = "all",
          ) -> Any:
    reply = house.call("POST", f"{PAGE}/entries", who, {"section": section, "words": words, "audience": audience})
    assert reply.status_code == 201, reply.json
    return reply.json


def change(house: House, who: str, entry: Any, words: str, audience: str = "all") -> Any:
    return house.call("PUT", f"/about-me/entries/{entry['id']}", who, {"words": words, "audience": audience},
                      **{"If-Match": f'"{entry["version"]}"'})


def suggest(house: House, who: str, entry: Any, words: str, audience: str = "all") -> Any:
    return house.call("POST", f"/about-me/entries/{entry['id']}/suggestions", who,
                      {"words": words, "audience": audience})


def decide(house: House, who: str, suggestion: Any, how: str, version: int = 1) -> Any:
    return house.call("POST", f"/about-me/suggestions/{suggestion['id']}/{how}", who, **{"If-Match": f'"{version}"'})


def items(house: House, who: str) -> list[Any]:
    page = house.call("GET", PAGE, who).json
    return [item for section in page["sections"] for item in section["items"]]


def words(house: House, who: str) -> list[str]:
    return [text for item in items(house, who) for text in (item["words"], *(view["words"] for view in item["views"]))]


def test_strengths_come_first_whatever_was_written_first_and_each_entry_is_signed(house: House) -> None:
    write(house, "g-amira", "Loud rooms", "avoid")
    write(house, "s-bell", "Draws", "strengths")
    write(house, "p-sam", "My cat", "matters")
    page = house.call("GET", PAGE, "g-karim").json
    assert [section["section"] for section in page["sections"]] == [
        "strengths", "matters", "help", "home", "school", "avoid", "signs"]
    assert words(house, "g-karim") == ["Draws", "My cat", "Loud rooms"]
    assert [(item["signature"]["voice"], item["signature"]["by"]) for item in items(house, "g-karim")] == [
        ("school", "Bell Staff"), ("child", "Sam"), ("home", None)]
    assert [item["signature"]["by"] for item in items(house, "s-bell")][2] == "Amira Haddad"


def test_an_adult_is_told_no_number_that_another_home_could_have_moved(house: House) -> None:
    before = house.call("GET", PAGE, "g-karim").data
    entry = write(house, "g-amira", audience="school")
    change(house, "g-amira", entry, "Kinder", "school")
    assert house.call("GET", PAGE, "g-karim").data == before
    assert words(house, "s-bell") == ["Kinder"]
    assert house.call("GET", PAGE, "s-bell").json["version"] == 2


def test_what_a_child_keeps_to_themselves_reaches_no_adult_in_any_way(house: House) -> None:
    before = [house.call("GET", path, who).data for who in ("s-bell", "g-amira") for path in (PAGE, f"{PAGE}/history")]
    entry = write(house, "p-sam", "I miss Dad", "signs", "only-me")
    change(house, "p-sam", entry, "I miss Dad a lot", "only-me")
    assert [house.call("GET", path, who).data for who in ("s-bell", "g-amira")
            for path in (PAGE, f"{PAGE}/history")] == before
    assert house.facts("tandem.profiles.aboutme.changed.v1") == []
    shown = change(house, "p-sam", {**entry, "version": 2}, "I go quiet")
    assert words(house, "s-bell") == ["I go quiet"]
    history = house.call("GET", f"{PAGE}/history", "g-amira").json["items"]
    assert [item["words"] for item in history] == ["I go quiet"], "earlier words were not for them"
    assert [fact["how"] for fact in house.facts("tandem.profiles.aboutme.changed.v1")] == ["added"]
    change(house, "p-sam", shown.json, "I go quiet", "only-me")
    assert words(house, "s-bell") == []


def test_agreed_words_take_over_as_a_new_version_and_the_old_ones_stay_readable(house: House) -> None:
    entry = write(house, "p-sam", "I hate noise", "avoid")
    asked = suggest(house, "g-amira", entry, "Noise hurts my ears").json
    assert items(house, "p-sam")[0]["suggestions"][0]["words"] == "Noise hurts my ears"
    assert items(house, "g-karim")[0]["suggestions"] == [], "what waits is between the two"
    suggest(house, "p-sam", write(house, "g-karim"), "Kind to me")
    told = [fact.get("guardian_ids") for fact in house.facts("tandem.profiles.aboutme.changed.v1")
            if fact["how"] == "suggested"]
    assert told == [None, ["g-karim"]], "a child is told on their page alone"
    assert decide(house, "p-sam", asked, "agree").status_code == 200
    item = items(house, "g-karim")[1]
    assert (item["words"], item["agreed_voice"], item["signature"]["voice"]) == ("Noise hurts my ears", "home", "child")
    history = house.call("GET", f"{PAGE}/history", "g-karim").json["items"]
    assert [(one["words"], one["how"]) for one in history] == [
        ("Noise hurts my ears", "agreed"), ("Kind", "added"), ("I hate noise", "added")]


def test_a_difference_is_kept_as_two_views_side_by_side(house: House) -> None:
    entry = write(house, "g-amira", "Does homework alone", "home")
    asked = suggest(house, "g-karim", entry, "Needs me beside him").json
    assert asked["signature"]["by"] == "Karim Haddad"
    assert items(house, "g-amira")[0]["suggestions"][0]["signature"]["by"] is None
    assert decide(house, "g-amira", asked, "keep-both").status_code == 200
    for who in ("g-amira", "g-karim", "s-bell", "p-sam"):
        item = items(house, who)[0]
        assert (item["words"], [view["words"] for view in item["views"]]) == (
            "Does homework alone", ["Needs me beside him"])


def test_a_view_beside_private_words_is_as_private_as_they_are(house: House) -> None:
    entry = write(house, "g-amira", "We moved to a refuge", "home", "school")
    asked = suggest(house, "s-bell", entry, "They live in a refuge now").json
    decide(house, "g-amira", asked, "keep-both")
    assert words(house, "g-amira") == ["We moved to a refuge", "They live in a refuge now"]
    assert words(house, "g-karim") == words(house, "p-sam") == []
    assert house.call("GET", f"{PAGE}/history", "g-karim").json["items"] == []


def test_two_homes_write_at_once_and_both_are_kept(house: House) -> None:
    write(house, "g-amira", "Sleeps early", "home")
    write(house, "g-karim", "Sleeps late", "home")
    assert words(house, "s-bell") == ["Sleeps early", "Sleeps late"]


@pytest.mark.parametrize("act", ["change", "agree", "remove"])
def test_an_act_on_words_that_were_changed_since_is_stale_and_changes_nothing(house: House, act: str) -> None:
    entry = write(house, "s-bell", "Calm")
    asked = suggest(house, "g-amira", entry, "Calm in the mornings").json
    assert change(house, "s-bell", entry, "Calm outdoors").headers["ETag"] == '"2"'
    reply = {"change": lambda: change(house, "s-bell", entry, "Calm indoors"),
             "agree": lambda: decide(house, "s-bell", asked, "agree", 1),
             "remove": lambda: house.call("POST", f"/about-me/entries/{entry['id']}/remove", "s-bell",
                                          **{"If-Match": '"1"'})}[act]()
    assert reply.status_code == 412
    assert words(house, "s-bell") == ["Calm outdoors"]


def test_without_if_match_nothing_is_changed(house: House) -> None:
    entry = write(house, "s-bell")
    reply = house.call("PUT", f"/about-me/entries/{entry['id']}", "s-bell", {"words": "x"})
    assert reply.status_code == 422


def test_who_wrote_it_takes_it_off_and_nobody_else_finds_it(house: House) -> None:
    entry = write(house, "g-amira")
    suggest(house, "s-bell", entry, "Kind to small children")
    gone = house.call("POST", f"/about-me/entries/{entry['id']}/remove", "g-amira", **{"If-Match": '"1"'})
    assert gone.status_code == 204
    assert words(house, "s-bell") == words(house, "g-amira") == []
    assert house.call("GET", f"{PAGE}/history", "s-bell").json["items"] == []
    assert [one["how"] for one in house.call("GET", f"{PAGE}/history", "g-amira").json["items"]] == [
        "removed", "added"]
    assert house.call("GET", f"/about-me/entries/{entry['id']}", "s-bell").status_code == 404
    assert "taken this off" in change(house, "g-amira", {**entry, "version": 2}, "x").json["detail"]


@pytest.mark.parametrize(("body", "where"), [
    ({"words": "", "audience": "all"}, "/words"), ({"words": " \n ", "audience": "all"}, "/words"),
    ({"words": "x" * 50_000, "audience": "all"}, "/words"), ({"words": "x", "audience": None}, "/audience"),
    ({"words": "x", "audience": "only-me"}, "/audience"), ({"words": "x", "audience": "all", "section": "y"},
                                                           "/section")])
def test_what_cannot_stand_there_is_refused_at_its_field(house: House, body: dict[str, Any], where: str) -> None:
    reply = house.call("POST", f"{PAGE}/entries", "g-amira", {"section": "help", **body})
    assert reply.status_code == 422
    assert [fault["pointer"] for fault in reply.json["errors"]] == [where]


def test_words_are_kept_as_they_were_written(house: House) -> None:
    write(house, "g-amira", RIGHT_TO_LEFT)
    assert words(house, "s-bell") == [RIGHT_TO_LEFT]


def test_a_part_has_room_for_so_much_of_one_pen(house: House) -> None:
    for number in range(8):
        write(house, "g-amira", f"Kind {number}")
    reply = house.call("POST", f"{PAGE}/entries", "g-amira", {"section": "strengths", "words": "x", "audience": "all"})
    assert (reply.status_code, "filled this part" in reply.json["detail"]) == (409, True)
    write(house, "g-karim")


@pytest.mark.parametrize("who", ["g-barred", "s-other", "p-zoe"])
def test_for_whoever_may_not_see_the_child_nothing_is_there(house: House, who: str) -> None:
    entry = write(house, "g-amira")
    asked = suggest(house, "s-bell", entry, "Kinder").json
    for method, path in (("GET", PAGE), ("GET", f"{PAGE}/history"), ("GET", f"/about-me/entries/{entry['id']}"),
                         ("POST", f"/about-me/entries/{entry['id']}/remove"),
                         ("POST", f"/about-me/suggestions/{asked['id']}/agree"), ("GET", "/pupils/p-sam/support")):
        there = house.call(method, path, who)
        absent = house.call(method, path.replace("p-sam", "p-no").replace(entry["id"], "x").replace(asked["id"], "x"),
                            who)
        assert (there.status_code, there.data) == (404, absent.data), path


def test_new_staff_are_asked_to_read_and_reminded_before_lessons_at_most_twice(house: House) -> None:
    write(house, "g-amira")
    assert house.call("GET", "/about-me/to-read", "s-bell").json["items"][0]["is_new"]
    with house.service.database.unit_of_work("oakfield") as uow:
        note_new_team(uow, ["p-sam"])
        note_new_team(uow, ["p-sam"])
    kind = "tandem.profiles.aboutme.toread.v1"
    assert house.facts(kind) == [{"pupil_id": "p-sam", "staff_ids": ["s-bell"], "version": 1}]
    for hours, told in ((21.5, 1), (0.6, 2), (24, 3), (240, 3)):
        house.clock.advance(hours=hours)
        sweep(house.service.database, house.service.timers)
        assert len(house.facts(kind)) == told, hours


def test_a_page_that_was_read_is_to_read_again_once_it_changes(house: House) -> None:
    write(house, "g-amira")
    with house.service.database.unit_of_work("oakfield") as uow:
        note_new_team(uow, ["p-sam"])
    assert house.call("POST", f"{PAGE}/read", "s-bell", {"version": 7}).status_code == 409
    assert house.call("POST", f"{PAGE}/read", "s-bell", {"version": 1}).status_code == 204
    assert house.call("GET", "/about-me/to-read", "s-bell").json["items"] == []
    house.clock.advance(days=3)
    sweep(house.service.database, house.service.timers)
    assert len(house.facts("tandem.profiles.aboutme.toread.v1")) == 1
    assert house.call("GET", PAGE, "g-amira").json["read_by"] == [
        {"staff_name": "Bell Staff", "read_at": "2026-11-24T09:00:00+00:00"}]
    write(house, "g-karim", "Funny")
    assert not house.call("GET", "/about-me/to-read", "s-bell").json["items"][0]["is_new"]


def test_at_the_end_of_the_year_the_teachers_look_through_it(house: House) -> None:
    write(house, "g-amira")
    kind = "tandem.profiles.aboutme.reviewdue.v1"
    house.clock.advance(days=212)  # 24 June 2027
    sweep(house.service.database, house.service.timers)
    assert house.facts(kind) == []
    house.clock.advance(days=5)
    sweep(house.service.database, house.service.timers)
    assert house.facts(kind) == [{"pupil_id": "p-sam", "staff_ids": ["s-bell"]}]
    assert house.call("GET", PAGE, "s-bell").json["review"]["is_due"]
    assert house.call("POST", f"{PAGE}/review", "s-bell").status_code == 204
    assert not house.call("GET", PAGE, "s-bell").json["review"]["is_due"]
    house.clock.advance(days=368)
    sweep(house.service.database, house.service.timers)
    assert len(house.facts(kind)) == 2
