"""How a case is measured: rounds that alternate between the product and its floor, and the ratio pair by pair."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report. `floor` says what the ratio is against; `held` whether the goal was reached."""

    name: str
    ratio: float | None
    low: float
    high: float
    rounds: int
    floor: str
    goal: str
    held: bool
    value: float | None = None
    unit: str | None = None

    def line(self) -> str:
        figure = f"ratio {self.ratio:.2f}" if self.ratio is not None else f"{self.value:.1f} {self.unit}"
        word = "held" if self.held else "MISSED"
        return f"{self.name:22}{figure}  [{self.low:.2f}..{self.high:.2f}]  goal {self.goal}  {word}  ({self.floor})"

    def as_dict(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value is not None}


def rate(count: int, act: Callable[[], None]) -> float:
    """How many a second, for an act that does `count`."""
    began = time.perf_counter()
    act()
    return count / (time.perf_counter() - began)


def compare(name: str, product: Callable[[], float], floor: Callable[[], float], against: str,
            least: float, rounds: int = 7, rest_s: float = 0.0) -> Figure:
    """The median of the ratios of `rounds` pairs, after one pair that does not count.

    `rest_s` is waited after each measurement: what a server still writes for one is not charged to the other.
    """
    def rested(measure: Callable[[], float]) -> float:
        found = measure()
        time.sleep(rest_s)
        return found

    ratios: list[float] = []
    for number in range(rounds + 1):
        pair = (rested(product), rested(floor)) if number % 2 else tuple(reversed((rested(floor), rested(product))))
        if number:
            ratios.append(pair[0] / pair[1])
    middle = statistics.median(ratios)
    return Figure(name, middle, min(ratios), max(ratios), rounds, against, f">= {least}", middle >= least)


def at_most(figure: Figure, most: float) -> Figure:
    """The same figure where less is better."""
    return replace(figure, goal=f"<= {most}", held=figure.ratio is not None and figure.ratio <= most)
