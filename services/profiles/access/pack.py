"""A pack as a file to take away: a zip of JSON for programs, HTML for people, and a page that says what it is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import groupby
from typing import Any

import orjson

from services.profiles.access.queries import Item

KEPT_OUT = "[kept out: third party]"
STYLE = ("body{font:1.05rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#22252b;"
         "background:#fbf8f3}h1,h2{line-height:1.2}h2{margin-top:2rem;border-bottom:1px solid #868b94}"
         "dl{margin:1rem 0;padding:.75rem 1rem;background:#fff;border-radius:8px}dt{color:#565c66}"
         "dd{margin:0 0 .5rem;white-space:pre-wrap}@media print{body{background:#fff;margin:0}dl{padding:0}}")
README = """{school}: what we hold about {child}

This was put together for you, because you asked for it on {asked}.
{reviewed}

record.html   to read, in any web browser, or to print
record.json   the same, for a computer program

Where it says "{kept_out}", something about somebody else was kept out. Nothing of another adult, and nothing
of the school's work to keep children safe, is in here. If something is wrong, or you think that something is
missing, ask the school office. You can also complain to the Information Commissioner's Office (ico.org.uk).
"""


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands on the first page."""

    school: str
    child: str
    asked_on: str
    reviewed_by: str | None
    made_at: datetime


def write_pack(cover: Cover, items: Sequence[Item], kept_out: Mapping[str, Any]) -> bytes:
    """The zip; what is kept out leaves the same words behind, whatever it was."""
    sections = list(_sections(items, kept_out))
    written, at = io.BytesIO(), cover.made_at.timetuple()[:6]
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (("README.txt", _readme(cover)), ("record.html", _page(cover, sections)),
                              ("record.json", _json(cover, sections))):
            file.writestr(zipfile.ZipInfo(name, at), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


Section = tuple[str, list[Mapping[str, str] | str]]


def _sections(items: Sequence[Item], kept_out: Mapping[str, Any]) -> Iterator[Section]:
    for name, some in groupby(items, lambda item: item.section):
        yield name, [KEPT_OUT if item.key in kept_out else dict(item.says) for item in some]


def _reviewed(cover: Cover) -> str:
    if cover.reviewed_by is None:
        return "NOT YET REVIEWED: for the school's own eyes alone."
    return f"{cover.reviewed_by} has read it through before it went out."


def _readme(cover: Cover) -> str:
    return README.format(school=cover.school, child=cover.child, asked=cover.asked_on, reviewed=_reviewed(cover),
                         kept_out=KEPT_OUT)


def _json(cover: Cover, sections: Sequence[Section]) -> bytes:
    return orjson.dumps({
        "school": cover.school, "child": cover.child, "asked_on": cover.asked_on, "reviewed_by": cover.reviewed_by,
        "sections": [{"title": name, "items": some} for name, some in sections]}, option=orjson.OPT_INDENT_2)


def _page(cover: Cover, sections: Sequence[Section]) -> str:
    title = escape(f"What {cover.school} holds about {cover.child}")
    body = "".join(f"<section><h2>{escape(name)}</h2>{''.join(map(_block, some))}</section>\n"
                   for name, some in sections)
    return (f'<!DOCTYPE html>\n<html lang="en-GB">\n<head><meta charset="utf-8"><title>{title}</title>\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>\n'
            f"<body>\n<h1>{title}</h1>\n<p>Asked for on {escape(cover.asked_on)}. {escape(_reviewed(cover))}</p>\n"
            f"{body}</body>\n</html>\n")


def _block(item: Mapping[str, str] | str) -> str:
    if isinstance(item, str):
        return f"<p>{escape(item)}</p>"
    return f"<dl>{''.join(f'<dt>{escape(label)}</dt><dd>{escape(words)}</dd>' for label, words in item.items())}</dl>"
