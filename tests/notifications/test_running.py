"""The service as a process: built from its environment, and worked from the bus to the letter."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from chassis.adapters.bus_embedded import EmbeddedBus
from chassis.auth import new_key_pair
from chassis.bus import Outgoing, TopicSpec
from chassis.clock import SystemClock, new_id
from chassis.envelope import Fact, Sender, Stream, encode, topic_name, wire_headers
from chassis.errors import Refused
from chassis.mail import Letter
from chassis.migrate import migrate
from chassis.worker import Worker
from services.notifications.settings import from_environment
from services.notifications.wiring import build
from services.notifications.worker import work
from services.notifications.wsgi import application
from tests.notifications.house import ALWAYS, VERSIONS

STREAMS: tuple[tuple[str, Stream], ...] = (
    ("profiles", "state"), ("profiles", "events"), ("scheduling", "events"), ("notifications", "events"))


class Doormat:
    """Says when the first letter fell on it."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.fell = threading.Event()

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)
        self.fell.set()


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    (tmp_path / "trust.yaml").write_text("trust: Oak Trust\ncells:\n  main:\n    schools: [oakfield]\n")
    for name, value in {
        "NOTIFICATIONS_DATABASE_URL": f"sqlite:///{tmp_path}/notifications.db",
        "TANDEM_PUBLIC_KEY": json.dumps(new_key_pair()[1]), "TANDEM_TRUST": str(tmp_path / "trust.yaml"),
        "TANDEM_SMTP": "127.0.0.1:1025", "TANDEM_PORTAL_URL": "https://tandem.invalid",
    }.items():
        monkeypatch.setenv(name, value)
    yield monkeypatch
    structlog.reset_defaults()  # a web process sets logging up for itself; other tests must not inherit it


def test_the_environment_makes_the_service_of_its_cell(environment: pytest.MonkeyPatch) -> None:
    running = from_environment()
    assert list(running.service.schools()) == ["oakfield"]
    assert application().test_client().get("/livez").status_code == 200
    running.service.database.close()


def test_what_the_environment_lacks_is_said_in_words(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("TANDEM_PORTAL_URL")
    with pytest.raises(Refused, match="TANDEM_PORTAL_URL: where people open the portal"):
        from_environment()
    environment.setenv("TANDEM_PORTAL_URL", "https://tandem.invalid")
    environment.setenv("TANDEM_SMTP", "nowhere")
    with pytest.raises(Refused, match="host:port"):
        from_environment()


def announce(bus: EmbeddedBus, *facts: Fact) -> None:
    clock, producer, batch = SystemClock(), bus.producer("profiles"), []
    for fact in facts:
        headers, value = encode(fact, Sender("profiles", "oakfield"), new_id(), clock.now())
        batch.append(Outgoing(topic_name("oakfield", "profiles", fact.stream), fact.key,
                              value.encode() if value else None, wire_headers(headers)))
    assert set(producer.send(batch, 5.0)) == {None}
    producer.close()


def test_a_fact_on_the_bus_becomes_a_letter_within_seconds(tmp_path: Path) -> None:
    url, doormat = f"sqlite:///{tmp_path}/notifications.db", Doormat()
    migrate(url, VERSIONS)
    bus = EmbeddedBus(tmp_path / "bus.db")
    bus.declare([TopicSpec(topic_name("oakfield", service, stream), 1) for service, stream in STREAMS])
    service = build(url, new_key_pair()[1], SystemClock(), lambda: ["oakfield"], doormat, "https://tandem.invalid")
    worker = Worker(work(service, bus, "main"))
    worker.start()
    try:
        announce(
            bus,
            Fact("tandem.profiles.praise.sent.v1", "sam", 1, {
                "praise_id": "praise-1", "pupil_id": "sam", "staff_id": "shaw", "strength": "kindness"}, after=2),
            Fact("tandem.profiles.guardian.described.v1", "mother", 1, {
                "id": "mother", "given_name": "Jo", "family_name": "Reed", "email": "jo@home.invalid"}, "state"),
            Fact("tandem.profiles.rights.computed.v1", "sam:mother", 2, {
                "pupil_id": "sam", "guardian_id": "mother", "windows": {"receive": ALWAYS}}, "state"))
        assert doormat.fell.wait(10)
    finally:
        worker.stop()
        bus.close()
        service.database.close()
    assert [letter.to for letter in doormat.letters] == ["jo@home.invalid"]
    assert doormat.letters[0].subject == "Your child: good news from school"
