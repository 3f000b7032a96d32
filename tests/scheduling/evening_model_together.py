"""Several callers at the same moment, each in a thread of its own; and in what words the model expects a refusal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from tests.scheduling.evening_model_checker import QUARTER, Standing, Talk

GONE, MINE, TAKEN = "has gone by", "You already have an appointment", "Someone took"


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call returned, all begun at one moment; an error of one of them is raised here."""
    gate, replies = threading.Barrier(len(calls)), dict[int, Any]()

    def run(place: int) -> None:
        gate.wait()
        try:
            replies[place] = calls[place]()
        except BaseException as error:
            replies[place] = error

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for reply in replies.values():
        if isinstance(reply, BaseException):
            raise reply
    return [replies[place] for place in range(len(calls))]


def foresee_refusal(standing: Standing, apart: Iterable[frozenset[str]], wish: Talk, slot_id: str,
                    now: datetime) -> str:
    """The words with which a time is refused to an adult; '' if they get it. `wish.id` is what they give for it."""
    if wish.starts_at <= now:
        return GONE
    if any(talk.meets(wish) for talk in standing.of(wish.guardian_id, wish.id)):
        return MINE
    others = {one for pair in apart if wish.guardian_id in pair for one in pair} - {wish.guardian_id}
    if any(talk.meets(wish, QUARTER) for one in others for talk in standing.of(one)):
        return TAKEN
    return TAKEN if standing.holders.get(slot_id, wish.id) != wish.id else ""


def as_wish(who: str, pupil: str, slot: dict[str, Any], instead_of: str = "") -> Talk:
    starts_at = datetime.fromisoformat(slot["starts_at"])
    return Talk(instead_of, who, pupil, "", starts_at, starts_at + timedelta(minutes=10))
