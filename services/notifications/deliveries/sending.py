"""The post: claims in one short transaction, hands letters over with none open, records the outcome in another.

A process that dies in between leaves the claim to run out; the letter is then sent again under the same reference,
by which the provider (or the folder) knows it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from chassis.errors import Unavailable
from chassis.log import logger
from chassis.mail import AddressRefused, MailSender
from chassis.unit_of_work import Database
from services.notifications.deliveries.actions import has_due, record_outcomes
from services.notifications.deliveries.claims import Claimed, claim_due
from services.notifications.deliveries.letters import write_letter
from services.notifications.deliveries.rules import CLAIM, LAST_START, Outcome, after_failure

BATCH = 50
FULL_LOOK = timedelta(seconds=30)
ENOUGH_FAILURES = 3  # in a row: then it is the mail server and not the letters
log = logger("post")


class Post:
    """Sends what is due, a batch of each school in turn. Called by one thread; hints may come from any.

    A hint says that a school may have work; all schools are looked at twice a minute, so a lost hint only delays.
    """

    def __init__(self, database: Database, sender: MailSender, portal_url: str, schools: Callable[[], Sequence[str]]):
        self._database = database
        self._sender = sender
        self._portal_url = portal_url
        self._schools = schools
        self._hinted: set[str] = set()
        self._lock = threading.Lock()
        self._full_look_at: datetime | None = None

    def hint(self, school: str) -> None:
        """Something was queued for this school, or what it waited for may have come."""
        with self._lock:
            self._hinted.add(school)

    def pump(self) -> int:
        """Send one batch of every school that has something due; return how many deliveries were tried."""
        return sum(self._pump_alone(school) for school in self._take_schools())

    def _take_schools(self) -> list[str]:
        ours, now = list(self._schools()), self._database.clock.now()
        with self._lock:
            hinted, self._hinted = self._hinted, set()
        if self._full_look_at is None or now >= self._full_look_at:
            self._full_look_at = now + FULL_LOOK
            return ours
        return [school for school in ours if school in hinted]

    def _pump_alone(self, school: str) -> int:
        try:
            return self._pump_school(school)
        except Exception as error:  # one school's trouble is not another's; the next full look tries again
            log.error("school_not_posted", school=school, reason=type(error).__name__)
            return 0

    def _pump_school(self, school: str) -> int:
        with self._database.unit_of_work(school, write=False) as uow:
            if not has_due(uow):
                return 0
        with self._database.unit_of_work(school) as uow:
            taken = claim_due(uow, BATCH)
            until = uow.now + CLAIM
        if not taken.letters:
            if taken.looked_at:  # all of them were closed or made to wait: what is behind them need not
                self.hint(school)
            return 0
        outcomes = self._send_all(taken.letters, until)
        with self._database.unit_of_work(school) as uow:
            record_outcomes(uow, outcomes)
        tried = sum(not outcome.is_untried for outcome in outcomes)
        if tried == len(outcomes) and taken.looked_at >= BATCH:
            self.hint(school)  # there may be more; an unwilling mail server is left alone until the next full look
        return tried

    def _send_all(self, claimed: Sequence[Claimed], until: datetime) -> list[Outcome]:
        outcomes: list[Outcome] = []
        failures = 0
        for letter in claimed:
            if failures >= ENOUGH_FAILURES or self._database.clock.now() > until - LAST_START:
                outcomes += [Outcome(part, attempts, "queued", is_untried=True) for part, attempts in letter.parts]
                continue
            ended = self._send(letter)
            failures = failures + 1 if ended[0].reason == "unavailable" else 0
            outcomes += ended
        return outcomes

    def _send(self, letter: Claimed) -> list[Outcome]:
        """Hand one letter over; how it went is how each of its deliveries went."""
        try:
            self._sender.send(write_letter(letter, self._portal_url, self._database.clock.now()))
        except AddressRefused:
            return [Outcome(part, attempts, "unreachable", "address refused") for part, attempts in letter.parts]
        except Unavailable:
            return [after_failure(part, attempts, "unavailable") for part, attempts in letter.parts]
        except Exception as error:  # one letter that cannot be written must not hold the others
            log.error("letter_failed", letter=letter.reference, reason=type(error).__name__)
            return [after_failure(part, attempts, type(error).__name__[:100]) for part, attempts in letter.parts]
        return [Outcome(part, attempts, "sent") for part, attempts in letter.parts]
