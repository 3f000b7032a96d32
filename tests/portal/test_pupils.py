"""A child comes in with a code from their teacher, as a child alone; every wrong try is answered alike."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.envelope import Event
from chassis.errors import Refused
from services.portal.accounts.code_words import WORDS
from services.portal.accounts.limits import Limit
from services.portal.accounts.models import Identifier, Membership, PupilCode, SignedIn
from services.portal.accounts.pupils import end_codes, make_codes, new_code
from services.portal.accounts.rules import end_of_school_year, tidy_code
from services.portal.me.rules import level_of
from services.portal.sign_in import routes
from services.portal.trust_work import trust_work
from tests.fakes import NOW
from tests.journeys.browsing import HOST, Browser, Page
from tests.portal.house import SECRET, House

SAM, ZOE = "sam-1", "zoe-1"
MAPLE = {"id": "c-maple", "title": "Maple", "pupils": [
    {"id": SAM, "given_name": "Sam", "family_name": "Haddad"},
    {"id": ZOE, "given_name": "Zoe", "family_name": "Marsh"}]}
PAGE: dict[str, Any] = {"pupil": {"id": SAM, "given_name": "Sam", "family_name": "Haddad", "year_group": "Year 2",
                                  "status": "current"}, "may": {}, "parts": {}}


def described(house: House, pupil: str, school: str = "oakfield", **changes: Any) -> Event:
    return house.state("pupil.described.v1", pupil, {
        "id": pupil, "given_name": pupil.split("-")[0].title(), "family_name": "Haddad", "year_group": "Year 2",
        "status": "current", "class_ids": [], **changes}, school)


@pytest.fixture(autouse=True)
def lived(house: House) -> None:
    """Two children at Oakfield, whose teacher is Bell; their pages answer."""
    house.hear(house.state("school.described.v1", "school", {"name": "Oakfield", "zone": "Europe/London"}),
               described(house, SAM), described(house, ZOE), house.adult("bell-1", "staff", roles=["teacher"]))
    house.answers.tell("profiles", "GET", "/classes/c-maple", MAPLE)
    house.answers.tell("profiles", "GET", f"/pupils/{SAM}/page", PAGE)


def code_for(house: House, pupil: str = SAM, school: str = "oakfield") -> str:
    with trust_work(house.portal.database, "test") as work:
        return make_codes(work, SECRET, (school, [pupil]), "bell-1")[pupil]


def enter(house: House, code: str, school: str = "oakfield") -> Browser:
    child = Browser(house.pages)
    child.open("/sign-in/child")
    child.send(school=school, code=code)
    return child


def plain(page: Page) -> tuple[int, str, str]:
    return page.status, page.path, re.sub(r'name="csrf_token" value="[^"]+"', "", page.html)


def test_a_child_comes_in_as_themselves_and_only_as_a_child(house: House) -> None:
    child = enter(house, code_for(house).upper().replace("-", " "))
    assert (child.page.status, child.page.path) == (200, "/me")
    assert "Hello Sam" in child.page.text
    assert [(call.who.hat, call.who.person_id, call.who.school) for call in house.answers.sent(
        "GET", f"/pupils/{SAM}/page")] == [("pupil", SAM, "oakfield")]
    for path in ("/staff", "/inbox", "/calendar", "/settings", "/office/families", "/trust", "/hat/staff"):
        assert child.open(path).status == 404, path
    assert child.open("/").path == "/me"
    assert "Settings" not in child.page.text
    assert child.leave().path == "/sign-in/out"
    assert child.open("/me").path == "/sign-in"


def test_the_session_ends_with_the_browser_and_after_half_an_hour(house: House) -> None:
    code, client = code_for(house), house.pages.test_client()
    html = client.get("/sign-in/child", base_url=HOST).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert token
    reply = client.post("/sign-in/child", base_url=HOST,
                        data={"csrf_token": token.group(1), "school": "oakfield", "code": code})
    cookies = reply.headers.getlist("Set-Cookie")
    assert [cookie for cookie in cookies if cookie.startswith("__Host-tandem=") and "HttpOnly" in cookie]
    assert [cookie for cookie in cookies if "Max-Age" in cookie or "Expires" in cookie] == []
    assert client.get("/me", base_url=HOST).status_code == 200
    house.clock.advance(minutes=31)
    away = client.get("/me", base_url=HOST)
    assert away.location.startswith("/sign-in/child?next=%2Fme&away=1")


def test_every_wrong_try_gets_the_same_answer(house: House) -> None:
    code, elsewhere = code_for(house), described(house, "mia-1", "elm")
    house.hear(elsewhere)
    ended, old = code_for(house, ZOE), code_for(house, "mia-1", "elm")
    with trust_work(house.portal.database, "test") as work:
        end_codes(work, "oakfield", [ZOE])
    wrong = [("oakfield", "otter-maple-482-915"), ("nowhere", code), ("", code), ("oakfield", ""), ("elm", code),
             ("oakfield", ended), ("oakfield", old), ("oakfield", "x" * 5000)]
    answers = {plain(enter(house, given, school).page) for school, given in wrong}
    assert len(answers) == 1
    assert next(iter(answers))[0] == 422
    html = enter(house, "wrong").page.html
    assert [name for name in ("Sam", "Zoe", "Haddad") if name in html] == []


@pytest.mark.parametrize(("limit", "kept"), [("WRONG_BY_PLACE", "WRONG_BY_SCHOOL"),
                                             ("WRONG_BY_SCHOOL", "WRONG_BY_PLACE")])
def test_wrong_tries_are_limited_by_place_and_by_school_and_a_class_can_come_in(
        house: House, monkeypatch: pytest.MonkeyPatch, limit: str, kept: str) -> None:
    found: Limit = getattr(routes, limit)
    monkeypatch.setattr(routes, limit, Limit(found.name, 3, found.within))
    code = code_for(house)
    for _child in range(5):
        assert enter(house, code).page.path == "/me", f"what is right is not counted, by {kept} neither"
    assert [enter(house, "wrong").page.status for _again in range(4)] == [422, 422, 422, 429]
    assert enter(house, code).page.status == 429, "a right guess is not told from a wrong one"
    assert enter(house, code_for(house), "elm").page.status == (429 if limit == "WRONG_BY_PLACE" else 422)
    house.clock.advance(minutes=11)
    assert enter(house, code_for(house)).page.path == "/me"


def test_a_new_code_ends_the_old_one_and_whoever_is_in_by_it(house: House) -> None:
    old = code_for(house)
    child = enter(house, old)
    new = code_for(house)
    assert child.open("/me").path == "/sign-in/child"
    assert enter(house, old).page.status == 422
    assert enter(house, new).page.path == "/me"


def test_who_has_left_is_out_at_once_and_their_code_is_over(house: House) -> None:
    code = code_for(house)
    child = enter(house, code)
    house.hear(described(house, SAM, status="left"))
    assert child.open("/me").path == "/sign-in/child"
    assert enter(house, code).page.status == 422
    with trust_work(house.portal.database, "test", write=False) as work:
        assert work.all(sa.select(PupilCode)) == work.all(sa.select(SignedIn)) == []
    house.hear(described(house, SAM))
    assert enter(house, code).page.status == 422, "who comes back gets a code of their own again"


def test_a_code_ends_with_the_school_year(house: House) -> None:
    code = code_for(house)
    house.clock.advance(days=(end_of_school_year(NOW.date()) - NOW.date()).days - 1)
    assert enter(house, code).page.path == "/me"
    house.clock.advance(days=1)
    assert enter(house, code).page.status == 422


def test_a_child_has_no_address_and_no_link_signs_one_in(house: House) -> None:
    house.hear(described(house, SAM, email="sam@families.invalid"))
    with trust_work(house.portal.database, "test", write=False) as work:
        assert work.get(Membership, "oakfield", SAM).email is None
        assert work.all(sa.select(Identifier)) == []
    for who in (f"oakfield:{SAM}", "sam@families.invalid"):
        with pytest.raises(Refused):
            house.link(who)
    asked = Browser(house.pages)
    asked.open("/sign-in")
    asked.send(email="sam@families.invalid")
    house.work()
    assert house.post.letters == []


def test_only_a_hash_with_the_trusts_secret_is_kept(house: House) -> None:
    code = code_for(house)
    with trust_work(house.portal.database, "test", write=False) as work:
        (row,) = work.all(sa.select(PupilCode))
    assert re.fullmatch(r"[0-9a-f]{64}", row.code_hash)
    with trust_work(house.portal.database, "test") as work:
        make_codes(work, "another secret", ("oakfield", [SAM]), "bell-1")
    assert enter(house, code).page.status == 422


def test_codes_are_easy_to_type_and_hard_to_guess() -> None:
    assert len(set(WORDS)) == len(WORDS)
    assert len(WORDS) ** 2 * 10**6 > 2**38.5
    assert re.fullmatch(r"[a-z]+-[a-z]+-\d{3}-\d{3}", new_code())
    assert tidy_code(" Otter maple-482 915") == tidy_code("OTTER-MAPLE-482-915")


def test_a_teacher_makes_a_card_for_each_child_and_it_is_shown_once(house: House) -> None:
    bell = house.sign_in("oakfield:bell-1")
    assert "No code" in bell.open("/staff/classes/c-maple/codes").text
    cards = bell.send()
    codes = re.findall(r"[a-z]+-[a-z]+-\d{3}-\d{3}", cards.text)
    assert len(codes) == 2
    for words in ("Sam H", "Zoe M", "Oakfield", "tandem.invalid/sign-in/child"):
        assert words in cards.text
    assert enter(house, codes[0]).page.path == "/me"
    again = bell.open("/staff/classes/c-maple/codes")
    assert "Has a code" in again.text
    assert [code for code in codes if code in again.html] == []


def test_loading_the_cards_again_makes_no_others(house: House) -> None:
    bell = house.sign_in("oakfield:bell-1")
    bell.open("/staff/classes/c-maple/codes")
    form = bell.page
    code = re.findall(r"[a-z]+-[a-z]+-\d{3}-\d{3}", bell.send().text)[0]
    bell.page = form
    assert "shown once" in bell.send().text
    assert enter(house, code).page.path == "/me"


def test_one_childs_code_is_made_and_ended_alone(house: House) -> None:
    sam, zoe = code_for(house), code_for(house, ZOE)
    bell = house.sign_in("oakfield:bell-1")
    bell.open("/staff/classes/c-maple/codes")
    new = re.findall(r"[a-z]+-[a-z]+-\d{3}-\d{3}", bell.send(pupil=SAM).text)
    assert [enter(house, code).page.status for code in (sam, *new, zoe)] == [422, 200, 404]  # Zoe's page says nothing
    bell.open("/staff/classes/c-maple/codes")
    assert "That code has ended" in bell.send("/staff/classes/c-maple/codes/end", pupil=SAM).text
    assert enter(house, new[0]).page.status == 422
    bell.open("/staff/classes/c-maple/codes")
    assert bell.send(pupil="somebody-else").status == 404


def test_who_does_not_teach_the_class_and_families_find_no_such_page(house: House) -> None:
    bell = house.sign_in("oakfield:bell-1")
    assert bell.open("/staff/classes/c-oak/codes").status == 404
    house.hear(house.adult("amira-1"))
    assert house.sign_in("amira@families.invalid").open("/staff/classes/c-maple/codes").status == 404


@pytest.mark.parametrize(("year", "level"), [
    ("Reception", "young"), ("Year 2", "young"), ("Year 6", "young"), ("Year 7", "older"), ("Y11", "older"),
    ("Nursery", "young"), (None, "young"), ("", "young")])
def test_words_fit_the_year(year: str | None, level: str) -> None:
    assert level_of(year) == level


def test_a_child_can_choose_longer_words_and_back(house: House) -> None:
    child = enter(house, code_for(house))
    assert "What I'm good at" in child.page.text
    assert "My strengths" in child.send("/me/words").text
    assert "What I'm good at" in child.send("/me/words").text


def test_a_child_sees_when_they_were_here_before(house: House) -> None:
    code = code_for(house)
    assert "You were here before" not in enter(house, code).page.text
    assert "You were here before on Tuesday 24 November, 9:00am" in enter(house, code_for(house)).page.text
