"""A real Chromium, driven by Playwright, and a server on loopback for it."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.parts.postgres import PartMissing

AXE = Path("node_modules/axe-core/axe.min.js")
NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = (360, 1280)


@contextmanager
def run_chromium() -> Iterator[Browser]:
    """A browser; PartMissing says what is not here."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise PartMissing("Chromium is not on the path")
    if not AXE.exists():
        raise PartMissing("axe-core is not installed (npm ci)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def serve(app: Any, port: int) -> Iterator[None]:
    """The app on http://127.0.0.1:<port>, until the end of the block."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield
    server.shutdown()
    thread.join(10)


def list_faults(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is: the rule and the element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text() + "\n;null")
    found = page.evaluate("""async () => JSON.stringify((await axe.run(document, { resultTypes: ['violations'],
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})).violations)""")
    return [f"{fault['id']}: {node['html'][:160]}" for fault in json.loads(found) for node in fault["nodes"]]
