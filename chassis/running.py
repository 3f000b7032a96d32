"""Running a service's processes as the environment describes them.

What every service is told is read here once; a worker is run until it is told to stop, and answers /livez, /readyz and
/metrics meanwhile, as every web process does.
"""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import sqlalchemy as sa
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis.adapters.bus_embedded import EmbeddedBus
from chassis.adapters.bus_kafka import KafkaBus
from chassis.adapters.mail import Server, SmtpSender
from chassis.bus import Bus
from chassis.errors import Refused
from chassis.log import set_up_logging
from chassis.settings import Placement, Setting, read_settings
from chassis.worker import Work, Worker

COMMON = (
    Setting("TANDEM_PUBLIC_KEY", "the public half of the portal's key, as a JWK (TANDEM_PUBLIC_KEY_FILE for a file)"),
    Setting("TANDEM_TRUST", "the file that places schools in cells", "deploy/trust.yaml"),
    Setting("TANDEM_CELL", "the cell that this process serves", "main"),
    Setting("TANDEM_BUS", "Kafka's bootstrap servers, or embedded:<file> for one machine", "127.0.0.1:9092"),
    Setting("TANDEM_BUS_SECURITY", "kafka-python's security_* and sasl_* options as JSON, best from a file "
            "(TANDEM_BUS_SECURITY_FILE); empty for none", ""),
    Setting("TANDEM_HEALTH", "host:port at which a worker answers /livez, /readyz and /metrics; empty for none", ""),
    Setting("TANDEM_LOG", "how much is logged: DEBUG, INFO, WARNING or ERROR", "INFO"),
)
MAIL = (
    Setting("TANDEM_SMTP", "the mail server, host:port"),
    Setting("TANDEM_PORTAL_URL", "where people open the portal"),
    Setting("TANDEM_MAIL_FROM", "the sender of letters", "Tandem <no-reply@tandem.invalid>"),
    Setting("TANDEM_SMTP_TLS", "how mail is kept secret on its way: none, starttls, or tls from the start", "none"),
    Setting("TANDEM_SMTP_USER", "who we are to the mail server; empty for nobody", ""),
    Setting("TANDEM_SMTP_PASSWORD", "the password for that (TANDEM_SMTP_PASSWORD_FILE for a file)", ""),
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the environment says, read and checked."""

    values: Mapping[str, str]
    placement: Placement
    public_key: dict[str, Any]

    @property
    def cell(self) -> str:
        return self.values["TANDEM_CELL"]

    def schools(self) -> list[str]:
        """The schools of this cell, as the placement file has them now."""
        return self.placement.schools(self.cell)

    def mail_sender(self) -> SmtpSender:
        host, port = host_and_port("TANDEM_SMTP", self.values["TANDEM_SMTP"])
        tls = self.values["TANDEM_SMTP_TLS"]
        if tls not in ("none", "starttls", "tls"):
            raise Refused("TANDEM_SMTP_TLS is none, starttls or tls.")
        user = self.values["TANDEM_SMTP_USER"]
        return SmtpSender(Server(host, port, tls, (user, self.values["TANDEM_SMTP_PASSWORD"]) if user else None),
                          self.values["TANDEM_MAIL_FROM"])


def read_surroundings(settings: Sequence[Setting]) -> Surroundings:
    """Read a service's settings, and log from now on as they say; Refused says in words what is missing or wrong."""
    values = read_settings(tuple(settings))
    set_up_logging(values["TANDEM_LOG"])
    return Surroundings(values, Placement(Path(values["TANDEM_TRUST"])),
                        read_json(values, "TANDEM_PUBLIC_KEY"))


def read_json(values: Mapping[str, str], name: str) -> dict[str, Any]:
    """A setting that holds a JSON object: a key, or options."""
    try:
        return dict(json.loads(values[name]))
    except (ValueError, TypeError) as error:
        raise Refused(f"{name} is not a JSON object.") from error


def host_and_port(name: str, value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit():
        raise Refused(f"{name} is host:port, for example 127.0.0.1:1025.")
    return host, int(port)


def open_bus(values: Mapping[str, str], replication: int = 1) -> Bus:
    """The bus that TANDEM_BUS names; `replication` is for topics that will be made."""
    kind, _, path = values["TANDEM_BUS"].partition(":")
    if kind == "embedded":
        return EmbeddedBus(Path(path))
    security = read_json(values, "TANDEM_BUS_SECURITY") if values["TANDEM_BUS_SECURITY"] else {}
    return KafkaBus(values["TANDEM_BUS"], security, replication)


def run_worker(surroundings: Surroundings, work: Callable[[Bus], Work]) -> None:
    """Work until told to stop by SIGTERM or SIGINT."""
    bus, told = open_bus(surroundings.values), threading.Event()
    worker = Worker(work(bus))
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: told.set())
    worker.start()
    if surroundings.values["TANDEM_HEALTH"]:
        answer_health(worker, *host_and_port("TANDEM_HEALTH", surroundings.values["TANDEM_HEALTH"]))
    told.wait()
    worker.stop()
    bus.close()


def answer_health(worker: Worker, host: str, port: int) -> None:
    """Answer in a thread: alive while every part has its thread, ready while the database answers."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        status, kind, body = _health(worker, str(environ.get("PATH_INFO")))
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    server = make_server(host, port, app, handler_class=_Silent)
    threading.Thread(target=server.serve_forever, daemon=True, name="health").start()


def _health(worker: Worker, path: str) -> tuple[str, str, bytes]:
    if path == "/metrics":
        return "200 OK", CONTENT_TYPE_LATEST, generate_latest()
    if path == "/livez":
        return ("200 OK" if worker.is_alive() else "500 Internal Server Error"), "text/plain", b"livez"
    if path == "/readyz":
        try:
            with worker.work.database.engine.connect() as connection:
                connection.execute(sa.text("SELECT 1"))
        except sa.exc.SQLAlchemyError:
            return "503 Service Unavailable", "text/plain", b"the database is not answering"
        return "200 OK", "text/plain", b"readyz"
    return "404 Not Found", "text/plain", b""


class _Silent(WSGIRequestHandler):
    """Health is asked every few seconds: not a line each."""

    def log_message(self, format: str, *args: Any) -> None:
        return None
