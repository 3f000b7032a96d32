"""The tree as these tests look at it: its files, its rooms, and who imports whom."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVICES = ("profiles", "scheduling", "notifications", "portal")
OURS = ("chassis", "services", "tandem")


def list_files(*patterns: str) -> list[Path]:
    """What is kept, and what is about to be: new files are held to the same rules before they are committed."""
    found = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
                           cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in sorted(set(found)) if (ROOT / name).is_file()]


PYTHON = list_files("*.py")
CODE = [path for path in PYTHON if path.relative_to(ROOT).parts[0] in OURS]
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in CODE}


def name_of(path: Path) -> str:
    """A path as a message says it."""
    return path.relative_to(ROOT).as_posix()


@dataclass(frozen=True, slots=True, order=True)
class Import:
    """One name that a module takes from elsewhere, in full: 'services.profiles.people.models.Pupil'."""

    importer: str
    name: str
    line: int

    @property
    def module(self) -> str:
        """The module of ours that the name is or is in; '' for a name of somebody else."""
        found = self.name
        while found and found not in MODULES:
            found = found.rpartition(".")[0]
        return found


def imports_in(importer: str, text: str) -> Iterator[Import]:
    """Every import of a module, also those inside functions and those for types alone."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (Import(importer, alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{importer}:{node.lineno} imports by dots; say the whole name"
            yield from (Import(importer, f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def list_imports() -> list[Import]:
    """Every import of our code."""
    return [found for name, path in MODULES.items() for found in imports_in(name, path.read_text())]


def rooms_of(service: str) -> dict[str, Path]:
    """The rooms of a service: its packages but for the migrations."""
    folder = ROOT / "services" / service
    return {path.name: path for path in sorted(folder.iterdir())
            if (path / "__init__.py").is_file() and path.name != "migrations"}
