"""What we're trying, and the agreement: pages for each hat, what is refused, and that nothing written is ever lost."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Conflict, Invalid, NotFound, Stale, Unavailable
from tests.journeys.browsing import Browser
from tests.portal.house import House

BASE = "/children/p-sam/strategies"
ONE = f"{BASE}/st-1"
PROFILES = "/strategies/st-1"
AT = "2026-11-23T09:00:00+00:00"
WEEKS = ["2026-10-19", "2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"]
HARD = "<b>bold</b> & 👩‍👧 نعدّ"


def signature(voice: str = "school", by: str | None = "Grace Bell", is_mine: bool = False) -> dict[str, Any]:
    return {"voice": voice, "by": by, "is_mine": is_mine, "at": AT}


def strategy(**changes: Any) -> dict[str, Any]:
    words = {"kind": "calm-down", "what": "Count to ten", "why": "It helps", "at_home": "We count",
             "at_school": "A card", "by_child": "I show it"}
    chart = [{"voice": voice, "weeks": [{"from_on": week, "hows": ["helped", "not-yet"] if voice == "home" else []}
                                        for week in WEEKS]} for voice in ("home", "school", "child")]
    return {**words, "id": "st-1", "pupil_id": "p-sam", "pupil": None, "version": 1, "audience": "all",
            "state": "agreed", "since": AT, "may_agree": False, "may_end": True, "signature": signature(),
            "last_tried": None, "homes": [], "notes": [], "chart": chart, "steps": [
                {"version": 1, "kind": "suggested", "said": words, "reason": None, "words": "",
                 "signature": signature()}], **changes}


@pytest.fixture
def amira(house: House) -> Browser:
    house.hear(house.adult("amira-1"), house.adult("bell-1", "staff", roles=["teacher"]),
               house.adult("cole-1", "staff", roles=["head"]), house.rights("p-sam", "amira-1", "see", "reply"))
    house.answers.tell("profiles", "GET", "/pupils/p-sam", {
        "id": "p-sam", "given_name": "Sam", "family_name": "Haddad", "year_group": "Year 2", "status": "current",
        "classes": [], "staff": []})
    tell(house)
    house.answers.tell("profiles", "GET", "/pupils/p-sam/strategies", {"items": [strategy()], "after": None})
    return house.sign_in("oakfield:amira-1")


def tell(house: House, **changes: Any) -> None:
    house.answers.tell("profiles", "GET", PROFILES, strategy(**changes))


def test_the_list_and_one_strategy_say_where_it_stands_and_the_chart_is_a_table(amira: Browser) -> None:
    page = amira.open(BASE)
    assert "Calm-down plan" in page.text
    page = amira.open(page.link("Calm-down plan"))
    for words in ("Home and school do this since Monday 23 November", "Count to ten", "Grace Bell", "● Helped",
                  "◐ Not yet", "Nothing said"):
        assert words in page.text
    assert page.html.count('<th scope="row">') == 3
    assert page.html.count('<th scope="col">') == 7
    assert "<caption>" in page.html
    assert page.html.count("<h1") == 1


def test_an_empty_list_and_a_silent_service_have_words(house: House, amira: Browser) -> None:
    house.answers.tell("profiles", "GET", "/pupils/p-sam/strategies", {"items": [], "after": None})
    assert "Nothing is agreed yet" in amira.open(BASE).text
    house.answers.tell("profiles", "GET", "/pupils/p-sam/strategies", Unavailable())
    assert amira.open(BASE).status == 503
    house.answers.tell("profiles", "GET", PROFILES, NotFound())
    assert amira.open(ONE).status == 404


def test_a_strategy_of_another_child_is_not_there(house: House, amira: Browser) -> None:
    tell(house, pupil_id="p-zoe")
    assert amira.open(ONE).status == 404


def test_it_is_suggested_as_it_was_written(house: House, amira: Browser) -> None:
    house.answers.tell("profiles", "POST", "/pupils/p-sam/strategies", strategy())
    amira.open(f"{BASE}/new")
    page = amira.send(kind="morning", what=HARD + "\r\nsecond line", audience="school")
    assert (page.path, "Your suggestion is there" in page.text) == (ONE, True)
    (call,) = house.answers.sent("POST", "/pupils/p-sam/strategies")
    assert call.json == {"kind": "morning", "what": HARD + "\nsecond line", "why": "", "at_home": "", "at_school": "",
                         "by_child": "", "audience": "school"}


@pytest.mark.parametrize(("answers", "said"), [
    ({}, "Write what you'd like to do"), ({"what": "x"}, "Choose who may see this"),
    ({"what": HARD + "x" * 1000, "audience": "all", "kind": "other"}, "Write at most 1000 letters"),
    ({"what": "x", "why": HARD + "y" * 50_000, "audience": "all", "kind": "other"}, "Write at most 1000 letters")])
def test_what_is_missing_or_too_long_is_said_and_nothing_is_lost(house: House, amira: Browser,
                                                               answers: dict[str, str], said: str) -> None:
    amira.open(f"{BASE}/new")
    page = amira.send(**answers)
    assert (page.status, said in page.text) == (422, True)
    assert all(words.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;").replace("&\x20", "&amp; ") in page.html
               for words in answers.values())
    assert house.answers.sent("POST", "/pupils/p-sam/strategies") == []


@pytest.mark.parametrize(("answer", "status"), [
    (Unavailable(), 503), (Invalid(errors={"/what": "No."}), 422), (Conflict("This child has left the school."), 409)])
def test_what_cannot_be_sent_is_still_there(house: House, amira: Browser, answer: Exception, status: int) -> None:
    house.answers.tell("profiles", "POST", "/pupils/p-sam/strategies", answer)
    amira.open(f"{BASE}/new")
    page = amira.send(kind="morning", what="A timer for the morning", audience="school")
    assert (page.status, "A timer for the morning" in page.text) == (status, True)


def test_a_change_that_came_too_late_shows_both_versions(house: House, amira: Browser) -> None:
    amira.open(f"{ONE}/change")
    tell(house, version=2, what="Their words")
    house.answers.tell("profiles", "PUT", PROFILES, Stale())
    page = amira.send(what="My own words")
    assert (page.status, house.answers.sent("PUT", PROFILES)[0].match) == (412, "1")
    for words in ("Somebody changed this while you were writing", "Their words", "My own words"):
        assert words in page.text
    house.answers.tell("profiles", "PUT", PROFILES, strategy(version=3))
    assert "Your change is there" in amira.send(what="Both together").text
    assert [call.match for call in house.answers.sent("PUT", PROFILES)] == ["1", "2"]


def test_agreeing_to_what_was_changed_meanwhile_shows_it_first(house: House, amira: Browser) -> None:
    tell(house, state="suggested", since=None, may_agree=True)
    amira.open(ONE)
    tell(house, state="suggested", since=None, may_agree=True, version=2, what="Count to five")
    house.answers.tell("profiles", "POST", f"{PROFILES}/agree", Stale())
    page = amira.send(f"{ONE}/agree")
    assert (page.status, "Count to five" in page.text) == (412, True)
    assert "changed while you were reading" in page.text
    house.answers.tell("profiles", "POST", f"{PROFILES}/agree", strategy(version=2))
    assert "Thank you: you have agreed" in amira.send(f"{ONE}/agree").text
    assert [call.match for call in house.answers.sent("POST", f"{PROFILES}/agree")] == ["1", "2"]


def test_how_it_went_takes_one_press_and_a_line_is_never_lost(house: House, amira: Browser) -> None:
    house.answers.tell("profiles", "POST", f"{PROFILES}/tried", strategy())
    amira.open(f"{ONE}/tried")
    page = amira.send(how="helped", line="z" * 141, audience="all")
    assert (page.status, "z" * 141 in page.html, "Write at most 140 letters" in page.text) == (422, True, True)
    page = amira.send(how="helped", line="", audience="")
    assert (page.status, "Choose who may see this" in page.text) == (422, True)
    page = amira.send(how="not-yet", line=HARD, audience="school")
    assert (page.path, "that is noted" in page.text) == (ONE, True)
    assert house.answers.sent("POST", f"{PROFILES}/tried")[0].json == {"how": "not-yet", "line": HARD,
                                                                    "audience": "school"}


def test_a_move_that_is_not_possible_is_said_by_name(house: House, amira: Browser) -> None:
    house.answers.tell("profiles", "POST", f"{PROFILES}/keep", Conflict("This has ended, so it can't be kept."))
    amira.open(ONE)
    page = amira.send(f"{ONE}/keep")
    assert (page.status, "it can't be kept" in page.text) == (409, True)


def test_it_is_ended_with_a_kind_reason(house: House, amira: Browser) -> None:
    house.answers.tell("profiles", "POST", f"{PROFILES}/end", strategy(state="ended"))
    amira.open(f"{ONE}/end")
    assert amira.send(words="Thank you all").status == 422
    assert "Thank you all" in amira.page.text
    assert "thank you for trying it" in amira.send(reason="worked").text


def test_staff_see_who_at_home_has_agreed_and_a_parent_never(house: House, amira: Browser) -> None:
    homes = [{"name": "Karim Haddad", "state": "agreed", "at": AT}]
    tell(house, homes=homes)
    bell = house.sign_in("oakfield:bell-1")
    page = bell.open("/staff/pupils/p-sam/strategies/st-1")
    assert "Karim Haddad Agreed on Monday 23 November" in page.text
    assert 'name="audience"' not in page.html
    tell(house)
    assert "Karim" not in amira.open(ONE).text


def agreement(**changes: Any) -> dict[str, Any]:
    return {"id": "ag-1", "number": 1, "published_at": AT, "school": ["We listen"], "home": ["We tell"],
            "child": ["I try"], "mine": None, "answers": [], **changes}


def test_the_agreement_is_answered_for_oneself_and_nothing_depends_on_it(house: House, amira: Browser) -> None:
    path = "/pupils/p-sam/agreement"
    house.answers.tell("profiles", "GET", path, {"current": None, "earlier": []})
    assert "hasn't written one yet" in amira.open("/children/p-sam/agreement").text
    house.answers.tell("profiles", "GET", path, {"current": agreement(), "earlier": [agreement(id="ag-0", number=0)]})
    page = amira.open("/children/p-sam/agreement")
    for words in ("We listen", "Sam promises", "Nothing depends on it", "How it was before"):
        assert words in page.text
    assert amira.send(words=HARD).status == 422
    house.answers.tell("profiles", "POST", path, Conflict("School has published a new agreement."))
    assert "published a new agreement" in amira.send(answer="agreed").text
    house.answers.tell("profiles", "POST", path, {"current": agreement(), "earlier": []})
    assert "you have agreed" in amira.send(answer="agreed", words="Yes").text
    assert house.answers.sent("POST", path)[-1].json == {"number": 1, "answer": "agreed", "words": "Yes"}


def test_the_head_writes_the_agreement_and_a_newer_draft_is_shown_beside_it(house: House, amira: Browser) -> None:
    start = {"school": ["Trust words"], "home": [], "child": []}
    none: dict[str, Any] = {"current": None, "earlier": [], "draft": None, "start": start}
    draft = {**start, "school": ["Their line"], "number": 1, "revision": 4, "written_at": AT}
    house.answers.tell("profiles", "GET", "/agreement", none)
    house.answers.tell("profiles", "GET", "/classes", {"items": [], "after": None})
    head = house.sign_in("oakfield:cole-1")
    assert "Trust words" in head.open("/office/school/agreement").text
    assert head.send(school="x" * 201, do="save").status == 422
    assert "x" * 201 in head.page.html
    house.answers.tell("profiles", "PUT", "/agreement", Stale())
    house.answers.tell("profiles", "GET", "/agreement", {**none, "draft": draft})
    page = head.send(school="My line\r\n\r\nAnother", do="save")
    assert (page.status, "Their line" in page.text, "My line" in page.text) == (412, True, True)
    house.answers.tell("profiles", "PUT", "/agreement", {**none, "draft": {**draft, "revision": 5}})
    house.answers.tell("profiles", "POST", "/agreement/publish", {**none, "current": agreement()})
    assert "Published" in head.send(school="My line\n\nAnother", do="publish").text
    assert [call.match for call in house.answers.sent("PUT", "/agreement")] == ["0", "4"]
    assert house.answers.sent("PUT", "/agreement")[-1].json["school"] == ["My line", "Another"]
    assert house.answers.sent("POST", "/agreement/publish")[0].match == "5"
    assert amira.open("/office/school/agreement").status == 404
