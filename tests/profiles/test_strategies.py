"""What home and school do the same way: each side agrees, and each adult at home for themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.auth import Principal
from chassis.unit_of_work import UnitOfWork
from services.profiles.heard.models import Contact
from services.profiles.people.models import Pupil
from services.profiles.strategies import actions, queries, rules
from services.profiles.strategies.models import Tried
from tests.profiles.house import House

WORDS = {"kind": "calm-down", "what": "Count to ten together", "why": "It helps Sam to stop", "at_home": "We count too",
         "at_school": "A card on the table", "by_child": "I show the card"}
SAM = "/pupils/p-sam/strategies"


def propose(house: House, who: str = "g-amira", audience: str | None = "all", **changes: Any) -> Any:
    given = {} if who.startswith("s-") or audience is None else {"audience": audience}
    return house.call("POST", SAM, who, {**WORDS, **given, **changes})


def proposed(house: House, who: str = "g-amira", audience: str = "all") -> str:
    return f"/strategies/{propose(house, who, audience).json['id']}"


def act(house: House, move: tuple[str, str], who: str, body: Any = None, version: int | None = None) -> Any:
    """Make a move, as (path, name), on the version that is named."""
    match = {} if version is None else {"If-Match": f'"{version}"'}
    path, name = move
    if name == "change":
        return house.call("PUT", path, who, {**WORDS, **(body or {})}, **match)
    return house.call("POST", f"{path}/{name}", who, body or {}, **match)


def agreed(house: House, *homes: str) -> str:
    """Suggested by school, and agreed to by these homes."""
    path = proposed(house, "s-bell")
    for home in homes or ("g-amira",):
        assert act(house, (path, "agree"), home, version=1).status_code == 200
    return path


def tried(house: House, path: str, who: str, line: str = "", **chosen: str) -> Any:
    given = {} if who.startswith("s-") else {"audience": "all", **chosen}
    return act(house, (path, "tried"), who, {"how": chosen.get("how", "helped"), "line": line, **given})


def seen(house: House, path: str, who: str) -> Any:
    return house.call("GET", path, who).json


def test_it_is_suggested_until_the_other_side_agrees_and_then_agreed_since(house: House) -> None:
    path = proposed(house)
    assert [seen(house, path, who)["state"] for who in ("g-amira", "s-bell", "p-sam")] == ["suggested"] * 3
    house.clock.advance(days=1)
    reply = act(house, (path, "agree"), "s-bell", version=1)
    assert (reply.status_code, reply.json["state"], reply.headers["ETag"]) == (200, "agreed", '"1"')
    assert seen(house, path, "g-amira")["since"] == reply.json["since"] == house.clock.now().isoformat()
    (fact,) = house.facts("tandem.profiles.strategy.agreed.v1")
    assert fact["guardian_ids"] == ["g-amira"]
    assert "to" not in fact


def test_each_home_agrees_for_itself_and_learns_nothing_of_the_other(house: House) -> None:
    path = agreed(house, "g-amira")
    before = house.call("GET", path, "g-karim").data
    assert seen(house, path, "g-karim")["state"] == "suggested"
    tried(house, path, "g-amira", "A private line", audience="school")
    act(house, (path, "keep"), "g-amira")
    act(house, (path, "end"), "g-amira", {"reason": "worked", "words": "Thank you"})
    assert house.call("GET", path, "g-karim").data == before
    assert seen(house, path, "g-amira")["state"] == "ended"
    assert act(house, (path, "agree"), "g-karim", version=1).json["state"] == "agreed"
    assert seen(house, path, "g-amira")["state"] == "ended"
    told = [fact.get("guardian_ids") for fact in house.facts("tandem.profiles.strategy.ended.v1")]
    assert told == [None]
    homes = seen(house, path, "s-bell")["homes"]
    assert [(home["name"], home["state"]) for home in homes] == [("Amira Haddad", "ended"), ("Karim Haddad", "agreed")]
    for who in ("g-amira", "g-karim", "p-sam"):
        assert seen(house, path, who)["homes"] == []


def test_what_home_tells_school_alone_is_not_there_for_the_other_home_and_the_child(house: House) -> None:
    path = proposed(house, audience="school")
    nowhere = house.call("GET", "/strategies/nowhere", "g-karim")
    for who in ("g-karim", "g-barred", "p-sam", "s-other"):
        assert house.call("GET", path, who).data == nowhere.data
        assert act(house, (path, "agree"), who, version=1).status_code == 404
        assert tried(house, path, who).status_code == 404
    assert house.call("GET", SAM, "g-karim").json["items"] == []
    assert act(house, (path, "agree"), "s-bell", version=1).json["state"] == "agreed"


def test_what_the_child_suggests_to_school_alone_needs_school_alone(house: House) -> None:
    path = proposed(house, "p-sam", audience="school")
    assert house.call("GET", path, "g-amira").status_code == 404
    assert act(house, (path, "agree"), "s-bell", version=1).json["state"] == "agreed"
    ended = act(house, (path, "end"), "p-sam", {"reason": "other"})
    assert (ended.status_code, seen(house, path, "s-bell")["state"]) == (200, "ended")


def test_a_change_is_a_new_version_that_the_other_side_agrees_to_anew(house: House) -> None:
    path = agreed(house)
    changed = act(house, (path, "change"), "g-amira", {"what": "Count to five"}, 1)
    assert (changed.json["version"], changed.json["state"]) == (2, "suggested")
    assert act(house, (path, "agree"), "s-bell", version=1).status_code == 412
    assert act(house, (path, "agree"), "s-bell", version=2).json["state"] == "agreed"
    steps = seen(house, path, "s-bell")["steps"]
    assert [(step["kind"], step["version"]) for step in steps] == [
        ("agreed", 2), ("changed", 2), ("agreed", 1), ("suggested", 1)]
    assert [step["said"]["what"] for step in steps if step["said"]] == ["Count to five", "Count to ten together"]


def test_two_homes_that_change_it_at_once_are_both_kept_and_the_later_is_told(house: House) -> None:
    path = agreed(house, "g-amira", "g-karim")
    assert act(house, (path, "change"), "g-amira", {"what": "Amira's way"}, 1).status_code == 200
    late = act(house, (path, "change"), "g-karim", {"what": "Karim's way"}, 1)
    assert (late.status_code, late.json["type"]) == (412, "/problems/stale")
    now = house.call("GET", path, "g-karim")
    assert (now.json["what"], now.headers["ETag"], now.json["signature"]["voice"]) == ("Amira's way", '"2"', "school")
    assert act(house, (path, "change"), "g-karim", {"what": "Karim's way"}, 2).status_code == 200
    said = [step["said"]["what"] for step in seen(house, path, "g-amira")["steps"] if step["said"]]
    assert said == ["Karim's way", "Amira's way", "Count to ten together"]
    text = house.call("GET", path, "g-amira").text
    assert not any(word in text for word in ("g-karim", "Karim Haddad"))
    assert act(house, (path, "change"), "g-amira", {"what": "Third"}).status_code == 422


@pytest.mark.parametrize(("move", "body", "words"), [
    ("agree", None, "can't be agreed to"), ("change", None, "can't be changed"), ("keep", None, "can't be kept"),
    ("end", {"reason": "worked"}, "ended already"),
    ("tried", {"how": "helped", "audience": "all"}, "nothing more to note")])
def test_what_has_ended_refuses_every_move_by_name(house: House, move: str, body: Any, words: str) -> None:
    path = agreed(house)
    assert act(house, (path, "end"), "s-bell", {"reason": "worked"}).status_code == 200
    for who in ("g-amira", "s-bell"):
        reply = act(house, (path, move), who, body, 1)
        assert (reply.status_code, words in reply.json["detail"]) == (409, True)
    assert house.call("GET", path, "g-amira").json["steps"][0]["reason"] == "worked"


def test_moves_that_are_not_possible_yet_are_refused_by_name(house: House) -> None:
    path = proposed(house)
    refused = {
        act(house, (path, "agree"), "g-amira", version=1).json["detail"]: "agreed to already",
        act(house, (path, "keep"), "g-amira").json["detail"]: "can't be kept",
        tried(house, path, "g-amira").json["detail"]: "how it went",
        act(house, (path, "end"), "p-sam", {"reason": "other"}).json["detail"]: "didn't suggest this"}
    assert all(words in detail for detail, words in refused.items())
    assert house.facts("tandem.profiles.strategy.tried.v1") == []


def test_tried_notes_are_read_by_those_whom_their_writer_chose(house: House) -> None:
    path = agreed(house, "g-amira", "g-karim")
    for who, audience in (("g-amira", "all"), ("g-karim", "school"), ("p-sam", "only-me"), ("s-bell", "all")):
        assert tried(house, path, who, f"from {who}", audience=audience).status_code == 201
    lines = {who: {note["line"] for note in seen(house, path, who)["notes"]}
             for who in ("g-amira", "g-karim", "p-sam", "s-bell")}
    assert lines == {"g-amira": {"from g-amira", "from s-bell"},
                     "g-karim": {"from g-amira", "from g-karim", "from s-bell"},
                     "p-sam": {"from g-amira", "from p-sam", "from s-bell"},
                     "s-bell": {"from g-amira", "from g-karim", "from s-bell"}}
    assert [fact["voice"] for fact in house.facts("tandem.profiles.strategy.tried.v1")] == ["home", "home", "school"]
    assert "from" not in str(house.facts("tandem.profiles.strategy.tried.v1"))


def test_a_note_that_is_passed_on_leaves_every_screen_but_its_writers(house: House) -> None:
    path = agreed(house)
    tried(house, path, "g-amira", "A worrying line")
    before = house.call("GET", path, "g-amira").data
    with house.service.database.unit_of_work("oakfield") as uow:
        note_id = uow.all(sa.select(Tried.id))[0]
        assert actions.divert_entry(uow, note_id).words == "A worrying line"
    assert house.call("GET", path, "g-amira").data == before
    for who in ("s-bell", "g-karim", "p-sam"):
        assert "worrying" not in house.call("GET", path, who).text
        assert all(not cell["hows"] for row in seen(house, path, who)["chart"] for cell in row["weeks"])


def test_the_chart_says_words_for_each_voice_and_week_and_counts_nothing() -> None:
    weeks = rules.weeks_to(date(2026, 11, 25))
    assert (len(weeks), weeks[0], weeks[-1]) == (6, date(2026, 10, 19), date(2026, 11, 23))
    chart = rules.chart_of(weeks, [("home", "not-yet", date(2026, 11, 29)), ("home", "helped", date(2026, 11, 23)),
                                   ("home", "helped", date(2026, 11, 24)), ("child", "helped", date(2026, 10, 18))])
    said = {row["voice"]: [cell["hows"] for cell in row["weeks"]] for row in chart}  # type: ignore[attr-defined]
    assert said == {"home": [[], [], [], [], [], ["helped", "not-yet"]], "school": [[]] * 6, "child": [[]] * 6}


@pytest.mark.parametrize(("field", "value"), [
    ("what", ""), ("what", "  \n"), ("what", "x" * 1001), ("why", "x" * 1001), ("at_home", "x" * 501),
    ("kind", "punishment"), ("audience", "everyone"), ("audience", None), ("audience", "only-me")])
def test_a_bad_field_is_named_and_nothing_is_kept(house: House, field: str, value: Any) -> None:
    body = {**WORDS, "audience": "all", field: value}
    reply = house.call("POST", SAM, "g-amira", {name: one for name, one in body.items() if one is not None})
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, f"/{field}")
    assert house.call("GET", SAM, "g-amira").json["items"] == []


@pytest.mark.parametrize("words", [
    "<b>bold</b> & <script>x()</script>", "👩‍👧 🎉", "نعدّ حتى عشرة معًا", " spaced \n lines "])
def test_words_are_kept_as_they_were_written(house: House, words: str) -> None:
    path = f"/strategies/{propose(house, what=words).json['id']}"
    act(house, (path, "agree"), "s-bell", version=1)
    tried(house, path, "s-bell", words)
    found = seen(house, path, "g-amira")
    assert (found["what"], found["notes"][0]["line"]) == (words, words)
    assert tried(house, path, "g-amira", "x" * 141).status_code == 422


def test_a_child_who_has_left_is_said_so(house: House) -> None:
    path = agreed(house)
    with house.service.database.unit_of_work("oakfield") as uow:
        leave(uow)
    for reply in (act(house, (path, "change"), "s-bell", None, 1), propose(house, "s-bell")):
        assert (reply.status_code, "left the school" in reply.json["detail"]) == (409, True)
    assert house.call("GET", path, "s-bell").json["state"] == "ended"


def leave(uow: UnitOfWork) -> None:
    uow.get(Pupil, "p-sam").status = "left"
    actions.end_about(uow, ["p-sam"])


def test_staff_find_what_waits_for_school_about_the_children_whom_they_teach(house: House) -> None:
    path = proposed(house)
    (waiting,) = house.call("GET", "/strategies", "s-bell").json["items"]
    assert (waiting["what"], waiting["pupil"]["given_name"], waiting["may_agree"]) == (WORDS["what"], "Sam", True)
    assert house.call("GET", "/strategies", "s-other").json["items"] == []
    assert house.call("GET", "/strategies", "g-amira").status_code == 404
    act(house, (path, "agree"), "s-bell", version=1)
    assert house.call("GET", "/strategies", "s-bell").json["items"] == []


def test_a_part_of_the_childs_page_has_its_state_and_the_last_word(house: House) -> None:
    path = agreed(house)
    tried(house, path, "g-amira", how="not-yet", audience="school")
    tried(house, path, "s-bell", how="helped")
    proposed(house, "g-karim", audience="school")
    for who, states in (("guardian:g-amira", [("agreed", "helped")]),
                        ("guardian:g-karim", [("suggested", None), ("suggested", "helped")]),
                        ("staff:s-bell", [("suggested", None), ("agreed", "helped")]),
                        ("pupil:p-sam", [("agreed", "helped")])):
        with house.service.database.unit_of_work("oakfield", write=False) as uow:
            caller = Principal("", "oakfield", who.partition(":")[2], who.partition(":")[0])
            rows = uow.rows(sa.union_all(*queries.select_part(uow, caller, "p-sam")))
            assert [(row.state, row.more) for row in rows] == states


def test_two_entries_of_one_adult_become_one_and_what_is_held_is_theirs(house: House) -> None:
    path = agreed(house, "g-amira", "g-karim")
    tried(house, path, "g-karim", "Karim's line", audience="school")
    with house.service.database.unit_of_work("oakfield") as uow:
        actions.move_author(uow, "g-karim", "g-amira")
    assert "Karim's line" in house.call("GET", path, "g-amira").text
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        held = queries.list_held(uow, "p-sam", "g-amira")
    assert [item["section"] for item in held] == ["strategies", "strategies"]
    assert "Karim's line" in str(held)


def test_the_same_request_twice_is_one_strategy_and_contact_is_noted(house: House) -> None:
    replies = [house.call("POST", SAM, "s-bell", WORDS, **{"Idempotency-Key": "once"}) for _ in range(2)]
    assert replies[0].json == replies[1].json
    assert len(house.facts("tandem.profiles.strategy.suggested.v1")) == 1
    with house.service.database.unit_of_work("oakfield", write=False) as uow:
        assert uow.session.execute(sa.select(sa.func.count()).select_from(Contact)).scalar() == 1


@contextmanager
def counting(house: House) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    sa.event.listen(house.service.database.engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(house.service.database.engine, "before_cursor_execute", note)


def test_its_pages_take_the_same_queries_however_many_notes_there_are(house: House) -> None:
    path = agreed(house)
    counts = []
    for more in (1, 40):
        for turn in range(more):
            tried(house, path, ("g-amira", "s-bell")[turn % 2], f"line {turn}")
            if more > 1 and turn % 8 == 0:
                proposed(house)
        with counting(house) as sent:
            house.call("GET", SAM, "g-amira")
            house.call("GET", path, "g-amira")
        counts.append(len([one for one in sent if not one.startswith(("BEGIN", "PRAGMA"))]))
    assert counts[0] == counts[1] <= 12
