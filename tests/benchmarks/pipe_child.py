"""One worker of the pipeline in a process of its own, as a deployment has it, until its standard input is closed."""

from __future__ import annotations

import sys

from chassis.adapters.bus_kafka import KafkaBus
from chassis.clock import SystemClock
from chassis.log import set_up_logging
from chassis.unit_of_work import Database
from tests.benchmarks.parts import work_of
from tests.benchmarks.ruled import pick_allowed
from tests.parts.apart import ApartBus


def main() -> None:
    set_up_logging("ERROR")
    service, url, servers, prefix, *told = sys.argv[1:]
    database, bus = Database(url, service, SystemClock()), ApartBus(KafkaBus(servers), prefix)
    worker = work_of(service, database, bus, pick=pick_allowed) if told else work_of(service, database, bus)
    worker.start()
    sys.stdin.read()
    worker.stop()
    bus.close()


if __name__ == "__main__":
    main()
