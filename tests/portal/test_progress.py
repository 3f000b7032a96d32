"""The pages of progress notes, class pages and the school's calendar: what is written there is never lost."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Invalid, NotFound, Stale, Unavailable
from services.portal.accounts.pupils import make_codes
from services.portal.expectations.rules import differs
from services.portal.inbox.queries import NEWS
from services.portal.office.school_year import read_day
from services.portal.progress.rules import MOST, faults_of, next_child
from services.portal.trust_work import trust_work
from services.portal.wordings import NOTICE_KINDS
from tests.journeys.browsing import Browser
from tests.portal.house import AMIRA, SECRET, House, sam

AT = "2026-11-23T09:00:00+00:00"
HTML = "<b>שלום</b> 🌱"
NOTE = {"id": "n-1", "pupil_id": "p-sam", "class_id": "c-1", "class_title": "Maple", "strength": HTML,
        "goes": "He reads alone.", "next_step": "Longer words.", "at_home": "Read signs.",
        "signature": {"voice": "school", "by": "Grace Bell", "is_mine": False, "at": AT},
        "replies": [{"id": "r-1", "words": "We read at breakfast.",
                     "signature": {"voice": "home", "by": "Amira Haddad", "is_mine": True, "at": AT}}]}
FOUND = {"id": "c-1", "title": "Maple", "begins_on": "2026-10-31", "ends_on": "2026-12-18", "due_on": "2026-12-11"}
SAM = {"id": "p-sam", "given_name": "Sam", "family_name": "Haddad"}
ZOE = {"id": "p-zoe", "given_name": "Zoe", "family_name": "Marsh"}
WORDS = {name: f"My words for {name}" for name in MOST}
PAGE = {name: f"Of {name}" for name in ("learning", "expects", "routines", "help_one", "help_two", "help_three",
                                         "dates")}
CLASS_PAGE = {**FOUND, "may_write": True, "version": 1, "state": "draft", "page": PAGE, "written_by": "Grace Bell",
              "written_at": AT}
YEAR: dict[str, Any] = {"terms": [{
    "starts_on": "2026-09-08", "half_starts_on": "2026-10-26", "half_ends_on": "2026-10-30",
    "ends_on": "2026-12-18"}], "closed": ["2026-11-27"], "is_usual": True, "version": "abc"}
TELL: list[tuple[str, str, Any]] = [
    ("GET", "/pupils/p-sam", {**sam(), "classes": [], "staff": []}), ("GET", "/pupils/p-sam/progress", {"items": [
        NOTE, {**NOTE, "id": "n-0", "replies": []}]}),
    ("POST", "/progress/n-1/replies", NOTE), ("POST", "/progress/n-0/replies", NOTE),
    ("GET", "/classes/c-1/progress", {**FOUND, "items": [{"pupil": SAM, "written_at": None},
                                                         {"pupil": ZOE, "written_at": None}]}),
    ("POST", "/pupils/p-sam/progress", NOTE), ("GET", "/classes/c-1/expectations", CLASS_PAGE),
    ("PUT", "/classes/c-1/expectations", {**CLASS_PAGE, "version": 2}),
    ("POST", "/classes/c-1/expectations/publish", CLASS_PAGE),
    ("GET", "/pupils/p-sam/expectations", {"items": [{
        **PAGE, "id": "e-1", "class_id": "c-1", "class_title": "Maple", "by": "Grace Bell", "published_at": AT,
        "begins_on": "2026-10-31", "is_current": False, "learning": HTML}]}),
    ("GET", "/school-year", YEAR), ("PUT", "/school-year", {**YEAR, "is_usual": False})]


@pytest.fixture
def school(house: House) -> House:
    house.hear(house.adult("amira-1"), house.adult("bell-1", "staff", roles=["teacher"]),
               house.adult("olga-1", "staff", roles=["office"]), house.rights("p-sam", "amira-1", "see", "reply"))
    for method, path, answer in TELL:
        house.answers.tell("profiles", method, path, answer)
    return house


def as_bell(school: House) -> Browser:
    return school.sign_in("oakfield:bell-1")


def test_words_for_every_kind_of_news_stand_in_the_inbox() -> None:
    assert set(NEWS) <= set(NOTICE_KINDS)


@pytest.mark.parametrize(("kind", "hat", "words", "href"), [
    ("partnership-opened", "guardian", "Something about Sam to look at together", "/children/p-sam/together/x-1"),
    ("partnership-overdue", "staff", "Sam: the day to look again has passed", "/staff/pupils/p-sam/together/x-1"),
    ("progress-written", "guardian", "How school is going for Sam", "/children/p-sam/progress"),
    ("update-overdue", "staff", "A note from home about Sam waits", "/staff/updates/overdue"),
    ("review-booked", "guardian", "A time to talk about Sam: Thursday 26 November, 5:10pm",
     "/children/p-sam/reviews/x-1")])
def test_a_notice_leads_to_what_it_is_about(school: House, kind: str, hat: str, words: str, href: str) -> None:
    data = {"starts_at": "2026-11-26T17:10:00+00:00"} if kind == "review-booked" else {}
    school.answers.tell("notifications", "GET", "/notices", {"after": None, "items": [
        {"id": "m-1", "kind": kind, "pupil": {"id": "p-sam", "given_name": "Sam"}, "about_id": "x-1", "data": data,
         "created_at": AT, "read_at": None, "needs": False}]})
    page = school.sign_in(AMIRA if hat == "guardian" else "oakfield:bell-1").open("/inbox")
    assert words in page.text
    assert f'value="{href}"' in page.html


def test_a_parent_reads_the_notes_as_they_were_written_and_writes_back(school: House) -> None:
    visitor = school.sign_in(AMIRA)
    page = visitor.open("/children/p-sam/progress")
    assert HTML in page.text
    assert "We read at breakfast." in page.text
    sent = visitor.send(words="He likes maps.\r\nA lot.")
    assert (sent.path, "Sent to school" in sent.text) == ("/children/p-sam/progress", True)
    (call,) = school.answers.sent("POST", "/progress/n-1/replies")
    assert call.json == {"words": "He likes maps.\nA lot."}
    assert call.key


def test_the_box_stands_below_the_note_that_was_chosen(school: House) -> None:
    visitor = school.sign_in(AMIRA)
    visitor.open("/children/p-sam/progress?answer=n-0")
    visitor.send(words="About the older one.")
    assert len(school.answers.sent("POST", "/progress/n-0/replies")) == 1


@pytest.mark.parametrize(("words", "said"), [("", "Write something here"), ("x" * 1001, "Write at most 1000 letters")])
def test_an_answer_that_cannot_go_out_is_shown_again_with_every_word(school: House, words: str, said: str) -> None:
    visitor = school.sign_in(AMIRA)
    visitor.open("/children/p-sam/progress")
    page = visitor.send(words=words)
    assert (page.status, said in page.text, words in page.html) == (422, True, True)
    assert school.answers.sent("POST", "/progress/n-1/replies") == []


@pytest.mark.parametrize(("answer", "status", "said"), [
    (Unavailable(), 503, "Your words are still here"), (Invalid(errors={"/words": "Not like this."}), 422,
                                                        "Not like this."), (NotFound(), 404, "find that page")])
def test_what_the_service_answers_is_said_and_no_word_is_lost(
        school: House, answer: Exception, status: int, said: str) -> None:
    school.answers.tell("profiles", "POST", "/progress/n-1/replies", answer)
    visitor = school.sign_in(AMIRA)
    visitor.open("/children/p-sam/progress")
    page = visitor.send(words="Precious words.")
    assert (page.status, said in page.text) == (status, True)
    assert status == 404 or "Precious words." in page.html


def test_staff_read_the_answers_and_have_no_box(school: House) -> None:
    page = as_bell(school).open("/staff/pupils/p-sam/progress")
    assert "We read at breakfast." in page.text
    assert "<textarea" not in page.html


def test_a_child_of_whom_nothing_is_written_yet(school: House) -> None:
    school.answers.tell("profiles", "GET", "/pupils/p-sam/progress", {"items": []})
    assert "There is nothing yet." in school.sign_in(AMIRA).open("/children/p-sam/progress").text


def test_a_teacher_writes_from_the_class_list_and_goes_on_to_the_next_child(school: House) -> None:
    visitor = as_bell(school)
    page = visitor.open("/staff/classes/c-1/progress")
    assert "by Friday 11 December" in page.text
    assert page.text.index("Sam Haddad") < page.text.index("Zoe Marsh")
    visitor.open(page.link("Write the next one"))
    after = visitor.send(**WORDS)
    assert after.path == "/staff/classes/c-1/progress/p-zoe"
    assert "Sent to each home" in after.text
    (call,) = school.answers.sent("POST", "/pupils/p-sam/progress")
    assert call.json == {"class_id": "c-1", **WORDS}


def test_after_the_last_child_comes_the_list_that_says_so(school: House) -> None:
    school.answers.tell("profiles", "GET", "/classes/c-1/progress", {**FOUND, "items": [
        {"pupil": SAM, "written_at": None}, {"pupil": ZOE, "written_at": AT}]})
    visitor = as_bell(school)
    visitor.open("/staff/classes/c-1/progress/p-sam")
    assert visitor.send(**WORDS).path == "/staff/classes/c-1/progress"


@pytest.mark.parametrize("field", MOST)
def test_a_note_without_a_part_is_shown_again_with_all_the_others(school: House, field: str) -> None:
    visitor = as_bell(school)
    visitor.open("/staff/classes/c-1/progress/p-sam")
    for value in ("", "x" * 5000):
        page = visitor.send(**{**WORDS, field: value})
        assert page.status == 422
        assert all(WORDS[name] in page.html for name in MOST if name != field)
        assert value in page.html
    assert school.answers.sent("POST", "/pupils/p-sam/progress") == []


@pytest.mark.parametrize("path", ["/staff/classes/c-2/progress", "/staff/classes/c-1/progress/p-no",
                                  "/staff/classes/c-2/expectations", "/children/p-no/class", "/children/p-no/progress"])
def test_what_is_not_there_is_not_there(school: House, path: str) -> None:
    who = AMIRA if path.startswith("/children") else "oakfield:bell-1"
    assert school.sign_in(who).open(path).status == 404


@pytest.mark.parametrize(("waiting", "done", "expected"), [
    (["a", "b", "c"], "a", "b"), (["a", "c"], "c", "a"), (["b"], "b", None), ([], "a", None), (["a"], "", "a"),
    (["a", "b"], "nobody", "a")])
def test_which_child_comes_next(waiting: list[str], done: str, expected: str | None) -> None:
    assert next_child(["a", "b", "c"], waiting, done) == expected


def test_what_is_missing_or_too_long() -> None:
    assert faults_of({"a": "x", "b": "  ", "c": "xxx"}, {"a": 1, "b": 1, "c": 2}) == {"b": 0, "c": 2}
    assert differs({"learning": "x"}, None)
    assert not differs(PAGE, PAGE)


def test_families_read_the_class_page_and_whether_it_is_the_last_one(school: House) -> None:
    page = school.sign_in(AMIRA).open("/children/p-sam/class")
    assert HTML in page.text
    assert "This is from the last half-term" in page.text
    assert "Three ways to help at home" in page.text


def test_a_draft_is_kept_or_published(school: House) -> None:
    visitor = as_bell(school)
    visitor.open("/staff/classes/c-1/expectations")
    kept = visitor.send(**{**PAGE, "learning": "Seeds."}, go="keep")
    assert "Only staff can see this" in kept.text
    (call,) = school.answers.sent("PUT", "/classes/c-1/expectations")
    assert (call.match, call.json) == ("1", {**PAGE, "learning": "Seeds."})
    assert school.answers.sent("POST", "/classes/c-1/expectations/publish") == []
    assert "Families can read it" in visitor.send(**{**PAGE, "learning": "Roots."}, go="publish").text
    assert school.answers.sent("POST", "/classes/c-1/expectations/publish")[0].match == "2"


def test_where_a_colleague_was_faster_both_are_shown(school: House) -> None:
    visitor = as_bell(school)
    visitor.open("/staff/classes/c-1/expectations")
    school.answers.tell("profiles", "PUT", "/classes/c-1/expectations", Stale())
    school.answers.tell("profiles", "GET", "/classes/c-1/expectations", {
        **CLASS_PAGE, "version": 2, "page": {**PAGE, "learning": "Their words."}})
    page = visitor.send(**{**PAGE, "learning": "My words."}, go="keep")
    assert page.status == 409
    assert all(words in page.html for words in ("My words.", "Their words.", 'name="version" value="2"'))


def test_a_class_page_with_a_fault_keeps_every_word(school: House) -> None:
    visitor = as_bell(school)
    visitor.open("/staff/classes/c-1/expectations")
    page = visitor.send(**{**PAGE, "learning": "", "routines": "r" * 401}, go="publish")
    assert (page.status, "Write something here" in page.text, "r" * 401 in page.html) == (422, True, True)
    assert PAGE["help_two"] in page.html


def test_who_does_not_teach_the_class_reads_the_draft_alone(school: House) -> None:
    school.answers.tell("profiles", "GET", "/classes/c-1/expectations", {**CLASS_PAGE, "may_write": False})
    page = school.sign_in("oakfield:olga-1").open("/staff/classes/c-1/expectations")
    assert PAGE["learning"] in page.text
    assert "<textarea" not in page.html


def test_the_calendar_says_that_it_is_the_usual_one_and_is_set(school: House) -> None:
    visitor = school.sign_in("oakfield:olga-1")
    page = visitor.open("/office/school/year")
    assert "These are not your school's own dates yet" in page.text
    saved = visitor.send(**{"starts_on-0": "2 September 2026", "closed": "27/11/2026\n\n2026-12-01"})
    assert "Saved" in saved.text
    (call,) = school.answers.sent("PUT", "/school-year")
    assert call.match == "abc"
    assert call.json == {"terms": [{**YEAR["terms"][0], "starts_on": "2026-09-02"}],
                         "closed": ["2026-11-27", "2026-12-01"]}


@pytest.mark.parametrize(("changes", "said"), [
    ({"starts_on-0": "31 February 2026"}, "Write a day that there is"),
    ({"ends_on-0": ""}, "Write a day that there is"),
    ({"closed": "Inset day"}, "We can't read “Inset day”"),
    ({"starts_on-1": "2027-01-04"}, "Write a day that there is"),
    ({f"{name}-0": "" for name in YEAR["terms"][0]}, "Write the dates of at least one term")])
def test_a_date_that_cannot_be_read_is_said_at_its_field(school: House, changes: dict[str, str], said: str) -> None:
    visitor = school.sign_in("oakfield:olga-1")
    visitor.open("/office/school/year")
    page = visitor.send(**changes)
    assert (page.status, said in page.text) == (422, True)
    assert all(value in page.html for value in changes.values())
    assert school.answers.sent("PUT", "/school-year") == []


@pytest.mark.parametrize(("answer", "status", "said"), [
    (Invalid(errors={"/terms/0": "A term must follow."}), 422, "A term must follow."),
    (Invalid(errors={"/closed/1": "No day."}), 422, "No day."), (Unavailable(), 503, "Your dates are still here"),
    (Stale(), 409, "What your colleague saved")])
def test_a_refusal_of_the_dates_is_shown_with_them(school: House, answer: Exception, status: int, said: str) -> None:
    school.answers.tell("profiles", "PUT", "/school-year", answer)
    visitor = school.sign_in("oakfield:olga-1")
    visitor.open("/office/school/year")
    page = visitor.send(**{"starts_on-0": "2026-09-03"})
    assert (page.status, said in page.text, "2026-09-03" in page.html) == (status, True, True)


def test_the_calendar_is_not_there_for_teachers(school: House) -> None:
    assert as_bell(school).open("/office/school/year").status == 404


@pytest.mark.parametrize(("text", "day"), [
    ("2026-09-08", "2026-09-08"), ("8 September 2026", "2026-09-08"), ("8/9/2026", "2026-09-08"),
    ("8 Sep 2026", "2026-09-08"), ("tomorrow", None), ("", None), ("30 February 2026", None)])
def test_a_day_is_read_as_people_write_it(text: str, day: str | None) -> None:
    assert read_day(text) == day


def as_sam(school: House) -> Browser:
    school.hear(school.state("school.described.v1", "school", {"name": "Oakfield", "zone": "Europe/London"}),
                school.state("pupil.described.v1", "p-sam", {
                    "id": "p-sam", "given_name": "Sam", "family_name": "Haddad", "year_group": "Year 2",
                    "status": "current", "class_ids": []}))
    with trust_work(school.portal.database, "test") as work:
        code = make_codes(work, SECRET, ("oakfield", ["p-sam"]), "bell-1")["p-sam"]
    child = Browser(school.pages)
    child.open("/sign-in/child")
    child.send(school="oakfield", code=code)
    return child


def test_the_child_reads_in_words_of_their_own_and_may_answer(school: House) -> None:
    child = as_sam(school)
    page = child.open("/me/progress")
    assert "You are good at this" in page.text
    assert "Only your school can read it." in page.text
    assert child.send(words="I like maps.").path == "/me/progress"
    assert [(call.who.hat, call.json) for call in school.answers.sent("POST", "/progress/n-1/replies")] == [
        ("pupil", {"words": "I like maps."})]
    mine = child.open("/me/class")
    assert mine.text.count("My class") >= 1
    assert "Three things to do at home" in mine.text
    for path in ("/staff/classes/c-1/progress", "/staff/classes/c-1/expectations", "/office/school/year"):
        assert child.open(path).status == 404


def test_a_parent_has_the_weeks_good_news_in_one_letter(school: House) -> None:
    school.answers.tell("notifications", "GET", "/preferences", {
        "email": "at-once", "language": "en", "good_news": "as-it-comes"})
    school.answers.tell("notifications", "PUT", "/preferences", {})
    visitor = school.sign_in(AMIRA)
    assert "Good news comes As it comes" in visitor.open("/settings").text
    visitor.open("/settings/letters?school=oakfield")
    visitor.send(email="at-once", language="en", good_news="weekly")
    assert school.answers.sent("PUT", "/preferences")[0].json["good_news"] == "weekly"
    visitor.open("/settings/letters?school=oakfield")
    page = visitor.send(email="at-once", language="en", good_news="monthly")
    assert (page.status, "Choose one" in page.text) == (422, True)
    assert "Good news" not in as_bell(school).open("/settings/letters?school=oakfield").text
