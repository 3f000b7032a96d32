"""The chassis: no noun of school life but the school itself, few modules, and no more code than one can read."""

from __future__ import annotations

import ast
import io
import re
import tokenize

from tests.architecture.tree import CODE, ROOT

MODULES_OF_CHASSIS = [path for path in CODE if path.is_relative_to(ROOT / "chassis")]
CEILING, CEILING_OF_ADAPTERS = 2_050, 600
SCHOOL_LIFE = ("pupil", "guardian", "teacher", "evening", "roster", "praise")
NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def count_code(text: str) -> int:
    """The lines that do something: no blank ones, no comments, no docstrings."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) \
                and ast.get_docstring(node) is not None:
            lines.difference_update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(lines)


def nouns_in(text: str) -> list[str]:
    """Nouns of school life, unless they are the name of an argument that a caller fills in."""
    return [word for word in SCHOOL_LIFE if re.search(rf"\b{word}s?\b(?! *[=(])", text.lower())]


def test_the_chassis_knows_no_school_life() -> None:
    # auth.py and web.py name hats and a usual path argument; what they may do about whom is asked of each service
    found = [(path.name, nouns_in(path.read_text())) for path in MODULES_OF_CHASSIS
             if path.name not in ("auth.py", "web.py")]
    assert [item for item in found if item[1]] == []


def test_the_chassis_stays_small_enough_to_read() -> None:
    """docs/decisions/0008 says what is counted, and why what stands at the ports is counted apart."""
    counts = {path: count_code(path.read_text()) for path in MODULES_OF_CHASSIS}
    adapters = {path.name: count for path, count in counts.items() if path.parent.name == "adapters"}
    core = {path.name: count for path, count in counts.items() if path.parent.name == "chassis"}
    assert len(core) > 10
    assert sum(core.values()) < CEILING, sorted(core.items(), key=lambda item: -item[1])
    assert 0 < sum(adapters.values()) < CEILING_OF_ADAPTERS, adapters


def test_only_lines_that_do_something_are_counted() -> None:
    text = '"""About\nit."""\n\n# why\n\n\ndef act() -> str:\n    """Do it."""\n    return """a\nb"""  # so\n'
    assert count_code(text) == 3
