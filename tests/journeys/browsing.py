"""A browser without JavaScript or eyes: opens pages of an app, fills their forms in and sends them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask import Flask

HOST = "https://tandem.invalid"


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came: its status, where it is, its words without marks, and the marks."""

    status: int
    path: str
    html: str

    @property
    def unmarked(self) -> str:
        """The page without the marks around names, which part no words."""
        return re.sub(r"</?bdi>", "", self.html)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", self.unmarked)))

    def link(self, words: str) -> str:
        """Where the first link with these words leads."""
        found = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>(?:(?!</a>).)*?{re.escape(words)}', self.unmarked, re.DOTALL)
        assert found, f"no link says {words!r} on {self.path}: {self.text[:800]}"
        return unescape(found.group(1))

    def choice(self, name: str, words: str) -> str:
        """The value of the radio or checkbox whose label has these words."""
        html = self.unmarked
        for value, ident in re.findall(rf'<input[^>]*id="([^"]+)"[^>]*name="{name}"[^>]*value="([^"]*)"', html):
            label = re.search(rf'<label[^>]*for="{re.escape(value)}"[^>]*>(.*?)</label>', html, re.DOTALL)
            if label and words in unescape(label.group(1)):
                return unescape(ident)
        raise AssertionError(f"nothing to choose says {words!r} on {self.path}")


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: where to, and what they hold already."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, Any]]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._inside = found.get("method") == "post"
            if self._inside:
                self.forms.append((found.get("action", ""), {}))
        elif self._inside and tag == "input" and found.get("name"):
            chosen = found.get("type") not in ("radio", "checkbox") or "checked" in found
            if chosen and found.get("type") not in ("submit", "file"):
                self.forms[-1][1][found["name"]] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


class Browser:
    """Keeps cookies and the page it is on."""

    def __init__(self, app: Flask):
        self._client = app.test_client()
        self.page = Page(0, "", "")

    def open(self, path: str) -> Page:
        return self._arrive(self._client.get(path, base_url=HOST, follow_redirects=True))

    def fetch(self, path: str) -> Any:
        """A file, as it came; the browser stays on its page."""
        return self._client.get(path, base_url=HOST)

    def send(self, to: str | None = None, /, **answers: Any) -> Page:
        """Fill in and send the page's own form (not the one for signing out), or the one that goes to `to`."""
        reader = Forms()
        reader.feed(self.page.html)
        own = [form for form in reader.forms if form[0] == to or (to is None and form[0] != "/sign-out")]
        assert own, f"there is no form on {self.page.path}: {self.page.text[:800]}"
        action, held = own[0]
        return self._arrive(self._client.post(action or self.page.path, data={**held, **answers}, base_url=HOST,
                                              follow_redirects=True))

    def leave(self) -> Page:
        return self.send("/sign-out")


    def _arrive(self, reply: Any) -> Page:
        self.page = Page(reply.status_code, reply.request.path, reply.get_data(as_text=True))
        return self.page
