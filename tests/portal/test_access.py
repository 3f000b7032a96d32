"""What ends for an adult with the last right to see a child: links, codes and kept words; and what stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from chassis.errors import NotFound, Refused
from chassis.inbox import apply_events
from services.portal.accounts.access import settle_doubts
from services.portal.accounts.actions import ask_to_sign_in, keep_draft, sign_in_by_code
from services.portal.accounts.models import Draft, SignInRequest
from services.portal.accounts.rules import code_of
from services.portal.trust_work import trust_work
from tests.journeys.browsing import Browser
from tests.parts.migrated import new_postgres
from tests.parts.postgres import wait_a_little
from tests.portal.house import AMIRA, SECRET, House, page_of_sam


@pytest.fixture
def family(house: House) -> House:
    """Amira may see Sam and his sister, Karim may see Sam."""
    house.hear(house.adult("amira-1"), house.adult("karim-1"), house.rights("p-sam", "amira-1", "see", "book"),
               house.rights("p-nadia", "amira-1", "see"), house.rights("p-sam", "karim-1", "see"))
    return house


def opens(house: House, link: str) -> bool:
    return Browser(house.pages).open(link).status == 200


def wishes(house: House) -> int:
    with trust_work(house.portal.database, "test", write=False) as work:
        return len(work.all(sa.select(SignInRequest.id)))


def test_a_link_ends_with_the_last_right_to_see_a_child_and_never_comes_back(family: House) -> None:
    amira, karim = family.link("oakfield:amira-1"), family.link("oakfield:karim-1")
    family.hear(family.rights("p-sam", "amira-1"))
    assert opens(family, amira), "she may still see his sister"
    family.hear(family.rights("p-nadia", "amira-1", "collect"))
    assert not opens(family, amira)
    assert opens(family, karim)
    assert settle_doubts(family.portal.database) == 1
    family.hear(family.rights("p-nadia", "amira-1", "see"))
    assert (opens(family, amira), wishes(family)) == (False, 1)


def test_a_link_for_an_adult_who_has_another_reason_to_come_is_good_again_at_once(family: House) -> None:
    family.hear(family.adult("amira-2", school="elm"), family.rights("p-omar", "amira-2", "see", school="elm"),
                family.adult("karim-9", "staff"))
    links = [family.link("amira@families.invalid"), family.link("karim@families.invalid")]
    family.hear(*(family.rights(pupil, guardian) for pupil, guardian in (
        ("p-sam", "amira-1"), ("p-nadia", "amira-1"), ("p-sam", "karim-1"))))
    assert not any(opens(family, link) for link in links), "in doubt"
    assert settle_doubts(family.portal.database) == 2
    assert all(opens(family, link) for link in links)
    family.hear(family.rights("p-omar", "amira-2", school="elm"))
    settle_doubts(family.portal.database)
    assert [opens(family, link) for link in links] == [False, True]


def test_a_link_that_opened_while_nothing_was_heard_ends_with_the_first_word_that_gives_no_sight(house: House) -> None:
    house.hear(house.adult("amira-1"))
    link = house.link("oakfield:amira-1")
    house.hear(house.rights("p-sam", "amira-1", "collect"))
    assert not opens(house, link)
    assert settle_doubts(house.portal.database) == 1
    house.hear(house.rights("p-sam", "amira-1", "see"))
    assert not opens(house, link)


def test_a_link_opens_nothing_once_the_right_has_ended_by_the_clock(family: House) -> None:
    ends = (family.clock.now() + timedelta(minutes=5)).isoformat()
    family.hear(family.state("rights.computed.v1", "p-sam:karim-1", {
        "pupil_id": "p-sam", "guardian_id": "karim-1", "windows": {"see": [[None, ends]]}}))
    link = family.link("oakfield:karim-1")
    assert opens(family, link)
    family.clock.advance(minutes=6)
    assert not opens(family, link)


def test_news_that_comes_while_doubts_are_settled_counts(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """The last right ends in one school while the worker looks whether there is one there."""
    house = House(tmp_path, new_postgres(request.getfixturevalue("postgres_server"), "portal")[1])
    house.hear(house.adult("karim-1"), house.rights("p-sam", "karim-1", "see"), house.adult("karim-2", school="elm"),
               house.rights("p-omar", "karim-2", "see", school="elm"))
    link = house.link("karim@families.invalid")
    house.hear(house.rights("p-sam", "karim-1"))
    with ThreadPoolExecutor(1) as pool:
        with house.portal.database.unit_of_work("elm") as uow:
            apply_events(uow, house.portal.service.subscriptions, [house.rights("p-omar", "karim-2", school="elm")])
            settling = pool.submit(settle_doubts, house.portal.database)
            wait_until_one_waits(house)
        settling.result()
    while settle_doubts(house.portal.database):
        pass
    house.hear(house.rights("p-sam", "karim-1", "see"))
    assert (opens(house, link), wishes(house)) == (False, 0)
    house.portal.database.close()


def wait_until_one_waits(house: House) -> None:
    """Until a transaction waits for another's lock."""
    with house.portal.database.across_schools("test looks", write=False) as connection:
        while not connection.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            wait_a_little()


def test_a_code_that_was_asked_for_ends_too_and_none_is_sent(family: House) -> None:
    with trust_work(family.portal.database, "test") as work:
        sent, _waiting = (ask_to_sign_in(work, "karim@families.invalid", "/") for _ in range(2))
        work.session.flush()
        work.get(SignInRequest, sent).state = "sent"
    family.hear(family.rights("p-sam", "karim-1"))
    with trust_work(family.portal.database, "test") as work:
        assert sign_in_by_code(work, SECRET, sent, code_of(SECRET, sent), "a test") is None
    family.work()
    assert family.post.letters == []
    assert wishes(family) == 0


def test_the_office_can_make_no_link_for_an_adult_who_may_see_no_child(family: House) -> None:
    family.hear(family.rights("p-sam", "karim-1"))
    said = []
    for who in ("oakfield:karim-1", "oakfield:nobody"):
        with pytest.raises(Refused) as refused:
            family.link(who)
        said.append(str(refused.value))
    assert said[0] == said[1]
    with pytest.raises(Refused):
        family.link("karim@families.invalid")
    family.hear(family.rights("p-sam", "karim-1", "see"))
    assert opens(family, family.link("oakfield:karim-1"))


def test_a_pair_whose_news_cannot_be_read_counts_as_seeing_nothing(family: House) -> None:
    with family.portal.database.unit_of_work("oakfield") as uow:
        family.portal.service.subscriptions.on_parked["tandem.profiles.rights.computed.v1"](uow, "p-sam:karim-1")
    with pytest.raises(Refused):
        family.link("oakfield:karim-1")


def test_each_pair_that_lost_sight_is_a_fact_and_no_other_change_is(family: House) -> None:
    family.hear(family.rights("p-sam", "amira-1", "see"), family.rights("p-nadia", "karim-1"))
    assert family.facts() == []
    family.hear(family.rights("p-sam", "amira-1"), family.rights("p-nadia", "amira-1", "see"))
    family.hear(family.rights("p-sam", "amira-1"))
    assert family.facts() == [("tandem.oakfield.portal.events.v1", {
        "guardian_id": "amira-1", "pupil_id": "p-sam", "cause": "right_ended"})]


def test_an_older_word_about_a_pair_that_comes_late_ends_nothing(family: House) -> None:
    late = family.rights("p-sam", "karim-1")
    family.hear(family.rights("p-sam", "karim-1", "see"))
    link = family.link("oakfield:karim-1")
    family.hear(late)
    assert opens(family, link)
    assert family.facts() == []


def test_words_kept_for_a_childs_pages_go_with_sight_of_the_child(family: House) -> None:
    family.hear(family.adult("amira-9", "staff"))
    family.sign_in(AMIRA)
    kept = ("update:p-sam", "/children/p-sam/updates/new/words", "/evenings/e/p-sam/s-bell", "update:p-nadia",
            "/staff/pupils/p-sam/good-news")
    with trust_work(family.portal.database, "test") as work:
        account = work.all(sa.select(SignInRequest.account_id))[0]
        for about in kept:
            keep_draft(work, account, about, {"words": "Sam slept badly."})
    family.hear(family.rights("p-sam", "amira-1"))
    with trust_work(family.portal.database, "test", write=False) as work:
        assert set(work.all(sa.select(Draft.about))) == {"update:p-nadia", "/staff/pupils/p-sam/good-news"}


def test_an_open_session_loses_the_child_at_the_next_click_and_nothing_was_kept_by_the_browser(family: House) -> None:
    amira = family.sign_in(AMIRA)
    family.answers.tell("profiles", "GET", "/pupils/p-sam/page", page_of_sam())
    family.answers.tell("scheduling", "GET", "/home", {"evenings": [], "appointments": []})
    there = amira.open("/children/p-sam")
    assert (there.status, "Sam" in there.text) == (200, True)
    family.answers.tell("profiles", "GET", "/pupils/p-sam/page", NotFound())
    gone, never = amira.open("/children/p-sam"), amira.open("/children/p-nobody")
    assert (gone.status, gone.text) == (404, never.text)


@pytest.mark.parametrize("path", ["/children/p-sam", "/evenings/e/p-sam", "/calendar", "/calendar/oakfield/abc.ics",
                                  "/staff/pupils/p-sam", "/staff/evenings/e", "/", "/unsubscribe/oakfield/abc"])
def test_no_page_is_kept_by_a_browser_or_a_proxy(family: House, path: str) -> None:
    family.answers.tell("scheduling", "GET", "/feeds/abc.ics", b"BEGIN:VCALENDAR")
    reply = family.pages.test_client().get(path, base_url="https://tandem.invalid")
    assert reply.status_code in (200, 303)
    assert reply.headers["Cache-Control"] == "no-store"


def test_links_that_are_not_in_doubt_live_their_time(family: House) -> None:
    link = family.link("oakfield:amira-1")
    assert settle_doubts(family.portal.database) == 0
    family.clock.advance(minutes=19)
    assert opens(family, link)
    family.clock.advance(seconds=timedelta(minutes=2).total_seconds())
    assert not opens(family, link)
