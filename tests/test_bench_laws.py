"""Laws of coverage against closed forms, numerical integration and simulation."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta as beta_distribution
from scipy.stats import betabinom

from prover.bench.metrics.estimators import Count, coverage, curve
from prover.bench.metrics.laws import MOST, Law, PowerLaw, RateLaw, fit_power, fit_rates, samples_for

POWERS = (1, 2, 4, 8, 16, 32, 64)


def simulated(
    alpha: float, beta: float, hopeless: float = 0.0, *, problems: int = 2000, samples: int = 64, seed: int = 1
) -> list[Count]:
    choose = np.random.default_rng(seed)
    rates = choose.beta(alpha, beta, problems) * (choose.random(problems) >= hopeless)
    return [Count(samples, int(proofs)) for proofs in choose.binomial(samples, rates)]


def power_law(points: Sequence[tuple[int, float]]) -> PowerLaw:
    law = fit_power(points)
    assert law is not None
    return law


def rate_law(counts: Sequence[Count], refits: int = 0) -> RateLaw:
    law = fit_rates(counts, refits)
    assert law is not None
    return law


def beta_law(alpha: float, beta: float, hopeless: float = 0.0) -> RateLaw:
    return RateLaw(alpha, beta, hopeless, p=1.0, log_likelihood=0.0, problems=100, samples=32)


@given(st.floats(-6, -0.2), st.floats(-1.2, -0.05))
def test_a_power_law_is_recovered_from_points_on_it(a: float, b: float) -> None:
    law = power_law([(k, math.exp(a * k**b)) for k in POWERS])
    assert (law.a, law.b, law.fit, law.points) == pytest.approx((a, b, 1, len(POWERS)))
    assert (law.a_error or 0) + (law.b_error or 0) < 1e-5
    assert law.coverage(1000) == pytest.approx(math.exp(a * 1000**b))


@given(st.floats(-6, -0.2), st.floats(-1.2, -0.05), st.floats(0.01, 0.99))
def test_the_samples_that_a_power_law_needs_are_those_of_its_inverse(a: float, b: float, share: float) -> None:
    law, needed = PowerLaw(a, b, None, None, 1.0, 2), (math.log(share) / a) ** (1 / b)
    found = samples_for(law, share)
    if needed <= MOST * 0.999:
        assert found == pytest.approx(max(needed, 1.0), rel=1e-6)
    elif needed >= MOST * 1.001:
        assert found is None


def test_its_standard_errors_say_how_far_from_a_line_the_points_are() -> None:
    choose = np.random.default_rng(3)
    misses = []
    for noise in (0.01, 0.05) * 100:
        law = power_law([(k, math.exp(-2 * k**-0.4 * math.exp(choose.normal(0, noise)))) for k in POWERS])
        assert law.a_error is not None
        assert law.b_error is not None
        misses.append(((law.a + 2) / law.a_error, (law.b + 0.4) / law.b_error, law.b_error / noise))
    a_misses, b_misses, sizes = zip(*misses, strict=True)
    assert np.mean(np.abs(a_misses) < 2.57) == pytest.approx(0.95, abs=0.07)  # Student's t, five degrees of freedom
    assert np.mean(np.abs(b_misses) < 2.57) == pytest.approx(0.95, abs=0.07)
    assert np.mean(sizes[::2]) == pytest.approx(np.mean(sizes[1::2]), rel=0.2)


def test_two_points_make_a_law_without_errors() -> None:
    law = power_law([(1, 0.2), (8, 0.5)])
    assert (law.a_error, law.b_error) == (None, None)
    assert (law.coverage(1), law.coverage(8)) == pytest.approx((0.2, 0.5))


@pytest.mark.parametrize(
    "points",
    [
        [],
        [(1, 0.5)],
        [(1, 0.5), (1, 0.6)],
        [(1, 0.0), (2, 0.0), (4, 0.5)],
        [(1, 1.0), (2, 1.0)],
        [(1, 0.4), (2, 0.4), (4, 0.4)],
        [(1, 0.5), (2, 0.4)],
        [(1000, 1e-6), (1001, 0.9)],
    ],
)
def test_no_power_law_goes_through_points_that_say_nothing_of_growth(points: list[tuple[int, float]]) -> None:
    assert fit_power(points) is None


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.floats(0, 1)), max_size=8))
def test_whatever_the_points_a_power_law_is_none_or_made_of_numbers(points: list[tuple[int, float]]) -> None:
    law = fit_power(points)
    if law:
        assert all(map(math.isfinite, (law.a, law.b, law.fit, law.a_error or 0.0, law.b_error or 0.0)))
        assert 0 <= law.coverage(1) <= law.coverage(100) <= 1


@pytest.mark.parametrize("k", [1, 2, 10, 100])
@pytest.mark.parametrize(("alpha", "beta", "hopeless"), [(0.3, 1.0, 0.0), (0.7, 5.0, 0.25), (2.0, 3.0, 0.5)])
def test_coverage_is_the_integral_over_the_rates(alpha: float, beta: float, hopeless: float, k: int) -> None:
    mean, _ = quad(lambda p: (1 - (1 - p) ** k) * beta_distribution.pdf(p, alpha, beta), 0, 1, limit=200)
    assert beta_law(alpha, beta, hopeless).coverage(k) == pytest.approx((1 - hopeless) * mean, rel=1e-6)


@pytest.mark.parametrize(("alpha", "beta"), [(0.3, 1.0), (0.5, 20.0), (1.5, 3.0)])
def test_its_exponent_is_that_of_the_power_law_that_it_becomes(alpha: float, beta: float) -> None:
    """Schaeffer et al. (2025): −log coverage falls like k to the power of −alpha."""
    law = beta_law(alpha, beta)
    points = [(k, law.coverage(k)) for k in (10**8, 10**9, 10**10)]
    assert law.exponent == -alpha
    assert power_law(points).b == pytest.approx(-alpha, rel=0.01)


@pytest.mark.parametrize(("alpha", "beta"), [(0.3, 1.0), (1.0, 1.0), (0.5, 8.0)])
def test_the_distribution_of_rates_is_recovered_from_simulated_counts(alpha: float, beta: float) -> None:
    """2,000 problems, 64 samples each: the shape to 15 %, coverage with fifteen times the samples to 0.03."""
    law = rate_law(simulated(alpha, beta))
    assert (law.alpha, law.beta) == pytest.approx((alpha, beta), rel=0.15)
    assert law.hopeless < 0.05
    assert law.coverage(1000) == pytest.approx(beta_law(alpha, beta).coverage(1000), abs=0.03)
    assert (law.problems, law.samples) == (2000, 64)


@pytest.mark.parametrize(("alpha", "beta", "hopeless"), [(0.6, 3.0, 0.4), (2.0, 2.0, 0.5)])
def test_hopeless_problems_are_found_where_there_are_some(alpha: float, beta: float, hopeless: float) -> None:
    law = rate_law(simulated(alpha, beta, hopeless))
    assert law.hopeless == pytest.approx(hopeless, abs=0.06)
    assert law.p < 1e-3
    assert law.coverage(1e9) == pytest.approx(1 - hopeless, abs=0.06)
    assert samples_for(law, 0.9) is None


def test_hopeless_problems_are_rarely_found_where_there_are_none() -> None:
    """In 500 simulated suites Schwarz's criterion erred in 2 % of cases, and p was below 0.05 in 7 %."""
    laws = [rate_law(simulated(0.5, 2.0, problems=100, samples=16, seed=seed)) for seed in range(30)]
    assert sum(law.hopeless > 0 for law in laws) <= 4
    assert sum(law.p < 0.05 for law in laws) <= 6


def test_the_likelihood_is_that_of_a_beta_binomial_with_a_point_mass_and_nothing_near_has_more() -> None:
    counts = simulated(2.0, 2.0, 0.4, problems=200, samples=16)
    law = rate_law(counts)

    def likelihood(alpha: float, beta: float, hopeless: float) -> float:
        each = [(1 - hopeless) * betabinom.pmf(range(17), 16, alpha, beta)[one.proofs] for one in counts]
        orders = [math.log(math.comb(16, one.proofs)) for one in counts]
        chances = [chance + hopeless * (one.proofs == 0) for chance, one in zip(each, counts, strict=True)]
        return math.fsum(map(math.log, chances)) - math.fsum(orders)

    best = likelihood(law.alpha, law.beta, law.hopeless)
    assert law.hopeless > 0
    assert law.log_likelihood == pytest.approx(best)
    for a, b, z in ((1.1, 1, 1), (0.9, 1, 1), (1, 1.1, 1), (1, 0.9, 1), (1, 1, 1.1), (1, 1, 0.9)):
        assert likelihood(law.alpha * a, law.beta * b, law.hopeless * z) < best


def test_numbers_of_samples_may_differ_between_problems() -> None:
    few, many = simulated(0.5, 2.0, samples=8, seed=1), simulated(0.5, 2.0, samples=100, seed=2)
    law = rate_law([*few, *many, Count(0, 0)])
    assert (law.alpha, law.beta) == pytest.approx((0.5, 2.0), rel=0.15)
    assert (law.problems, law.samples) == (4000, 100)


@pytest.mark.parametrize(
    "counts",
    [
        [],
        [Count(0, 0)] * 20,
        [Count(8, 0)] * 20,
        [Count(8, 8)] * 20,
        [Count(8, 0), Count(8, 3)],
        [Count(1, 0), Count(1, 1)] * 20,
    ],
    ids=["no problem", "no sample", "none solved", "all solved", "two problems", "one sample each"],
)
def test_where_nothing_is_known_of_rates_there_is_no_law(counts: list[Count]) -> None:
    assert fit_rates(counts) is None


def test_an_agent_without_chance_solves_with_many_samples_what_it_solves_with_one() -> None:
    law = rate_law([Count(8, 0)] * 60 + [Count(8, 8)] * 40, refits=50)
    assert law.coverage(1) == pytest.approx(0.4, abs=0.01)
    assert law.coverage(10_000) == pytest.approx(0.4, abs=0.01)
    assert law.exponent is None
    assert samples_for(law, 0.6) is None
    low, high = law.interval(10_000) or (0.0, 0.0)
    assert 0.25 < low < 0.4 < high < 0.55


def test_problems_that_are_all_alike_show_no_tail_and_no_interval() -> None:
    law = rate_law([Count(10, 2)] * 30, refits=50)
    assert law.coverage(5) == pytest.approx(1 - 0.8**5, abs=0.01)
    assert (law.exponent, law.interval(5)) == (None, None)


counts_of_any_kind = st.lists(
    st.integers(0, 5000).flatmap(lambda n: st.integers(0, n).map(lambda c: Count(n, c))), min_size=10, max_size=30
)


@settings(max_examples=12, deadline=None)
@given(counts_of_any_kind)
def test_whatever_the_counts_a_law_is_none_or_made_of_numbers(counts: list[Count]) -> None:
    law = fit_rates(counts, refits=2)
    if law:
        low, high = law.interval(100) or (0.0, 1.0)
        assert 0 <= low <= high <= 1
        assert 0 <= law.p <= 1
        assert 0 <= law.hopeless < 1
        assert 0 <= law.coverage(1) <= law.coverage(2) <= law.coverage(1e9) <= 1 - law.hopeless


def test_the_first_samples_foretell_what_all_of_them_give() -> None:
    """With 32 samples of each of 400 problems, coverage with 1,024, against these drawn; both laws."""
    choose = np.random.default_rng(11)
    rates = choose.beta(0.4, 2.0, 400)
    first, rest = choose.binomial(32, rates), choose.binomial(1024 - 32, rates)
    early = [Count(32, int(proofs)) for proofs in first]
    final = coverage([Count(1024, int(proofs)) for proofs in first + rest], 1024)
    assert final is not None
    assert rate_law(early).coverage(1024) == pytest.approx(final.mean, abs=0.07)
    straight = power_law([(k, found.mean) for k, found in curve(early)])
    assert straight.coverage(1024) == pytest.approx(final.mean, abs=0.07)


def test_the_same_counts_give_the_same_law() -> None:
    counts = simulated(0.5, 2.0, problems=50, samples=8)
    assert fit_rates(counts, refits=10) == fit_rates(list(reversed(counts)), refits=10)
    assert fit_rates(counts, refits=10) != fit_rates(counts, refits=10, seed=1)


@pytest.mark.parametrize("law", [beta_law(0.3, 2.0), beta_law(2.0, 50.0, 0.2), PowerLaw(-2, -0.3, None, None, 1, 3)])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.75])
def test_with_the_samples_that_a_coverage_needs_the_law_gives_it(law: Law, share: float) -> None:
    needed = samples_for(law, share)
    assert needed is not None
    assert law.coverage(needed) == pytest.approx(max(share, law.coverage(1)))


@pytest.mark.slow
@pytest.mark.parametrize(("hopeless", "k"), [(0.0, 16), (0.0, 128), (0.3, 64)])
def test_the_interval_of_a_law_holds_for_the_rates_that_problems_were_drawn_from(hopeless: float, k: int) -> None:
    truth, held = beta_law(0.8, 3.0, hopeless).coverage(k), 0
    widths = list[float]()
    for seed in range(60):
        counts = simulated(0.8, 3.0, hopeless, problems=150, samples=16, seed=seed)
        low, high = rate_law(counts, refits=60).interval(k) or (0.0, 0.0)
        held += low <= truth <= high
        widths.append(high - low)
    assert held / 60 >= 0.84
    assert float(np.mean(widths)) < 0.3
