"""What the build of styles and scripts promises."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from services.portal.assets import build as assets

ROOT = Path(__file__).parents[2]
SOURCES = ("package.json", "package-lock.json", "services/portal/assets")

needs_packages = pytest.mark.skipif(
    shutil.which("node") is None or not (ROOT / assets.SASS).exists(), reason="needs node and its packages"
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in SOURCES:
        source, copy = ROOT / name, tmp_path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy)
        else:
            shutil.copy(source, copy)
    os.symlink(ROOT / "node_modules", tmp_path / "node_modules")
    return tmp_path


def names(tree: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((tree / assets.BUILT / "manifest.json").read_text())
    return found


@needs_packages
def test_a_build_gives_small_files_named_by_their_content(tree: Path) -> None:
    assets.build(tree)
    out = tree / assets.BUILT
    style = (out / names(tree)["app.css"]).read_text()
    assert set(names(tree)) == {"app.css", "app.js", "htmx.min.js"}
    assert len(style) < 60_000
    assert not [words for words in ("GDS Transport", "@font-face", "url(") if words in style]
    assert all(words in style for words in ("prefers-color-scheme", "prefers-reduced-motion", "forced-colors", "@page"))


@needs_packages
def test_nothing_is_built_twice_and_a_change_is_built_at_once(tree: Path) -> None:
    assets.build(tree)
    before = names(tree)
    written = (tree / assets.BUILT / "app.css").stat().st_mtime_ns
    assets.build(tree)
    assert (tree / assets.BUILT / "app.css").stat().st_mtime_ns == written
    script = tree / assets.ASSETS / "js" / "app.js"
    script.write_text(script.read_text() + "// one more line\n")
    assets.build(tree)
    assert names(tree)["app.js"] != before["app.js"]
    assert names(tree)["app.css"] == before["app.css"]
    assert not (tree / assets.BUILT / before["app.js"]).exists()


def test_the_lock_names_no_download_address_and_the_very_versions() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert not [path for path, about in lock.items() if "resolved" in about]
    assert lock["node_modules/htmx.org"]["version"] == "4.0.1"
    assert lock["node_modules/govuk-frontend"]["version"].startswith("6.3.")
    assert all("integrity" in about for path, about in lock.items() if path)
