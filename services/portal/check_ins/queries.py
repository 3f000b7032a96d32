"""What the staff's list of check-ins shows, read from every school they work at."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from services.portal.accounts.queries import School, Visitor
from services.portal.clients.check_ins import CheckIn, DueCheckIn
from services.portal.wiring import Portal


@dataclass(slots=True)
class Board:
    """Who is due, what is proposed, what was done."""

    due: list[DueCheckIn] = field(default_factory=list)
    proposed: list[CheckIn] = field(default_factory=list)
    done: list[CheckIn] = field(default_factory=list)
    silent: list[School] = field(default_factory=list)


def read_board(portal: Portal, visitor: Visitor) -> Board:
    """One read in each school, all at the same time."""
    schools = list(zip(visitor.members, visitor.principals(), strict=True))
    board = Board()
    answers = portal.transport.gather([partial(portal.check_ins.list_mine, who) for _member, who in schools])
    for (member, _who), answer in zip(schools, answers, strict=True):
        if answer is None:
            board.silent.append(member.school)
            continue
        board.due += answer["due"]
        board.proposed += answer["proposed"]
        board.done += answer["done"]
    board.proposed.sort(key=lambda item: item["starts_at"])
    return board
