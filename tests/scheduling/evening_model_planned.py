"""An evening of which all times are made at once: wishes over days, the plan, and then everything that may come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from tests.scheduling.evening_model import ADULTS, PAIRS, TEACHERS, EveningModel, numbers, pairs
from tests.scheduling.evening_model_together import at_once
from tests.scheduling.test_planning import find_published_wrongs, ground_of, make_plan, publish
from tests.scheduling.test_wishes import body, save

WISHED = st.sampled_from([(0,), (1,), (0, 1), (1, 0)])


class PlannedModel(EveningModel):
    """It is collecting, until the plan is published; from then on it is an evening like any other."""

    def __init__(self) -> None:
        super().__init__()
        self.is_planned = False
        self.versions = dict.fromkeys(ADULTS, 0)

    def _open(self) -> dict[str, Any]:
        on = (self.house.clock.now() + timedelta(days=6)).date().isoformat()
        until = (self.house.clock.now() + timedelta(days=2)).date().isoformat()
        return self.house.open_evening(on=on, respond_by=until, way="plan")

    def chooses(self) -> bool:
        return self.is_planned

    def _children(self, who: str, wished: tuple[int, ...]) -> list[tuple[str, list[str]]]:
        return [(pupil, [TEACHERS[pupil][number] for number in wished]) for adult, pupil in PAIRS
                if adult == who and (pupil, who) not in self.barred]

    def _save(self, who: str, wished: tuple[int, ...], version: int) -> Any:
        self.house.beat()
        return save(self.house, self.evening, who, body(*self._children(who, wished)), version)

    @precondition(lambda self: not self.is_planned)
    @rule(who=st.sampled_from(ADULTS), wished=WISHED, is_old=st.booleans())
    def wish(self, who: str, wished: tuple[int, ...], is_old: bool) -> None:
        version = self.versions[who]
        reply = self._save(who, wished, version + 7 if is_old else version)
        if not self._children(who, wished):
            assert reply.status_code == 404
        elif is_old and reply.status_code != 200:
            assert reply.status_code == 412
        else:
            assert reply.status_code == 200, reply.json
            self.versions[who] = reply.json["version"]

    @precondition(lambda self: not self.is_planned)
    @rule(who=st.sampled_from(ADULTS), one=WISHED, other=WISHED)
    def wish_twice_at_once(self, who: str, one: tuple[int, ...], other: tuple[int, ...]) -> None:
        """In two windows: the second one is told of the first, unless it says the same."""
        if self._children(who, one):
            version = self.versions[who]
            replies = at_once(*(lambda wished=wished: self._save(who, wished, version) for wished in (one, other)))
            assert {reply.status_code for reply in replies} <= {200, 412}
            self.versions[who] = max(reply.json["version"] for reply in replies if reply.status_code == 200)

    @precondition(lambda self: not self.is_planned)
    @rule(pair=pairs)
    def choose_too_early(self, pair: tuple[str, str]) -> None:
        who, pupil = pair
        reply = self._call(who, "POST", f"/evenings/{self.evening['id']}/itineraries", {
            "children": [{"pupil_id": pupil, "staff_ids": list(TEACHERS[pupil])}]})
        assert reply.status_code == (404 if (pupil, who) in self.barred else 409)

    @precondition(lambda self: not self.is_planned and self._look().wishes)
    @rule(pair=pairs, number=numbers)
    def plan(self, pair: tuple[str, str], number: int) -> None:
        """Once wishes have ended the plan is made and published; now and then a right ends in that very moment."""
        ends = datetime.fromisoformat(f"{self.evening['respond_by']}T12:00:00+00:00") + timedelta(days=1)
        self.house.clock.advance(seconds=max(0.0, (ends - self.house.clock.now()).total_seconds()))
        ground = ground_of(self.house, self.evening)
        plan = make_plan(self.house, self.evening, rounds=200)
        assert plan["state"] == "ready", plan["summary"]
        if number:
            reply = publish(self.house, plan)
        else:
            reply, _told = at_once(lambda: publish(self.house, plan),
                                   lambda: self.house.tell(self.house.let(*pair, [])))
            self.barred.add((pair[1], pair[0]))
        assert reply.status_code == 200, reply.json
        self.is_planned = True
        self.booked = {talk.id: (talk.pupil_id, talk.guardian_id) for talk in self._look().booked}
        if number and self.booked:
            assert find_published_wrongs(self.house, ground, plan) == []

    @precondition(lambda self: self.is_planned)
    @rule(who=st.sampled_from(ADULTS))
    def wish_too_late(self, who: str) -> None:
        if self._children(who, (0,)):
            assert self._save(who, (0,), self.versions[who]).status_code == 409

    @invariant()
    def each_wish_is_met_or_has_a_reason(self) -> None:
        if not self.is_planned:
            return
        for who in ADULTS:
            reply = self._call(who, "GET", f"/evenings/{self.evening['id']}/why")
            shown = reply.json["wishes"] if reply.status_code == 200 else []
            assert not {(one["pupil"]["id"], who) for one in shown} & self.barred
            assert all(one["code"] for one in shown)
            assert all(one["is_met"] for one in shown if one["starts_at"])
