"""Every route and every page says who may come in, and every table says whose school its rows are."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from chassis.db import technical
from chassis.web import make_app
from services.portal.app import create_app
from services.portal.tables import TRUST_TABLES
from tests.architecture.tree import SERVICES
from tests.architecture.wired import SCHOOL, built_portal, built_services
from tests.fakes import FixedClock

UNGUARDED = {"/livez", "/readyz", "/metrics", "/openapi.json"}
# What a stranger may ask for, by name: a new one is a decision, and stands here.
OPEN_ROUTES = {"/schools/<school>/feeds/<token>.ics", "/schools/<school>/unsubscribe/<token>"}
OPEN_PAGES = {
    "/sign-in", "/sign-in/child", "/sign-in/code", "/sign-in/link/<token>", "/sign-in/out",
    "/sign-in/school/<provider>", "/sign-in/school/<provider>/back",
    "/<any(help, accessibility, privacy, language):name>", "/calendar/<school>/<token>.ics", "/dev/mail",
    "/dev/mail/<name>", "/unsubscribe/<school>/<token>",
}
# Tables of the trust itself: a person may belong to several schools, and is one account.
OF_THE_TRUST = {"accounts", "identifiers", "sign_in_requests", "sessions", "drafts", "tries", "journeys",
                "connected_accounts"}


def guard_of(view: Any) -> Any:
    return getattr(view, "guard", None) or getattr(getattr(view, "__wrapped__", None), "guard", None)


def filled(rule: str) -> str:
    """A path of a rule: the school is real, the rest is not."""
    first = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", rule.replace("<school>", SCHOOL))
    return re.sub(r"<[^>]+>", "x", first)


def test_every_route_says_who_may_call_it_and_strangers_learn_nothing(tmp_path: Path) -> None:
    seen_open = set()
    for service in built_services(tmp_path):
        app = make_app(service, "x")
        client = app.test_client()
        for rule in app.url_map.iter_rules():
            if rule.rule in UNGUARDED:
                continue
            guard = guard_of(app.view_functions[rule.endpoint])
            assert guard is not None, rule.rule
            if guard.is_public:
                seen_open.add(rule.rule)
                continue
            method = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})[0]
            assert client.open(filled(rule.rule), method=method).status_code == 401, rule.rule
    assert seen_open == OPEN_ROUTES


def pages_of(app: flask.Flask) -> dict[str, list[Any]]:
    """The views of each page but for static files and health, which are the same for everybody."""
    found: dict[str, list[Any]] = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in ("static", "livez", "readyz"):
            found.setdefault(rule.rule, []).append(app.view_functions[rule.endpoint])
    return found


def unguarded(app: flask.Flask) -> list[str]:
    return [rule for rule, views in pages_of(app).items() if not all(getattr(view, "who", None) for view in views)]


def test_every_page_says_for_whom_it_is_and_a_stranger_is_asked_to_sign_in(tmp_path: Path) -> None:
    portal = built_portal(tmp_path, FixedClock())
    app = create_app(portal)
    assert unguarded(app) == []
    seen_open = {rule for rule, views in pages_of(app).items() if any("anyone" in view.who for view in views)}
    assert seen_open == OPEN_PAGES
    readable = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    for rule in sorted((readable & set(pages_of(app))) - OPEN_PAGES):
        reply = app.test_client().get(filled(rule))
        assert (reply.status_code, reply.location.split("?")[0]) == (303, "/sign-in"), rule


def tables_of(service: str) -> list[sa.Table]:
    package = importlib.import_module(f"services.{service}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
    return list(importlib.import_module(f"services.{service}.tables").Base.metadata.tables.values())


def without_school(tables: list[sa.Table]) -> set[str]:
    """The tables whose key does not begin with the school."""
    return {table.name for table in tables if next(iter(table.primary_key.columns)).name != "school_id"}


@pytest.mark.parametrize("service", SERVICES)
def test_the_school_leads_the_key_of_every_table(service: str) -> None:
    tables = tables_of(service)
    assert tables
    assert without_school(tables) == (OF_THE_TRUST if service == "portal" else set())
    assert [table.name for table in technical.tables.values() if "school_id" not in table.c] == []


def test_what_is_read_for_the_whole_trust_is_a_named_few_of_a_schools_tables() -> None:
    tables = {table.name for table in tables_of("portal")}
    assert set(TRUST_TABLES) == tables - OF_THE_TRUST
