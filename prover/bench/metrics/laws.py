"""What more samples would give: laws of coverage against the number of samples, fitted to a run.

Two of them. A `PowerLaw` is read off the coverage curve (Brown et al. 2024, Large Language Monkeys); a `RateLaw` asks
how the rates of problems are distributed, from which that curve follows (Schaeffer et al. 2025, How Do Large Language
Monkeys Get Their Power (Laws)?). Pure functions, called by reports. Beyond the samples it is made of, a law is a guess.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from prover.bench.metrics.estimators import SEED, Count

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

REFITS = 200
MOST = 1e12  # samples; what needs more is as good as out of reach
# Where alpha and beta are looked for. At these ends problems are all alike, or each is solved always or never.
_ALPHA = (1e-3, 1e3)
_BETA = (1e-3, 1e6)
_FEWEST = 10  # problems: with fewer, three parameters are no knowledge
_ALIKE = 20.0  # with such an alpha, rates differ by a fifth or less, and there is no tail
_ODDS = (-20.0, 20.0)  # logarithms, of being hopeless
_STARTS = ((0.3, 1.0), (1.0, 10.0), (20.0, 20.0))
_FLAT = 1e-9  # an exponent that is 0 but for rounding
_STEEP = 700.0  # the logarithm of a number that is none any more


class Law(Protocol):
    """What both laws can say."""

    def coverage(self, k: float) -> float:
        """The share of problems that k samples each are expected to solve."""


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """coverage(k) = exp(a · k ** b), a and b below 0; with b = −0.3, ten times the samples halve −log coverage.

    `fit` is the share of the variance of log(−log coverage) that the line explains, 1 on exact points. The standard
    errors are those of a line through its points, None with fewer than three. The points of a curve are made of the
    same samples, so they say how straight it is, and not how it would be with other samples or other problems.
    """

    a: float
    b: float
    a_error: float | None
    b_error: float | None
    fit: float
    points: int

    def coverage(self, k: float) -> float:
        """The share of problems that k samples each are expected to solve."""
        return math.exp(self.a * k**self.b)


@dataclass(frozen=True, slots=True)
class RateLaw:
    """A share `hopeless` of the problems is never proved; the rates of the others are drawn from Beta(alpha, beta).

    The share is 0 where Schwarz's criterion (BIC) finds it not worth a parameter: a false limit costs a forecast more
    than a missed one. `p` is how likely so much gain in likelihood would be if no problem were hopeless. "Hopeless" is
    what these samples cannot tell from it, as a problem that is proved once in a million samples: with such a share,
    the limit of coverage is a limit of what is known. `refits` are (alpha, beta, hopeless) for other draws of as many
    of these problems, none where all came out alike.
    """

    alpha: float
    beta: float
    hopeless: float
    p: float
    log_likelihood: float  # of the samples in the order in which they came
    problems: int
    samples: int  # the most that a problem has
    refits: tuple[tuple[float, float, float], ...] = ()

    def coverage(self, k: float) -> float:
        """The share of problems that k samples each are expected to solve: (1 − z) (1 − B(α, β + k) / B(α, β))."""
        return _covered(k, self.alpha, self.beta, self.hopeless)

    def interval(self, k: float) -> tuple[float, float] | None:
        """Of 95 %, for `coverage`: percentiles over the refits, None without them.

        It is for other problems of the kind, if rates are as the law says; far beyond `samples` nothing tests that. In
        simulations (150 problems, 16 samples; k from 16 to 128) it held in 96 to 98 % of cases without hopeless
        problems, and in 88 % with three of them in ten, which so few samples often do not show.
        """
        import numpy as np

        if not self.refits:
            return None
        low, high = np.quantile([_covered(k, *refit) for refit in self.refits], (0.025, 0.975))
        return float(low), float(high)

    @property
    def exponent(self) -> float | None:
        """What coverage lacks of its limit, 1 − hopeless, falls like k ** exponent, which is −alpha.

        Without hopeless problems −log coverage falls so too: it is the b that a `PowerLaw` comes to with many samples.
        None where no tail is to be seen: problems are all alike, or each is solved always or never.
        """
        return -self.alpha if 2 * _ALPHA[0] < self.alpha < _ALIKE else None


class _Fit(NamedTuple):
    alpha: float
    beta: float
    hopeless: float
    log_likelihood: float


def fit_power(points: Sequence[tuple[int, float]]) -> PowerLaw | None:
    """The law through points (k, coverage), by least squares on log(−log coverage) against log k.

    The weights are those of the delta method for shares of the same number of problems. A coverage of 0 or 1 has no
    such logarithm and is left out. None with fewer than two different k, and where coverage does not grow, or jumps.
    """
    import numpy as np

    inner = [(k, share) for k, share in points if k >= 1 and 0 < share < 1]
    if len({k for k, _ in inner}) < 2:
        return None
    k, share = np.array(inner, dtype=np.float64).T
    x, y, weight = np.log(k), np.log(-np.log(share)), share * np.log(share) ** 2 / (1 - share)
    weight /= weight.sum()
    x_mean, y_mean = float(weight @ x), float(weight @ y)
    spread = float(weight @ (x - x_mean) ** 2)
    b = float(weight @ ((x - x_mean) * (y - y_mean))) / max(spread, _FLAT)
    if b > -_FLAT or y_mean - b * x_mean > _STEEP:
        return None
    unexplained = float(weight @ (y - y_mean - b * (x - x_mean)) ** 2)
    a, fit = -math.exp(y_mean - b * x_mean), 1 - unexplained / float(weight @ (y - y_mean) ** 2)
    if len(inner) < 3:
        return PowerLaw(a, b, None, None, fit, len(inner))
    b_error = math.sqrt(unexplained / (len(inner) - 2) / spread)
    return PowerLaw(a, b, -a * b_error * math.sqrt(spread + x_mean**2), b_error, fit, len(inner))


def fit_rates(counts: Sequence[Count], refits: int = REFITS, seed: int = SEED) -> RateLaw | None:
    """The zero-inflated beta-binomial law of greatest likelihood, and its refits to draws of as many of the problems.

    None where nothing can be known of how rates are distributed: nothing is solved, or everything always, there are
    fewer than ten problems, or none has more than one sample. As with `coverage`, no result may have decided how many
    samples a problem gets.
    """
    import numpy as np

    cells = Counter(count for count in counts if count.samples)
    most = max((count.samples for count in cells), default=0)
    solved, failed = any(one.proofs for one in cells), any(one.proofs < one.samples for one in cells)
    if not (solved and failed and most > 1 and cells.total() >= _FEWEST):
        return None
    kinds = sorted(cells)
    table = np.array([(one.samples, one.proofs) for one in kinds], dtype=np.float64).T
    sizes = np.array([cells[one] for one in kinds], dtype=np.float64)
    best, p = _chosen(table, sizes, _STARTS)
    refits = refits if len(kinds) > 1 else 0
    draws = np.random.default_rng(seed).multinomial(cells.total(), sizes / sizes.sum(), size=refits)
    again = (_chosen(table, draw, [best[:2]])[0] for draw in draws)
    return RateLaw(*best[:3], p, best.log_likelihood, cells.total(), most, tuple(fit[:3] for fit in again))


def samples_for(law: Law, share: float) -> float | None:
    """How many samples a problem, at least 1, the law says a coverage of `share` needs.

    None where it never gets there, or only with more than MOST.
    """
    if law.coverage(MOST) < share:
        return None
    low, high = 0.0, math.log(MOST)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if law.coverage(math.exp(middle)) >= share else (middle, high)
    return math.exp(high)


def _covered(k: float, alpha: float, beta: float, hopeless: float) -> float:
    from scipy.special import betaln

    return (1 - hopeless) * -math.expm1(float(betaln(alpha, beta + k) - betaln(alpha, beta)))


def _chosen(table: Numbers, sizes: Numbers, starts: Iterable[Sequence[float]]) -> tuple[_Fit, float]:
    """The better of the fits with and without hopeless problems, and the p-value of these.

    Twice the gain in log-likelihood is, under no hopeless problems, 0 or chi-squared with one degree of freedom, either
    for half of the cases, as the share is at its bound there (Self and Liang 1987, J. Am. Stat. Assoc. 82).
    """
    from scipy.special import chdtrc

    starts = [[math.log(alpha), math.log(beta)] for alpha, beta in starts]
    plain = max((_fitted(table, sizes, start) for start in starts), key=lambda fit: fit.log_likelihood)
    mixed = max((_fitted(table, sizes, [*start, 0.0]) for start in starts), key=lambda fit: fit.log_likelihood)
    gain = 2 * (mixed.log_likelihood - plain.log_likelihood)
    return (mixed if gain > math.log(sizes.sum()) else plain), float(chdtrc(1, gain)) / 2 if gain > 0 else 1.0


def _fitted(table: Numbers, sizes: Numbers, start: Sequence[float]) -> _Fit:
    """The greatest likelihood on a way from there. (L-BFGS-B is as good, but calls a BLAS whose threads spin, and with
    other work on the machine takes thirty times as long.)"""
    from scipy.optimize import minimize

    bounds = [tuple(map(math.log, _ALPHA)), tuple(map(math.log, _BETA)), _ODDS][: len(start)]
    found = minimize(_misfit, start, args=(*table, sizes), jac=True, method="TNC", bounds=bounds)
    alpha, beta = map(math.exp, found.x[:2])
    hopeless = 1 / (1 + math.exp(-found.x[2])) if len(start) > 2 else 0.0
    return _Fit(alpha, beta, hopeless, -float(found.fun) * float(sizes.sum()))


def _misfit(at: Numbers, n: Numbers, c: Numbers, sizes: Numbers) -> tuple[float, Numbers]:
    """Minus the mean log-likelihood, and its gradient, at log alpha, log beta, and the log odds of being hopeless.

    A problem without a proof is hopeless, or else failed n times at its rate; `blame` is the chance of the former.
    """
    import numpy as np
    from scipy.special import betaln, digamma

    a, b = np.exp(at[:2])
    odds = at[2] if len(at) > 2 else -np.inf
    hopeful = betaln(a + c, b + n - c) - betaln(a, b) - np.logaddexp(0, odds)
    total = np.where(c > 0, hopeful, np.logaddexp(-np.logaddexp(0, -odds), hopeful))
    blame = -np.expm1(np.minimum(hopeful - total, 0))
    common = digamma(a + b) - digamma(a + b + n)
    by_a = (1 - blame) * a * (digamma(a + c) - digamma(a) + common)
    by_b = (1 - blame) * b * (digamma(b + n - c) - digamma(b) + common)
    by_odds = blame - 1 / (1 + np.exp(-odds))
    weights = sizes / sizes.sum()
    slopes = np.array([weights @ by_a, weights @ by_b, weights @ by_odds][: len(at)])
    return -float(weights @ total), -slopes
