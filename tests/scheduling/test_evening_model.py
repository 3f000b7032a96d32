"""Whatever families, the worker and the rule do, in whatever order: every time has one holder, who has a reason."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.scheduling.evening_model import FIRST, PAIRS, SECOND, EveningModel
from tests.scheduling.evening_model_planned import PlannedModel
from tests.scheduling.house import House, each_house, house

__all__ = ["each_house", "house"]
EXAMPLES = int(os.environ.get("TANDEM_EVENING_EXAMPLES", "3"))


def run(here: House, machine: type[EveningModel]) -> None:
    class Here(machine):  # type: ignore[misc, valid-type]
        house = here

        def teardown(self) -> None:
            """The next run begins with everybody allowed and nothing held."""
            self.house.tell(self.house.keep_apart(FIRST, SECOND, "ended"))
            for guardian, pupil in PAIRS:
                self.house.tell(self.house.let(guardian, pupil, []))
                self.house.tell(self.house.let(guardian, pupil))

    run_state_machine_as_test(Here, settings=settings(
        max_examples=EXAMPLES, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)))


def test_an_evening_stays_whole_whatever_happens(each_house: House) -> None:
    run(each_house, EveningModel)


def test_an_evening_that_is_planned_stays_whole_from_the_first_wish_on(each_house: House) -> None:
    run(each_house, PlannedModel)
