"""What the relationship rule costs: the 20,000 events of `pipeline`, with the check and without it, in turn.

The check is what notifications does for a run of facts, over the pipeline's 100 keys with two adults each. Both are
given the same tables, rows and facts; every fact of a measured run is allowed, so both write as many rows.
"""

from __future__ import annotations

from tests.benchmarks.measure import Figure, compare
from tests.benchmarks.parts import running
from tests.benchmarks.pipeline import REST_S, make_pipe, parts, run

ROUNDS = 9
LEAST = 0.95


def _rule_cost(name: str, deployed: bool) -> Figure:
    with parts(deployed) as (folder, servers, postgres):
        with running(make_pipe(folder, servers, postgres, apart=True, rule=True)) as pipe:
            pipe.accept(3)
            pipe.accept(2, "stranger")
            pipe.wait_for(5)
            assert pipe.delivered() == 3  # the check does check
        return compare(name, lambda: run(make_pipe(folder, servers, postgres, apart=True, rule=True)),
                       lambda: run(make_pipe(folder, servers, postgres, apart=True, rule=False)),
                       "the same 20,000 events without the check", LEAST, ROUNDS, REST_S)


def rule_cost_embedded() -> Figure:
    return _rule_cost("rule_cost_embedded", deployed=False)


def rule_cost_kafka() -> Figure:
    return _rule_cost("rule_cost_kafka", deployed=True)
