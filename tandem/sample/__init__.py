"""Made-up rosters: a small trust to look at, and a large one to measure with. Nobody in them exists."""

from tandem.sample.large import write_large
from tandem.sample.write import write_sample

__all__ = ["write_large", "write_sample"]
