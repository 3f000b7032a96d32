"""`python -m tests.benchmarks [CASE ...]`: a line for each case, and bench.json."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from chassis.log import set_up_logging
from tests.benchmarks.accept import accept_postgresql, accept_sqlite
from tests.benchmarks.child_page import child_page
from tests.benchmarks.home import home
from tests.benchmarks.idle import idle
from tests.benchmarks.loops import loop_embedded, loop_kafka
from tests.benchmarks.may import may_postgresql, may_sqlite
from tests.benchmarks.mending import replan_http
from tests.benchmarks.pipeline import latency_embedded, latency_kafka, pipeline_embedded, pipeline_kafka
from tests.benchmarks.revocation import revocation_embedded, revocation_kafka
from tests.benchmarks.roster import roster_postgresql, roster_sqlite
from tests.benchmarks.rule_cost import rule_cost_embedded, rule_cost_kafka
from tests.benchmarks.rush import rush
from tests.benchmarks.solver import replan, solver_94, solver_100, solver_growth
from tests.benchmarks.solver_referee import solver_referee, solver_small
from tests.benchmarks.unheard import unheard, unheard_postgresql

CASES = {case.__name__: case for case in (
    accept_sqlite, accept_postgresql, pipeline_embedded, pipeline_kafka, latency_embedded, latency_kafka, home,
    idle, roster_sqlite, roster_postgresql, may_sqlite, may_postgresql,
    child_page, loop_embedded, loop_kafka,
    rule_cost_embedded, rule_cost_kafka, revocation_embedded, revocation_kafka, unheard, unheard_postgresql, rush,
    replan_http,
    solver_94, solver_100, solver_small, solver_referee, solver_growth, replan)}


def main() -> None:
    """Run the named cases, or all."""
    set_up_logging("ERROR")
    unknown = [name for name in sys.argv[1:] if name not in CASES]
    if unknown:
        sys.exit(f"There is no case {', '.join(unknown)}. There are: {', '.join(CASES)}.")
    figures = []
    for name in sys.argv[1:] or CASES:
        figures.append(CASES[name]())
        print(figures[-1].line(), flush=True)
    Path("bench.json").write_text(json.dumps([figure.as_dict() for figure in figures], indent=2) + "\n")


if __name__ == "__main__":
    main()
