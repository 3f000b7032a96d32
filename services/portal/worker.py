"""The worker of the portal: learns who may sign in, and sends links. Run: `python -m services.portal.worker`."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

from chassis.bus import Bus
from chassis.bus_embedded import EmbeddedBus
from chassis.bus_kafka import KafkaBus
from chassis.web import Service
from chassis.worker import Work, Worker
from services.portal.settings import from_environment


def work(service: Service, bus: Bus, cell: str) -> Work:
    """What the worker of the portal does; its cell is the trust."""
    return Work(service.name, cell, service.database, bus, service.schools, service.subscriptions, service.timers,
                service.chores)


def main() -> None:
    """Work until told to stop."""
    running = from_environment()
    kind, _, path = running.bus.partition(":")
    bus: Bus = EmbeddedBus(Path(path)) if kind == "embedded" else KafkaBus(running.bus)
    worker, told = Worker(work(running.portal.service, bus, "trust")), threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: told.set())
    worker.start()
    told.wait()
    worker.stop()
    bus.close()


if __name__ == "__main__":
    main()
