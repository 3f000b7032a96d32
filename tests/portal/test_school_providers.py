"""What a provider says is taken only when all of it is right; whatever goes wrong there is a calm page here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt

from chassis.adapters.http import HttpCaller
from chassis.errors import Refused
from chassis.log import set_up_logging
from services.portal.accounts.limits import Limit
from services.portal.accounts.models import ConnectedAccount, SignedIn
from services.portal.school_accounts import routes
from services.portal.school_accounts.openid import Door
from services.portal.school_accounts.rules import is_safe_address, read_providers, subject_of
from services.portal.settings import providers_of
from tests.journeys.browsing import HOST, Browser
from tests.parts.provider import CLIENT, SECRET, TENANT, key
from tests.portal.house import URL
from tests.portal.school import ACCOUNTS, BELL, BUTTON, School, open_school

NOT_SURE = "We couldn't be sure that it was you"
CLOCKS = "The clocks don't agree"
ELSEWHERE = "That isn't an account from your school"
AGAIN = "That took too long, or the page was opened twice"
AWAY = "Brook isn't answering just now"


def written(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def unsigned(claims: dict[str, Any], algorithm: str = "none") -> str:
    header = {"alg": algorithm, "kid": "key-0", "typ": "JWT"}
    return ".".join(written(json.dumps(part).encode()) for part in (header, claims)) + "."


def by_shared_secret(secret: bytes) -> Callable[[dict[str, Any]], str]:
    """By hand: the library refuses to sign with a public key."""
    def sign(claims: dict[str, Any]) -> str:
        begun = unsigned(claims, "HS256").rstrip(".")
        return f"{begun}.{written(hmac.new(secret, begun.encode(), hashlib.sha256).digest())}"

    return sign


def by_another_key(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "key-0"}, claims, key(1), algorithms=["RS256"])


@pytest.mark.parametrize(("wrong", "title"), [
    ({"nonce": "another"}, NOT_SURE), ({"nonce": None}, NOT_SURE), ({"iss": "https://elsewhere.example"}, NOT_SURE),
    ({"iss": None}, NOT_SURE), ({"aud": "another-client"}, NOT_SURE), ({"aud": None}, NOT_SURE),
    ({"aud": [CLIENT, "another-client"]}, NOT_SURE), ({"azp": "another-client"}, NOT_SURE), ({"sub": None}, NOT_SURE),
    ({"sub": 7}, NOT_SURE), ({"sub": ""}, ELSEWHERE), ({"sub": "x" * 256}, ELSEWHERE), ({"exp": None}, NOT_SURE),
    ({"at_hash": "of-another-token"}, NOT_SURE), ({"exp": 1}, CLOCKS), ({"iat": 4_000_000_000}, CLOCKS),
    ({"nbf": 4_000_000_000}, CLOCKS)])
def test_a_claim_that_is_not_right_lets_nobody_in(school: School, wrong: dict[str, Any], title: str) -> None:
    school.connect(BELL, "bell")
    before, school.provider.wrong = school.counts(), wrong
    assert title in school.press().page.text
    assert school.counts() == before


@pytest.mark.parametrize("token", [
    unsigned, by_another_key, by_shared_secret(SECRET.encode()), by_shared_secret(key(0).as_pem(private=False)),
    lambda claims: "not a token", lambda claims: "a.b.c", lambda claims: None,
    lambda claims: jwt.encode({"alg": "RS256", "kid": "key-7"}, claims, key(1), algorithms=["RS256"])],
    ids=["no signature", "another key", "the secret", "the public key as a secret", "text", "parts", "none", "unknown"])
def test_a_signature_that_is_not_the_providers_lets_nobody_in(
        school: School, token: Callable[[dict[str, Any]], str | None]) -> None:
    school.connect(BELL, "bell")
    before, school.provider.token = school.counts(), token
    assert NOT_SURE in school.press().page.text
    assert school.counts() == before


@pytest.mark.parametrize("apart", [-100, 100])
def test_clocks_may_be_a_little_apart(school: School, apart: int) -> None:
    school.connect(BELL, "bell")
    now = int(school.house.clock.now().timestamp()) + apart
    school.provider.wrong = {"iat": now, "nbf": now, "exp": now + 1}
    assert school.press().open(ACCOUNTS).status == 200


def test_a_state_that_is_wrong_old_used_or_of_another_browser_lets_nobody_in(school: School) -> None:
    school.connect(BELL, "bell")
    before = school.counts()

    def begin() -> tuple[Browser, str]:
        visitor = Browser(school.house.pages)
        return visitor, school.provider.visit(visitor.fetch(BUTTON).location)

    visitor, back = begin()
    assert AGAIN in Browser(school.house.pages).open(back).text, "the code is of no use to another browser"
    assert visitor.open(back).path == "/staff"
    for spoilt in ("/back?code=x&state=wrong", "/back?code=x", "/back", "/back?code=x&state=%C3%A9"):
        visitor, _back = begin()
        assert AGAIN in visitor.open(BUTTON + spoilt).text, spoilt
    visitor, back = begin()
    school.house.clock.advance(minutes=10)
    assert AGAIN in visitor.open(back).text
    other, thief = begin()[1], Browser(school.house.pages)
    own = school.provider.visit(thief.fetch(BUTTON).location)
    mixed = own.replace(own.split("code=")[1].split("&")[0], other.split("code=")[1].split("&")[0])
    assert AGAIN in thief.open(mixed).text, "a code goes with the verifier of its own browser"
    assert len(school.rows(SignedIn)) == before[2] + 1


def test_a_link_back_works_once(school: School) -> None:
    school.connect(BELL, "bell")
    visitor = Browser(school.house.pages)
    back = school.provider.visit(visitor.fetch(BUTTON).location)
    assert visitor.open(back).path == "/staff"
    assert AGAIN in visitor.open(back).text


@pytest.mark.parametrize(("said", "title", "status"), [
    ("access_denied", "You stopped before the end", 403), ("login_required", "You stopped before the end", 403),
    ("temporarily_unavailable", AWAY, 503), ("<script>", AWAY, 503)])
def test_who_is_sent_back_without_a_code_can_go_on(school: School, said: str, title: str, status: int) -> None:
    school.provider.sends_back = said
    page = school.press().page
    assert (page.status, title in page.text, "<script>alert" in page.html) == (status, True, False)
    assert page.link("Try again") == BUTTON
    bell = school.come(BELL)
    assert title in school.go(bell, f"{ACCOUNTS}/brook/connect").text
    assert bell.page.link("Back to my school account") == ACCOUNTS


def test_another_issuer_in_the_answer_is_not_believed(school: School) -> None:
    visitor = Browser(school.house.pages)
    back = school.provider.visit(visitor.fetch(BUTTON).location)
    assert NOT_SURE in visitor.open(back.partition("&iss=")[0] + "&iss=https://elsewhere.example").text


def test_a_provider_that_is_slow_is_left_alone_for_a_while(school: School) -> None:
    provider = school.provider
    school.house.portal.doors["brook"] = Door(school.door.provider, f"{URL}{BUTTON}/back", school.house.clock,
                                              HttpCaller(0.2))
    provider.hangs = True
    page = Browser(school.house.pages).open(BUTTON)
    assert (page.status, AWAY in page.text) == (503, True)
    asked = len(provider.asked)
    assert Browser(school.house.pages).open(BUTTON).status == 503
    assert len(provider.asked) == asked, "nobody waits for it in vain again"
    provider.hangs = False
    provider.let_go.set()
    school.house.clock.advance(seconds=11)
    assert school.press().page.status == 404


@pytest.mark.parametrize("trouble", ["broken", "gone", "no json", "other issuer", "unsafe", "wrong secret"])
def test_a_provider_in_trouble_is_said_so(tmp_path: Path, trouble: str) -> None:
    with open_school(tmp_path, client_secret="wrong" if trouble == "wrong secret" else SECRET) as school:
        provider, visitor = school.provider, Browser(school.house.pages)
        provider.answers = {"broken": "503", "gone": "404", "no json": "200"}.get(trouble, "")
        provider.described = {
            "other issuer": {"issuer": "https://elsewhere.example"},
            "unsafe": {"authorization_endpoint": "http://elsewhere.example/authorize"}}.get(trouble, {})
        page = school.press().page if trouble == "wrong secret" else visitor.open(BUTTON)
        assert (page.status, AWAY in page.text) == (503, True)
        assert visitor.open("/sign-in").status == 200


def test_a_provider_that_breaks_between_there_and_back_loses_nothing(school: School) -> None:
    school.connect(BELL, "bell")
    visitor = Browser(school.house.pages)
    back = school.provider.visit(visitor.fetch(BUTTON).location)
    school.provider.answers = "500"
    assert AWAY in visitor.open(back).text
    school.provider.answers = ""
    assert school.go(visitor, visitor.page.link("Try again")).path == "/staff"


def test_what_a_provider_says_of_itself_is_asked_for_once_an_hour_and_new_keys_are_found(school: School) -> None:
    provider = school.provider
    school.connect(BELL, "bell")
    for _again in range(3):
        assert school.press().open(ACCOUNTS).status == 200
    assert [provider.asked.count(what) for what in ("openid-configuration", "keys")] == [1, 1]
    provider.signs_with, provider.shows = key(1), [key(0), key(1)]
    assert NOT_SURE in school.press().page.text, "keys were asked for in this minute already"
    school.house.clock.advance(minutes=1)
    assert school.press().open(ACCOUNTS).status == 200
    assert provider.asked.count("keys") == 2
    school.house.clock.advance(minutes=60)
    assert school.press().open(ACCOUNTS).status == 200
    assert [provider.asked.count(what) for what in ("openid-configuration", "keys")] == [2, 3]


def test_the_secret_is_shown_as_the_provider_wants_it(school: School) -> None:
    school.provider.takes_basic = False
    school.connect(BELL, "bell")
    assert school.press().open(ACCOUNTS).status == 200


def test_entra_is_known_by_tenant_and_object_and_google_by_domain() -> None:
    provider = read_providers({"brook": told(kind="entra")})[0]
    assert subject_of(provider, {"sub": "pairwise", "oid": "object", "tid": TENANT}) == "object"
    assert [subject_of(provider, claims) for claims in (
        {"sub": "s", "oid": "object", "tid": TENANT.replace("1", "9")}, {"sub": "s", "oid": "object"},
        {"sub": "s", "tid": TENANT}, {"sub": "s", "oid": "", "tid": TENANT})] == [None] * 4
    provider = read_providers({"brook": told(kind="google", domains=["Brook.example"])})[0]
    assert subject_of(provider, {"sub": "s", "hd": "brook.EXAMPLE", "email": "e"}) == "s"
    assert [subject_of(provider, {"sub": "s", **claims}) for claims in (
        {}, {"hd": "elsewhere.example"}, {"email": "sam@brook.example"}, {"hd": None})] == [None] * 4


@pytest.mark.parametrize(("said", "person", "stranger"), [
    ({"kind": "entra"}, {"oid": "o-1", "tid": TENANT, "preferred_username": "bell@brook.example"},
     {"oid": "o-1", "tid": TENANT.replace("1", "9")}),
    ({"kind": "google", "domains": ["brook.example"]}, {"hd": "brook.example", "email": "bell@brook.example"},
     {"hd": "elsewhere.example"})])
def test_an_account_from_elsewhere_connects_nothing_and_opens_nothing(
        tmp_path: Path, said: dict[str, Any], person: dict[str, Any], stranger: dict[str, Any]) -> None:
    with open_school(tmp_path, **said) as school:
        bell, school.provider.person = school.come(BELL), {"sub": "s", **stranger}
        assert ELSEWHERE in school.go(bell, f"{ACCOUNTS}/brook/connect").text
        school.provider.person = {"sub": "s", **person}
        assert "bell@brook.example" in school.go(bell, f"{ACCOUNTS}/brook/connect").text
        bell.send()
        assert len(school.rows(ConnectedAccount)) == 1
        assert school.press().open(ACCOUNTS).status == 200
        school.provider.person = {"sub": "s", **stranger}
        assert ELSEWHERE in school.press().page.text


def told(**changes: Any) -> dict[str, Any]:
    found = {"issuer": f"https://login.example/{TENANT}/v2.0", "client_id": "c", "client_secret": "s3cret",
             "label": "Brook", "who": ["staff"], **changes}
    return {name: value for name, value in found.items() if value is not None}


@pytest.mark.parametrize("wrong", [
    {"issuer": None}, {"issuer": "http://login.example"}, {"issuer": "login.example"}, {"client_secret": " "},
    {"who": None}, {"who": []}, {"who": ["operator"]}, {"who": "staff"}, {"kind": "saml"}, {"tenant": "x"},
    {"kind": "google"}, {"domains": ["brook.example"]}, {"kind": "google", "domains": "brook.example"},
    {"kind": "entra", "issuer": "https://login.example/common/v2.0"}, {"client_secret": "sécret"},
    {"kind": "entra", "issuer": "https://login.example/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"}])
def test_a_setting_that_is_wrong_is_said_in_words_without_its_secret(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="PORTAL_OIDC: brook: ") as refused:
        providers_of({"PORTAL_OIDC": json.dumps({"brook": told(**wrong)})})
    assert "s3cret" not in str(refused.value)


def test_the_setting_may_be_empty_and_names_are_short() -> None:
    assert providers_of({"PORTAL_OIDC": " "}) == ()
    assert [found.name for found in providers_of({"PORTAL_OIDC": json.dumps({"brook": told()})})] == ["brook"]
    for bad in ('["brook"]', "no json", json.dumps({"Brook!": told()}), json.dumps({"brook": "x"})):
        with pytest.raises(Refused):
            providers_of({"PORTAL_OIDC": bad})
    assert "s3cret" not in repr(read_providers({"brook": told()}))
    assert not is_safe_address("http://127.0.0.1/x", "https://login.example")


def test_wrong_tries_are_limited_and_a_class_can_come_in(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "WRONG", Limit("school-account", 3, routes.WRONG.within))
    school.connect(BELL, "bell")
    assert {school.press().page.path for _pupil in range(6)} == {"/staff"}
    assert {school.press("a-stranger").page.status for _pupil in range(6)} == {404}
    tries = [Browser(school.house.pages).open(f"{BUTTON}/back?code=x&state=y").status for _again in range(5)]
    assert tries == [400, 400, 400, 429, 429]
    assert school.press("bell").page.status == 429
    school.house.clock.advance(minutes=11)
    assert school.press("bell").page.path == "/staff"


def test_nothing_of_anybody_is_logged(school: School, caplog: pytest.LogCaptureFixture) -> None:
    stream, provider = StringIO(), school.provider
    caplog.set_level(logging.DEBUG)
    set_up_logging("DEBUG", stream)
    try:
        bell = school.connect(BELL, "subject-of-bell")
        bell.open(f"{ACCOUNTS}/brook/disconnect")
        bell.send()
        school.press("a-stranger")
        provider.wrong = {"nonce": "another"}
        school.press()
        provider.sends_back = "access_denied"
        back = provider.visit(Browser(school.house.pages).fetch(BUTTON).location)
    finally:
        set_up_logging("WARNING")
    lines = stream.getvalue()
    for event in ("school_account_connected", "school_account_disconnected", "school_account_refused"):
        assert event in lines
    assert '"cause": "claim_nonce"' in lines
    said = lines + "".join(record.getMessage() for record in caplog.records if record.name != "urllib3.connectionpool")
    state = back.split("state=")[1]
    for private in ("subject-of-bell", "a-stranger", "brook.example", SECRET, "Basic ", "code=", state):
        assert private not in said, private


def test_the_policy_of_every_page_holds_and_no_form_leads_elsewhere(school: School) -> None:
    stranger, bell = Browser(school.house.pages), school.come(BELL)
    school.go(bell, f"{ACCOUNTS}/brook/connect")
    for visitor, path in ((stranger, "/sign-in"), (stranger, "/sign-in/child"), (stranger, BUTTON),
                          (stranger, f"{BUTTON}/back?code=x&state=y"), (bell, ACCOUNTS), (bell, f"{ACCOUNTS}/confirm"),
                          (bell, f"{ACCOUNTS}/brook/connect")):
        reply = visitor.fetch(path)
        assert "form-action 'self'" in reply.headers["Content-Security-Policy"], path
        assert reply.headers["Referrer-Policy"] == "same-origin", path
        assert "no-store" in reply.headers["Cache-Control"], path
        assert f'action="{school.provider.base}' not in reply.get_data(as_text=True), path


def test_the_address_says_no_more_than_it_must(school: School) -> None:
    reply = school.house.pages.test_client().get(f"{BUTTON}?next=/children/p-sam", base_url=HOST)
    assert "p-sam" not in reply.location
    assert "scope=openid+email" in reply.location or "scope=openid%20email" in reply.location
    assert "client_secret" not in reply.location
