"""Good news and the balance on pages: what is silent says so, who may not write has no form, nothing is counted."""

from __future__ import annotations

import re
from typing import Any

import flask
import pytest

from chassis.errors import Conflict, Invalid, NotFound, Unavailable
from services.portal.standing import Standing
from tests.journeys.browsing import Browser
from tests.portal.house import AMIRA, House, sam

AT = "2026-11-20T10:00:00+00:00"
PATH = "/children/p-sam/good-news"
STRENGTHS = [{"key": "kindness", "label": "Kindness", "is_own": False, "is_retired": False},
             {"key": "k-own", "label": "Trying again", "is_own": True, "is_retired": False}]


def news(voice: str = "school", **changes: Any) -> dict[str, Any]:
    by = {"school": "Grace Bell", "child": "Sam", "home": None}[voice]
    return {"id": "n-1", "pupil_id": "p-sam", "pupil_given_name": "Sam", "strength": "kindness", "own_label": None,
            "sentence": "<i>Sam</i> shared 🍎", "audience": "all", "staff_name": by if voice == "school" else None,
            "sent_at": AT, "signature": {"voice": voice, "by": by, "is_mine": False, "at": AT}, **changes}


def part(**changes: Any) -> dict[str, Any]:
    """The same as the child's page gives it."""
    return {"id": "n-1", "kind": "k-own", "words": "Well done.", "state": "all", "due_on": None, "more": "Trying again",
            "at": AT, "signature": {"voice": "home", "by": None, "is_mine": False, "at": AT}, **changes}


@pytest.fixture
def home(house: House) -> House:
    """Amira, who sees Sam and may reply, and a teacher."""
    house.hear(house.adult("amira-1"), house.rights("p-sam", "amira-1", "see", "reply"),
               house.adult("bell-1", "staff", roles=["teacher", "office"]))
    tell = house.answers.tell
    tell("profiles", "GET", "/children", {"items": [sam(reply=True)]})
    tell("profiles", "GET", "/pupils/p-sam", {**sam(), "classes": [], "staff": []})
    tell("profiles", "GET", "/pupils/p-sam/praise", {"items": [news(), news("child"), news("home")], "after": None})
    tell("profiles", "GET", "/strengths", {"items": STRENGTHS})
    tell("profiles", "GET", "/classes", {"items": [{"id": "c-maple", "title": "Maple"}]})
    return house


def form(house: House) -> Browser:
    amira = house.sign_in(AMIRA)
    amira.open(PATH)
    return amira


def test_a_page_says_whose_words_they_are_and_counts_nothing(home: House) -> None:
    page = form(home).page
    for words in ("Grace Bell", "From home", "Friday 20 November", "&lt;i&gt;Sam&lt;/i&gt; shared 🍎", "Trying again"):
        assert words in page.html
    assert page.html.count("<h1") == 1
    assert not re.search(r"\b3\b", page.text)


def test_who_may_see_and_not_reply_reads_and_has_no_form(home: House) -> None:
    home.answers.tell("profiles", "GET", "/children", {"items": [sam(reply=False)]})
    home.answers.tell("profiles", "GET", "/pupils/p-sam/praise", {"items": [], "after": None})
    amira = form(home)
    assert "Good news about Sam will be here." in amira.page.text
    assert "send some to school" not in amira.page.text
    assert 'name="sentence"' not in amira.page.html


def test_what_was_written_is_sent_once_as_it_was_written(home: House) -> None:
    home.answers.tell("profiles", "POST", "/pupils/p-sam/praise", news("home"))
    amira = form(home)
    answers = {"strength": "k-own", "sentence": "Read <b>all</b> of it. 🌈", "audience": "school"}
    key = re.search(r'name="key" value="([^"]+)"', amira.page.html)
    assert "school has it" in amira.send(**answers).text
    (call,) = home.answers.sent("POST", "/pupils/p-sam/praise")
    assert key
    assert (call.json, call.key) == (answers, key[1])


def test_harsh_words_get_a_gentle_pause_and_never_a_block(home: House) -> None:
    home.answers.tell("profiles", "POST", "/pupils/p-sam/praise", news("home"))
    answers = {"strength": "kindness", "sentence": "The others are STUPID IDIOTS, Sam is not.", "audience": "school"}
    page = form(home)
    assert "read it once more?" in page.send(**answers).text
    assert "STUPID IDIOTS" in page.page.html
    assert home.answers.sent("POST", "/pupils/p-sam/praise") == []
    assert "school has it" in page.send(**answers).text
    assert [call.json for call in home.answers.sent("POST", "/pupils/p-sam/praise")] == [answers]


@pytest.mark.parametrize(("refused", "status"), [
    (Invalid(errors={"/strength": "Choose one of the school's strengths."}), 422), (Unavailable(), 503),
    (Conflict("This child has left the school, so good news can't be sent any more."), 409)])
def test_words_are_there_again_whatever_the_answer(home: House, refused: Exception, status: int) -> None:
    home.answers.tell("profiles", "POST", "/pupils/p-sam/praise", refused)
    page = form(home).send(strength="kindness", sentence="Every word of it.", audience="all")
    assert (page.status, "Every word of it." in page.text) == (status, True)


def test_a_page_that_is_silent_or_not_there_says_so(home: House) -> None:
    home.answers.tell("profiles", "GET", "/pupils/p-sam/praise", Unavailable())
    assert form(home).page.status == 503
    home.answers.tell("profiles", "GET", "/pupils/p-sam", NotFound())
    amira = home.sign_in(AMIRA)
    assert {amira.open(path).status for path in (PATH, f"{PATH}/keepsake")} == {404}


def drawn(house: House, template: str, **given: Any) -> str:
    with house.pages.test_request_context("/"):
        flask.g.visitor = None
        return flask.render_template_string(template, **given)


ON_CHILD = '{% from "good_news_parts.html" import on_child %}{{ on_child(items, place) }}'
ON_ME = '{% from "good_news_parts.html" import on_me %}{{ on_me(items, place) }}'


@pytest.mark.parametrize(("items", "words"), [
    (None, "answering just now"), ([], "will be here"), ([news()], "Kindness"), ([part()], "Trying again")])
def test_sections_stand_on_the_pages_of_a_child_from_either_read(home: House, items: Any, words: str) -> None:
    who: Any = type("Who", (), {"hat": "guardian"})
    place = Standing(who, "p-sam", "Sam", "/children/p-sam")
    for template in (ON_CHILD, ON_ME):
        shown = drawn(home, template, items=items, place=place)
        assert words in shown
        assert 'href="/children/p-sam/good-news"' in shown


ZOE = {"pupil": {"id": "p-zoe", "given_name": "Zoe", "family_name": "Marsh"}, "since": None, "only_worries": False}
LATE = {**ZOE, "since": "2026-09-10", "only_worries": False}
WORRY = {**LATE, "only_worries": True}


def test_staff_parts_name_families_offer_good_news_and_say_nothing_more(home: House) -> None:
    found = {"items": [ZOE, LATE, WORRY, ZOE, ZOE, ZOE], "after": None, "weeks": 4}
    today = drawn(home, '{% from "unheard_parts.html" import on_today %}{{ on_today(found) }}', found=found)
    assert today.count("<li>") == 5
    for words in ("Nothing from us yet", "Nothing from us since Thursday 10 September", "Only worries this half-term",
                  'href="/staff/unheard"', 'href="/staff/pupils/p-zoe/good-news"'):
        assert words in today
    on_today = '{% from "unheard_parts.html" import on_today %}{{ on_today(found) }}'
    assert "answering just now" in drawn(home, on_today, found=None)
    assert "Every family has heard" in drawn(home, on_today, found={**found, "items": []})
    on_class = '{% from "unheard_parts.html" import on_class %}{{ on_class(found, "c-maple") }}'
    assert "Zoe Marsh" in drawn(home, on_class, found=found)
    for nothing in (None, {**found, "items": []}):
        assert drawn(home, on_class, found=nothing).strip() == ""
    on_pupil = '{% from "unheard_parts.html" import on_pupil %}{{ on_pupil(says, pupil) }}'
    assert "no good news from us this half-term" in drawn(home, on_pupil, says=True, pupil=ZOE["pupil"])
    assert drawn(home, on_pupil, says=False, pupil={}).strip() == ""


def test_contact_made_is_a_table_and_small_classes_have_no_numbers(home: House) -> None:
    half = {"from_on": "2026-11-02", "to_on": "2026-12-18"}
    items = [{"school_class": {"id": "c-1", "title": "Elm"}, "made": None},
             {"school_class": {"id": "c-2", "title": "Maple"},
              "made": {"good_news": 12, "talks": 3, "notes": 0, "worries": 1}}]
    home.answers.tell("profiles", "GET", "/contact-made", {
        "half": half, "halves": [{"from_on": "2026-09-01", "to_on": "2026-10-23"}, half], "items": items})
    bell = home.sign_in("bell@families.invalid")
    page = bell.open("/staff/contact-made")
    assert [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>.*?</t[hd]>", page.html)] == [
        "Class", "Good news", "Talks", "Notes", "Worries", "Elm", *["Too few children to count"] * 4,
        "Maple", "12", "3", "0", "1"]
    home.answers.tell("profiles", "GET", "/contact-made", Unavailable())
    assert "answering just now" in bell.open("/staff/contact-made").text


def test_more_families_are_a_link_that_holds_no_name(home: House) -> None:
    home.answers.tell("profiles", "GET", "/unheard", {"items": [ZOE], "after": "p-zoe", "weeks": 4})
    bell = home.sign_in("bell@families.invalid")
    assert bell.open("/staff/unheard").link("More families") == "/staff/unheard?school=oakfield&after=p-zoe"
    bell.open("/staff/unheard?school=oakfield&after=p-zoe")
    assert home.answers.sent("GET", "/unheard")[-1].params == {"limit": 50, "after": "p-zoe"}
    home.answers.tell("profiles", "GET", "/unheard", Unavailable())
    assert "answering just now" in bell.open("/staff/unheard").text
