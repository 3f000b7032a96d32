"""Serving the embedded platform by gunicorn: one worker process with threads, because SQLite has one writer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from tandem.platform import Platform, on_start

THREADS = 12


class EmbeddedServer(BaseApplication):  # type: ignore[misc]
    """gunicorn without its command line."""

    def __init__(self, url: str, port: int, ready: Callable[[Platform], None]):
        self._build, self._port, self._ready = on_start(url), port, ready
        self._platform: Platform | None = None
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": f"127.0.0.1:{self._port}", "workers": 1, "worker_class": "gthread", "threads": THREADS,
            "loglevel": "warning", "graceful_timeout": 10, "timeout": 120, "control_socket_disable": True,
            "worker_exit": self._leave, "proc_name": "tandem", "post_worker_init": self._entered,
        }
        for name, value in settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        self._platform = self._build()
        return self._platform.wsgi

    def _entered(self, _worker: Any) -> None:
        if self._platform is not None:
            self._ready(self._platform)

    def _leave(self, _server: Any, _worker: Any) -> None:
        if self._platform is not None:
            self._platform.stop()
