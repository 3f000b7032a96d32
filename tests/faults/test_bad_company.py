"""Every record twice, keys that alternate, and a poison event among good ones: each effect once, each key in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chassis.bus import Bus, Outcome, Outgoing, Producer
from chassis.envelope import topic_name
from tests.faults.test_stopped import share, told
from tests.journeys.house import TRUST_IT, Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people


class TwiceBus:
    """A bus on which every record comes twice, as after a lost acknowledgement."""

    def __init__(self, bus: Bus):
        self._bus = bus

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bus, name)

    def producer(self, client_id: str) -> Producer:
        return _TwiceProducer(self._bus.producer(client_id))


@dataclass
class _TwiceProducer:
    producer: Producer

    def send(self, batch: Sequence[Outgoing], timeout_s: float) -> list[Outcome]:
        self.producer.send(batch, timeout_s)
        return self.producer.send(batch, timeout_s)

    def close(self) -> None:
        self.producer.close()


@pytest.fixture(params=["embedded", "deployed"])
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, request.param, tmp_path, wrap_bus=TwiceBus)


@pytest.fixture(params=["embedded", "deployed"])
def plain_trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, request.param, tmp_path)


def notices(trust: Trust, who: Any) -> list[tuple[str, str]]:
    items = trust.call("notifications", "GET", f"/{OAKFIELD}/notices", who).json.get("items", ())
    return [(item["kind"], item["about_id"]) for item in items]


def test_what_comes_twice_is_done_once_and_keys_that_alternate_keep_their_order(trust: Trust) -> None:
    import_sample(trust)
    who, children = people(trust), two_children(trust)
    sent: dict[str, list[str]] = {pupil_id: [] for pupil_id, _guardian in children}
    for number in range(6):
        pupil_id, _guardian = children[number % 2]
        done = trust.call("profiles", "POST", f"/{OAKFIELD}/pupils/{pupil_id}/praise", who["bell"], json={
            "strength": "kindness", "sentence": f"Sentence {number}."})
        sent[pupil_id].append(done.json["id"])
    for pupil_id, guardian in children:
        trust.until(lambda guardian=guardian: len(notices(trust, guardian)) >= 3)
        assert notices(trust, guardian) == [("praise", one) for one in sent[pupil_id][::-1]]
    shared = share(trust, who, "once").json["id"]
    trust.until(lambda: told(trust, who))
    assert told(trust, who) == [shared]


def two_children(trust: Trust) -> list[tuple[str, Any]]:
    """Two children of one class, each with an adult who hears of one of them alone."""
    office, maple = ("office", "staff", ("office",)), people(trust)["maple"]
    found_class = trust.call("profiles", "GET", f"/{OAKFIELD}/classes/{maple}", office).json
    pupils = {item["id"] for item in found_class["pupils"]}
    pairs = [pair for pair in every_pair(trust) if pair["rights"]["receive"]["allowed"]]
    adults = [pair["guardian"]["id"] for pair in pairs]
    found = {pair["pupil"]["id"]: (pair["guardian"]["id"], "guardian", ()) for pair in pairs
             if pair["pupil"]["id"] in pupils and adults.count(pair["guardian"]["id"]) == 1}
    return list(found.items())[:2]


def every_pair(trust: Trust) -> Iterator[Any]:
    """Each adult and child of the school, page by page."""
    after = ""
    while True:
        page = trust.call("profiles", "GET", f"/{OAKFIELD}/relationships?limit=200{after}",
                          ("office", "staff", ("office",))).json
        yield from page["items"]
        if page["after"] is None:
            return
        after = f"&after={page['after']}"


def test_a_poison_event_holds_its_own_key_alone_until_somebody_decides(plain_trust: Trust) -> None:
    trust = plain_trust
    import_sample(trust)
    who = people(trust)
    first = share(trust, who, "one").json["id"]
    trust.until(lambda: told(trust, who) == [first])
    (other, guardian), = [child for child in two_children(trust) if child[0] != who["sam"]][:1]
    poison = (("ce_type", b"tandem.profiles.update.shared.v1"), ("ce_id", b"poison"), ("ce_specversion", b"1.0"))
    producer = trust.bus.producer("test")
    producer.send([Outgoing(topic_name(OAKFIELD, "profiles", "events"), who["sam"], b"{not json", poison)], 20)
    producer.close()
    dead = trust.until(lambda: letters(trust))
    behind = share(trust, who, "two").json["id"]
    good = trust.call("profiles", "POST", f"/{OAKFIELD}/pupils/{other}/praise", who["bell"], json={
        "strength": "kindness", "sentence": "A good day."}).json["id"]
    trust.until(lambda: notices(trust, guardian) == [("praise", good)])
    trust.until(lambda: len(letters(trust)) == 2)
    assert told(trust, who) == [first]
    path = f"/{OAKFIELD}/dead-letters/{dead[0]['id']}"
    assert trust.call("notifications", "POST", f"{path}/retry", TRUST_IT).status_code == 422
    given_up = trust.call("notifications", "POST", f"{path}/discard", TRUST_IT, json={"reason": "not an event"})
    assert given_up.json == {"retried": 1}
    assert told(trust, who) == [behind, first]
    assert letters(trust) == []


def letters(trust: Trust) -> list[Any]:
    items: list[Any] = trust.call("notifications", "GET", f"/{OAKFIELD}/dead-letters", TRUST_IT).json["items"]
    return items
