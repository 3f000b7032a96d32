"""The worker of one service: a relay, a consumer and a sweep, each a thread; in a process of its own, or in the one
process of the embedded platform. Nothing here sleeps for a deadline: deadlines are rows, and waits are for signals.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chassis.bus import Bus, BusError, Consumer, Partition, Record
from chassis.envelope import school_of, topic_name
from chassis.inbox import Fenced, Inbox, Subscriptions, Transient
from chassis.log import logger
from chassis.pruning import Pruner
from chassis.relay import FEWEST_PER_SCHOOL, Relay, ownership
from chassis.timers import TimerHandler, sweep
from chassis.unit_of_work import Database

IDLE_POLL_S = 1.0  # the slow poll that is the truth; signals only make it faster
BREATH_S = 0.2  # between two rounds of chores, so that what comes meanwhile is done together
MANY = 50  # a round that did so much is followed by another at once
OWING_POLL_S = 0.05  # how long marks may wait for the next look
FIRST_WAIT_S, LONGEST_WAIT_S = 0.02, 5.0
LOOK_AHEAD_S = 5.0  # how often the ends of the partitions are noted, and our place told to the bus: what is seen as lag
log = logger("worker")


@dataclass(slots=True)
class Work:
    """What a service's worker does.

    `chores` are called about once a second and are short; `labours` may take minutes, in a thread of their own. Both
    return how much they did.
    """

    service: str
    cell: str
    database: Database
    bus: Bus
    schools: Callable[[], Sequence[str]]
    subscriptions: Subscriptions
    timers: Mapping[str, TimerHandler] = field(default_factory=dict)
    chores: Sequence[Callable[[], int]] = ()
    labours: Sequence[Callable[[], int]] = ()


class Worker:
    """Runs the threads of one service until `stop`."""

    def __init__(self, work: Work):
        self.work = work
        self.stopping = threading.Event()
        self.nudge = threading.Event()  # something was handled: chores may have work
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        parts = [self._relay, self._consume, self._sweep]
        if self.work.database.is_postgresql:
            parts.append(self._listen)
        if self.work.labours:
            parts.append(self._labour)
        for part in parts:
            thread = threading.Thread(target=self._keep_running, args=(part,), daemon=True,
                                      name=f"{self.work.service}-{part.__name__.strip('_')}")
            thread.start()
            self._threads.append(thread)

    def stop(self, timeout_s: float = 10.0) -> None:
        """Ask the threads to end after what they are doing, and wait for them."""
        self.stopping.set()
        self.work.database.committed.set()
        self.nudge.set()
        end = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def is_alive(self) -> bool:
        """Whether every part still has its thread."""
        return bool(self._threads) and all(thread.is_alive() for thread in self._threads)

    def _keep_running(self, part: Callable[[], None]) -> None:
        """A part that fails (a database that is down, say) is begun again, patiently."""
        wait = FIRST_WAIT_S
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                part()
            except Exception as error:
                log.warning("part_failed", service=self.work.service, part=part.__name__, reason=type(error).__name__)
            wait = FIRST_WAIT_S if time.monotonic() - began > 30 else min(wait * 2, LONGEST_WAIT_S)
            self.stopping.wait(wait)

    def _relay(self) -> None:
        database = self.work.database
        producer = self.work.bus.producer(f"{self.work.service}.{self.work.cell}.relay")
        relay, wait = Relay(database, producer), FIRST_WAIT_S
        try:
            with ownership(database) as owns:
                while not self.stopping.is_set():
                    database.committed.clear()
                    try:
                        sent = relay.pump() if owns() else 0
                        wait = FIRST_WAIT_S
                    except BusError as error:
                        log.warning("bus_not_taking", service=self.work.service, reason=str(error)[:200])
                        self.stopping.wait(wait)
                        wait = min(wait * 2, LONGEST_WAIT_S)
                        continue
                    if sent < FEWEST_PER_SCHOOL:  # of no school was anything left; what came since has said so
                        database.committed.wait(OWING_POLL_S if relay.is_owing else IDLE_POLL_S)
                relay.settle()
        finally:
            producer.close()

    def _listen(self) -> None:
        """Hear of commits in other processes: a hint that saves the relay its slow poll."""
        with self.work.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("LISTEN tandem_outbox")
            driver = connection.connection.driver_connection
            while driver is not None and not self.stopping.is_set():
                for _hint in driver.notifies(timeout=IDLE_POLL_S, stop_after=1):
                    self.work.database.committed.set()

    def _consume(self) -> None:
        if not self.work.subscriptions.follows:
            self.stopping.wait()
            return
        inbox = Inbox(self.work.database, self.work.subscriptions)
        group = f"{self.work.service}.{self.work.cell}"

        def on_assigned(partitions: Sequence[Partition]) -> None:
            for partition, offset in inbox.place(partitions).items():
                consumer.seek(partition, offset)

        consumer = self.work.bus.consumer(group, group, on_assigned)
        try:
            Intake(self, inbox, consumer).run()
        finally:
            consumer.close()

    def _labour(self) -> None:
        while not self.stopping.is_set():
            if not sum(labour() for labour in self.work.labours):
                self.stopping.wait(IDLE_POLL_S)

    def _sweep(self) -> None:
        """Nudges are for chores; deadlines are looked for once a second, and again while some are met."""
        chores, look_at = (*self.work.chores, Pruner(self.work.database).prune), 0.0
        while not self.stopping.is_set():
            self.nudge.clear()
            done = 0
            if time.monotonic() >= look_at:
                done = sweep(self.work.database, self.work.timers) if self.work.timers else 0
                look_at = time.monotonic() + (0.0 if done else IDLE_POLL_S)
            done += sum(chore() for chore in chores)
            if done < MANY:
                self.stopping.wait(BREATH_S)
            if not done:
                self.nudge.wait(max(0.0, look_at - time.monotonic()))


class Intake:
    """The consumer loop: polls, and hands each school's records to the inbox; a school that must wait is paused."""

    def __init__(self, worker: Worker, inbox: Inbox, consumer: Consumer):
        self._worker = worker
        self._inbox = inbox
        self._consumer = consumer
        self._topics: list[str] = []
        self._waiting: dict[str, tuple[float, float, set[Partition]]] = {}  # school -> (until, wait, partitions)
        self._look_at = 0.0

    def run(self) -> None:
        while not self._worker.stopping.is_set():
            self._follow_schools()
            self._wake_schools()
            polled = self._consumer.poll(self._poll_time())
            by_school: dict[str, dict[Partition, list[Record]]] = defaultdict(dict)
            for partition in sorted(polled, key=_state_first):
                by_school[school_of(partition.topic)][partition] = polled[partition]
            for school, batches in by_school.items():
                self._take(school, batches)
            self._look_ahead()

    def _follow_schools(self) -> None:
        work = self._worker.work
        topics = [topic_name(school, service, stream)  # type: ignore[arg-type]
                  for school in work.schools() for service, stream in work.subscriptions.follows]
        if topics != self._topics:
            self._consumer.subscribe(topics)
            self._topics = topics

    def _take(self, school: str, batches: dict[Partition, list[Record]]) -> None:
        try:
            self._inbox.take(school, batches)
        except Transient as error:
            self._hold(school, batches)
            log.info("school_waits", school=school, service=self._worker.work.service, reason=str(error)[:120])
        except Fenced:
            log.warning("fenced", school=school, service=self._worker.work.service)
            self._inbox.place(list(batches))
            self._seek(batches)
        else:
            held = self._waiting.pop(school, (0.0, 0.0, set()))[2]
            self._consumer.resume(held)  # what they waited for may just have been applied
            self._worker.nudge.set()

    def _look_ahead(self) -> None:
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + LOOK_AHEAD_S
            self._inbox.note_ends(self._consumer.end_offsets(self._inbox.progress))
            self._consumer.commit({partition: known.next_offset for partition, known in self._inbox.progress.items()})

    def _hold(self, school: str, batches: dict[Partition, list[Record]]) -> None:
        """Go back to where the school's partitions were, and leave those that failed alone for a while."""
        wait = min(self._waiting.get(school, (0, FIRST_WAIT_S / 2, set()))[1] * 2, LONGEST_WAIT_S)
        self._seek(batches)
        # the state stream is never held with the others: what they wait for may be in it
        held = {p for p in batches if ".state." not in p.topic} or set(batches)
        self._consumer.pause(held)
        self._waiting[school] = (time.monotonic() + wait, wait, held)

    def _seek(self, batches: dict[Partition, list[Record]]) -> None:
        for partition in batches:
            self._consumer.seek(partition, self._inbox.progress[partition].next_offset)

    def _wake_schools(self) -> None:
        now = time.monotonic()
        for school, (until, wait, held) in list(self._waiting.items()):
            if until <= now and held:
                self._consumer.resume(held)
                self._waiting[school] = (until, wait, set())

    def _poll_time(self) -> float:
        waits = [until - time.monotonic() for until, _, held in self._waiting.values() if held]
        return max(0.0, min([IDLE_POLL_S, *waits]))


def _state_first(partition: Partition) -> tuple[bool, Partition]:
    return (".state." not in partition.topic, partition)
