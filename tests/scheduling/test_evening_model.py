"""Whatever families, the worker and the rule do, in whatever order: every time has one holder, who has a reason."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.scheduling.evening_model import EveningModel
from tests.scheduling.house import House, each_house, house

__all__ = ["each_house", "house"]


def test_an_evening_stays_whole_whatever_happens(each_house: House) -> None:
    class Here(EveningModel):
        house = each_house

        def teardown(self) -> None:
            """The next run begins with everybody allowed and nothing held."""
            for guardian, pupil in (("mum", "mina"), ("dad", "mina"), ("gran", "sam"), ("mum", "leo")):
                self.house.tell(self.house.let(guardian, pupil, []))
                self.house.tell(self.house.let(guardian, pupil))

    run_state_machine_as_test(Here, settings=settings(
        max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)))
