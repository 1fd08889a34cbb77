"""Two runs, problem by problem: what one proves and the other does not, and whether that can be chance.

Pure functions of counts, second minus first throughout. Called by reports and by `prover bench compare`; estimates and
intervals are those of `prover.bench.metrics.estimators`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prover.bench.metrics.estimators import SEED, Count, interval, pass_at

FLIPS = 10_000
_POWER = 1.959964 + 0.841621  # normal quantiles: significant at 5 % on two sides, in 80 % of cases
# Five problems are never significant, all on one side or not: 2 / 2 ** 5 > 5 %. Where 7.906 are expected to differ,
# six or more do in 80 % of cases (Poisson).
_FEWEST = 7.906
_DIGITS = 12  # differences that agree in so many are equal


@dataclass(frozen=True, slots=True)
class Difference:
    """Coverage with k samples a problem, of both runs, and second minus first with its interval of 95 %.

    `first` and `second` times `problems` are the numbers of problems that the runs are expected to solve with k samples
    each. `p` is the chance of such a difference or a larger one between runs that are equally good at every problem,
    by `flipped`. `detectable` is about the smallest true difference that would be found (p < 0.05) in four of five such
    comparisons, None where none would. Below it, "no difference" only says that nobody has looked closely enough.
    """

    k: int
    first: float
    second: float
    mean: float
    low: float
    high: float
    p: float
    detectable: float | None
    problems: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Names of problems, in order; solved are those with a proof among all samples, `gained` those that only the second
    run has solved, `lost` those that only the first has.

    `mcnemar` tests gained against lost, and is fair where both runs have spent the same. `same_samples` says that every
    problem has as many samples in both. Where not, the run that tried more often has more proofs for that alone, and
    `at_most` is to be read instead: with k the fewest samples that any problem has in either run, both are counted as
    if k of their samples had been drawn. (Two policies with the same budget are the exception: there the numbers of
    samples are what is compared, no estimate of pass@k is unbiased, and McNemar's test is the one to read.)
    """

    gained: tuple[str, ...]
    lost: tuple[str, ...]
    both: tuple[str, ...]
    neither: tuple[str, ...]
    only_first: tuple[str, ...]  # problems that the second run does not have at all
    only_second: tuple[str, ...]
    unsampled: tuple[str, ...]  # without a sample in one of the runs: compared nowhere
    same_samples: bool
    mcnemar: float
    at_one: Difference | None
    at_most: Difference | None


def compare(
    first: Mapping[str, Count], second: Mapping[str, Count], k: int | None = None, seed: int = SEED
) -> Comparison:
    """Of two runs' counts by name of the problem, those in both; `k` in place of the fewest samples of any problem, to
    leave out those with fewer. None instead of a Difference where no problem is left. ValueError where k < 1."""
    shared = sorted(first.keys() & second.keys())
    tried = [name for name in shared if first[name].samples and second[name].samples]
    kinds: dict[tuple[bool, bool], list[str]] = {(a, b): [] for a in (False, True) for b in (False, True)}
    for name in tried:
        kinds[first[name].proofs > 0, second[name].proofs > 0].append(name)
    gained, lost = kinds[False, True], kinds[True, False]
    pairs = [(first[name], second[name]) for name in tried]
    at_one = _difference(pairs, 1, seed)
    most = k if k is not None else min((min(a.samples, b.samples) for a, b in pairs), default=1)
    return Comparison(
        gained=tuple(gained),
        lost=tuple(lost),
        both=tuple(kinds[True, True]),
        neither=tuple(kinds[False, False]),
        only_first=tuple(sorted(first.keys() - second.keys())),
        only_second=tuple(sorted(second.keys() - first.keys())),
        unsampled=tuple(name for name in shared if name not in set(tried)),
        same_samples=all(a.samples == b.samples for a, b in pairs),
        mcnemar=mcnemar(len(gained), len(lost)),
        at_one=at_one,
        at_most=at_one if most == 1 else _difference(pairs, most, seed),
    )


def mcnemar(gained: int, lost: int) -> float:
    """The exact two-sided test of McNemar (1947, Psychometrika 12): of the problems on which two runs differ, each
    falls on either side like a fair coin. 1 where there are none."""
    from scipy.stats import binomtest

    return float(binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0


def flipped(differences: Sequence[float], seed: int = SEED) -> float:
    """The two-sided p-value of the sum of these if each might as well have had the other sign (Fisher 1935).

    Exact, and the same as `mcnemar`, where they are all of one size; otherwise from FLIPS random draws, at least
    1 / (1 + FLIPS). Runs that are equally good at every problem and drew equally many samples have such differences;
    with unequal numbers of samples it holds about.
    """
    import numpy as np

    values = [rounded for value in differences if (rounded := round(value, _DIGITS))]
    sizes = Counter(map(abs, values))
    if len(sizes) <= 1:
        return mcnemar(sum(value > 0 for value in values), sum(value < 0 for value in values))
    coins = np.random.default_rng(seed)
    sums = sum(size * (2.0 * coins.binomial(count, 0.5, FLIPS) - count) for size, count in sorted(sizes.items()))
    as_far = int(np.count_nonzero(np.abs(sums) >= abs(math.fsum(values)) - 10**-_DIGITS * len(values)))
    return (1 + as_far) / (1 + FLIPS)


def _difference(pairs: Sequence[tuple[Count, Count]], k: int, seed: int) -> Difference | None:
    rates = [(a, b) for one, two in pairs if (a := pass_at(one, k)) is not None and (b := pass_at(two, k)) is not None]
    if not rates:
        return None
    first, second = (math.fsum(side) / len(rates) for side in zip(*rates, strict=True))
    each = [round(b - a, _DIGITS) for a, b in rates]
    low, high = _interval(each, seed)
    return Difference(
        k=k,
        first=first,
        second=second,
        mean=math.fsum(each) / len(each),
        low=low,
        high=high,
        p=flipped(each, seed),
        detectable=_detectable(each),
        problems=len(each),
    )


def _interval(each: Sequence[float], seed: int) -> tuple[float, float]:
    """The same draws whichever of the runs comes first."""
    turned = [-value for value in each]
    if sorted(turned) < sorted(each):
        low, high = interval(turned, -1.0, seed)
        return -high, -low
    return interval(each, -1.0, seed)


def _detectable(each: Sequence[float]) -> float | None:
    """From the spread of the differences (normal approximation, corrected for continuity as an exact test loses about
    half a step on either side), and not less than the fewest that are significant."""
    mean, sizes = math.fsum(each) / len(each), [abs(value) for value in each if value]
    variance = math.fsum((value - mean) ** 2 for value in each) / max(len(each) - 1, 1)
    size = math.fsum(sizes) / len(sizes) if sizes else 1.0
    least = max(_POWER * math.sqrt(variance / len(each)) + size / len(each), size * _FEWEST / len(each))
    return least if least <= 1 and len(each) >= _FEWEST else None
