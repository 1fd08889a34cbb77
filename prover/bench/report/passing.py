"""pass@k of a run, with and without repair, and what the fitted laws say of more samples.

Asks `prover.bench.metrics`, which does not know what a sample is; this module tells it. `summary` puts it into the
summary.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from prover.bench.metrics.estimators import Count, Estimate, curve, observed
from prover.bench.metrics.laws import Law, PowerLaw, RateLaw, fit_power, fit_rates
from prover.bench.report.costs import in_order
from prover.bench.report.parts import asked, counted, is_false
from prover.bench.rows import Ended, Results

NO_ESTIMATE = (
    "Which problems got more attempts depends on what came of earlier ones, so nothing estimates pass@k without bias: "
    "what is shown is what the first samples of each problem have solved."
)
_UNIFORM = "uniform"
_FURTHER = (1, 2, 10)  # times the samples of the run
_STEPS = 32  # of the curve of a law
_ENOUGH = 0.9  # of the problems with a sample that must have k of them


@dataclass(frozen=True, slots=True)
class At:
    """Coverage with k samples a problem."""

    k: int
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Repaired:
    """What the repair has given. `without` is pass@k as it would be if each proof that a repair has made were none;
    `only` are problems that have no other proof."""

    attempts: int
    proofs: int
    only: int
    without: tuple[At, ...]


@dataclass(frozen=True, slots=True)
class Predicted:
    """What a law says of k samples; the interval is None where the law has none."""

    k: int
    coverage: float
    interval: tuple[float, float] | None
    extrapolated: bool  # more samples than there were


@dataclass(frozen=True, slots=True)
class Fitted:
    """A law that was fitted to the run, in words, with its parameters by name. `curve` is for drawing: (k, coverage),
    from one sample to the furthest that it predicts."""

    law: str
    formula: str
    parameters: Mapping[str, float | None]
    predicts: tuple[Predicted, ...]
    curve: tuple[tuple[float, float], ...]


def is_adaptive(results: Results) -> bool:
    """Were problems chosen by what had come of earlier attempts?"""
    named = {str(results.settings.get("policy") or _UNIFORM), *(row.policy or _UNIFORM for row in results.rows)}
    return not all(name.startswith(_UNIFORM) for name in named)


def coverages(results: Results, *, repaired: bool = True) -> tuple[At, ...]:
    """pass@1, 2, 4 … and `most`; nothing under an adaptive policy, nor where there is no sample."""
    if is_adaptive(results):
        return ()
    counts = list(counted(results, results.problems, repaired=repaired).values())
    return tuple(At(k, estimate) for k, estimate in curve(counts, most(counts, asked(results))))


def most(counts: Sequence[Count], wanted: int) -> int:
    """The largest k to estimate pass@k for: nine of ten problems with a sample have k, and no more than were wanted.

    Which problems have lost samples, to a Lean that crashed, say, may well depend on how hard they are; so the others
    alone would give another figure than all of them.
    """
    numbers = sorted((count.samples for count in counts if count.samples), reverse=True)
    return min(numbers[math.ceil(_ENOUGH * len(numbers)) - 1], wanted) if numbers else 0


def seen(results: Results) -> tuple[At, ...]:
    """What the first 1, 2, 4 … samples of every problem have solved, under whatever policy."""
    true = sorted(problem.name for problem in results.problems if not is_false(problem))
    points = observed([_outcomes(results, name) for name in true])
    return tuple(At(k, estimate) for k, estimate in points if k & (k - 1) == 0 or k == len(points))


def _outcomes(results: Results, problem: str) -> list[bool]:
    rows = [row for row in results.by_problem[problem] if row.counts and not row.negation]
    return [row.ended is Ended.PROVED for row in sorted(rows, key=in_order)]


def repair(results: Results) -> Repaired | None:
    """None where no attempt was repaired."""
    names = [problem.name for problem in results.problems if not is_false(problem)]
    rows = [row for name in names for row in results.by_problem[name] if row.repaired and not row.negation]
    if not rows:
        return None
    only = [results.samples(name)[1] > 0 == results.samples(name, repaired=False)[1] for name in names]
    proofs = sum(row.ended is Ended.PROVED for row in rows)
    return Repaired(len(rows), proofs, sum(only), coverages(results, repaired=False))


def laws(results: Results, coverage: Sequence[At], refits: int) -> tuple[Fitted, ...]:
    """The laws that the run's samples suffice for; none with one sample a problem. `refits` make their intervals."""
    if not coverage or coverage[-1].k < 2:
        return ()
    counts, top = list(counted(results, results.problems).values()), coverage[-1].k
    power = fit_power([(at.k, at.estimate.mean) for at in coverage])
    return (*([_power(power, top)] if power else []), *_rates(counts, top, refits))


def _power(law: PowerLaw, top: int) -> Fitted:
    predicts = [Predicted(n * top, law.coverage(n * top), None, n > 1) for n in _FURTHER]
    return Fitted("power law", "exp(a · k^b)", asdict(law), tuple(predicts), _curve(law, top))


def _rates(counts: Sequence[Count], top: int, refits: int) -> list[Fitted]:
    law = fit_rates(counts, refits)
    if law is None:
        return []
    told = {name: getattr(law, name) for name in ("alpha", "beta", "hopeless", "problems", "log_likelihood", "p")}
    predicts = [Predicted(n * top, law.coverage(n * top), _interval(law, n * top), n > 1) for n in _FURTHER]
    return [Fitted("rates of problems", "hopeless, or Beta(alpha, beta)", told, tuple(predicts), _curve(law, top))]


def _interval(law: RateLaw, k: int) -> tuple[float, float] | None:
    return law.interval(k) if law.refits else None


def _curve(law: Law, top: int) -> tuple[tuple[float, float], ...]:
    """At equal distances on a scale of logarithms."""
    ks = [(top * _FURTHER[-1]) ** (step / _STEPS) for step in range(_STEPS + 1)]
    return tuple((k, law.coverage(k)) for k in ks)
