"""What makes many short-lived applications in one process cheap: made once, kept for the next.

A test builds applications of its own, for its own database; all of them have the same templates, addresses and
documents, and making those took longer than most tests.
"""

from __future__ import annotations

import functools
from typing import Any

import flask
import jinja2
import sqlalchemy as sa
from apispec import APISpec
from flask_smorest import Blueprint
from jinja2.bccache import Bucket
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
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
    """How a rule's address is read and written is the same for every application that has the rule."""
    compile_anew, kept = Rule.compile, dict[tuple[Any, ...], dict[str, Any]]()

    def remember(rule: Rule) -> None:
        known = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults))
        if known in kept:
            rule.__dict__ |= kept[known]
            rule.arguments = set(rule.arguments)
        else:
            compile_anew(rule)
            kept[known] = {name: rule.__dict__[name] for name in ("_parts", "_trace", "_converters", "arguments")}
            kept[known] |= {name: rule.__dict__[name].__func__ for name in ("_build", "_build_unknown")}
        for name in ("_build", "_build_unknown"):
            rule.__dict__[name] = kept[known][name].__get__(rule, None)

    Rule.compile = remember  # type: ignore[method-assign]


def keep_statements() -> None:
    """A statement that was put together for one database is the same for every other of its kind.

    Each engine keeps its own, by its dialect: here, dialects of one class are one.
    """
    kept: dict[type, Any] = {}

    def found(engine: sa.Engine) -> Any:
        return kept.setdefault(type(engine.dialect), LRUCache(10_000))

    sa.Engine._compiled_cache = property(found, lambda _engine, _own: None)  # type: ignore[assignment]
    DefaultDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]


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
