"""One JSON line per thing that happened: ids only, never names, addresses, tokens or free text."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

MOST_FRAMES = 8
FORBIDDEN = re.compile(r"name|email|phone|address|token|secret|password|text|words|body|upn", re.IGNORECASE)


def redact(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop what a log must never hold, by the name of its key, and anything that looks like an e-mail address.

    Of an exception its places are kept and its words are not: they may quote what somebody wrote.
    """
    if isinstance(error := line.pop("exc_info", None), BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
        line["at"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    for key, value in list(line.items()):
        if (key != "event" and FORBIDDEN.search(key)) or (isinstance(value, str) and "@" in value):
            line[key] = "[not logged]"
    return line


def set_up_logging(level: str = "INFO", stream: Any = None) -> None:
    """Send structlog's lines to `stream` (standard error unless told otherwise) as JSON."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
    )


def logger(name: str) -> Any:
    """A logger whose lines say which module spoke."""
    return structlog.get_logger(part=name)
