"""How the operator's commands speak to the platform: HTTP with an operator's token."""

from __future__ import annotations

import os
from typing import Any

import requests

from chassis.auth import Principal, TokenMaker
from chassis.clock import SystemClock
from chassis.errors import Refused
from tandem.data import DataFolder

TIMEOUT_S = 60


class PlatformClient:
    """Calls a service of the platform at TANDEM_URL (default: the local one) as trust IT."""

    def __init__(self, data: DataFolder, url: str | None = None):
        here = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
        self.url = (url or os.environ.get("TANDEM_URL", here)).rstrip("/")
        try:
            self._maker = TokenMaker(data.private_key(), SystemClock())
        except FileNotFoundError as error:
            raise Refused("There are no keys here. Run `tandem up` first, or set TANDEM_DATA.") from error

    def call(self, method: str, service: str, path: str, **options: Any) -> Any:
        """The JSON of a reply; Refused says what went wrong in the platform's own words."""
        token = self._maker.make(Principal("trust-it", "", "trust-it", "operator"))
        try:
            reply = requests.request(method, f"{self.url}/api/{service}{path}", timeout=TIMEOUT_S,
                                     headers={"Authorization": f"Bearer {token}"}, **options)
        except requests.ConnectionError as error:
            raise Refused(f"Nothing answers at {self.url}. Is the platform up?") from error
        if reply.status_code >= 400:
            body = reply.json() if "json" in reply.headers.get("Content-Type", "") else {}
            raise Refused(body.get("detail") or body.get("title") or f"The platform said {reply.status_code}.")
        return reply.json()
