"""The embedded platform as `tandem up` serves it, with a bare Flask page mounted beside it at /bare."""

from __future__ import annotations

import sys
from typing import Any

import flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from chassis.log import set_up_logging
from tandem.serving import EmbeddedServer

bare = flask.Flask("bare")


@bare.get("/")
def page() -> str:
    return "<!DOCTYPE html><title>Hello</title><h1>Hello</h1>"


class Server(EmbeddedServer):
    """The platform's own server, and the page."""

    def load(self) -> Any:
        return DispatcherMiddleware(super().load(), {"/bare": bare})  # type: ignore[arg-type]


def main() -> None:
    set_up_logging("ERROR")
    port = int(sys.argv[1])
    sys.argv = sys.argv[:1]
    Server(f"http://127.0.0.1:{port}", port, lambda _platform: None).run()


if __name__ == "__main__":
    main()
