"""What is kept in the tree works on any machine: no paths of one, and no address of where packages came from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, list_files, name_of

THIS = Path(__file__)  # its samples are what it looks for
PLACES = re.compile(
    r"(?<![\w.~$}])/(?:home|Users|work|mnt|srv|private|var/folders)/[\w.-]+"  # somebody's folder
    r"|(?<![\w/])/root\b|[A-Z]:\\\\?Users\b"
    r"|registry\.\w+\.(?:org|com)|\w+\.org/simple|files\.\w+\.org/packages"
    r"|--(?:extra-)?index-url\b|(?:extra_)?index_url\b|PIP_INDEX|UV_INDEX|npm_config_registry|^registry *="
    r"|proxy\.\w+\.org|repo\d?\.\w+\.org|\b(?:artifactory|nexus)\b", re.MULTILINE)


def places_in(text: str) -> list[str]:
    return [match.group() for match in PLACES.finditer(text)]


def text_of(path: Path) -> str:
    """A file's text; what is not text holds no addresses to follow."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_file_names_a_place_on_one_machine_or_an_index_of_packages() -> None:
    found = {name_of(path): places_in(text_of(path)) for path in list_files() if path != THIS}
    assert len(found) > 300
    assert {name: places for name, places in found.items() if places} == {}


def test_the_locks_say_what_and_not_where_from() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
    for path in list_files("requirements/*.txt"):
        assert not re.search(r"^-|://", path.read_text(), re.MULTILINE), name_of(path)


@pytest.mark.parametrize("bad", [
    "data = '/home/ann/data'", "cd /srv/ann", "HOME=/root", r"C:\Users\ann", "https://registry.example.org/left-pad",
    "--index" "-url https://x.invalid", "registry = https://x.invalid", "https://files.example.org/packages/a",
])
def test_a_place_of_one_machine_is_found(bad: str) -> None:
    assert places_in(bad)


@pytest.mark.parametrize("good", [
    "GET /schools/<school>/home", "/home", "`/work`", "/app/deploy/trust.yaml", "/var/lib/kafka/data", "~/data",
    "--no-emit-index-url",
])
def test_paths_of_pages_and_of_images_are_nobodys_machine(good: str) -> None:
    assert places_in(good) == []
