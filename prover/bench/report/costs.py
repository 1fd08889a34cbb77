"""What a benchmark run has cost: to the first proof of a problem, for each solved one, and all in all.

Pure, of the rows alone. Sums are exact before they are rounded, so no order of the rows changes them. All that depends
on the clock stands here. `prover.bench.report.summary` puts it into the summary.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from prover.bench.problem import Problem, Truth
from prover.bench.report.parts import BY
from prover.bench.rows import Ended, Results, Row
from prover.model import Usage


@dataclass(frozen=True, slots=True)
class Totals:
    """Of some attempts. `seconds` are wall seconds of the agent, of attempts that run side by side each; `unpriced` are
    tokens of unknown price, which are in `tokens` and not in `dollars`."""

    attempts: int
    samples: int  # the attempts that say something of the prover
    tokens: int
    usage: Usage
    dollars: float
    unpriced: int
    calls: int
    seconds: float
    lean_seconds: float
    judge_seconds: float

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Totals:
        rows = list(rows)
        return cls(
            attempts=len(rows),
            samples=sum(row.counts for row in rows),
            tokens=sum(row.tokens for row in rows),
            usage=sum((row.usage for row in rows), start=Usage()),
            dollars=math.fsum(row.dollars or 0.0 for row in rows),
            unpriced=sum(row.tokens for row in rows if row.dollars is None),
            calls=sum(row.calls for row in rows),
            seconds=math.fsum(row.seconds for row in rows),
            lean_seconds=math.fsum(row.lean_seconds for row in rows),
            judge_seconds=math.fsum(row.judge_seconds for row in rows),
        )


@dataclass(frozen=True, slots=True)
class Spread:
    """Over the solved problems: the median, and what nine of ten stay below (interpolated between neighbours)."""

    median: float
    p90: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread | None:
        """None where there are no values."""
        if not values:
            return None
        p90 = quantiles(values, n=10, method="inclusive")[-1] if len(values) > 1 else values[0]
        return cls(median(values), p90)


@dataclass(frozen=True, slots=True)
class First:
    """What the attempts at a problem cost, up to and with the first that has solved it, in the order of their samples.

    `dollars` is None also where somebody's price is not known.
    """

    problems: int
    samples: Spread | None
    tokens: Spread | None
    dollars: Spread | None
    seconds: Spread | None
    lean_seconds: Spread | None


@dataclass(frozen=True, slots=True)
class Each:
    """All that was spent, also in vain, over the number of solved problems."""

    tokens: float
    dollars: float
    unpriced: float
    seconds: float
    lean_seconds: float


@dataclass(frozen=True, slots=True)
class Costs:
    """`wall_seconds` are those of the run. `mean_seconds` are an attempt's, at the statements that are not false on
    purpose: of `all` of them, and by level, domain and split."""

    wall_seconds: float
    totals: Totals
    first: First
    each: Each | None
    mean_seconds: Mapping[str, Mapping[str, float]]


def costs(results: Results) -> Costs:
    """All of them; time and memory grow with the rows."""
    totals, solved = Totals.of(results.rows), sum(map(results.solved, results.problems))
    means = {what: _means(results, of) for what, of in {"all": _all, **BY}.items()}
    return Costs(results.wall_seconds, totals, first(results), _each(totals, solved), means)


def _each(totals: Totals, solved: int) -> Each | None:
    if not solved:
        return None
    whole = (totals.tokens, totals.dollars, totals.unpriced, totals.seconds, totals.lean_seconds)
    return Each(*[figure / solved for figure in whole])


def first(results: Results) -> First:
    """The spreads over all solved problems, those that are false on purpose among them."""
    spent = [Totals.of(rows) for problem in results.problems if (rows := until_solved(results, problem))]
    known = not any(totals.unpriced for totals in spent)
    return First(
        problems=len(spent),
        samples=Spread.of([totals.samples for totals in spent]),
        tokens=Spread.of([totals.tokens for totals in spent]),
        dollars=Spread.of([totals.dollars for totals in spent]) if known else None,
        seconds=Spread.of([totals.seconds for totals in spent]),
        lean_seconds=Spread.of([totals.lean_seconds for totals in spent]),
    )


def until_solved(results: Results, problem: Problem) -> list[Row]:
    """The attempts up to the first that has solved it, in the order of their samples; empty where none has.

    Those at the statement and those at its negation are two series: only the one that has solved it is counted.
    """
    wanted = Ended.DISPROVED if problem.truth is Truth.FALSE else Ended.PROVED
    solving = [row for row in results.by_problem[problem.name] if row.ended is wanted]
    if not solving:
        return []
    end = min(solving, key=in_order)
    series = [row for row in results.by_problem[problem.name] if row.negation == end.negation]
    return sorted((row for row in series if in_order(row) <= in_order(end)), key=in_order)


def in_order(row: Row) -> tuple[int, bool, str, int]:
    """Sorts a problem's rows as they were sampled, whatever order they come in."""
    return row.sample, row.negation, row.ended.value, row.attempt


def _all(_: Problem) -> str:
    return "all"


def _means(results: Results, of: Callable[[Problem], str]) -> dict[str, float]:
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    for problem in results.problems:
        if problem.truth is not Truth.FALSE:
            seconds[of(problem)] += [row.seconds for row in results.by_problem[problem.name]]
    return {name: math.fsum(several) / len(several) for name, several in sorted(seconds.items()) if several}
