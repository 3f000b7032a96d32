"""The shape of the house, held by a tool: sizes, names, guards, and the school in every key."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
from pathlib import Path

import flask
import pytest

from chassis.db import technical
from chassis.web import make_app
from services.notifications import wiring as notifications
from services.profiles import wiring as profiles
from services.scheduling import wiring as scheduling
from tests.fakes import FixedClock, Keys

ROOT = Path(__file__).parents[2]
TRACKED = [ROOT / name for name in subprocess.run(
    ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()]
CODE = [path for path in TRACKED if path.exists() and "migrations/versions" not in str(path)]
SERVICES = ("profiles", "scheduling", "notifications")
SCHOOL_LIFE = ("pupil", "guardian", "teacher", "parent", "evening", "roster", "praise")
UNGUARDED = {"/livez", "/readyz", "/metrics", "/openapi.json"}


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def test_files_and_functions_stay_small() -> None:
    long_files = [str(path.relative_to(ROOT)) for path in CODE
                  if len(path.read_text().splitlines()) > (400 if "tests" in path.parts else 300)]
    long_functions = [f"{path.relative_to(ROOT)}:{node.name}" for path in CODE for node in functions(path)
                      if (node.end_lineno or 0) - node.lineno + 1 > 40]
    assert (long_files, long_functions) == ([], [])


def test_modules_are_named_for_what_they_hold() -> None:
    nothing = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
    assert [path for path in CODE if path.stem in nothing] == []


def test_every_module_says_what_it_is_for() -> None:
    trees = {path: ast.parse(path.read_text()) for path in CODE}
    assert [path for path, tree in trees.items() if tree.body and not ast.get_docstring(tree)] == []


def test_the_chassis_knows_no_school_life() -> None:
    # auth.py and web.py name hats and a usual path argument; what they may do about whom is asked of each service
    found = [(path.name, word) for path in (ROOT / "chassis").glob("*.py") if path.name not in ("auth.py", "web.py")
             for word in SCHOOL_LIFE if re.search(rf"\b{word}s?\b(?! *[=(])", path.read_text().lower())]
    assert [item for item in found if item[1] != "parent"] == []


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_imports_another_and_kafka_stays_in_its_module(service: str) -> None:
    others = [f"services.{other}" for other in (*SERVICES, "portal") if other != service]
    for path in (ROOT / "services" / service).rglob("*.py"):
        text = path.read_text()
        assert not [other for other in others if other in text], path
        assert "import kafka" not in text, path
        assert "import requests" not in text, path


@pytest.mark.parametrize("service", SERVICES)
def test_the_school_leads_the_key_of_every_table(service: str) -> None:
    package = importlib.import_module(f"services.{service}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
    tables = importlib.import_module(f"services.{service}.tables").Base.metadata.tables.values()
    assert tables
    assert [table.name for table in tables if next(iter(table.primary_key.columns)).name != "school_id"] == []
    assert [table.name for table in technical.tables.values() if "school_id" not in table.c] == []


def apps(folder: Path) -> list[flask.Flask]:
    clock, schools = FixedClock(), lambda: ["oakfield"]
    key, url = Keys(clock).public, f"sqlite:///{folder / 'x.db'}"
    return [make_app(service, "x") for service in (
        profiles.build(url, key, clock, schools), scheduling.build(url, key, clock, schools),
        notifications.build(url, key, clock, schools, None, "https://tandem.invalid"))]  # type: ignore[arg-type]


def test_every_route_says_who_may_call_it_and_strangers_learn_nothing(tmp_path: Path) -> None:
    for app in apps(tmp_path):
        client = app.test_client()
        for rule in app.url_map.iter_rules():
            if rule.rule in UNGUARDED:
                continue
            view = app.view_functions[rule.endpoint]
            guard = getattr(view, "guard", None) or getattr(getattr(view, "__wrapped__", None), "guard", None)
            assert guard is not None, rule.rule
            if guard.is_public:
                continue
            path = rule.rule.replace("<school>", "oakfield")
            method = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})[0]
            assert client.open(path, method=method).status_code == 401, rule.rule
