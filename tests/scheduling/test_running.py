"""Scheduling is built from its environment, and every door of it has a guard."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from chassis.adapters.bus_embedded import EmbeddedBus
from chassis.bus import Partition, Record, TopicSpec
from chassis.envelope import topic_name
from chassis.errors import Refused
from chassis.worker import Worker
from services.scheduling.settings import SETTINGS, from_environment
from services.scheduling.worker import work
from services.scheduling.wsgi import application
from tests.fakes import FixedClock, Keys
from tests.scheduling.house import ROOT, House, house

__all__ = ["house"]


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trust = tmp_path / "trust.yaml"
    trust.write_text("trust: T\ncells:\n  main:\n    schools: [oakfield]\n  other:\n    schools: [elm]\n")
    monkeypatch.setenv("TANDEM_TRUST", str(trust))
    monkeypatch.setenv("TANDEM_PUBLIC_KEY", json.dumps(Keys(FixedClock()).public))
    monkeypatch.setenv("SCHEDULING_DATABASE_URL", f"sqlite:///{tmp_path / 'scheduling.db'}")


def test_the_environment_says_which_schools_a_process_serves(environment: None) -> None:
    running = from_environment()
    assert list(running.service.schools()) == ["oakfield"]
    assert application().test_client().get("/livez").status_code == 200


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCHEDULING_DATABASE_URL", raising=False)
    with pytest.raises(Refused, match="SCHEDULING_DATABASE_URL"):
        from_environment()


def test_every_setting_is_in_the_readme() -> None:
    text = (ROOT / "services/scheduling/README.md").read_text()
    assert [setting.name for setting in SETTINGS if f"`{setting.name}`" not in text] == []


def test_every_route_says_who_may_call_it(house: House) -> None:
    views = {rule.endpoint: house.app.view_functions[rule.endpoint] for rule in house.app.url_map.iter_rules()
             if rule.rule.startswith("/schools/")}
    guards = {name: view for name, view in views.items() if not name.startswith("operations.")}
    assert {"evenings", "resources", "wishes", "planning", "appointments", "itineraries", "waitlist", "nights",
            "meetings", "sharing", "feeds", "reception", "reviews", "checkins"} == {
        name.split(".")[0] for name in guards}
    assert [name for name, view in guards.items() if not hasattr(view, "guard")] == []


def test_what_is_announced_reaches_the_bus_through_the_worker(house: House, tmp_path: Path) -> None:
    bus = EmbeddedBus(tmp_path / "bus.db")
    topic = topic_name("oakfield", "scheduling", "events")
    bus.declare([TopicSpec(name) for name in (topic, topic_name("oakfield", "profiles", "state"),
                                             topic_name("elmhurst", "profiles", "state"))])
    worker = Worker(work(house.service, bus, "main"))

    def from_the_start(partitions: Sequence[Partition]) -> None:
        for partition in partitions:
            reader.seek(partition, 0)

    reader = bus.consumer("test", "test", from_the_start)
    reader.subscribe([topic])
    worker.start()
    try:
        evening = house.open_evening()
        found: list[Record] = []
        for _ in range(50):
            found += [record for records in reader.poll(0.2).values() for record in records]
            if found:
                break
    finally:
        worker.stop()
        reader.close()
        bus.close()
    assert [record.key for record in found] == [evening["id"]]
