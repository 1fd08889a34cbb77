"""What became of a benchmark's problems and attempts: by problem, by level, domain and split, and by how they ended.

Pure, of the rows alone. A statement that is false on purpose is counted apart everywhere: to prove one is a
contradiction, to disprove it is what was asked. `prover.bench.report.summary` puts it into the summary.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from prover.bench.metrics.estimators import Count, Estimate, coverage
from prover.bench.problem import Problem, Truth
from prover.bench.rows import Ended, Results, Row

BY: Mapping[str, Callable[[Problem], str]] = {name: attrgetter(name) for name in ("level", "domain", "split")}
_DIGITS = 19  # of a number; longer ones are words


class Standing(StrEnum):
    """Where a problem stands after the run."""

    CONTRADICTION = "contradiction"
    PROVED = "proved"
    DISPROVED = "disproved"
    OPEN = "open"
    UNTRIED = "not tried"  # no attempt at it says anything


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A problem of which the judge has said what cannot be: something is wrong, with the suite or with the judge."""

    problem: str
    why: str


@dataclass(frozen=True, slots=True)
class Part:
    """The problems of one level, domain or split. The first figures are of those that are not false on purpose; `false`
    are the others, and `refuted` how many of them were disproved. `ends` is how the attempts at the former ended.

    `at_1` is pass@1 and `at_k` is pass@k for the run's k; None where that cannot be estimated.
    """

    name: str
    problems: int
    solved: int
    false: int
    refuted: int
    attempts: int
    at_1: Estimate | None
    at_k: Estimate | None
    ends: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Class:
    """The attempts that ended alike: for the rejected ones, under the judge's first reason.

    `negations` of them were attempts at a negation, `on_false` were at statements that are false on purpose.
    """

    ended: Ended
    reason: str
    attempts: int
    negations: int
    on_false: int


def is_false(problem: Problem) -> bool:
    """On purpose, as the suite says."""
    return problem.truth is Truth.FALSE


def standing(results: Results, problem: Problem) -> Standing:
    """What the attempts at a problem amount to."""
    rows = results.by_problem[problem.name]
    if _contradiction(problem, ended := {row.ended for row in rows}):
        return Standing.CONTRADICTION
    if Ended.PROVED in ended:
        return Standing.PROVED
    if Ended.DISPROVED in ended:
        return Standing.DISPROVED
    return Standing.OPEN if any(row.counts for row in rows) else Standing.UNTRIED


def contradictions(results: Results) -> tuple[Contradiction, ...]:
    """By the problems' names; none in a run that can be trusted."""
    found = [
        Contradiction(problem.name, why)
        for problem in results.problems
        if (why := _contradiction(problem, {row.ended for row in results.by_problem[problem.name]}))
    ]
    return tuple(sorted(found, key=lambda one: one.problem))


def _contradiction(problem: Problem, ended: set[Ended]) -> str:
    if is_false(problem) and Ended.PROVED in ended:
        return "false on purpose, and proved"
    if Ended.DISPROVED in ended and Ended.PROVED in ended:
        return "proved, and its negation too"
    if problem.truth is Truth.TRUE and Ended.DISPROVED in ended:
        return "true as the suite says, and disproved"
    return ""


def counted(results: Results, problems: Iterable[Problem], *, repaired: bool = True) -> dict[str, Count]:
    """Samples and proofs of each problem that is not false on purpose, by name, in the names' order.

    One that is disproved is sampled no further, since it has no proof: the samples that it lacks count as failures.
    """
    wanted, counts = asked(results), {}
    for problem in sorted(problems, key=lambda problem: problem.name):
        if not is_false(problem):
            samples, proofs = results.samples(problem.name, repaired=repaired)
            disproved = standing(results, problem) is Standing.DISPROVED
            counts[problem.name] = Count(max(samples, wanted) if disproved else samples, proofs)
    return counts


def asked(results: Results) -> int:
    """The samples of each problem that were asked for, or as many as a problem has where the settings do not say."""
    samples = results.settings.get("samples")
    if isinstance(samples, int) and samples > 0:
        return samples
    return max((results.samples(problem.name)[0] for problem in results.problems), default=0)


def parts(results: Results, of: Callable[[Problem], str], top: int | None) -> tuple[Part, ...]:
    """The parts by name, as numbers where the names are numbers. `top` is the run's k; None where nothing can be
    estimated, as under a policy that chooses by what has come of earlier attempts."""
    groups: dict[str, list[Problem]] = {}
    for problem in results.problems:
        groups.setdefault(of(problem), []).append(problem)
    return tuple(part(results, name, groups[name], top) for name in sorted(groups, key=natural))


def natural(name: str) -> tuple[int, int, str]:
    """Sorts 2 before 10, numbers before words, and what has no name last."""
    if name.isascii() and name.isdigit() and len(name) < _DIGITS:
        return 0, int(name), name
    return (1 if name else 2), 0, name


def part(results: Results, name: str, problems: Iterable[Problem], top: int | None) -> Part:
    """These problems as one part."""
    problems = list(problems)
    false = [problem for problem in problems if is_false(problem)]
    rest = [problem for problem in problems if not is_false(problem)]
    counts = list(counted(results, rest).values())
    ends = Counter(row.ended.value for problem in rest for row in results.by_problem[problem.name])
    return Part(
        name=name,
        problems=len(rest),
        solved=sum(map(results.solved, rest)),
        false=len(false),
        refuted=sum(map(results.solved, false)),
        attempts=ends.total(),
        at_1=coverage(counts, 1) if top else None,
        at_k=coverage(counts, top) if top else None,
        ends={ended.value: ends[ended.value] for ended in Ended if ends[ended.value]},
    )


def classes(results: Results) -> tuple[Class, ...]:
    """In the order of `Ended`, the largest class of each first; their attempts sum to those of the run."""
    false = {problem.name for problem in results.problems if is_false(problem)}
    kinds: dict[tuple[Ended, str], list[Row]] = {}
    for row in results.rows:
        kinds.setdefault(_kind(row), []).append(row)
    order = {ended: place for place, ended in enumerate(Ended)}
    found = sorted(kinds.items(), key=lambda one: (order[one[0][0]], -len(one[1]), one[0][1]))
    return tuple(
        Class(*kind, len(rows), sum(row.negation for row in rows), sum(row.problem in false for row in rows))
        for kind, rows in found
    )


def _kind(row: Row) -> tuple[Ended, str]:
    return row.ended, row.reasons[0] if row.ended is Ended.REJECTED and row.reasons else ""
