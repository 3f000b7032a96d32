"""The day in a real browser: with JavaScript off on a 360 px phone; and every page with axe, at two widths and lights.

TANDEM_SCREENSHOTS names a folder that pictures of the pages are put into, for looking at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from chassis.adapters.bus_embedded import EmbeddedBus
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import import_sample
from tests.journeys.test_pages import AMIRA, BELL, KARIM, OFFICE, a_day_in
from tests.parts.browser import WIDTHS, list_faults, serve
from tests.parts.postgres import free_port

pytestmark = pytest.mark.browser
OWN_LINKS = "[...document.links].filter(a => a.origin === location.origin).map(a => a.href.split('#')[0])"


@pytest.fixture(params=["embedded", "deployed"])
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    port = free_port()
    for made in open_trust(request, request.param, tmp_path, f"http://127.0.0.1:{port}"):
        with serve(made.pages, port):
            yield made


class Visit:
    """Somebody on a phone without JavaScript; the addresses that they were at are kept."""

    def __init__(self, browser: Browser, trust: Trust, who: str):
        self.context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740},
                                           base_url=trust.url)
        self.page: Page = self.context.new_page()
        self.page.goto(trust.sign_in_link(who))
        self.seen: dict[str, None] = {}
        self.press("Sign in")

    def _note(self) -> None:
        self.seen[self.page.url] = None

    def go(self, path: str) -> Page:
        self.page.goto(path)
        self._note()
        return self.page

    def follow(self, words: str) -> None:
        self.page.get_by_role("link", name=words).first.click()
        self._note()

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).first.click()
        self._note()

    def until_shown(self, path: str, words: str, trust: Trust) -> None:
        trust.until(lambda: words in self.go(path).inner_text("body"))


def test_the_day_on_a_phone_without_javascript(trust: Trust, chromium: Browser) -> None:
    import_sample(trust)
    amira, bell, office = (Visit(chromium, trust, who) for who in (AMIRA, BELL, OFFICE))
    _share(trust, amira)
    _acknowledge(trust, bell)
    _praise(bell)
    _open_evening(office)
    _permission(office, amira)
    _book(trust, amira)
    bell.until_shown("/staff", "Talk with Sam", trust)
    it = Visit(chromium, trust, "trust-it")
    for visit, paths in ((amira, ("/", "/inbox", "/calendar", "/calendar/link", "/settings", "/help", "/privacy",
                                  "/accessibility", "/language", "/dev/mail", "/nothing-here")),
                         (bell, ("/staff", "/inbox")), (it, ("/trust", "/trust/rosters")),
                         (office, ("/office/families", "/office/evenings", "/office/rosters", "/office/consents"))):
        for path in paths:
            visit.go(path)
    karim, head = Visit(chromium, trust, KARIM), Visit(chromium, trust, "head@oakfield.example")
    _bar(office, karim)
    head.go("/office/policy")
    faults = _preview_a_policy(chromium, head)
    if isinstance(trust.bus, EmbeddedBus):  # a page looks the same wherever facts are kept
        faults += [fault for visit in (amira, bell, office, it, head) for fault in _look(chromium, visit)]
    assert not faults, "\n".join(faults)


def _share(trust: Trust, amira: Visit) -> None:
    amira.until_shown("/", "Sam", trust)
    amira.follow("Sam")
    amira.follow("Share an update")
    amira.press("Go on")
    expect(amira.page.get_by_role("alert")).to_contain_text("Choose one")
    amira.page.get_by_label("A bad night, or tired").check()
    amira.press("Go on")
    amira.page.get_by_role("textbox").fill("Sam slept badly.")
    amira.press("Go on")
    amira.page.get_by_label("The class teacher").check()
    amira.press("Go on")
    amira.page.get_by_label("This week").check()
    amira.press("Go on")
    amira.press("Send to school")
    expect(amira.page.get_by_role("status")).to_contain_text("School has your update")


def _acknowledge(trust: Trust, bell: Visit) -> None:
    bell.until_shown("/staff", "Sam Haddad", trust)
    bell.follow("Read it")
    bell.page.get_by_label("A line of reply").fill("Thank you, we will look after him.")
    bell.press("I have read this")
    expect(bell.page.get_by_role("status")).to_contain_text("home knows")


def _praise(bell: Visit) -> None:
    bell.follow("Maple")
    bell.follow("Good news about Sam Haddad")
    bell.page.get_by_label("Kindness").check()
    bell.page.get_by_label("In a sentence").fill("Sam asked a new boy to play.")
    bell.press("Send it home")
    expect(bell.page.get_by_role("status")).to_contain_text("On its way")


def _open_evening(office: Visit) -> None:
    day, page = a_day_in(9), office.go("/office/evenings/new")
    page.get_by_label("Where?").fill("The hall")
    page.get_by_label("From", exact=True).fill("16:00")
    page.get_by_label("To", exact=True).fill("17:00")
    for group in ("On which day?", "Families answer by"):
        fields = page.get_by_role("group", name=group)
        for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            fields.get_by_label(label).fill(str(value))
    page.get_by_label("Maple", exact=True).check()
    office.press("Check it")
    office.press("Open it and tell families")
    expect(page.get_by_role("status")).to_contain_text("The evening is open")


def _permission(office: Visit, amira: Visit) -> None:
    day, page = a_day_in(9), office.go("/office/consents/new")
    page.get_by_label("What is it about?").fill("Trip to the farm")
    page.get_by_label("What do you ask?").fill("May your child come?")
    page.get_by_label("Maple", exact=True).check()
    page.get_by_label("Every adult who may").check()
    for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(label).fill(str(value))
    office.press("Check it")
    office.press("Ask families")
    expect(page.get_by_role("status")).to_contain_text("Families are asked now")
    amira.go("/")
    amira.page.get_by_role("link", name="Answer").click()
    amira.page.get_by_label("Yes", exact=True).check()
    amira.press("Send to school")
    expect(amira.page.get_by_role("status")).to_contain_text("School has your answer")


def _book(trust: Trust, amira: Visit) -> None:
    amira.until_shown("/", "Choose times", trust)
    amira.follow("Choose times")
    amira.follow("Choose a time")
    amira.page.get_by_role("radio").nth(1).check()
    amira.press("Book this time")
    expect(amira.page.get_by_role("status")).to_contain_text("Booked")


def _bar(office: Visit, karim: Visit) -> None:
    """The office enters a no-contact order while the barred parent has the child's page open."""
    karim.go("/").locator("a[href^='/children/']").filter(has_text="Sam").first.click()
    office.go("/office/families?find=Karim+Haddad")
    office.follow("Karim Haddad")
    office.follow("Enter a restriction")
    office.press("Enter it")
    expect(office.page.get_by_role("alert")).to_contain_text("Choose what kind it is")
    office.page.get_by_label("No contact").check()
    office.press("Enter it")
    expect(office.page.get_by_role("status")).to_contain_text("It holds from now on. Evidence is still to be seen.")
    karim.follow("Share an update")
    expect(karim.page.get_by_role("heading", level=1)).to_have_text("We can't find that page")
    for link in ("Evidence was seen", "Ask to lift it", "Change what is known", "Keep apart from another adult"):
        office.follow(link)
        office.page.go_back()
    for path in ("/office/checks", "/office/tester?find=Karim+Haddad", "/office/duplicates", "/office/policy"):
        office.go(path)
    office.go("/office/tester?find=Karim+Haddad")
    office.follow("Karim Haddad and Sam Haddad")


def _preview_a_policy(browser: Browser, head: Visit) -> list[str]:
    """A page that comes of a form: looked at where it came, with JavaScript."""
    context = browser.new_context(storage_state=head.context.storage_state(), base_url=head.page.url)  # type: ignore[arg-type]
    page, faults = context.new_page(), []
    page.goto("/office/policy")
    page.get_by_label("Parent: Attend", exact=True).uncheck()
    page.get_by_label("Why?").fill("Decided by the governors.")
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What this would do")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        faults += [f"{width} preview of a policy: {fault}" for fault in list_faults(page)]
        _keep_picture(page, f"preview-{width}")
    context.close()
    return faults


def _look(browser: Browser, visit: Visit) -> list[str]:
    """Open every page that was visited once more, with JavaScript, and let axe look at it in each light and width.

    Whatever the pages lead to is asked for too: no link goes nowhere.
    """
    faults: list[str] = []
    leads: dict[str, str] = {}  # where a link goes -> the page it is on

    def note(error: object) -> None:
        faults.append(f"script: {error}")

    context = browser.new_context(storage_state=visit.context.storage_state())
    page = context.new_page()
    page.on("pageerror", note)
    for address in visit.seen:
        page.goto(address)
        for scheme, width in product(("light", "dark"), WIDTHS):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 800})
            faults += [f"{scheme} {width} {address}: {fault}" for fault in list_faults(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
                faults.append(f"{width} {address}: wider than the screen")
            _keep_picture(page, f"{scheme}-{width}")
        leads |= dict.fromkeys(page.evaluate(OWN_LINKS), address)
    faults += [f"{address}: its link to {link} goes nowhere" for link, address in leads.items()
               if link not in visit.seen and context.request.get(link).status >= 400]
    context.close()
    return faults


def _keep_picture(page: Page, kind: str) -> None:
    folder = os.environ.get("TANDEM_SCREENSHOTS")
    if folder:
        name = page.evaluate("location.pathname").strip("/").replace("/", "_") or "home"
        page.screenshot(path=Path(folder) / f"{name[:90]}-{kind}.png", full_page=True)
