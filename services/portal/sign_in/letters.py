"""The worker's part of signing in: looks addresses up and sends links. Claims, sends with nothing open, records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from chassis.errors import Unavailable
from chassis.log import logger
from chassis.mail import AddressRefused, Letter, MailSender
from chassis.unit_of_work import Database
from services.portal.accounts.actions import prune, who_has
from services.portal.accounts.models import SignInRequest
from services.portal.accounts.rules import MOST_LINKS, code_of, token_of
from services.portal.sign_in.words import letter_text, letter_title
from services.portal.trust_work import TrustWork, trust_work

BATCH = 20
CLAIM = timedelta(seconds=60)
PRUNE_EVERY = timedelta(minutes=10)
log = logger("sign_in")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A wish to answer: nobody has the address when `to` is empty."""

    request_id: str
    to: str


class SignInLetters:
    """Called about once a second by the worker."""

    def __init__(self, database: Database, sender: MailSender, secret: str, portal_url: str):
        self._database = database
        self._sender = sender
        self._secret = secret
        self._portal_url = portal_url.rstrip("/")
        self._prune_at = database.clock.now()

    def pump(self) -> int:
        """Answer a batch of wishes; return how many were looked at."""
        self._prune_now_and_then()
        with trust_work(self._database, "sign-in wishes", write=False) as work:
            if not work.all(_waiting(work).limit(1)):
                return 0
        with trust_work(self._database, "sign-in claim") as work:
            claimed = [self._claim(work, row) for row in work.all(_waiting(work).limit(BATCH))]
        for item in claimed:
            if item.to:
                self._record(item.request_id, self._send(item))
        return len(claimed)

    def _claim(self, work: TrustWork, row: SignInRequest) -> Claimed:
        address = str(row.address)
        recent = work.all(sa.select(SignInRequest.id).where(
            SignInRequest.address == address, SignInRequest.state.in_(("sent", "used", "sending")),
            SignInRequest.expires_at > work.now, SignInRequest.id != row.id))
        if len(recent) >= MOST_LINKS or not who_has(work, address):
            row.state = "nobody"
            return Claimed(row.id, "")
        row.state, row.claimed_until = "sending", work.now + CLAIM
        return Claimed(row.id, address)

    def _send(self, item: Claimed) -> str:
        link = f"{self._portal_url}/sign-in/link/{token_of(self._secret, item.request_id)}"
        try:
            self._sender.send(Letter(f"sign-in-{item.request_id}", item.to, letter_title(),
                                     letter_text(link, code_of(self._secret, item.request_id))))
        except AddressRefused:
            return "nobody"
        except Unavailable:
            return "sending"  # the claim runs out and it is tried again, as long as the link would live
        return "sent"

    def _record(self, request_id: str, state: str) -> None:
        with trust_work(self._database, "sign-in sent") as work:
            work.run(sa.update(SignInRequest).where(SignInRequest.id == request_id, SignInRequest.state == "sending")
                     .values(state=state))

    def _prune_now_and_then(self) -> None:
        if self._database.clock.now() >= self._prune_at:
            self._prune_at = self._database.clock.now() + PRUNE_EVERY
            with trust_work(self._database, "prune") as work:
                prune(work)


def _waiting(work: TrustWork) -> sa.Select[tuple[SignInRequest]]:
    return (sa.select(SignInRequest)
            .where(SignInRequest.expires_at > work.now, ~SignInRequest.is_doubted, sa.or_(
                SignInRequest.state == "new",
                sa.and_(SignInRequest.state == "sending", SignInRequest.claimed_until <= work.now)))
            .order_by(SignInRequest.created_at))
