"""The worker of profiles: its relay, its deadlines and its heartbeats."""

from __future__ import annotations

from chassis.bus import Bus
from chassis.web import Service
from chassis.worker import Work


def work(service: Service, bus: Bus, cell: str) -> Work:
    return Work("profiles", cell, service.database, bus, service.schools, service.subscriptions, service.timers,
                service.chores, service.labours)
