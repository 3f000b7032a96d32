"""About me on screen: three places, both versions where somebody was faster, nothing written ever lost, one sheet."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Conflict, NotFound, Stale, Unavailable
from services.portal.about_me.rules import LONGEST, SIZES, fit, lines_of
from tests.portal.house import AMIRA, House, sam

HERE = "/children/p-sam/about-me"
AT = "2026-11-20T09:00:00+00:00"
NAMES = ("strengths", "matters", "help", "home", "school", "avoid", "signs")
HOSTILE = '<script>alert("x")</script> 🙂 هو طيب'


def signed(voice: str = "home", mine: bool = True, by: str | None = "Amira Haddad") -> dict[str, Any]:
    return {"voice": voice, "by": by, "is_mine": mine, "at": AT}


def entry(words: str = "Kind", **but: Any) -> dict[str, Any]:
    return {"id": "e-1", "section": "strengths", "words": words, "signature": signed(), "agreed_voice": None,
            "from_school": None, "audience": "all", "version": 3, "may_change": True, "may_remove": True,
            "may_suggest": False, "suggestions": [], "views": [], **but}


def page(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"pupil_id": "p-sam", "read_by": [], **more, "sections": [
        {"section": name, "items": [item for item in items if item["section"] == name]} for name in NAMES]}


@pytest.fixture
def home(house: House) -> House:
    house.hear(house.adult("amira-1"), house.rights("p-sam", "amira-1", "see", "reply", "consent"),
               house.state("school.described.v1", "school", {"name": "Oakfield Infant School", "zone": "Europe/London",
                                                             "accent": "rose"}))
    tell = house.answers.tell
    tell("profiles", "GET", "/pupils/p-sam", {**sam(), "classes": [], "staff": []})
    tell("profiles", "GET", "/pupils/p-sam/about-me", page(entry()))
    tell("profiles", "GET", "/about-me/entries/e-1", entry())
    tell("profiles", "GET", "/pupils/p-sam/support", {
        "pupil": sam(), "status": "ehc-plan", "plan_reference": "EHC 12", "areas": ["learning"], "set_at": AT,
        "version": 1})
    return house


def test_the_page_shows_strengths_first_and_words_just_as_they_were_written(home: House) -> None:
    home.answers.tell("profiles", "GET", "/pupils/p-sam/about-me", page(entry(HOSTILE)))
    shown = home.sign_in(AMIRA).open(HERE)
    assert shown.status == 200
    assert "&lt;script&gt;" in shown.html
    assert "<script>alert" not in shown.html
    names = ("What people like about Sam", "What matters to Sam", "What to avoid")
    heads = [shown.text.index(words) for words in names]
    assert heads == sorted(heads)
    assert "An EHC plan" in shown.text


def test_a_part_that_does_not_answer_takes_nothing_else_away(home: House) -> None:
    home.answers.tell("profiles", "GET", "/pupils/p-sam/support", Unavailable())
    shown = home.sign_in(AMIRA).open(HERE)
    assert (shown.status, "EHC" in shown.text, "Kind" in shown.text) == (200, False, True)


def test_writing_says_what_is_missing_and_keeps_what_was_written(home: House) -> None:
    amira = home.sign_in(AMIRA)
    amira.open(f"{HERE}/new?section=help")
    again = amira.send(words="x" * 50_000)
    assert again.status == 422
    assert "x" * 50_000 in again.html
    assert "at most 140 letters" in again.text
    assert "Choose who may read it" in again.text
    home.answers.tell("profiles", "POST", "/pupils/p-sam/about-me/entries", entry())
    done = amira.send(words="One thing\r\nat a time", audience="school")
    assert "It's on the page" in done.text
    call = home.answers.sent("POST", "/pupils/p-sam/about-me/entries")[0]
    assert call.json == {"section": "help", "words": "One thing\nat a time", "audience": "school"}
    assert call.key


def test_what_the_service_refuses_is_said_and_the_words_stay(home: House) -> None:
    amira = home.sign_in(AMIRA)
    for refused, status in ((Conflict("You have filled this part."), 409), (Unavailable(), 503)):
        home.answers.tell("profiles", "POST", "/pupils/p-sam/about-me/entries", refused)
        amira.open(f"{HERE}/new?section=help")
        shown = amira.send(words="My own words", audience="all")
        assert (shown.status, "My own words" in shown.html) == (status, True)


def test_where_somebody_was_faster_both_versions_are_shown_and_the_person_decides(home: House) -> None:
    amira = home.sign_in(AMIRA)
    assert "Kind" in amira.open(f"{HERE}/entries/e-1").html
    home.answers.tell("profiles", "PUT", "/about-me/entries/e-1", Stale())
    home.answers.tell("profiles", "GET", "/about-me/entries/e-1", entry("Kind to his sister", version=4))
    both = amira.send(words="Kind to animals")
    assert both.status == 412
    assert "Kind to his sister" in both.text
    assert "Kind to animals" in both.html
    home.answers.tell("profiles", "PUT", "/about-me/entries/e-1", entry("Kind to animals", version=5))
    assert "Changed" in amira.send(words="Kind to animals").text
    assert [call.match for call in home.answers.sent("PUT", "/about-me/entries/e-1")] == ["3", "4"]


def test_an_answer_to_words_that_were_changed_meanwhile_is_asked_again_with_both(home: House) -> None:
    other = {"id": "s-1", "entry_id": "e-1", "words": "Warm", "state": "open",
             "signature": signed("school", False, "Mrs Bell")}
    home.answers.tell("profiles", "GET", "/pupils/p-sam/about-me", page(entry(suggestions=[other])))
    home.answers.tell("profiles", "POST", "/about-me/suggestions/s-1/agree", Stale())
    amira = home.sign_in(AMIRA)
    amira.open(HERE)
    amira.open(amira.page.link("Answer"))
    home.answers.tell("profiles", "GET", "/pupils/p-sam/about-me",
                      page(entry("Kind to all", version=4, suggestions=[other])))
    again = amira.send()
    assert again.status == 412
    assert ("Kind to all" in again.text, "Warm" in again.text) == (True, True)
    home.answers.tell("profiles", "POST", "/about-me/suggestions/s-1/keep-both", {})
    assert "side by side" in amira.send(how="keep-both").text


def test_suggesting_asks_for_other_words_than_those_that_stand(home: House) -> None:
    theirs = entry(may_change=False, may_remove=False, may_suggest=True, version=None,
                   signature=signed("school", False, "Mrs Bell"))
    home.answers.tell("profiles", "GET", "/pupils/p-sam/about-me", page(theirs))
    home.answers.tell("profiles", "GET", "/about-me/entries/e-1", theirs)
    home.answers.tell("profiles", "POST", "/about-me/entries/e-1/suggestions", {})
    amira = home.sign_in(AMIRA)
    amira.open(HERE)
    amira.open(amira.page.link("Say it differently"))
    assert "the words that stand there now" in amira.send(words="Kind", audience="all").text
    assert "Nothing changes until" in amira.send(words="Warm", audience="all").text


def test_words_of_somebody_else_have_no_page_to_change_them(home: House) -> None:
    home.answers.tell("profiles", "GET", "/about-me/entries/e-1", entry(may_change=False, may_remove=False))
    amira = home.sign_in(AMIRA)
    assert [amira.open(f"{HERE}/entries/e-1{end}").status for end in ("", "/remove", "/suggest")] == [404, 404, 404]


def test_paper_holds_only_what_everybody_who_helps_may_read_and_no_plan(home: House) -> None:
    home.answers.tell("profiles", "GET", "/pupils/p-sam/about-me",
                      page(entry("For all"), entry("For school", audience="school")))
    text = home.sign_in(AMIRA).open(f"{HERE}/print").text
    assert ("For all" in text, "For school" in text, "EHC" in text) == (True, False, False)


def test_staff_say_that_they_have_read_it_and_look_through_it_when_the_year_ends(home: House) -> None:
    home.hear(home.adult("bell-1", "staff", roles=["teacher"]))
    home.answers.tell("profiles", "GET", "/pupils/p-sam/about-me", page(
        entry(may_change=False), version=4, has_read=False, review={"is_due": True, "reviewed_at": None}))
    for act in ("read", "review"):
        home.answers.tell("profiles", "POST", f"/pupils/p-sam/about-me/{act}", None)
    bell, here = home.sign_in("bell@families.invalid"), "/staff/pupils/p-sam/about-me"
    assert "look through it together" in bell.open(here).text
    assert "Thank you for reading it" in bell.send(f"{here}/read").text
    assert home.answers.sent("POST", "/pupils/p-sam/about-me/read")[0].json == {"version": 4}
    bell.open(here)
    assert "You have looked through it" in bell.send(f"{here}/review").text
    assert bell.open(f"{here}/support").status == 404


def test_the_office_says_what_support_there_is_and_sees_a_colleagues_words_first(home: House) -> None:
    home.hear(home.adult("office-1", "staff", roles=["office"]))
    office = home.sign_in("office@families.invalid")
    office.open("/staff/pupils/p-sam/about-me/support")
    home.answers.tell("profiles", "PUT", "/pupils/p-sam/support", Stale())
    shown = office.send(status="sen-support", plan_reference="IEP 3")
    assert (shown.status, "EHC 12" in shown.text, "IEP 3" in shown.html) == (412, True, True)
    home.answers.tell("profiles", "PUT", "/pupils/p-sam/support", {})
    assert "Saved" in office.send(status="sen-support", plan_reference="IEP 3", areas=["learning"]).text
    assert home.answers.sent("PUT", "/pupils/p-sam/support")[-1].json == {
        "status": "sen-support", "plan_reference": "IEP 3", "areas": ["learning"]}


def test_a_senco_finds_a_child_by_name_says_what_support_there_is_and_goes_on_with_the_list(home: House) -> None:
    home.hear(home.adult("wren-1", "staff", roles=["senco"]))
    wren, item = home.sign_in("wren@families.invalid"), {"pupil": sam(), "plan_reference": HOSTILE}
    home.answers.tell("profiles", "GET", "/support", {"items": [], "after": None})
    assert "No support is recorded yet" in wren.open("/staff/support").text
    assert 'href="/staff/support"' in wren.open("/staff/support").html, "it is in the menu"
    home.answers.tell("profiles", "GET", "/support", {"items": [{**item, "status": "none"}], "after": "p-sam"})
    found = wren.open("/staff/support?find=Sam+H&after=p-bo&school=oakfield")
    assert home.answers.sent("GET", "/support")[-1].params == {"find": "Sam H", "after": "p-bo"}
    assert ("after=p-sam" in found.html, "<script>alert" in found.html, "Year 2" in found.text) == (True, False, True)
    home.answers.tell("profiles", "GET", "/pupils/p-sam", NotFound())
    wren.open(found.link("Sam Haddad"))
    home.answers.tell("profiles", "PUT", "/pupils/p-sam/support", {})
    home.answers.tell("profiles", "GET", "/support", {"items": [{**item, "status": "ehc-plan"}], "after": None})
    done = wren.send(status="ehc-plan", plan_reference="EHC 13")
    assert ("Saved" in done.text, "An EHC plan" in done.text) == (True, True)
    assert 'href="/staff/pupils/p-sam"' in done.html
    home.answers.tell("profiles", "GET", "/support", Unavailable())
    assert "isn't answering" in wren.open("/staff/support").text


def test_the_list_of_support_is_not_there_for_a_teacher(home: House) -> None:
    home.hear(home.adult("bell-1", "staff", roles=["teacher"]))
    assert home.sign_in("bell@families.invalid").open("/staff/support").status == 404
    assert home.sign_in(AMIRA).open("/staff/support").status == 404


def test_a_ticket_waits_for_its_account_and_is_forgotten_when_it_is_taken_back(home: House) -> None:
    home.hear(home.state("school.described.v1", "school", {"name": "Elm School", "zone": "Europe/London",
                                                           "accent": "rose"}, "elm"))
    amira, journey = home.sign_in(AMIRA), {"id": "j-1", "to_school": "elm", "state": "open", "ticket": "secret",
                                           "agreed_at": AT}
    amira.open(f"{HERE}/travel")
    assert amira.send().status == 422
    home.answers.tell("profiles", "POST", "/pupils/p-sam/about-me/journeys", journey)
    shown = amira.send(school="elm")
    assert "The page may go to Elm School" in shown.text
    assert "secret" not in shown.html
    home.answers.tell("profiles", "POST", "/about-me/journeys/j-1/withdraw", NotFound())
    assert "You have taken it back" in amira.send(f"{HERE}/travel/stop").text
    assert "may go to" not in amira.open(f"{HERE}/travel").text


@pytest.mark.parametrize("letter", ["x", "W", "😀", "漢", "ﷺ", "x ", "W "])
def test_what_is_printed_fits_whatever_was_written_and_every_part_gets_its_first_words(letter: str) -> None:
    longest = (letter * LONGEST)[:LONGEST]
    size, taken = fit(dict.fromkeys(NAMES, [longest] * 24))
    found = next(one for one in SIZES if one.name == size)
    assert sum(taken[name] * lines_of(longest, found.letters) for name in NAMES) <= found.lines
    assert taken["strengths"] >= 1
    assert fit({name: ["Short"] * 3 for name in NAMES}) == ("large", dict.fromkeys(NAMES, 3))
