"""The worker of scheduling: its relay, its consumer and its deadlines. Run: `python -m services.scheduling.worker`."""

from __future__ import annotations

from chassis.bus import Bus
from chassis.running import run_worker
from chassis.web import Service
from chassis.worker import Work
from services.scheduling.settings import from_environment


def work(service: Service, bus: Bus, cell: str) -> Work:
    """What the worker of this service does in a cell."""
    return Work(service.name, cell, service.database, bus, service.schools, service.subscriptions, service.timers,
                service.chores, service.labours)


def main() -> None:
    """Work until told to stop."""
    running = from_environment()
    run_worker(running.surroundings, lambda bus: work(running.service, bus, running.surroundings.cell))


if __name__ == "__main__":
    main()
