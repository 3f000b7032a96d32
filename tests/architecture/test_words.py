"""Every word on a screen goes through gettext: templates hold no words of their own, and Python hands them none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from tests.architecture.tree import ROOT, list_files, name_of

TEMPLATES = list_files("services/portal/*.html")
PAGES = [path for path in list_files("services/portal/*.py") if not {"migrations", "assets"} & set(path.parts)]
ENVIRONMENT = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
PRODUCT = "Tandem"
HOLE = "\ufffc"  # stands where an expression was: its words are asked about apart
SHOWN = ("alt", "title", "placeholder", "label", "aria-label", "aria-description", "aria-roledescription")
GETTEXT = ("_", "_l", "gettext", "ngettext", "pgettext", "npgettext")
WORD = re.compile(r"[^\W\d_]{2,}")
WORDS = re.compile(r"[^\W\d_]{2,}[,:;.]? +[^\W\d_]{2,}")
# Calls whose words are never on a screen: for a developer, for the operator's console, for logs, for browsers, for SQL.
NOT_SHOWN = {"trust_work", "Setting", "ValueError", "Refused", "make_app", "logger", "info", "warning", "error", "text",
             "get", "post", "route", "add_url_rule", "Response", "Unavailable"}
NOT_WORDS = {  # what looks like words and is none, by its file
    "services/portal/updates/routes.py": {"<any(what, words, who, until):step>"},  # a part of paths
    "services/portal/sign_in/devices.py": {"Samsung Internet"},  # the name of a program
    # what the register calls adults: keys, each beside its words
    "services/portal/wordings.py": {
        "foster carer", "kinship carer", "social worker", "other professional", "emergency contact"},
    # what the register calls restrictions
    "services/portal/rights_words.py": {
        "no contact", "information only", "prohibited steps", "no site", "address confidential", "roster flag"},
}


class Screen(HTMLParser):
    """Keeps what a reader would see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in SHOWN or (tag in ("button", "input") and name == "value"):
                self.look(value or "")

    def handle_data(self, data: str) -> None:
        self.look(data)

    def look(self, text: str) -> None:
        if WORD.search(text.replace(PRODUCT, "")):
            self.found.append(text.strip())


def literal_html(template: str) -> str:
    """A template without its statements and expressions, and without what is inside {% trans %}."""
    parts, translated = [], False
    for _line, kind, value in ENVIRONMENT.lex(template):
        if kind == "name" and value in ("trans", "endtrans"):
            translated = value == "trans"
        elif kind == "variable_begin":
            parts.append(HOLE)
        elif kind == "data" and not translated:
            parts.append(value)
    return "".join(parts)


def words_outside_gettext(template: str) -> list[str]:
    screen = Screen()
    screen.feed(literal_html(template))
    screen.close()
    return screen.found + list(_spoken(ENVIRONMENT.parse(template)))


def _spoken(node: nodes.Node) -> Iterator[str]:
    """Strings of several words in expressions, unless gettext gets them; markup in a string is looked into."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in GETTEXT:
        for given in node.kwargs:
            yield from _spoken(given.value)
        return
    value = node.value if isinstance(node, nodes.Const) else None
    if isinstance(value, str) and WORDS.search(re.sub(r"<[^>]*>", "", value)):
        yield value
    for child in node.iter_child_nodes():
        yield from _spoken(child)


def words_in_python(text: str) -> list[str]:
    """Strings of several words that reach neither gettext nor a call that shows nothing, nor are docstrings."""
    tree = ast.parse(text)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}

    def walk(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in (*GETTEXT, *NOT_SHOWN):
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings \
                and WORDS.search(node.value):
            yield node.value
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith("errors[") \
                and isinstance(node.value, ast.Constant):
            yield str(node.value.value)
        for child in ast.iter_child_nodes(node):
            yield from walk(child)

    return list(walk(tree))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "services/portal").as_posix())
def test_a_template_holds_no_words_of_its_own(path: Path) -> None:
    assert words_outside_gettext(path.read_text()) == []


def test_pages_hand_no_words_to_the_screen_but_through_gettext() -> None:
    found = {name_of(path): set(words_in_python(path.read_text())) for path in PAGES}
    assert {name: words for name, words in found.items() if words} == NOT_WORDS


@pytest.mark.parametrize("bad", [
    "<p>Hello there</p>", "<p>Saved</p>", '<img alt="A child">', '<button aria-label="Close {{ name }}">×</button>',
    "{{ note('Nobody is here') }}", "{% if a %}Yes{% else %}{{ _('No') }}{% endif %}",
    "{{ _('A %(b)s', b='two words') }}",
])
def test_words_that_cannot_be_translated_are_found(bad: str) -> None:
    assert words_outside_gettext(bad)


@pytest.mark.parametrize("good", [
    "<p>{{ _('Hello there') }}</p>", "{% trans %}Hello there{% endtrans %}",
    "{# a note #}<!-- a note --><p>Tandem · 12</p>",
    '<p class="t-quiet wide" id="told-here">{{ name }}: {{ count }}</p>', "{{ icon('<path d=\"M12 a b\"/>') }}",
])
def test_markup_numbers_and_the_products_name_are_no_words(good: str) -> None:
    assert words_outside_gettext(good) == []
