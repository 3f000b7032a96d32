"""A matter as a file for the school's safeguarding system: a zip of JSON for programs and HTML for people.

The same matter gives the same bytes, so that a receipt can name them by their digest.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

import orjson

STYLE = ("body{font:1.05rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#22252b}"
         "dl{margin:1rem 0;padding:.75rem 1rem;border:1px solid #868b94;border-radius:8px}dt{color:#565c66}"
         "dd{margin:0 0 .5rem;white-space:pre-wrap}")
LABELS = {
    "school": "School", "matter": "Matter", "child": "Child", "child_id": "Child's id", "kind": "What it was",
    "voice": "In whose voice", "author": "Written by", "passed_by": "Passed on by", "what": "What", "by": "By",
    "words": "Words", "about": "About", "why": "Why it was passed on", "child_told": "Was the child told first",
    "system": "Handed to", "reference": "Reference", "digest": "SHA-256 of the file", "at": "When"}
README = """{school}: safeguarding matter {matter}

For safeguarding leads alone. Keep it in the school's safeguarding system and nowhere else.

matter.html   to read, in any web browser, or to print
matter.json   the same, for a computer program
SHA-256 of matter.json: {digest}
"""


def write_pack(facts: Mapping[str, str], entries: Sequence[Mapping[str, Any]], at: datetime) -> bytes:
    """The zip, stored as it is; `at` is the time of its newest entry, never the time of making."""
    data = orjson.dumps({**facts, "entries": list(entries)}, option=orjson.OPT_INDENT_2)
    readme = README.format(school=facts["school"], matter=facts["matter"], digest=hashlib.sha256(data).hexdigest())
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as file:
        for name, content in (("README.txt", readme.encode()), ("matter.html", _page(facts, entries).encode()),
                              ("matter.json", data)):
            file.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), content)
    return written.getvalue()


def _page(facts: Mapping[str, str], entries: Sequence[Mapping[str, Any]]) -> str:
    title = escape(f"Safeguarding matter about {facts['child']}")
    body = "\n".join([_block(facts), *(_block({name: value for name, value in entry.items() if name != "id"})
                                       for entry in entries)])
    return (f'<!DOCTYPE html>\n<html lang="en-GB">\n<head><meta charset="utf-8"><title>{title}</title>\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>\n'
            f"<body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n")


def _block(item: Mapping[str, Any]) -> str:
    lines = "".join(f'<dt>{escape(LABELS.get(name, name))}</dt><dd dir="auto">{escape(str(value))}</dd>'
                    for name, value in item.items())
    return f"<dl>{lines}</dl>"
