"""The worker of notifications: listens, relays, and sends letters. Run: `python -m services.notifications.worker`."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

from chassis.bus import Bus
from chassis.bus_embedded import EmbeddedBus
from chassis.bus_kafka import KafkaBus
from chassis.log import set_up_logging
from chassis.web import Service
from chassis.worker import Work, Worker
from services.notifications.settings import from_environment


def work(service: Service, bus: Bus, cell: str) -> Work:
    """What the worker of this service does in a cell."""
    return Work(service.name, cell, service.database, bus, service.schools, service.subscriptions, service.timers,
                service.chores)


def main() -> None:
    """Work until told to stop."""
    set_up_logging()
    running = from_environment()
    kind, _, path = running.bus.partition(":")
    bus: Bus = EmbeddedBus(Path(path)) if kind == "embedded" else KafkaBus(running.bus)
    worker, told = Worker(work(running.service, bus, running.cell)), threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: told.set())
    worker.start()
    told.wait()
    worker.stop()
    bus.close()


if __name__ == "__main__":
    main()
