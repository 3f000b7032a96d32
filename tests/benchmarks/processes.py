"""Each service's worker in a process of its own, as a trust deploys them: `python -m tests.benchmarks.processes`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chassis.adapters.bus_kafka import KafkaBus
from chassis.log import set_up_logging
from chassis.mail import Letter
from tests.journeys.house import SERVICES, Trust
from tests.parts.apart import ApartBus

READY = b"ready\n"


class Anyone:
    """A provider that takes every letter."""

    def send(self, letter: Letter) -> None:
        pass


@dataclass
class Placed:
    """The schools, read from a file whenever they are asked for, as every process reads its placement."""

    path: Path

    def __iter__(self) -> Iterator[str]:
        return iter(json.loads(self.path.read_text()) if self.path.exists() else [])

    def append(self, school: str) -> None:
        """Only the worker of profiles places schools, so nobody else writes meanwhile."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps([*self, school]))
        fresh.replace(self.path)


def build_apart(urls: Mapping[str, str], servers: str, prefix: str, folder: Path) -> Trust:
    """A trust whose processes know of each other by its databases, its topics and the file of its schools."""
    trust = Trust(ApartBus(KafkaBus(servers), prefix), dict(urls), folder, wrap_mail=lambda _folder: Anyone())
    trust.schools = Placed(folder / "schools.json")  # type: ignore[assignment]
    trust.build()
    return trust


@contextmanager
def run_workers(urls: Mapping[str, str], servers: str, prefix: str, folder: Path) -> Iterator[None]:
    """The workers of all services, each by itself, until the block ends."""
    told = json.dumps({"urls": urls, "servers": servers, "prefix": prefix, "folder": str(folder)})
    children = [subprocess.Popen([sys.executable, "-m", "tests.benchmarks.processes", service, told],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE) for service in SERVICES]
    try:
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == READY, "a worker did not start"
        yield
    finally:
        for child in children:
            child.communicate()  # the end of its input tells it to stop
        assert all(child.returncode == 0 for child in children), "a worker ended by itself"


def main(service: str, told: str) -> None:
    given = json.loads(told)
    trust = build_apart(given["urls"], given["servers"], given["prefix"], Path(given["folder"]))
    worker = trust.workers[SERVICES.index(service)]
    worker.start()
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    sys.stdin.read()
    worker.stop()


if __name__ == "__main__":
    set_up_logging("ERROR")
    main(*sys.argv[1:])
