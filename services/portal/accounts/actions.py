"""What can be done with accounts: ask to sign in, sign in by link or code, be invited, change hat, sign out."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Refused
from chassis.unit_of_work import Database
from services.portal.accounts.access import has_reason, still_opens
from services.portal.accounts.models import (
    Account,
    ConnectedAccount,
    Draft,
    Identifier,
    Membership,
    SignedIn,
    SignInRequest,
    Tries,
)
from services.portal.accounts.queries import OPERATOR, Visitor, find_visitor
from services.portal.accounts.rules import (
    IDLE,
    LINK_LIFE,
    MOST_WRONG_CODES,
    SEEN_EVERY,
    code_of,
    hash_of,
    is_shared,
    local_path,
    request_of,
    tidy_address,
    token_of,
)
from services.portal.trust_work import TrustWork, trust_work

KEEP_DRAFTS = timedelta(days=7)
LATE = timedelta(minutes=5)  # longer than any transaction that describes people
KEEP_ENDED = timedelta(days=2)
KEEP_UNUSED = timedelta(days=400)  # a connection that nobody has come in by for more than a school year


@dataclass(frozen=True, slots=True)
class Entered:
    """A fresh session: what the browser is to hold, and where to go on."""

    session_id: str
    next_path: str


def ask_to_sign_in(work: TrustWork, address: str, next_path: str) -> str:
    """Note the wish and return its id; whether anybody has this address is looked up later, by the worker."""
    row = SignInRequest(
        id=new_id(), address=tidy_address(address), account_id=None, hat=None, next_path=local_path(next_path),
        state="new", wrong_codes=0, is_doubted=False, claimed_until=None, created_at=work.now,
        expires_at=work.now + LINK_LIFE)
    work.add(row)
    return row.id


def find_entry(work: TrustWork, secret: str, token: str) -> SignInRequest | None:
    """The wish that a link belongs to, if the link still opens the door."""
    request_id = request_of(secret, token)
    row = work.get(SignInRequest, request_id) if request_id else None
    is_open = row is not None and row.state == "sent" and not row.is_doubted and row.expires_at > work.now
    return row if row is not None and is_open and still_opens(work, row) else None


def sign_in_by_link(work: TrustWork, secret: str, token: str, device: str) -> Entered | None:
    """Open a session; None when the link has ended, was used, or is not ours."""
    row = find_entry(work, secret, token)
    return _enter(work, row, device) if row is not None else None


def sign_in_by_code(work: TrustWork, secret: str, request_id: str, code: str, device: str) -> Entered | None:
    """Open a session by the six digits; after five wrong tries that code is over."""
    row = work.get(SignInRequest, request_id) if request_id else None
    if row is None or row.state not in ("new", "sending", "sent") or row.expires_at <= work.now \
            or row.is_doubted or row.wrong_codes >= MOST_WRONG_CODES or not still_opens(work, row):
        return None
    if row.state != "sent" or not secrets.compare_digest(code_of(secret, row.id), code):
        row.wrong_codes += 1
        return None
    return _enter(work, row, device)


def _enter(work: TrustWork, row: SignInRequest, device: str) -> Entered | None:
    used = work.run(sa.update(SignInRequest).where(SignInRequest.id == row.id, SignInRequest.state == "sent",
                                                  ~SignInRequest.is_doubted)
                    .values(state="used"))
    if used != 1:
        return None
    account_id = row.account_id or join_address(work, str(row.address))
    if account_id is None:
        return None
    hat = row.hat or ("guardian" if "guardian" in hats_of(work, account_id) else "staff")
    return Entered(open_session(work, account_id, hat, device), row.next_path)


def hats_of(work: TrustWork, account_id: str) -> set[str]:
    """As what this account may be here today; empty for who has left."""
    return set(work.all(sa.select(Membership.hat).where(
        Membership.account_id == account_id, Membership.status == "current")))


def open_session(work: TrustWork, account_id: str, hat: str, device: str) -> str:
    """A fresh session under a new id, of which only the hash is kept."""
    session_id = secrets.token_urlsafe(32)
    work.add(SignedIn(id_hash=hash_of(session_id), account_id=account_id, hat=hat, device=device[:100], language=None,
                      created_at=work.now, seen_at=work.now, expires_at=work.now + IDLE[hat]))
    return session_id


def who_has(work: TrustWork, address: str) -> list[Membership]:
    """Current entries with this address, or none at all when two adults share it."""
    found = list(work.all(sa.select(Membership).where(Membership.email == address, Membership.status == "current")))
    return [] if is_shared(found) else found


def join_address(work: TrustWork, address: str) -> str | None:
    """The account of the one adult with this address, made if need be; their entries in all schools become its own."""
    found = who_has(work, address)
    if not found:
        return None
    known = work.get(Identifier, "email", address)
    linked = {row.account_id for row in found if row.account_id}
    if known is not None:
        account_id = known.account_id
        known.verified_at = work.now
    else:
        account_id = linked.pop() if len(linked) == 1 else _add_account(work)
        work.add(Identifier(kind="email", value=address, account_id=account_id, verified_at=work.now))
    for row in found:
        if row.account_id is None:
            row.account_id, row.linked_by = account_id, "email"
    work.session.flush()
    return str(account_id)


def join_late(database: Database) -> int:
    """Join entries that a school was describing at the very moment at which somebody showed to read their address.

    Neither transaction saw what the other had not committed. Called about once a second by the worker; how many found
    their account.
    """
    with trust_work(database, "entries that came late", write=False) as work:
        late = work.all(sa.select(Identifier.value).where(
            Identifier.kind == "email", Identifier.verified_at > work.now - LATE, sa.exists().where(
                Membership.email == Identifier.value, Membership.status == "current",
                Membership.account_id.is_(None))))
    if not late:
        return 0
    joined = 0
    with trust_work(database, "join entries that came late") as work:
        for address in late:
            account_id = work.get(Identifier, "email", address).account_id
            for row in who_has(work, address):
                if row.account_id is None:
                    row.account_id, row.linked_by = account_id, "email"
                    joined += 1
    return joined


def _add_account(work: TrustWork) -> str:
    account = Account(id=new_id(), created_at=work.now)
    work.add(account)
    return account.id


def note_use(work: TrustWork, visitor: Visitor) -> None:
    """Sessions slide: each use moves their end."""
    work.run(sa.update(SignedIn).where(SignedIn.id_hash == visitor.session_hash)
             .values(seen_at=work.now, expires_at=work.now + IDLE[visitor.hat]))


def change_hat(work: TrustWork, visitor: Visitor, hat: str) -> None:
    """Be here as another hat that this person has."""
    if hat in visitor.hats:
        work.run(sa.update(SignedIn).where(SignedIn.id_hash == visitor.session_hash)
                 .values(hat=hat, expires_at=work.now + IDLE[hat]))


def sign_out(work: TrustWork, account_id: str, id_hash: str) -> None:
    """End one session of an account; one of somebody else's is not touched."""
    work.run(sa.delete(SignedIn).where(SignedIn.id_hash == id_hash, SignedIn.account_id == account_id))


def look_up_visitor(database: Database, session_id: str) -> Visitor | None:
    """Who this is; their use of the session is noted now and then."""
    with trust_work(database, "who is here", write=False) as work:
        visitor = find_visitor(work, session_id, work.now - SEEN_EVERY)
    if visitor is not None and visitor.needs_note:
        with trust_work(database, "session used") as work:
            note_use(work, visitor)
    return visitor


def keep_draft(work: TrustWork, account_id: str, about: str, answers: Mapping[str, str]) -> None:
    """Keep what somebody has written, in place of what was kept before."""
    row = work.get(Draft, account_id, about)
    if row is None:
        work.add(Draft(account_id=account_id, about=about, answers=dict(answers), changed_at=work.now))
    else:
        row.answers, row.changed_at = dict(answers), work.now


def drop_draft(work: TrustWork, account_id: str, about: str) -> None:
    work.run(sa.delete(Draft).where(Draft.account_id == account_id, Draft.about == about))


def prune(work: TrustWork) -> int:
    """Forget old wishes, ended sessions, drafts that were never sent and connections that nobody uses."""
    return (work.run(sa.delete(SignInRequest).where(SignInRequest.expires_at < work.now - KEEP_ENDED))
            + work.run(sa.delete(SignedIn).where(SignedIn.expires_at < work.now - KEEP_ENDED))
            + work.run(sa.delete(Tries).where(Tries.began_at < work.now - KEEP_ENDED))
            + work.run(sa.delete(ConnectedAccount).where(ConnectedAccount.used_at < work.now - KEEP_UNUSED))
            + work.run(sa.delete(Draft).where(Draft.changed_at < work.now - KEEP_DRAFTS)))


def make_sign_in_link(database: Database, secret: str, who: str, life: timedelta = LINK_LIFE) -> str:
    """The path of a link for one use, for `WHO`: an e-mail address, `<school>:<person id>`, or `trust-it`.

    Refused says in words why there can be none. A shared address is refused: invite by person id.
    """
    with trust_work(database, "invitation") as work:
        hat = "operator" if who == OPERATOR else None
        account_id = OPERATOR if hat else _account_of(work, who)
        return f"/sign-in/link/{token_of(secret, _invite(work, account_id, hat, work.now + life))}"


def _invite(work: TrustWork, account_id: str, hat: str | None, until: datetime) -> str:
    row = SignInRequest(id=new_id(), address=None, account_id=account_id, hat=hat, next_path="/", state="sent",
                        wrong_codes=MOST_WRONG_CODES, is_doubted=False, claimed_until=None, created_at=work.now,
                        expires_at=until)
    work.add(row)
    return row.id


def _account_of(work: TrustWork, who: str) -> str:
    if "@" in who:
        account_id = join_address(work, tidy_address(who))
        if account_id is None:
            raise Refused("Nobody here has this address alone. Invite by <school>:<person id>.")
        if not has_reason(work, _entries_of(work, account_id)):
            raise _nobody()
        return account_id
    school, _, person_id = who.partition(":")
    row = work.get(Membership, school, person_id)
    if row is None or row.status != "current" or row.hat == "pupil" \
            or not has_reason(work, _entries_of(work, row.account_id) if row.account_id else [row]):
        raise _nobody()
    if row.account_id is None:
        row.account_id, row.linked_by = _add_account(work), "invitation"
    return str(row.account_id)


def _nobody() -> Refused:
    """The same words for who is not here and for who has nothing to sign in for."""
    return Refused("There is nobody here by that name. WHO is an e-mail address, <school>:<person id> or trust-it.")


def _entries_of(work: TrustWork, account_id: str) -> Sequence[Membership]:
    work.session.flush()
    return work.all(sa.select(Membership).where(Membership.account_id == account_id, Membership.status == "current"))
