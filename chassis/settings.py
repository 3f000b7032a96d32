"""Reading settings: from the environment, `NAME_FILE` for secrets, all that is missing named at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from environs import FileAwareEnv
from marshmallow import ValidationError

from chassis.errors import Refused


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, what it is for, and its default (None: must be given)."""

    name: str
    meaning: str
    default: str | None = None


def read_settings(wanted: tuple[Setting, ...]) -> dict[str, str]:
    """The values by name; Refused names every one that is missing, with its meaning."""
    env, values, missing = FileAwareEnv(), {}, []
    for setting in wanted:
        try:
            value = env.str(setting.name, setting.default)
        except (ValidationError, ValueError, OSError) as error:
            raise Refused(f"{setting.name} cannot be read: {type(error).__name__}") from error
        if value is None or (setting.default is None and not value.strip()):
            missing.append(f"  {setting.name}: {setting.meaning}")
        else:
            values[setting.name] = value
    if missing:
        raise Refused("These settings are missing:\n" + "\n".join(missing))
    return values


class Placement:
    """`trust.yaml`: which schools there are, and the cell that serves each. Read again whenever the file changes."""

    def __init__(self, path: Path):
        self.path = path
        self._stamp: tuple[int, int] | None = None
        self._content: Mapping[str, Any] = {}

    def _read(self) -> Mapping[str, Any]:
        try:
            found = self.path.stat()
        except FileNotFoundError as error:
            raise Refused(f"There is no placement file at {self.path.name}. Point TANDEM_TRUST at it.") from error
        stamp = (found.st_mtime_ns, found.st_size)
        if stamp != self._stamp:
            content = yaml.safe_load(self.path.read_text()) or {}
            if not isinstance(content, dict) or not isinstance(content.get("cells"), dict):
                raise Refused(f"{self.path.name} must say 'trust' and 'cells'.")
            self._content, self._stamp = content, stamp
        return self._content

    @property
    def trust(self) -> str:
        return str(self._read().get("trust", "Trust"))

    def cells(self) -> dict[str, Mapping[str, Any]]:
        return dict(self._read()["cells"])

    def schools(self, cell: str | None = None) -> list[str]:
        """The schools of a cell, or of all cells, in order."""
        cells = self.cells()
        wanted = cells if cell is None else {cell: cells.get(cell, {})}
        return sorted(school for content in wanted.values() for school in (content.get("schools") or []))

    def cell_of(self, school: str) -> str | None:
        return next((name for name, content in self.cells().items() if school in (content.get("schools") or [])), None)

    def add(self, school: str, cell: str) -> None:
        """Place a new school in a cell; the file is replaced in one step."""
        content = dict(self._read())
        cells = {name: dict(value) for name, value in content["cells"].items()}
        if cell not in cells:
            raise Refused(f"There is no cell named {cell}.")
        cells[cell]["schools"] = sorted({*(cells[cell].get("schools") or []), school})
        fresh = self.path.with_suffix(".new")
        fresh.write_text(yaml.safe_dump({**content, "cells": cells}, sort_keys=False, allow_unicode=True))
        fresh.replace(self.path)
