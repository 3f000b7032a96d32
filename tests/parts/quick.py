"""What makes many short-lived applications in one process cheap: made once, kept for the next.

A test builds applications of its own, for its own database; all of them have the same templates, addresses and
documents, and making those took longer than most tests.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import flask
import jinja2
from apispec import APISpec
from flask_smorest import Blueprint
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class KeptTemplates(jinja2.BytecodeCache):
    """Compiled templates by their name and text, for every application of this process."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._kept.get(bucket.key, ("", b""))
        if checksum == bucket.checksum:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.checksum, bucket.bytecode_to_string()


def keep_templates() -> None:
    flask.Flask.jinja_options = {**flask.Flask.jinja_options, "bytecode_cache": KeptTemplates()}


def keep_addresses() -> None:
    """The function that writes a rule's address is the same for every application that has the rule."""
    make: Callable[..., Any] = Rule._compile_builder
    kept: dict[tuple[Any, ...], Any] = {}

    def remember(rule: Rule, append_unknown: bool = True) -> Any:
        known = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if known not in kept:
            kept[known] = make(rule, append_unknown)
        return kept[known]

    Rule._compile_builder = remember  # type: ignore[method-assign]


def write_documents_late() -> None:
    """An application's OpenAPI document is put together when it is asked for: most tests never do."""
    write = Blueprint.register_views_in_doc

    def later(blueprint: Blueprint, api: Any, app: Any, spec: Any, **more: Any) -> None:
        spec.__dict__.setdefault("tandem_later", []).append(functools.partial(write, blueprint, api, app, spec, **more))

    complete = APISpec.to_dict

    def to_dict(spec: Any) -> Any:
        for write_part in spec.__dict__.pop("tandem_later", ()):
            write_part()
        return complete(spec)

    Blueprint.register_views_in_doc, APISpec.to_dict = later, to_dict  # type: ignore[method-assign]
