"""Two runs compared: against closed forms, enumeration, and simulated runs of which the difference is known."""

import math
from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from prover.bench.metrics.comparing import Difference, compare, flipped, mcnemar
from prover.bench.metrics.estimators import Count

Run = dict[str, Count]


def runs(problems: st.SearchStrategy[str], most: int = 8) -> st.SearchStrategy[Run]:
    counted = st.integers(0, most).flatmap(lambda n: st.integers(0, n).map(lambda c: Count(n, c)))
    return st.dictionaries(problems, counted, max_size=8)


def run(samples: int, proofs: Sequence[int]) -> Run:
    return {f"p{number:03}": Count(samples, count) for number, count in enumerate(proofs)}


def drawn(rates: Sequence[float] | NDArray[np.float64], samples: int, seed: int) -> Run:
    return run(samples, [int(one) for one in np.random.default_rng(seed).binomial(samples, rates)])


def difference(found: Difference | None) -> Difference:
    assert found is not None
    return found


def test_it_is_said_of_each_problem_who_has_solved_it() -> None:
    first = run(2, [1, 2, 0, 0]) | {"old": Count(2, 1)}
    second = run(2, [2, 0, 1, 0]) | {"new": Count(2, 1)}
    found = compare(first, second)
    assert (found.both, found.lost, found.gained, found.neither) == (("p000",), ("p001",), ("p002",), ("p003",))
    assert (found.only_first, found.only_second, found.unsampled) == (("old",), ("new",), ())


def test_a_problem_without_a_sample_in_one_run_is_named_and_compared_nowhere() -> None:
    found = compare({"a": Count(0, 0), "b": Count(2, 1)}, {"a": Count(2, 2), "b": Count(2, 1)})
    assert (found.unsampled, found.gained, found.both) == (("a",), (), ("b",))
    assert difference(found.at_most).problems == 1


@pytest.mark.parametrize(("first", "second"), [({}, {}), ({"a": Count(1, 1)}, {"b": Count(1, 1)})])
def test_runs_with_no_problem_in_common_are_not_compared(first: Run, second: Run) -> None:
    found = compare(first, second)
    assert (found.at_one, found.at_most, found.mcnemar) == (None, None, 1.0)


@settings(max_examples=40)
@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemars_test_is_that_of_a_fair_coin(gained: int, lost: int) -> None:
    flips = gained + lost
    tail = sum(math.comb(flips, k) for k in range(min(gained, lost) + 1)) / 2**flips
    assert mcnemar(gained, lost) == pytest.approx(min(1.0, 2 * tail))


@settings(max_examples=25)
@given(st.integers(0, 12), st.integers(0, 12))
def test_differences_of_one_size_are_flipped_as_mcnemars_test_does(gained: int, lost: int) -> None:
    assert flipped([0.25] * gained + [-0.25] * lost + [0.0] * 5) == mcnemar(gained, lost)


@settings(max_examples=30)
@given(st.lists(st.integers(-8, 8).map(lambda eighths: eighths / 8), min_size=1, max_size=9))
def test_flipping_signs_comes_to_what_all_ways_of_flipping_them_give(differences: list[float]) -> None:
    as_far = [
        abs(sum(sign * value for sign, value in zip(signs, differences, strict=True))) >= abs(sum(differences)) - 1e-9
        for signs in product((-1, 1), repeat=len(differences))
    ]
    assert flipped(differences) == pytest.approx(sum(as_far) / len(as_far), abs=0.02)


def test_a_run_compared_with_itself_shows_no_difference_and_does_not_say_that_there_is_none() -> None:
    same = drawn([0.1, 0.5, 0.0, 1.0] * 25, 8, seed=1)
    found = compare(same, same)
    assert (found.gained, found.lost, found.mcnemar) == ((), (), 1.0)
    for one in (difference(found.at_one), difference(found.at_most)):
        assert (one.mean, one.p) == (0.0, 1.0)
        assert -0.05 < one.low < 0 < one.high < 0.05
        assert one.detectable == pytest.approx(0.079, abs=1e-3)  # eight of the hundred


@settings(max_examples=30, deadline=None)
@given(runs(st.sampled_from("abcdefgh")), runs(st.sampled_from("abcdefgh")))
def test_the_other_way_round_everything_is_mirrored(first: Mapping[str, Count], second: Mapping[str, Count]) -> None:
    one, other = compare(first, second), compare(second, first)
    assert (one.gained, one.lost, one.only_first, one.both) == (other.lost, other.gained, other.only_second, other.both)
    assert (one.neither, one.unsampled, one.mcnemar) == (other.neither, other.unsampled, other.mcnemar)
    for here, there in ((one.at_one, other.at_one), (one.at_most, other.at_most)):
        if here and there:
            assert (here.mean, here.low, here.high) == pytest.approx((-there.mean, -there.high, -there.low))
            assert (here.first, here.p, here.detectable) == (there.second, there.p, there.detectable)
            assert -1 <= here.low <= here.mean + 1e-9 <= here.high + 2e-9 <= 1 + 2e-9
        assert (here is None) == (there is None)


def test_with_the_same_samples_the_difference_is_that_of_the_numbers_of_solved() -> None:
    found = compare(run(4, [0, 0, 0, 2, 4]), run(4, [1, 3, 0, 0, 4]))
    most = difference(found.at_most)
    assert found.same_samples
    assert (most.k, most.first * most.problems, most.second * most.problems) == pytest.approx((4, 2, 3))
    assert most.p == found.mcnemar
    assert difference(found.at_one).mean == pytest.approx((8 - 6) / 4 / 5)


def test_who_only_tried_more_often_is_not_better_with_equally_many_samples() -> None:
    """All rates are 1/2; the first run has one sample of each problem, the second 32."""
    found = compare(run(1, [0, 1] * 20), run(32, [16] * 40))
    most = difference(found.at_most)
    assert (found.same_samples, len(found.gained)) == (False, 20)
    assert found.mcnemar < 1e-5
    assert (most.k, most.mean, most.p) == pytest.approx((1, 0.0, 1.0), abs=0.01)


def test_a_larger_k_leaves_out_the_problems_that_have_fewer_samples() -> None:
    first = {"a": Count(8, 1), "b": Count(1, 1), "c": Count(8, 8)}
    found = compare(first, first, k=4)
    assert difference(compare(first, first).at_most).k == 1
    assert (difference(found.at_most).k, difference(found.at_most).problems) == (4, 2)
    assert compare(first, first, k=9).at_most is None
    with pytest.raises(ValueError, match="pass@0"):
        compare(first, first, k=0)


def test_between_equally_good_runs_a_small_p_is_as_rare_as_it_says_and_the_interval_holds_zero() -> None:
    rates = np.random.default_rng(1).beta(0.3, 1.0, 60)
    pairs = [(drawn(rates, 8, seed), drawn(rates, 8, 1000 + seed)) for seed in range(100)]
    found = [difference(compare(first, second, k=1).at_one) for first, second in pairs]
    assert sum(one.p < 0.05 for one in found) / len(found) <= 0.09
    assert 0.9 <= sum(one.low <= 0 <= one.high for one in found) / len(found) <= 0.99


def test_the_interval_holds_the_difference_that_runs_were_drawn_with() -> None:
    """Of suites: with every run its problems are drawn anew. A quarter of the failing samples now succeeds."""
    held = 0
    for seed in range(100):
        rates = np.random.default_rng(seed).beta(0.3, 1.0, 60)
        better = rates + (1 - rates) / 4
        one = difference(compare(drawn(rates, 8, 1000 + seed), drawn(better, 8, 2000 + seed), k=1).at_one)
        held += one.low <= (1 - 0.3 / 1.3) / 4 <= one.high
    assert 0.9 <= held / 100 <= 0.99


@pytest.mark.parametrize(("problems", "gained", "lost"), [(149, 0.157, 0.05), (100, 0.079, 0.0)])
def test_a_difference_that_is_called_detectable_is_found_in_four_of_five_comparisons(
    problems: int, gained: float, lost: float
) -> None:
    """Runs of one sample: the second gains and loses problems at these rates."""
    choose, found, said = np.random.default_rng(5), 0, list[float]()
    for _ in range(100):
        kinds = choose.choice([1, -1, 0], size=problems, p=[gained, lost, 1 - gained - lost])
        one = difference(compare(run(1, [int(k < 0) for k in kinds]), run(1, [int(k > 0) for k in kinds])).at_one)
        found += one.p < 0.05
        said.append(one.detectable or 1.0)
    assert float(np.mean(said)) == pytest.approx(gained - lost, rel=0.15)
    assert found / 100 == pytest.approx(0.8, abs=0.1)


def test_with_a_handful_of_problems_no_difference_would_have_been_found() -> None:
    found = difference(compare(run(1, [0] * 5), run(1, [1] * 5)).at_one)
    assert found.detectable is None
    assert found.p > 0.05
