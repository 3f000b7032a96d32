"""A portal whose trust has a provider of school accounts, and short ways through it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from services.portal.accounts.models import Account, ConnectedAccount, SignedIn
from services.portal.accounts.pupils import make_codes
from services.portal.school_accounts.rules import read_providers
from services.portal.trust_work import trust_work
from tests.journeys.browsing import Browser, Page
from tests.parts.provider import CLIENT, OpenIdProvider, run_provider
from tests.parts.provider import SECRET as CLIENT_SECRET
from tests.portal.house import SECRET, URL, House

BELL, AMIRA, SAM, ZOE = "bell-1", "amira-1", "sam-1", "zoe-1"
ACCOUNTS, BUTTON = "/school-accounts", "/sign-in/school/brook"
WHO = ["guardian", "staff", "pupil"]


class School:
    """The house, and the provider that its trust has named."""

    def __init__(self, house: House, provider: OpenIdProvider):
        self.house, self.provider = house, provider
        self.door = house.portal.doors["brook"]

    def child(self, pupil: str, **changes: Any) -> Any:
        return self.house.state("pupil.described.v1", pupil, {
            "id": pupil, "given_name": pupil.split("-")[0].title(), "family_name": "Haddad", "year_group": "Year 8",
            "status": "current", "class_ids": [], **changes})

    def code_for(self, pupil: str) -> str:
        with trust_work(self.house.portal.database, "test") as work:
            return make_codes(work, SECRET, ("oakfield", [pupil]), BELL)[pupil]

    def come_by_code(self, pupil: str) -> Browser:
        visitor = Browser(self.house.pages)
        visitor.open("/sign-in/child")
        visitor.send(school="oakfield", code=self.code_for(pupil))
        return visitor

    def come(self, person: str) -> Browser:
        """In as before: an adult by a link, a child by a code."""
        return self.come_by_code(person) if person in (SAM, ZOE) else self.house.sign_in(f"oakfield:{person}")

    def go(self, visitor: Browser, path: str) -> Page:
        """To the provider and back."""
        reply = visitor.fetch(path)
        assert reply.status_code == 303, reply.get_data(as_text=True)
        return visitor.open(self.provider.visit(reply.location))

    def connect(self, person: str, subject: str) -> Browser:
        """Somebody who is in connects the account that the provider knows as `subject`."""
        self.provider.person = {"sub": subject, "email": f"{subject}@brook.example"}
        visitor = self.come(person)
        visitor.open(ACCOUNTS)
        assert self.go(visitor, visitor.page.link("Connect my school account")).status == 200
        visitor.send()
        return visitor

    def press(self, subject: str | None = None, path: str = BUTTON) -> Browser:
        """Somebody new at this browser presses the button, and is `subject` at the provider."""
        if subject is not None:
            self.provider.person = {"sub": subject, "email": f"{subject}@brook.example"}
        visitor = Browser(self.house.pages)
        self.go(visitor, path)
        return visitor

    def rows(self, model: Any) -> list[Any]:
        with trust_work(self.house.portal.database, "test looks", write=False) as work:
            return list(work.all(sa.select(model)))

    def counts(self) -> list[int]:
        return [len(self.rows(model)) for model in (Account, ConnectedAccount, SignedIn)]


@contextmanager
def open_school(folder: Path, url: str | None = None, **said: Any) -> Iterator[School]:
    """Bell teaches at Oakfield, Amira is a parent there, Sam and Zoe are pupils; `said` changes the setting."""
    with run_provider() as provider:
        told = {"issuer": provider.issuer, "client_id": CLIENT, "client_secret": CLIENT_SECRET, "label": "Brook",
                "who": WHO, **said}
        house = House(folder, url, read_providers({"brook": told}))
        provider.now, provider.back = house.clock.now, f"{URL}{BUTTON}/back"
        school = School(house, provider)
        house.hear(house.state("school.described.v1", "school", {"name": "Oakfield", "zone": "Europe/London"}),
                   school.child(SAM), school.child(ZOE), house.adult(AMIRA),
                   house.adult(BELL, "staff", roles=["teacher"]))
        yield school
        house.portal.database.close()
