"""What every page of the portal promises: its frame, its words at the right place, its dates and its headers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import flask
import pytest
from flask_wtf import CSRFProtect
from markupsafe import Markup

from services.portal import looks

ERRORS = {"email": "Write your e-mail address in full", "words": ["Say what happened"], "until": "Choose a day"}


def make_app(**context: Any) -> flask.Flask:
    app = flask.Flask(__name__)
    app.config.update(SECRET_KEY="only for tests", PORTAL_LANGUAGES=("en_GB", "ar"), TESTING=True)
    CSRFProtect(app)
    looks.dress(app)
    pages = flask.Blueprint("pages", __name__, template_folder="templates")
    band = {"name": "Oakfield Primary", "sub": "Brook Learning Trust", "accent": "violet", "initials": "OP"}
    shown = {
        "band": band, "back": "/back", "about": "Sam", "errors": ERRORS, "sign_out": "/sign-out", "refresh": 5,
        "menu": [{"href": "/", "text": "Home"}, {"href": "/messages", "text": "Messages"}],
        "role_switch": {"here": "You are here as a parent", "href": "/staff", "text": "Go to the staff pages"},
        "office": {"name": "Oakfield", "phone": "01632 960123"}, **context,
    }

    @pages.get("/")
    def every_piece() -> str:
        return flask.render_template("every_piece.html", **shown)

    @pages.get("/lost")
    def lost() -> str:
        return flask.render_template("error.html", kept="My <words>")

    app.register_blueprint(pages)
    return app


def page(path: str = "/", headers: dict[str, str] | None = None, **context: Any) -> str:
    reply = make_app(**context).test_client().get(path, headers=headers)
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def test_a_page_holds_every_piece() -> None:
    text = page()
    for words in ("Needs you", "Choose times", "Thu 26 Nov", "5:25pm", "Interpreter in Urdu", "call 999",
                  "t-voice--child", "12 of 40", "What happens next", "As of 5:10pm", "Why do we ask?",
                  "Up to 500 letters", "govuk-summary-list",
                  'name="csrf_token"', 'role="region"', "t-tag--waiting", 'type="file"'):
        assert words in text, words


def test_a_page_has_one_title_and_says_it_first_in_the_window() -> None:
    text = page(errors=None)
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", text) == ["Hello Amira"]
    assert "<title>Hello Amira - Sam - Oakfield Primary - Tandem</title>" in text


def test_a_page_with_errors_says_so_in_its_title() -> None:
    assert "<title>Error: Hello Amira" in page()


def test_a_page_carries_no_inline_style_or_script() -> None:
    text = page()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_every_link_and_label_leads_to_something_that_is_there_once() -> None:
    text = page()
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    wanted = re.findall(r'href="#([^"]+)"', text) + re.findall(r'\sfor="([^"]+)"', text)
    for group in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', text):
        wanted += group.split()
    assert set(wanted) <= set(ids)


def test_the_same_words_stand_in_the_summary_and_at_the_field() -> None:
    text = page()
    for words in ("Write your e-mail address in full", "Say what happened", "Choose a day"):
        assert text.count(words) == 2


def test_a_form_that_fails_keeps_every_letter() -> None:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page(), re.S)
    assert found
    assert found.group(1) == "One line\n  two lines"
    assert 'value="amira@"' in page()


def test_words_of_people_are_never_markup() -> None:
    assert "Sam&#39;s &lt;b&gt;class&lt;/b&gt; teacher" in page()
    assert "My &lt;words&gt;" in page("/lost")


def test_a_page_says_its_language_and_its_direction() -> None:
    assert '<html lang="en-GB" dir="ltr">' in page()
    assert '<html lang="ar" dir="rtl">' in page(headers={"Accept-Language": "ar"})


def test_a_language_without_words_falls_back_to_english() -> None:
    assert '<html lang="en-GB"' in page(headers={"Accept-Language": "fr"})


def test_a_page_refreshes_itself_only_without_javascript() -> None:
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page()
    assert "http-equiv" not in page(refresh=None)


def test_an_unknown_accent_is_no_class() -> None:
    assert looks.accent_class('x" onclick="') == ""
    assert looks.accent_class("violet") == "accent-violet"


def test_a_page_without_an_aside_has_one_column() -> None:
    assert "t-columns" not in page("/lost")
    assert "t-columns" in page()


def test_pages_are_guarded_and_never_kept() -> None:
    reply = make_app().test_client().get("/")
    policy = dict(part.split(" ", 1) for part in reply.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert reply.headers["Referrer-Policy"] == "same-origin"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_page_that_is_not_there_is_guarded_too() -> None:
    reply = make_app().test_client().get("/nowhere")
    assert reply.status_code == 404
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]


def test_a_built_file_is_named_by_its_content_and_kept_for_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "built").mkdir()
    (tmp_path / "built" / "manifest.json").write_text('{"app.css": "app.0123456789ab.css"}')
    (tmp_path / "built" / "app.0123456789ab.css").write_text("p{}")
    (tmp_path / "logo.svg").write_text("<svg/>")
    monkeypatch.setattr(looks, "STATIC", tmp_path)
    client = make_app().test_client()
    assert "/static/built/app.0123456789ab.css" in client.get("/").get_data(as_text=True)
    for path, kept in (
        ("/static/built/app.0123456789ab.css", "public, max-age=31536000, immutable"),
        ("/static/logo.svg", "public, max-age=3600"),
        ("/static/built/gone.0123456789ab.css", "no-store"),
    ):
        with client.get(path) as reply:
            assert reply.headers["Cache-Control"] == kept


@pytest.mark.parametrize(("instant", "words"), [
    ("2026-11-26T17:10:00Z", "Thursday 26 November, 5:10pm"),
    ("2026-07-02T16:10:00+00:00", "Thursday 2 July, 5:10pm"),
    ("2026-07-01T23:30:00Z", "Thursday 2 July, 12:30am"),
    (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Sunday 29 March, 2:00am"),
    (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "Sunday 25 October, 1:00am"),
    (datetime(2026, 1, 5, 12, 0, tzinfo=UTC), "Monday 5 January, 12:00pm"),
    (None, ""),
])
def test_an_instant_reads_by_the_clock_in_london(instant: datetime | str | None, words: str) -> None:
    with make_app().test_request_context():
        assert looks.moment(instant) == words


def test_a_day_without_a_time_stays_that_day() -> None:
    with make_app().test_request_context():
        assert looks.day("2026-07-02") == looks.day(date(2026, 7, 2)) == "Thursday 2 July"
        assert looks.short_day("2026-11-26") == "Thu 26 Nov"
        assert looks.day_and_year("2026-11-26") == "Thursday 26 November 2026"


def test_a_time_without_a_zone_is_refused() -> None:
    with make_app().test_request_context(), pytest.raises(ValueError, match="zone"):
        looks.moment(datetime(2026, 11, 26, 17, 10))


def test_the_words_of_a_picture_are_silent_but_its_name_is_not() -> None:
    assert Markup('role="img" aria-label="Tandem"') in page()
    assert page().count('aria-hidden="true"') > 10


def test_a_persons_name_in_a_sentence_runs_in_its_own_direction_and_nothing_else_does() -> None:
    app = make_app()
    with app.test_request_context("/"):
        said = flask.render_template_string(
            """{{ _("%(teacher)s, %(day)s", teacher=name, day="Friday") }}|"""
            """{{ ngettext("%(name)s has %(num)s time", "%(name)s has %(num)s times", 2, name=name) }}|"""
            """{{ _("%(name)s: %(number)s", name=7, number=7) }}""", name="<b>عمر</b>")
    name = "<bdi>&lt;b&gt;عمر&lt;/b&gt;</bdi>"
    assert said == f"{name}, Friday|{name} has 2 times|7: 7"


def test_an_attribute_and_the_title_have_names_without_marks() -> None:
    app = make_app()
    with app.test_request_context("/"):
        html = flask.render_template_string(
            """{% extends "base.html" %}{% from "macros/staff.html" import table_region %}"""
            """{% block title %}{{ _("Times of %(name)s", name="Amira") }}{% endblock %}"""
            """{% block content %}{% call table_region(_("Times of %(name)s", name="Amira")) %}x{% endcall %}"""
            """{% endblock %}""")
    assert "<title>Times of Amira" in html
    assert 'aria-label="Times of Amira"' in html
    assert "Times of <bdi>Amira</bdi></h1>" in html


@pytest.mark.parametrize(("kind", "is_auto"), [("text", True), ("tel", False), ("email", False)])
def test_one_line_of_words_is_written_in_the_direction_of_its_language(kind: str, is_auto: bool) -> None:
    app = make_app()
    with app.test_request_context("/"):
        html = flask.render_template_string(
            """{% from "macros/forms.html" import text_input %}{{ text_input("n", "Name", type=kind, lang="ar") }}""",
            kind=kind)
    assert ('dir="auto"' in html, 'lang="ar"' in html) == (is_auto, True)
