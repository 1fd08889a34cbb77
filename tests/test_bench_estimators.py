"""pass@k and coverage against their definitions, exact fractions and simulation."""

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from prover.bench.metrics.estimators import (
    Count,
    Estimate,
    clopper_pearson,
    coverage,
    curve,
    interval,
    observed,
    pass_at,
    resampled,
)


@st.composite
def counted(draw: st.DrawFn, most: int = 12) -> Count:
    samples = draw(st.integers(0, most))
    return Count(samples, draw(st.integers(0, samples)))


def sure(found: Estimate | None) -> Estimate:
    assert found is not None
    return found


@pytest.mark.parametrize(("samples", "proofs"), [(3, 4), (3, -1), (-1, -1), (-1, 0)])
def test_there_are_no_more_proofs_than_samples_and_no_fewer_than_none(samples: int, proofs: int) -> None:
    with pytest.raises(ValueError, match=f"{proofs} proofs among {samples} samples"):
        Count(samples, proofs)


@given(counted(most=8), st.integers(1, 8))
def test_pass_at_k_is_the_share_of_the_sets_of_k_samples_in_which_there_is_a_proof(count: Count, k: int) -> None:
    sets = list(combinations(range(count.samples), k))
    with_proof = sum(any(sample < count.proofs for sample in chosen) for chosen in sets)
    assert pass_at(count, k) == (pytest.approx(with_proof / len(sets)) if sets else None)


@settings(max_examples=50)
@given(st.integers(1, 3000), st.data())
def test_it_has_all_its_digits_with_thousands_of_samples_too(n: int, data: st.DataObject) -> None:
    c, k = data.draw(st.integers(0, n)), data.draw(st.integers(1, n))
    exact = 1 - Fraction(math.comb(n - c, k), math.comb(n, k))
    assert pass_at(Count(n, c), k) == pytest.approx(float(exact), rel=1e-12, abs=0)


@given(st.integers(1, 40), st.floats(0, 1), st.data())
def test_it_is_unbiased(n: int, rate: float, data: st.DataObject) -> None:
    """Its expectation, summed over all numbers of proofs that n samples may have, is the chance of a proof among k."""
    k = data.draw(st.integers(1, n))
    chances = [math.comb(n, c) * rate**c * (1 - rate) ** (n - c) for c in range(n + 1)]
    mean = sum(chance * (pass_at(Count(n, c), k) or 0.0) for c, chance in enumerate(chances))
    assert mean == pytest.approx(1 - (1 - rate) ** k)


def test_at_least_one_sample_has_to_be_drawn() -> None:
    with pytest.raises(ValueError, match="pass@0"):
        pass_at(Count(4, 2), 0)


def test_coverage_is_the_mean_over_the_problems_with_enough_samples_and_says_how_many_they_are() -> None:
    found = sure(coverage([Count(4, 0), Count(4, 4), Count(4, 1), Count(1, 1)], 2))
    assert (found.mean, found.problems) == pytest.approx(((0 + 1 + 1 / 2) / 3, 3))


@pytest.mark.parametrize("counts", [[], [Count(0, 0)], [Count(3, 3), Count(2, 0)]])
def test_without_a_problem_with_so_many_samples_there_is_no_coverage(counts: list[Count]) -> None:
    assert coverage(counts, 4) is None


@settings(max_examples=40)
@given(st.lists(counted(), min_size=1, max_size=30), st.integers(1, 4))
def test_the_interval_is_around_the_mean_within_0_and_1_and_never_of_no_width(counts: list[Count], k: int) -> None:
    found = coverage(counts, k)
    if found:
        assert 0 <= found.low <= found.mean <= found.high <= 1
        assert found.low < found.high


def test_the_same_counts_give_the_same_interval_and_another_seed_hardly_another_one() -> None:
    counts = [Count(8, proofs % 9) for proofs in range(100)]
    found, again, other = (sure(coverage(counts, 2, seed)) for seed in (1, 1, 2))
    assert found == again
    assert found != other
    assert (found.low, found.high) == pytest.approx((other.low, other.high), abs=0.02)


@settings(max_examples=25)
@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=60))
def test_where_all_samples_are_drawn_the_interval_is_the_exact_one_of_a_binomial_chance(solved: list[float]) -> None:
    exact = binomtest(int(sum(solved)), len(solved)).proportion_ci(method="exact")
    assert interval(solved) == pytest.approx((exact.low, exact.high))


@pytest.mark.parametrize("problems", [1, 10, 244])
def test_nothing_solved_or_all_of_it_still_leaves_room_for_what_was_not_seen(problems: int) -> None:
    """A coverage p fails on all with chance (1 − p) ** problems, whatever the rates are: that is to be 2.5 %."""
    missed = 1 - 0.025 ** (1 / problems)
    assert sure(coverage([Count(8, 0)] * problems, 2)).high == pytest.approx(missed)
    assert sure(coverage([Count(8, 8)] * problems, 2)).low == pytest.approx(1 - missed)


def test_rates_that_are_all_alike_leave_room_on_either_side() -> None:
    found = sure(coverage([Count(8, 2)] * 100, 1))
    missed = clopper_pearson(0, 100)[1]
    assert (found.low, found.high) == pytest.approx((0.25 * (1 - missed), 0.25 + 0.75 * missed))


def test_an_interval_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        interval([])


@given(st.lists(st.floats(0, 1), min_size=2, max_size=50))
@settings(max_examples=30)
def test_resampled_means_have_the_mean_and_the_spread_that_theory_gives_them(values: list[float]) -> None:
    means, error = resampled(values, seed=1), float(np.std(values)) / math.sqrt(len(values))
    assert float(means.mean()) == pytest.approx(float(np.mean(values)), abs=5 * error / math.sqrt(len(means)) + 1e-9)
    assert float(means.std()) == pytest.approx(error, rel=0.12, abs=1e-9)


def simulated(problems: int, samples: int, seed: int) -> Sequence[Count]:
    """Rates of Beta(0.3, 1): most problems are hopeless or easy, as in the suites of the field."""
    choose = np.random.default_rng(seed)
    return [Count(samples, int(c)) for c in choose.binomial(samples, choose.beta(0.3, 1.0, problems))]


@pytest.mark.parametrize(("problems", "samples", "k"), [(10, 8, 1), (40, 8, 4), (30, 8, 8)])
def test_the_interval_holds_for_the_suite_that_problems_were_drawn_from(problems: int, samples: int, k: int) -> None:
    truth = 1 - math.prod((1.0 + i) / (1.3 + i) for i in range(k))
    found = [sure(coverage(simulated(problems, samples, seed), k)) for seed in range(100)]
    assert 0.90 <= sum(one.low <= truth <= one.high for one in found) / len(found) <= 0.99


def test_the_curve_doubles_k_and_ends_with_all_samples() -> None:
    counts = [Count(12, 3), Count(12, 0)]
    assert [k for k, _ in curve(counts)] == [1, 2, 4, 8, 12]
    assert [k for k, _ in curve(counts, most=4)] == [1, 2, 4]
    assert [k for k, _ in curve(counts, most=100)] == [1, 2, 4, 8, 12]
    assert curve(counts)[2] == (4, coverage(counts, 4))
    assert curve([]) == curve([Count(0, 0)]) == curve(counts, most=0) == []


@given(st.integers(1, 40), st.lists(st.integers(0, 40), min_size=1, max_size=20))
@settings(max_examples=30)
def test_with_equally_many_samples_the_curve_never_falls(samples: int, proofs: list[int]) -> None:
    means = [found.mean for _, found in curve([Count(samples, min(samples, one)) for one in proofs])]
    assert all(one <= other + 1e-12 for one, other in pairwise(means))


def test_where_problems_have_different_numbers_of_samples_each_point_says_how_many_it_is_about() -> None:
    points = curve([Count(8, 1), Count(3, 3), Count(1, 0)])
    assert [(k, found.problems) for k, found in points] == [(1, 3), (2, 2), (4, 1), (8, 1)]


@settings(max_examples=40)
@given(st.lists(st.lists(st.booleans(), max_size=6), max_size=6))
def test_observed_is_the_share_of_problems_that_the_first_samples_have_solved(outcomes: list[list[bool]]) -> None:
    points = observed(outcomes)
    assert [j for j, _ in points] == list(range(1, max(map(len, outcomes), default=0) + 1))
    for j, found in points:
        assert found.mean == pytest.approx(sum(any(tries[:j]) for tries in outcomes) / len(outcomes))
        assert found.low <= found.mean <= found.high


def test_stopping_at_a_proof_spoils_pass_at_k_and_not_what_is_observed() -> None:
    """Two problems at a rate of 1/2, all four ways in which two samples can fall, the second only after a failure."""
    ways = [[True], [True], [False, True], [False, False]]
    estimates = [pass_at(Count(len(way), sum(way)), 1) or 0.0 for way in ways]
    assert sum(estimates) / len(ways) > 0.6  # and the truth is 1/2
    assert [found.mean for _, found in observed(ways)] == [0.5, 0.75]
