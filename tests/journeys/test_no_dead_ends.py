"""Whoever somebody is, no link that they are shown leads to a page which is not there for them."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest

from tandem.starting import WELCOME
from tests.journeys.browsing import Browser
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people
from tests.tandem.test_sample_evenings import tell

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ENOUGH = 3  # pages of one kind
ELSEWHERE = ("/static/", "/dev/", "/sign-out")
ADULTS = (*(address for address, _words in WELCOME), "trust-it")


@pytest.fixture(scope="module")
def trust(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trust]:
    for made in open_trust(request, "embedded", tmp_path_factory.mktemp("trust")):
        import_sample(made)
        tell(made)
        yield made


@pytest.mark.parametrize("who", [*ADULTS, "a child"])
def test_no_link_leads_to_a_page_that_is_not_there(trust: Trust, who: str) -> None:
    visitor = trust.sign_in_child(OAKFIELD, people(trust)["sam"]) if who == "a child" else trust.sign_in(who)
    seen, dead = walk(visitor)
    assert dead == []
    assert len(seen) > 5


def walk(visitor: Browser) -> tuple[set[str], list[str]]:
    """Every kind of page that can be come to by links alone, and the links that lead nowhere, with where they are."""
    seen, dead, of_kind, ahead = {"/"}, list[str](), Counter[str](), deque([("/", "")])
    while ahead:
        path, found_on = ahead.popleft()
        page = visitor.open(path)
        if page.status != 200:
            dead.append(f"{path} on {found_on}: {page.status}")
        for link in re.findall(r'<a\b[^>]*href="([^"#]+)', page.html):
            there = urlsplit(urljoin(page.path, unescape(link)))
            address = there.path + (f"?{there.query}" if there.query else "")
            kind = ID.sub("*", there.path)
            if not there.netloc and address not in seen and not kind.startswith(ELSEWHERE) and of_kind[kind] < ENOUGH:
                seen.add(address)
                of_kind[kind] += 1
                ahead.append((address, page.path))
    return seen, dead
