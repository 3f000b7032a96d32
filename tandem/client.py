"""How the operator's commands speak to the platform: HTTP with an operator's token."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from chassis.adapters.http import HttpCaller, ReadsBody, read_reply
from chassis.auth import Principal, TokenMaker
from chassis.clock import SystemClock
from chassis.errors import Problem, Refused, Unavailable
from tandem.data import DataFolder

TIMEOUT_S = 60
TRUST_IT = Principal("trust-it", "", "trust-it", "operator")


class PlatformClient:
    """Calls a service of the platform at TANDEM_URL (default: the local one) as trust IT, or as somebody named."""

    def __init__(self, data: DataFolder, url: str | None = None, who: Principal = TRUST_IT,
                 headers: Mapping[str, str] | None = None):
        self._who, self._headers = who, dict(headers or {})
        here = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
        self.url = (url or os.environ.get("TANDEM_URL", here)).rstrip("/")
        self._caller = HttpCaller(TIMEOUT_S)
        try:
            self._maker = TokenMaker(data.private_key(), SystemClock())
        except FileNotFoundError as error:
            raise Refused("There are no keys here. Run `tandem up` first, or set TANDEM_DATA.") from error

    def call(self, method: str, service: str, path: str, params: Mapping[str, Any] | None = None,
             body: Mapping[str, Any] | ReadsBody | None = None) -> Any:
        """The JSON of a reply, a mapping sent as JSON and a file as it is; Refused has the platform's own words."""
        token = self._maker.make(self._who)
        headers = {"Authorization": f"Bearer {token}", **self._headers}
        sent: bytes | ReadsBody | None = json.dumps(dict(body)).encode() if isinstance(body, Mapping) else body
        if isinstance(body, Mapping):
            headers["Content-Type"] = "application/json"
        try:
            return read_reply(self._caller.call(method, f"{self.url}/api/{service}{path}", headers, params, sent))
        except Unavailable as error:
            raise Refused(str(error) if error.detail else f"Nothing answers at {self.url}. Is the platform up?") \
                from error
        except Problem as problem:
            raise Refused(" ".join((problem.detail, *problem.errors.values())).strip() or problem.title) from problem
