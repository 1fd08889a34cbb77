"""What a benchmark run had solved by when, and at what cost by then: the points of a curve. Pure, of the rows alone.

Called by `prover.bench.report.plots`.
"""

from __future__ import annotations

from dataclasses import dataclass

from prover.bench.report.costs import in_order
from prover.bench.report.parts import is_false
from prover.bench.rows import Ended, Results, Row


@dataclass(frozen=True, slots=True)
class Point:
    """After an attempt: seconds since the first began, all that was spent by then, and problems proved by then, those
    apart that are false on purpose. `unpriced` are tokens of unknown price, which are not in `dollars`."""

    elapsed: float = 0.0
    seconds: float = 0.0  # of attempts, those that run side by side each
    tokens: int = 0
    dollars: float = 0.0
    unpriced: int = 0
    solved: int = 0


def course(results: Results) -> list[Point]:
    """From nothing on, a point for each attempt, in the order in which they ended."""
    true = {problem.name for problem in results.problems if not is_false(problem)}
    start = min((row.began for row in results.rows), default=0.0)
    points, solved = [Point()], set[str]()
    for row in sorted(results.rows, key=lambda row: (_end(row), row.problem, in_order(row))):
        if row.ended is Ended.PROVED and row.problem in true:
            solved.add(row.problem)
        points.append(_after(points[-1], row, _end(row) - start, len(solved)))
    return points


def _end(row: Row) -> float:
    return row.began + row.seconds + row.judge_seconds


def _after(before: Point, row: Row, elapsed: float, solved: int) -> Point:
    return Point(
        elapsed,
        before.seconds + row.seconds,
        before.tokens + row.tokens,
        before.dollars + (row.dollars or 0.0),
        before.unpriced + (row.tokens if row.dollars is None else 0),
        solved,
    )
