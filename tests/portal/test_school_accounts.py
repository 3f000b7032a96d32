"""Somebody who is in connects the account of the school once, and comes in by it from then on; nobody else does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from services.portal.accounts.actions import KEEP_UNUSED, prune
from services.portal.accounts.connected import connect
from services.portal.accounts.models import Account, ConnectedAccount, Membership, SignedIn
from services.portal.accounts.rules import hash_of, hash_of_identity
from services.portal.trust_work import trust_work
from tests.journeys.browsing import HOST, Browser, Page
from tests.parts.migrated import new_postgres
from tests.portal.house import SECRET, House
from tests.portal.school import ACCOUNTS, AMIRA, BELL, BUTTON, SAM, ZOE, School, open_school

HATS = {BELL: "staff", AMIRA: "guardian", SAM: "pupil"}
DOORS = {BELL: "/sign-in", AMIRA: "/sign-in", SAM: "/sign-in/child"}


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[School]:
    """On both databases."""
    url = new_postgres(request.getfixturevalue("postgres_server"), "portal")[1] \
        if request.param == "postgresql" else None
    with open_school(tmp_path, url) as opened:
        yield opened


def plain(page: Page) -> tuple[int, str]:
    return page.status, re.sub(r'name="csrf_token" value="[^"]+"', "", page.html)


@pytest.mark.parametrize("person", [BELL, AMIRA, SAM])
def test_whoever_has_connected_an_account_comes_in_by_it_alone(either: School, person: str) -> None:
    visitor = either.come(person)
    visitor.open(ACCOUNTS)
    asked = either.go(visitor, visitor.page.link("Connect my school account"))
    assert (asked.path, asked.status) == (f"{ACCOUNTS}/confirm", 200)
    assert "bell@brook.example" in asked.text
    assert either.rows(ConnectedAccount) == [], "an address alone connects nothing"
    assert "Next time, choose it" in visitor.send().text
    visitor.leave()
    again = Browser(either.house.pages)
    entrance = again.open(DOORS[person])
    either.go(again, entrance.link("with Brook"))
    assert again.open(ACCOUNTS).status == 200
    (session,) = either.rows(SignedIn)
    assert session.hat == HATS[person]
    assert [row.account_id for row in either.rows(ConnectedAccount)] == [session.account_id]
    assert either.counts() == [1, 1, 1]


def test_an_account_that_nobody_connected_gets_a_kind_page_and_makes_nothing(school: School) -> None:
    school.connect(BELL, "bell")
    before = school.counts()
    page = school.press("a-stranger").page
    assert page.status == 404
    assert "Come in first with a link to your e-mail, or with the code from your teacher" in page.text
    assert page.link("Come in with a link") == "/sign-in"
    assert page.link("Come in with the code") == "/sign-in/child"
    assert school.counts() == before


@pytest.mark.parametrize("gone", [{"status": "ended"}, None])
def test_who_has_left_is_refused_in_the_words_for_who_was_never_here(school: School, gone: Any) -> None:
    school.connect(BELL, "bell")
    assert school.press().open(ACCOUNTS).status == 200
    school.house.hear(school.house.state("staff.described.v1", BELL, None) if gone is None
                      else school.house.adult(BELL, "staff", roles=["teacher"], **gone))
    left, never = school.press("bell").page, school.press("a-stranger").page
    assert plain(left) == plain(never)
    assert left.status == 404
    school.house.hear(school.house.adult(BELL, "staff", roles=["teacher"]))
    assert school.press("bell").open(ACCOUNTS).status == 200


def test_an_account_opens_one_persons_pages_and_no_second_ones(school: School) -> None:
    school.connect(BELL, "shared")
    amira = school.connect(AMIRA, "shared")
    assert (amira.page.status, amira.page.path) == (409, f"{ACCOUNTS}/confirm")
    assert "connected to somebody else here" in amira.page.text
    (row,) = school.rows(ConnectedAccount)
    bell = next(item for item in school.rows(Membership) if item.person_id == BELL)
    assert row.account_id == bell.account_id


def test_an_account_whose_owner_has_left_is_free_again(school: School) -> None:
    school.connect(BELL, "moved")
    school.house.hear(school.house.adult(BELL, "staff", status="ended"))
    assert "Next time, choose it" in school.connect(AMIRA, "moved").page.text
    (row,) = school.rows(ConnectedAccount)
    amira = next(item for item in school.rows(Membership) if item.person_id == AMIRA)
    assert row.account_id == amira.account_id
    school.house.hear(school.house.adult(BELL, "staff"))
    school.house.clock.advance(minutes=1)
    assert school.press("moved").open(ACCOUNTS).status == 200
    assert max(school.rows(SignedIn), key=lambda session: session.created_at).hat == "guardian"


def test_another_account_of_the_same_provider_takes_the_place_of_the_first(school: School) -> None:
    bell = school.connect(BELL, "old")
    assert school.go(bell, f"{ACCOUNTS}/brook/connect").status == 200
    school.provider.person = {"sub": "new"}
    asked = school.go(bell, f"{ACCOUNTS}/brook/connect")
    assert "The account is" not in asked.text, "a provider may not say how it is called"
    bell.send()
    assert [len(school.rows(ConnectedAccount)), school.press("old").page.status] == [1, 404]
    assert school.press("new").open(ACCOUNTS).status == 200


def test_it_is_disconnected_after_a_question_and_opens_nothing_then(school: School) -> None:
    bell, amira = school.connect(BELL, "bell"), school.come(AMIRA)
    assert "Last used" in bell.open(ACCOUNTS).text
    assert amira.open(f"{ACCOUNTS}/brook/disconnect").status == 404, "it is not hers"
    bell.open(bell.page.link("Disconnect"))
    assert len(school.rows(ConnectedAccount)) == 1
    assert "It doesn't open your pages any more" in bell.send().text
    assert bell.open(f"{ACCOUNTS}/brook/disconnect").status == 404
    assert school.press("bell").page.status == 404
    assert bell.open(ACCOUNTS).status == 200, "whoever is in stays in"


def test_who_may_use_it_is_what_trust_it_has_said(tmp_path: Path) -> None:
    with open_school(tmp_path, who=["staff"]) as school:
        school.connect(BELL, "bell")
        amira, sam = school.come(AMIRA), school.come(SAM)
        for visitor in (amira, sam):
            assert visitor.open(ACCOUNTS).status == 404
            assert visitor.open(f"{ACCOUNTS}/brook/connect").status == 404
        assert "My school account" not in amira.open("/settings").text
        assert "Brook" not in Browser(school.house.pages).open("/sign-in/child").text
        with trust_work(school.house.portal.database, "test") as work:
            assert connect(work, next(row.account_id for row in work.all(sa.select(Membership).where(
                Membership.person_id == AMIRA))), "brook", hash_of_identity(SECRET, school.provider.issuer, "amira"))
        assert plain(school.press("amira").page) == plain(school.press("a-stranger").page)


def test_without_a_provider_there_is_nothing_to_see(house: House) -> None:
    house.hear(house.adult(BELL, "staff", roles=["teacher"]), house.adult(AMIRA))
    for person in (BELL, AMIRA):
        visitor = house.sign_in(f"oakfield:{person}")
        assert "school account" not in visitor.open("/settings").text
        for path in (ACCOUNTS, f"{ACCOUNTS}/brook/connect", f"{ACCOUNTS}/brook/disconnect", BUTTON, f"{BUTTON}/back"):
            assert visitor.open(path).status == 404, path
    for door in ("/sign-in", "/sign-in/child"):
        assert "account that you have connected" not in Browser(house.pages).open(door).text
    assert Browser(house.pages).open(f"{BUTTON}/back?code=x&state=y").status == 404


def test_somebody_with_two_hats_comes_in_as_with_a_link(tmp_path: Path) -> None:
    with open_school(tmp_path) as school:
        school.house.hear(school.house.adult("amira-9", "staff", email="amira@families.invalid"))
        amira = school.house.sign_in("amira@families.invalid")
        school.go(amira, f"{ACCOUNTS}/brook/connect")
        amira.send()
        assert "You are here as a parent or carer" in school.press().open("/settings").text
    (tmp_path / "staff").mkdir()
    with open_school(tmp_path / "staff", who=["staff"]) as school:
        school.house.hear(school.house.adult("amira-9", "staff", email="amira@families.invalid"))
        amira = school.house.sign_in("amira@families.invalid")
        amira.open("/hat/staff")
        amira.send()
        school.go(amira, f"{ACCOUNTS}/brook/connect")
        amira.send()
        assert "You are here as staff" in school.press().open("/settings").text


def test_a_child_has_the_same_limits_as_with_a_code(school: School) -> None:
    school.connect(SAM, "sam")
    client = school.house.pages.test_client()
    begun = client.get(f"{BUTTON}?next=/settings", base_url=HOST)
    reply = client.get(school.provider.visit(begun.location), base_url=HOST)
    assert (reply.status_code, reply.location) == (303, "/me"), "a child goes on to a page of their own"
    cookies = reply.headers.getlist("Set-Cookie")
    assert [cookie for cookie in cookies if cookie.startswith("__Host-tandem=") and "HttpOnly" in cookie]
    assert [cookie for cookie in cookies if "Max-Age" in cookie or "Expires=" in cookie.split("tandem_form")[0]] == []
    for path in ("/staff", "/inbox", "/settings", "/hat/staff", "/office/families"):
        assert client.get(path, base_url=HOST).status_code == 404, path
    school.house.clock.advance(minutes=31)
    assert client.get("/me", base_url=HOST).location.startswith("/sign-in/child")


@pytest.mark.parametrize("how", ["a new code", "an ended code", "the child has left"])
def test_what_ends_a_childs_code_ends_the_account_that_was_connected(school: School, how: str) -> None:
    """Somebody who knew the code may have connected an account of their own."""
    school.connect(SAM, "not-sam")
    school.connect(ZOE, "zoe")
    inside = school.press("not-sam")
    school.house.answers.tell("profiles", "GET", "/classes/c-1", {"id": "c-1", "title": "Maple", "pupils": [
        {"id": SAM, "given_name": "Sam", "family_name": "Haddad"}]})
    bell = school.come(BELL)
    assert "Comes in with the school account too" in bell.open("/staff/classes/c-1/codes").text
    if how == "a new code":
        bell.send(pupil=SAM)
    elif how == "an ended code":
        assert "opens nothing any more" in bell.send("/staff/classes/c-1/codes/end", pupil=SAM).text
    else:
        school.house.hear(school.child(SAM, status="left"))
    assert inside.open(ACCOUNTS).path.startswith("/sign-in")
    assert school.press("not-sam").page.status == 404
    assert school.press("zoe").open(ACCOUNTS).status == 200
    if how != "the child has left":
        assert "Comes in with the school account too" not in bell.open("/staff/classes/c-1/codes").text


def test_what_comes_back_is_for_whoever_set_out_and_for_ten_minutes(school: School) -> None:
    bell = school.come(BELL)
    back = school.provider.visit(bell.fetch(f"{ACCOUNTS}/brook/connect").location)
    bell.open("/settings")
    bell.leave()
    bell.open(school.house.link(f"oakfield:{AMIRA}"))
    bell.send()
    assert bell.open(back).status == 400, "another person is in at this browser now"
    school.go(bell, f"{ACCOUNTS}/brook/connect")
    question = bell.page
    school.house.clock.advance(minutes=11)
    bell.page = question
    assert bell.send().path == ACCOUNTS
    assert bell.open(f"{ACCOUNTS}/confirm").path == ACCOUNTS
    assert school.rows(ConnectedAccount) == []


def test_the_question_is_sent_by_a_form_of_ours_and_once(school: School) -> None:
    bell = school.come(BELL)
    school.go(bell, f"{ACCOUNTS}/brook/connect")
    question = bell.page
    assert bell._client.post(f"{ACCOUNTS}/confirm", base_url=HOST).status_code == 400
    assert school.rows(ConnectedAccount) == []
    bell.page = question
    bell.send()
    bell.page = question
    assert bell.send().path == ACCOUNTS
    assert len(school.rows(ConnectedAccount)) == 1


def test_only_a_keyed_hash_is_kept_and_a_session_is_new_each_time(school: School) -> None:
    school.connect(BELL, "bell")
    (row,) = school.rows(ConnectedAccount)
    assert row.key_hash == hash_of_identity(SECRET, school.provider.issuer, "bell")
    assert row.key_hash not in (hash_of("bell"), hash_of_identity("another secret", school.provider.issuer, "bell"),
                                hash_of_identity(SECRET, "https://elsewhere.example", "bell"))
    assert "bell" not in repr({name: getattr(row, name) for name in ("key_hash", "account_id", "provider")})
    school.press()
    school.press()
    assert len({session.id_hash for session in school.rows(SignedIn)}) == 3


def test_whoever_is_in_already_is_not_sent_to_the_provider(school: School) -> None:
    bell = school.come(BELL)
    reply = bell.fetch(f"{BUTTON}?next=/settings")
    assert (reply.status_code, reply.location) == (303, "/settings")
    stranger = Browser(school.house.pages)
    assert school.go(stranger, f"{BUTTON}?next=https://elsewhere.example").status == 404
    school.connect(BELL, "bell")
    back = Browser(school.house.pages)
    assert school.go(back, f"{BUTTON}?next=//elsewhere.example").path == "/staff"
    assert school.go(Browser(school.house.pages), f"{BUTTON}?next=/settings").path == "/settings"


def test_a_connection_that_nobody_uses_is_forgotten(school: School) -> None:
    school.connect(BELL, "bell")
    school.connect(AMIRA, "amira")
    school.house.clock.advance(days=KEEP_UNUSED.days - 1)
    school.press("amira")
    school.house.clock.advance(days=2)
    with trust_work(school.house.portal.database, "test") as work:
        prune(work)
    assert school.press("bell").page.status == 404
    assert len(school.rows(ConnectedAccount)) == 1
    assert len(school.rows(Account)) == 2
