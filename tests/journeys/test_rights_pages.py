"""The office's pages of the relationship rule, without JavaScript, on both pairs of parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.browsing import Browser, Page
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import import_sample
from tests.journeys.test_pages import AMIRA, KARIM, OFFICE, a_day_in

HEAD, DSL = "head@oakfield.example", "safeguarding@oakfield.example"
NEVER_WAS = "/children/0190a000-0000-7000-8000-000000000000"
MISSING = "We can't find that page"


@pytest.fixture(params=["embedded", "deployed"])
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, request.param, tmp_path)


def bare(page: Page) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page.html)


def open_adult(browser: Browser, name: str) -> str:
    """The path of an adult's page, found by name; the browser is on it."""
    browser.open(f"/office/families?find={name.replace(' ', '+')}")
    return browser.open(browser.page.link(name)).path


def row_of(page: Page, name: str) -> list[str]:
    """The words beside an adult in the table of rights."""
    found = re.search(rf"<tr><th[^>]*><a[^>]*>{name}</a></th>(.*?)</tr>", page.html, re.DOTALL)
    assert found, page.text[:800]
    return re.findall(r"<td[^>]*>([^<]*)</td>", found.group(1))


def days(name: str, ahead: int) -> dict[str, Any]:
    day = a_day_in(ahead)
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


def test_a_no_contact_order_is_entered_while_the_barred_parent_has_the_page_open(trust: Trust) -> None:
    import_sample(trust)
    office, amira, karim = trust.sign_in(OFFICE), trust.sign_in(AMIRA), trust.sign_in(KARIM)
    karim.open("/")
    child = karim.open(karim.page.link("Sam"))
    assert child.status == 200
    before = bare(amira.open(child.path))
    adult = open_adult(office, "Karim Haddad")
    _the_office_enters_it(office)
    gone = karim.open(child.path)
    assert (gone.status, bare(gone)) == (404, bare(karim.open(NEVER_WAS)))
    assert MISSING in gone.text
    assert not re.search("restrict|no contact|order|Sam", gone.text)
    assert "Sam" not in karim.open("/").text
    assert bare(amira.open(child.path)) == before
    _the_tester_says_the_same(office, adult)
    _lifting_needs_a_second_member_of_staff(trust, office, adult)
    assert karim.open(child.path).status == 200


def _the_office_enters_it(office: Browser) -> None:
    office.open(office.page.link("Enter a restriction"))
    words = "Order of the family court of 3 March"
    missing = office.send(document=words)
    assert missing.status == 422
    assert "Choose what kind it is" in missing.text
    assert words in missing.html
    wrong = office.send(document=words, kind="no contact", **days("starts", 9), **days("until", 3))
    assert wrong.status == 422
    assert "The last day is before the first day." in wrong.text
    assert 'href="#until"' in wrong.html
    assert words in wrong.html
    entered = office.send(document="", kind="no contact", **{f"{name}-{part}": "" for name in ("starts", "until")
                                                              for part in ("day", "month", "year")})
    assert "It holds from now on. Evidence is still to be seen." in entered.text
    assert "The adult is told nothing" in entered.text
    assert "Evidence to be seen" in entered.text
    assert row_of(entered, "Karim Haddad") == ["No"] * 7
    assert "Yes" in row_of(entered, "Amira Haddad")


def _the_tester_says_the_same(office: Browser, adult: str) -> None:
    pupil, guardian = adult.split("/")[-2:]
    office.open("/office/tester?find=Karim+Haddad")
    page = office.open(office.page.link("Karim Haddad and Sam Haddad"))
    assert page.text.count("A restriction is in force: no contact.") == 7
    assert "Sees nothing about Sam" in page.text
    assert "A restriction was entered" in page.text
    assert "Joan Price" in page.text
    past = office.open(f"/office/tester?pupil={pupil}&guardian={guardian}&on-day=3&on-month=3&on-year=2020")
    assert "as it was known then" in past.text
    assert "they would see nothing" in past.text
    wrong = office.open(f"/office/tester?pupil={pupil}&on-day=31&on-month=2&on-year=2020")
    assert wrong.status == 422
    both = office.open(f"/office/tester?pupil={pupil}")
    assert "Sees Sam's page, good news and their own updates" in both.text


def _lifting_needs_a_second_member_of_staff(trust: Trust, office: Browser, adult: str) -> None:
    office.open("/office/checks")
    assert "Evidence to be seen" in office.page.text
    office.open(office.page.link("Evidence was seen"))
    assert office.send().status == 422
    assert "What was seen is kept" in office.send(document="Letter of the court", **days("review", 5)).text
    office.open("/office/checks")
    assert "To look at again" in office.page.text
    lifting = office.open(office.page.link("Ask to lift it")).path
    assert "Say why it holds no longer" in office.send().text
    assert "It still holds" in office.send(reason="The order has ended.").text
    mine = office.open(lifting)
    assert "Yes, lift it" not in mine.text
    refused = office.send(go="yes")
    assert refused.status == 409
    assert "A second member of staff confirms it" in refused.text
    head = trust.sign_in(HEAD)
    head.open("/office/checks")
    head.open(head.page.link("Say yes or no"))
    assert "The order has ended." in head.page.text
    assert "It is lifted" in head.send(go="yes").text
    history = office.open(adult).text
    assert "A restriction was lifted" in history
    assert "Miriam Cole" in history


def test_what_is_known_of_a_family_is_changed_by_reason_and_evidence(trust: Trust) -> None:
    import_sample(trust)
    office, dsl = trust.sign_in(OFFICE), trust.sign_in(DSL)
    karim = open_adult(office, "Karim Haddad")
    family = karim.rpartition("/")[0]
    office.open(f"{karim}/known")
    missing = office.send(kind="parent", responsibility="yes", seen="", lives="shared")
    assert missing.status == 422
    assert "Say how it was seen" in missing.text
    changed = office.send(kind="step-parent", responsibility="yes", seen="Adoption order", lives="shared")
    assert "What is known of this adult is changed" in changed.text
    assert "Yes: Adoption order" in changed.text
    office.open(f"{karim}/check")
    assert office.send(seen="The file").status == 409
    office.open(f"{family}/looked-after")
    assert "Write the name of the local authority" in office.send(shares="yes").text
    assert "Kent County Council" in office.send(shares="yes", authority="Kent County Council").text
    _two_adults_are_kept_apart(trust, office, karim)
    _a_child_holds_something_back(office, dsl, karim)


def _two_adults_are_kept_apart(trust: Trust, office: Browser, adult: str) -> None:
    choose = office.open(f"{adult}/keep-apart")
    assert "Choose the other adult" in office.send().text
    kept = office.send(other=choose.choice("other", "Amira Haddad"))
    assert "They are kept apart from now on" in kept.text
    office.open(f"{adult}/keep-apart")
    assert office.send(other=choose.choice("other", "Amira Haddad")).status == 409
    office.open(kept.link("Ask to end it"))
    assert "They are still kept apart" in office.send(reason="Both say so.").text
    head = trust.sign_in(HEAD)
    head.open(adult.rpartition("/")[0])
    head.open(head.page.link("A colleague asks to end it"))
    ended = head.send(go="yes")
    assert "They are kept apart no longer" in ended.text
    assert "Must not meet" not in ended.text


def _a_child_holds_something_back(office: Browser, dsl: Browser, adult: str) -> None:
    assert office.open(f"{adult}/held").status == 404
    dsl.open(f"{adult}/held")
    assert "Choose at least one" in dsl.send().text
    held = dsl.send(rights="see", basis="gillick")
    assert "It is held back from now on" in held.text
    assert row_of(held, "Karim Haddad")[0] == "No"
    dsl.open(held.link("End this"))
    given = dsl.send()
    assert "It is held back no longer" in given.text
    assert row_of(given, "Karim Haddad")[0] == "Yes"


def test_the_policy_is_changed_after_a_preview_by_name_and_can_be_undone(trust: Trust) -> None:
    import_sample(trust)
    office, head, dsl = trust.sign_in(OFFICE), trust.sign_in(HEAD), trust.sign_in(DSL)
    assert "The head and the safeguarding lead can change this." in office.open("/office/policy").text
    assert office.open("/office/policy/undo").status == 404
    for browser in (head, dsl):
        browser.open("/office/policy")
        assert "Nothing is different yet" in browser.send(reason="None").text
    preview = head.send(reason="Governors, 4 May", **{"attend:parent": ""})
    assert "Karim Haddad" in preview.text
    assert "no longer: Attend" in preview.text
    assert "0 pairs of adult and child gain something." in preview.text
    dsl.send(reason="An older wish", **{"book:parent": ""})
    assert "The policy is saved" in head.send(go="save").text
    late = dsl.send(go="save")
    assert late.status == 409
    assert "A colleague changed the policy a moment ago" in late.text
    assert "An older wish" in late.html
    assert "Now: no" in late.text
    assert row_of(open_family(office, "Karim Haddad"), "Karim Haddad")[4] == "No"
    head.open("/office/policy/undo")
    assert "What held before holds again" in head.send().text
    assert row_of(open_family(office, "Karim Haddad"), "Karim Haddad")[4] == "Yes"


def open_family(browser: Browser, name: str) -> Page:
    return browser.open(open_adult(browser, name).rpartition("/")[0])


def test_an_adult_who_is_here_twice_is_merged_after_a_preview(trust: Trust) -> None:
    import_sample(trust)
    office = trust.sign_in(OFFICE)
    page = office.open("/office/duplicates")
    two = re.search(r'<a href="(/office/duplicates/([^/"]+)/([^/"]+))">([^<]+)</a>', page.html)
    assert two, "the sample's school has adults of one name"
    path, one, other, name = two.groups()
    assert "The same: name" in page.text
    assert name in office.open(path).text
    assert "Choose which entry stays" in office.open(f"{path}?go=on").text
    assert office.open(f"{path}?keep=somebody-else").text == office.open(path).text
    preview = office.open(f"{path}?keep={other}")
    assert "Child by child" in preview.text
    done = office.send()
    assert "The two entries are one now" in done.text
    assert path not in done.html
    assert office.open(f"{path}?keep={one}").status == 404
