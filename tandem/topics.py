"""The topics of a trust: declared from the placement of its schools, never made by being written to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from chassis.bus import Bus, TopicSpec
from chassis.envelope import Stream, topic_name
from chassis.errors import Refused
from chassis.running import COMMON, open_bus
from chassis.settings import Placement, Setting, read_settings

STREAMS: tuple[tuple[str, Stream], ...] = (
    ("profiles", "state"), ("profiles", "events"), ("scheduling", "events"), ("notifications", "events"),
    ("portal", "events"))
PARTITIONS = 3
WANTED = (*(setting for setting in COMMON if setting.name in ("TANDEM_TRUST", "TANDEM_BUS", "TANDEM_BUS_SECURITY")),
          Setting("TANDEM_BUS_REPLICATION", "how many brokers keep each topic that is made", "1"))


def topics_of(school: str) -> list[TopicSpec]:
    """The topics of a school: a compacted state topic of one partition (its order is total), and events."""
    return [TopicSpec(topic_name(school, service, stream), 1 if stream == "state" else PARTITIONS,
                      "compact" if stream == "state" else "delete")
            for service, stream in STREAMS]


@dataclass(frozen=True, slots=True)
class Step:
    """What stands between a topic as it is and as it is declared: 'missing', 'differs' or 'right'."""

    topic: str
    state: str
    words: str


def plan(bus: Bus, schools: Sequence[str]) -> list[Step]:
    """How each declared topic stands on the bus."""
    there = bus.describe()
    steps = []
    for spec in (spec for school in schools for spec in topics_of(school)):
        found = there.get(spec.name)
        if found is None:
            steps.append(Step(spec.name, "missing", f"will be made: {spec.partitions} partitions, {spec.cleanup}"))
        elif (found.partitions, found.cleanup) != (spec.partitions, spec.cleanup):
            steps.append(Step(spec.name, "differs", f"has {found.partitions} partitions, {found.cleanup}; declared are "
                                                    f"{spec.partitions}, {spec.cleanup}: change it by hand, or never"))
        else:
            steps.append(Step(spec.name, "right", "as declared"))
    return steps


@click.group()
def topics() -> None:
    """Topics on the bus that TANDEM_BUS names, for the schools of TANDEM_TRUST."""


@topics.command("plan")
@click.option("--json", "as_json", is_flag=True)
def show_plan(as_json: bool) -> None:
    """Say what `apply` would make, and what differs from what is declared."""
    bus, schools = _parts()
    _show(plan(bus, schools), as_json)
    bus.close()


@topics.command("apply")
@click.option("--json", "as_json", is_flag=True)
def apply_plan(as_json: bool) -> None:
    """Make the topics that are missing. What is there is left as it is: a partition added would break order per key."""
    bus, schools = _parts()
    bus.declare([spec for school in schools for spec in topics_of(school)])
    _show(plan(bus, schools), as_json)
    bus.close()


def _parts() -> tuple[Bus, list[str]]:
    values = read_settings(WANTED)
    if not values["TANDEM_BUS_REPLICATION"].isdigit():
        raise Refused("TANDEM_BUS_REPLICATION is a whole number.")
    bus = open_bus(values, int(values["TANDEM_BUS_REPLICATION"]))
    return bus, Placement(Path(values["TANDEM_TRUST"])).schools()


def _show(steps: Sequence[Step], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([{"topic": step.topic, "state": step.state, "words": step.words} for step in steps],
                              indent=2))
        return
    for step in steps:
        click.echo(f"{step.state:8} {step.topic}  {step.words}")
