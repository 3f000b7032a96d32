"""The data folder of the embedded platform: keys, databases, the bus, mail, and the placement of schools."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.auth import new_key_pair
from chassis.settings import Placement

SERVICES = ("profiles", "scheduling", "notifications", "portal")


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Where one machine's platform keeps everything."""

    root: Path

    @classmethod
    def from_environment(cls) -> DataFolder:
        return cls(Path(os.environ.get("TANDEM_DATA", "data")).resolve())

    def database_url(self, service: str) -> str:
        return f"sqlite:///{self.root / service}.db"

    @property
    def bus(self) -> Path:
        return self.root / "bus.db"

    @property
    def mail(self) -> Path:
        return self.root / "mail"

    @property
    def trust(self) -> Path:
        return self.root / "trust.yaml"

    def placement(self) -> Placement:
        """This folder's own, or that of the deployment whose file TANDEM_TRUST names."""
        return Placement(Path(os.environ.get("TANDEM_TRUST") or self.trust))

    def prepare(self, trust_name: str) -> None:
        """Make what is missing: the folder, keys that only we can read, and an empty placement of one cell."""
        for folder in (self.root, self.mail, self.root / "keys"):
            folder.mkdir(parents=True, exist_ok=True)
        if not self._key("private").exists():
            private, public = new_key_pair()
            write_secret(self._key("public"), json.dumps(public))
            write_secret(self._key("secret"), secrets.token_urlsafe(48))
            write_secret(self._key("private"), json.dumps(private))
        if not self.trust.exists():
            self.trust.write_text(f"trust: {trust_name}\ncells:\n  main:\n    schools: []\n")

    def _key(self, name: str) -> Path:
        return self.root / "keys" / name

    def private_key(self) -> dict[str, Any]:
        """This folder's own, or that of the deployment whose key PORTAL_PRIVATE_KEY holds."""
        return dict(json.loads(os.environ.get("PORTAL_PRIVATE_KEY") or self._key("private").read_text()))

    def public_key(self) -> dict[str, Any]:
        return dict(json.loads(self._key("public").read_text()))

    def secret(self) -> str:
        return self._key("secret").read_text()


def write_secret(path: Path, content: str) -> None:
    """Write a file whole or not at all, readable by its owner alone."""
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(content)
    fresh.replace(path)
