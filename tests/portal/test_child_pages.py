"""A child's own pages: nothing written is lost, refusals are plain, and adults' pages show what the child lets them."""

from __future__ import annotations

from typing import Any

import flask
import pytest

from chassis.errors import Invalid, Stale, Unavailable
from services.portal.accounts.pupils import make_codes
from services.portal.trust_work import trust_work
from tests.journeys.browsing import Browser
from tests.portal.house import SECRET, House

SAM = "sam-1"
NOTES, TOPICS = f"/pupils/{SAM}/notes", f"/pupils/{SAM}/topics"
SIGNED = {"voice": "child", "by": "Sam", "is_mine": True, "at": "2026-11-24T09:00:00+00:00"}
NOTE: dict[str, Any] = {
    "id": "n-1", "pupil_id": SAM, "pupil": {"id": SAM, "given_name": "Sam", "family_name": "Haddad"}, "words": "Old.",
    "audience": "only-me", "signature": SIGNED, "state": "not-yet", "version": 3, "read_by": []}
HTML = "<b>Bold</b> \u200fשלום 🙂"


def page(**parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {"pupil": {"id": SAM, "given_name": "Sam", "family_name": "Haddad", "year_group": "Year 8",
                      "status": "current"}, "may": {}, "parts": parts}


def item(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": None, "words": None, "state": None, "due_on": None, "more": None, "at": None,
            "signature": None, **more}


@pytest.fixture(autouse=True)
def lived(house: House) -> None:
    house.hear(house.state("pupil.described.v1", SAM, {
        "id": SAM, "given_name": "Sam", "family_name": "Haddad", "year_group": "Year 8", "status": "current",
        "class_ids": []}), house.adult("lead-1", "staff", roles=["dsl"]))
    house.answers.tell("profiles", "GET", f"/pupils/{SAM}/page", page())
    house.answers.tell("profiles", "GET", NOTES, {"items": [NOTE], "opened": [], "after": None})
    house.answers.tell("profiles", "GET", "/notes/n-1", NOTE)
    house.answers.tell("profiles", "POST", NOTES, NOTE)
    house.answers.tell("profiles", "GET", TOPICS, {"items": [], "after": None})
    house.answers.tell("profiles", "POST", TOPICS, {"items": [], "after": None})


def enter(house: House) -> Browser:
    with trust_work(house.portal.database, "test") as work:
        code = make_codes(work, SECRET, ("oakfield", [SAM]), "bell-1")[SAM]
    child = Browser(house.pages)
    child.open("/sign-in/child?next=/me/notes/new")
    child.send(school="oakfield", code=code)
    return child


def test_words_written_while_the_session_ended_are_there_after_signing_in(house: House) -> None:
    child = enter(house)
    assert child.page.path == "/me/notes/new"
    house.clock.advance(minutes=40)
    assert "your words are kept" in child.send(words=HTML).text
    with trust_work(house.portal.database, "test") as work:
        code = make_codes(work, SECRET, ("oakfield", [SAM]), "bell-1")[SAM]
    child.send(school="oakfield", code=code)
    assert child.page.path == "/me/notes/new"
    assert HTML in child.page.text
    assert "<b>Bold" not in child.page.html


@pytest.mark.parametrize(("answers", "said"), [
    ({"words": "x" * 2001, "audience": "all"}, "Write at most 2,000 letters"),
    ({"words": HTML}, "Choose who may read it"), ({"words": HTML, "audience": "nobody"}, "Choose who may read it"),
    ({"audience": "all"}, "Write something")])
def test_a_note_that_needs_changing_keeps_every_word(house: House, answers: dict[str, str], said: str) -> None:
    child = enter(house)
    child.send(**answers)
    assert (child.page.status, said in child.page.text) == (422, True)
    assert answers.get("words", "") in child.page.text
    assert house.answers.sent("POST", NOTES) == []


def test_what_profiles_says_of_a_field_stands_at_the_field(house: House) -> None:
    child = enter(house)
    house.answers.tell("profiles", "POST", NOTES, Invalid(errors={"/audience": "No teacher is down as yours."}))
    child.send(words=HTML, audience="school")
    assert (child.page.status, "No teacher is down as yours." in child.page.text, HTML in child.page.text) == (
        422, True, True)


def test_a_double_press_is_one_note(house: House) -> None:
    child = enter(house)
    form = child.page
    child.send(words="a", audience="only-me")
    child.page = form
    child.send(words="a", audience="only-me")
    assert len({call.key for call in house.answers.sent("POST", NOTES)}) == 1


def test_when_profiles_is_away_the_words_are_shown_again(house: House) -> None:
    child = enter(house)
    house.answers.tell("profiles", "POST", NOTES, Unavailable())
    child.send(words=HTML, audience="all")
    assert (child.page.status, HTML in child.page.text) == (503, True)
    house.answers.tell("profiles", "GET", f"/pupils/{SAM}/page", Unavailable())
    assert "isn't answering just now" in child.open("/me").text


def test_a_note_that_was_changed_elsewhere_is_shown_beside_what_was_typed(house: House) -> None:
    child = enter(house)
    child.open("/me/notes/n-1")
    house.answers.tell("profiles", "PUT", "/notes/n-1", Stale())
    house.answers.tell("profiles", "GET", "/notes/n-1", {**NOTE, "words": "Newer.", "version": 4})
    child.send(words="Mine.")
    assert (child.page.status, "Newer." in child.page.text, "Mine." in child.page.text) == (409, True, True)
    house.answers.tell("profiles", "PUT", "/notes/n-1", NOTE)
    assert "Your new words are kept" in child.send(words="Mine, and newer.").text
    assert [call.match for call in house.answers.sent("PUT", "/notes/n-1")] == ["3", "4"]


def test_topics_are_chosen_from_a_list_or_written_for_one_meeting(house: House) -> None:
    child = enter(house)
    child.open("/me/topics?about=p-1")
    child.send(kind="own", words=" ", audience="all")
    assert (child.page.status, "Write what you want to talk about" in child.page.text) == (422, True)
    assert "It's on your list" in child.send(kind="own", words=HTML, audience="only-me").text
    (call,) = house.answers.sent("POST", TOPICS)
    assert call.json == {"kind": "own", "words": HTML, "audience": "only-me", "about_id": "p-1"}
    assert child.send("/me/topics", kind="friends").status == 422


def test_my_page_puts_strengths_first_and_counts_nothing(house: House) -> None:
    child = enter(house)
    house.answers.tell("profiles", "GET", f"/pupils/{SAM}/page", page(
        praise=[item("1", kind="kindness", words="Sam shared.", signature={**SIGNED, "by": "Grace Bell"})],
        strategies=[item("2", words="A card to show.")],
        loop_step=[item("3", words="Sit near the door.", state="open", due_on="2026-11-27")],
        loop_kept=[item("4", words="Rang home.", state="kept")],
        **{"about-me": [item("7", words="Good at drawing.")], "about-me-help": [item("8", words="A quiet start.")]},
        topic=[item("5", kind="friends"), item("6", kind="own", words=HTML)]))
    text = child.open("/me").text
    shown = ["My strengths", "Good at drawing.", "A quiet start.", "Sam shared.", "A card to show.",
             "Sit near the door. by Friday 27 November", "Promises that were kept Rang home.", "In my own words",
             "My friends", HTML]
    places = [text.index(words) for words in shown]
    assert places == sorted(places)


def test_a_lead_says_why_and_whether_the_child_knows_before_anything_is_opened(house: House) -> None:
    sealed = f"{NOTES}/sealed"
    house.answers.tell("profiles", "GET", sealed, {"items": [], "after": None})
    house.answers.tell("profiles", "GET", f"/pupils/{SAM}", {**page()["pupil"], "classes": [], "staff": []})
    house.answers.tell("profiles", "POST", sealed, {"opening_id": "o-1", "items": [
        {"id": "n-1", "kind": "note", "words": HTML, "at": "2026-11-24T09:00:00+00:00"}]})
    lead = house.sign_in("oakfield:lead-1")
    lead.open(f"/staff/pupils/{SAM}/sealed")
    assert lead.send(why="Because.").status == 422
    assert house.answers.sent("POST", sealed) == []
    assert HTML in lead.send(why="Because.", told="told").text
    assert [call.json for call in house.answers.sent("POST", sealed)] == [{"why": "Because.", "child_told": "told"}]


def drawn(house: House, call: str, **values: Any) -> str:
    with house.pages.test_request_context():
        source = "{% from 'voice_parts.html' import on_child, on_pupil, on_today %}{{ " + call + " }}"
        return flask.render_template_string(source, **values).strip()


def test_adults_pages_say_nothing_where_there_is_nothing(house: House) -> None:
    calls = "on_child([], [], place) ~ on_pupil([], [], place) ~ on_today([])"
    assert drawn(house, calls, place={"child": "Sam"}) == ""


def test_adults_pages_show_what_the_child_lets_them_read(house: House) -> None:
    place = {"child": "Sam"}
    note = item("n-1", kind="school", words=HTML, state="new", at="2026-11-24T09:00:00+00:00")
    topics = [item("t-1", kind="friends")]
    staff = drawn(house, "on_pupil(notes, topics, place)", notes=[note], topics=topics, place=place)
    assert "<b>Bold" not in staff
    for words in ("In <bdi>Sam</bdi>'s own words", "I have read this", "for those who teach", "My friends"):
        assert words in staff
    assert "I have read this" not in drawn(house, "on_pupil(notes, [], place)", notes=[{**note, "state": "read"}],
                                           place=place)
    assert "I have read this" not in drawn(house, "on_child(notes, [], place)", notes=[note], place=place)
    assert "Home can't see it." in drawn(house, "on_today(items)", items=[{**NOTE, "audience": "school"}])
