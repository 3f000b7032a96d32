"""kill -9 at named points of a fact's life: what was accepted is there, once, and is told, once."""

from __future__ import annotations

import multiprocessing
import secrets
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults.child import BELL, work
from tests.journeys.house import SERVICES
from tests.parts.migrated import new_postgres, new_sqlite

SCHOOLS = ["birchwood-high-school", "oakfield-infant-school", "st-brigids-primary-school"]
POINTS = ("web before", "web after", "relay before", "relay after", "consumer before", "consumer after",
          "delivery before", "delivery after")
APART = multiprocessing.get_context("forkserver")  # what each would import first is imported once
APART.set_forkserver_preload(["tests.faults.child"])


@dataclass(frozen=True)
class Ended:
    """How a process ended, and what it said at its end."""

    code: int | None
    said: dict[str, int] | None


@dataclass
class World:
    """Databases, a bus and a folder that outlive the processes that work on them."""

    told: dict[str, Any]
    later_s: int = 0

    def run(self, do: str, **more: Any) -> Ended:
        """A process of its own, until it ends; 0 is a good end, and what ends it otherwise is on the error output."""
        ours, theirs = APART.Pipe(duplex=False)
        told = {**self.told, "do": do, "later_s": self.later_s, **more}
        process = APART.Process(target=work, args=(told, theirs))
        process.start()
        theirs.close()
        process.join(120)
        said = ours.recv() if process.exitcode == 0 else None
        process.kill()
        return Ended(process.exitcode, said)

    def letters(self) -> list[str]:
        """A line for each time that a letter was handed to the mail."""
        log = Path(self.told["folder"]) / "sent"
        return log.read_text().splitlines() if log.exists() else []


@pytest.fixture(scope="module", params=["embedded", "deployed"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder, urls = tmp_path_factory.mktemp("killed"), {}
    for service in SERVICES:
        if request.param == "embedded":
            urls[service] = new_sqlite(service, folder / f"{service}.db")
        else:
            urls[service] = new_postgres(request.getfixturevalue("postgres_server"), service)[1]
    bus = f"embedded:{folder / 'bus.db'}" if request.param == "embedded" else request.getfixturevalue("kafka_server")
    made = World({"urls": urls, "bus": bus, "prefix": f"t{secrets.token_hex(4)}.", "folder": str(folder),
                  "schools": []})
    done = made.run("import")
    assert done.code == 0
    made.told["schools"] = SCHOOLS
    return made


def test_an_event_that_ends_the_process_is_parked_after_three_starts_and_can_be_tried_again(world: World) -> None:
    """Its sender never hears that it arrived, so it is sent again at every start: it is told once all the same."""
    words, before = f"Sam slept badly ({secrets.token_hex(4)}).", len(world.letters())
    ends = [world.run("share", words=words, kill="handler unsaid", until="parked").code for _ in range(4)]
    assert ends == [-signal.SIGKILL, -signal.SIGKILL, -signal.SIGKILL, 0]
    assert world.run("retry") == Ended(0, {"dead": 1, "left": 0})
    assert world.run("share", words=words) == Ended(0, {"updates": 1, "notices": 1})
    assert len([line for line in world.letters()[before:] if line.endswith(BELL)]) == 1


@pytest.mark.parametrize("point", POINTS)
def test_a_process_killed_at_a_named_point_loses_nothing_and_does_nothing_twice(world: World, point: str) -> None:
    words, before = f"Sam slept badly ({secrets.token_hex(4)}).", len(world.letters())
    killed = world.run("share", words=words, kill=point)
    assert killed.code == -signal.SIGKILL
    world.later_s += 90  # the claim on a letter that was being sent has run out
    done = world.run("share", words=words)  # the caller heard nothing, and asks again with the same key
    assert done == Ended(0, {"updates": 1, "notices": 1})
    handed = [line for line in world.letters()[before:] if line.endswith(BELL)]
    assert len(set(handed)) == 1
    # between handing a letter over and noting it no one can know: it goes again under the same Message-ID
    assert len(handed) == (2 if point == "delivery after" else 1)
