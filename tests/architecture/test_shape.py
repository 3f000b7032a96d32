"""The shape of every file: small, named for what it holds, saying what it is for, and with few arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import PYTHON, name_of

MIGRATIONS = "migrations/versions"
WRITTEN = [path for path in PYTHON if MIGRATIONS not in path.as_posix()]
FILE, TEST_FILE, FUNCTION, ARGUMENTS = 300, 400, 40, 5
NAMED_FOR_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
PUTS_TOGETHER = "puts a whole service together: each argument is one of its parts, given once"
BUILDS_FOR_TESTS = "a builder for tests: callers name the one or two that matter to them"
# Functions of more than five arguments, and why. A new one takes a dataclass instead.
MANY_ARGUMENTS = {
    "services/notifications/wiring.py:build": PUTS_TOGETHER,
    "services/portal/wiring.py:build": PUTS_TOGETHER,
    "services/profiles/wiring.py:build": PUTS_TOGETHER,
    "tests/benchmarks/measure.py:compare": BUILDS_FOR_TESTS,
    "tests/profiles/test_access.py:office": BUILDS_FOR_TESTS,
    "tests/fakes.py:event": BUILDS_FOR_TESTS,
    "tests/journeys/house.py:open_trust": BUILDS_FOR_TESTS,
    "tests/parts/databases.py:make_database": BUILDS_FOR_TESTS,
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions_in(text: str) -> Iterator[Function]:
    return (node for node in ast.walk(ast.parse(text)) if isinstance(node, Function))


def count_arguments(function: Function) -> int:
    """What a caller may name; `self` and `cls`, and what is gathered by stars, not counted."""
    named = [item.arg for item in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
    return len(named) - (named[:1] in (["self"], ["cls"]))


def count_lines(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def ceiling_of(path: Path) -> int:
    return TEST_FILE if name_of(path).startswith("tests/") else FILE


def test_files_stay_small() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in WRITTEN}
    assert [f"{name_of(path)} has {length}" for path, length in lengths.items() if length > ceiling_of(path)] == []


def test_functions_stay_small() -> None:
    assert [f"{name_of(path)}:{found.lineno} {found.name} has {count_lines(found)}" for path in WRITTEN
            for found in functions_in(path.read_text()) if count_lines(found) > FUNCTION] == []


def test_functions_take_few_arguments() -> None:
    found = {f"{name_of(path)}:{function.name}" for path in WRITTEN for function in functions_in(path.read_text())
             if count_arguments(function) > ARGUMENTS}
    assert sorted(found - set(MANY_ARGUMENTS)) == [], "five arguments, then a dataclass"
    assert sorted(set(MANY_ARGUMENTS) - found) == [], "it takes few now: take it off the list"


def test_modules_are_named_for_what_they_hold() -> None:
    assert [name_of(path) for path in PYTHON if NAMED_FOR_NOTHING & {path.stem, *path.parent.parts}] == []


def test_every_module_says_what_it_is_for() -> None:
    trees = {path: ast.parse(path.read_text()) for path in WRITTEN}
    assert [name_of(path) for path, tree in trees.items() if tree.body and not ast.get_docstring(tree)] == []
