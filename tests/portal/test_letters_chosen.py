"""How and when a school writes to somebody: chosen in Settings, or stopped by the link that an e-mail carries."""

from __future__ import annotations

import re

import pytest

from chassis.errors import Invalid, NotFound, Unavailable
from tests.journeys.browsing import HOST, Browser
from tests.portal.house import AMIRA, House

TOKEN = "k" * 43


@pytest.fixture
def known(house: House) -> House:
    house.hear(house.adult("amira-1"), house.adult("bell-1", "staff"))
    house.answers.tell("notifications", "GET", "/preferences", {"email": "at-once", "language": "en"})
    house.answers.tell("notifications", "PUT", "/preferences", {"email": "daily", "language": "ur"})
    return house


@pytest.mark.parametrize("who", ["oakfield:amira-1", "oakfield:bell-1"])
def test_an_adult_chooses_when_e_mails_come_and_in_which_language(known: House, who: str) -> None:
    visitor = known.sign_in(who)
    assert "E-mails come At once" in visitor.open("/settings").text
    form = visitor.open(visitor.page.link("Change how we write to you"))
    saved = visitor.send(email=form.choice("email", "Once a day, at 6pm"), language="ur")
    assert (saved.path, "Saved" in saved.text) == ("/settings", True)
    assert [call.json for call in known.answers.sent("PUT", "/preferences")] == [
        {"email": "daily", "language": "ur", "good_news": "as-it-comes"}]


def test_a_language_may_be_left_to_the_school(known: House) -> None:
    visitor = known.sign_in(AMIRA)
    visitor.open("/settings/letters?school=oakfield")
    visitor.send(email="none", language="")
    assert known.answers.sent("PUT", "/preferences")[0].json == {
        "email": "none", "language": None, "good_news": "as-it-comes"}


@pytest.mark.parametrize(("answers", "words"), [
    ({"email": "hourly", "language": "en"}, "Choose one"), ({"email": "", "language": "en"}, "Choose one"),
    ({"email": "daily", "language": "klingon"}, "Choose a language from the list")])
def test_what_is_not_a_choice_is_said_at_its_place(known: House, answers: dict[str, str], words: str) -> None:
    visitor = known.sign_in(AMIRA)
    visitor.open("/settings/letters?school=oakfield")
    page = visitor.send(**answers)
    assert (page.status, words in page.text) == (422, True)
    assert known.answers.sent("PUT", "/preferences") == []


def test_a_refusal_of_the_service_is_shown_with_the_form(known: House) -> None:
    known.answers.tell("notifications", "PUT", "/preferences", Invalid("Not that one."))
    visitor = known.sign_in(AMIRA)
    visitor.open("/settings/letters?school=oakfield")
    page = visitor.send(email="daily", language="en")
    assert (page.status, "Not that one." in page.text) == (422, True)


def test_settings_are_there_while_notifications_is_silent_and_say_so(known: House) -> None:
    known.answers.tell("notifications", "GET", "/preferences", Unavailable())
    page = known.sign_in(AMIRA).open("/settings")
    assert page.status == 200
    assert "This part isn't answering just now" in page.text
    assert "Where you are signed in" in page.text


def test_each_school_has_a_choice_of_its_own_and_none_of_somebody_elses(known: House) -> None:
    known.hear(known.adult("amira-2", school="elm"))
    visitor = known.sign_in(AMIRA)
    assert visitor.open("/settings").text.count("Change how we write to you") == 2
    visitor.open("/settings/letters?school=elm")
    visitor.send(email="daily", language="en")
    assert known.answers.sent("PUT", "/preferences")[0].who.school == "elm"
    for school in ("ash", ""):
        assert visitor.open(f"/settings/letters?school={school}").status == 404


def page_of(house: House, path: str, method: str = "GET") -> tuple[int, str]:
    reply = house.pages.test_client().open(path, method=method, base_url=HOST)
    return reply.status_code, re.sub(r"/unsubscribe/\S+", "", reply.get_data(as_text=True))


def test_every_link_in_an_e_mail_shows_the_same_button_and_the_same_answer(house: House) -> None:
    house.answers.tell("notifications", "POST", f"/unsubscribe/{TOKEN}", None)
    house.answers.tell("notifications", "POST", "/unsubscribe/never", NotFound())
    house.answers.tell("notifications", "POST", "/unsubscribe/refused", Invalid("no"))
    paths = [f"/unsubscribe/oakfield/{TOKEN}", "/unsubscribe/oakfield/never", "/unsubscribe/oakfield/refused",
             f"/unsubscribe/nowhere/{TOKEN}", "/unsubscribe/oakfield/..%2e", f"/unsubscribe/oakfield/{'k' * 300}"]
    for method, words in (("GET", "Stop e-mails from the school"), ("POST", "send no more e-mails")):
        pages = {page_of(house, path, method) for path in paths}
        assert len(pages) == 1
        status, html = pages.pop()
        assert (status, words in html) == (200, True)
    asked = [call.path for call in house.answers.calls]
    assert asked == [f"/unsubscribe/{TOKEN}", "/unsubscribe/never", "/unsubscribe/refused"]
    assert house.answers.calls[0].who.person_id == "", "no token of ours goes with it"


def test_a_person_presses_the_button_and_a_mail_program_posts_without_cookies(house: House) -> None:
    house.answers.tell("notifications", "POST", f"/unsubscribe/{TOKEN}", None)
    visitor = Browser(house.pages)
    visitor.open(f"/unsubscribe/oakfield/{TOKEN}")
    assert "send no more e-mails" in visitor.send().text
    reply = house.pages.test_client().post(f"/unsubscribe/oakfield/{TOKEN}", base_url=HOST,
                                           data={"List-Unsubscribe": "One-Click"})
    assert reply.status_code == 200
    assert len(house.answers.calls) == 2


def test_a_stop_that_did_not_arrive_says_so(house: House) -> None:
    house.answers.tell("notifications", "POST", f"/unsubscribe/{TOKEN}", Unavailable())
    assert page_of(house, f"/unsubscribe/oakfield/{TOKEN}", "POST")[0] == 503


def test_links_are_not_tried_by_the_thousand_from_one_place(house: House) -> None:
    client = house.pages.test_client()
    found = [client.post("/unsubscribe/oakfield/never", base_url=HOST).status_code for _ in range(301)]
    assert (set(found[:300]), found[300]) == ({200}, 429)


def test_other_forms_are_still_refused_without_their_token(known: House) -> None:
    reply = known.pages.test_client().post("/sign-in", data={"email": AMIRA}, base_url=HOST)
    assert reply.status_code == 400
