"""Which problem gets the next sample: as pure functions, with a prover whose chances are known."""

import random
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover.bench.policy import Adaptive, Policy, Uniform
from prover.bench.problem import Problem
from prover.bench.rows import Ended, Row
from tests.bench_run import problem

NAMES = [f"p{number}" for number in range(12)]
PROBLEMS = [problem(name, level=str(number % 3)) for number, name in enumerate(NAMES)]


def row(name: str, ended: Ended, *, negation: bool = False) -> Row:
    return Row(name, 1, "a", ended, negation=negation, seconds=1.0)


def drawn(policy: Policy, ends: Callable[[str], Ended]) -> list[str]:
    """The problems that get samples, in order, when each sample is over before the next one begins."""
    found = []
    while (name := policy.next(frozenset())) is not None:
        found.append(name)
        policy.begun(name)
        policy.ended(row(name, ends(name)))
        assert len(found) <= 10_000
    return found


def adaptive(samples: int = 4, problems: Sequence[Problem] = PROBLEMS, least: float = 0.0) -> Adaptive:
    return Adaptive(problems, samples, "a", least=least)


@given(st.integers(1, 5), st.integers(0, 12))
def test_the_uniform_policy_draws_as_many_of_every_problem_in_rounds(samples: int, problems: int) -> None:
    names = NAMES[:problems]
    found = drawn(Uniform(PROBLEMS[:problems], samples), lambda name: Ended.NOTHING)
    assert found == names * samples


def test_the_uniform_policy_draws_on_where_a_problem_is_proved_and_stops_where_it_is_false() -> None:
    ends = {"p0": Ended.PROVED, "p1": Ended.DISPROVED}
    found = Counter(drawn(Uniform(PROBLEMS[:3], 5), lambda name: ends.get(name, Ended.NOTHING)))
    assert found == {"p0": 5, "p1": 1, "p2": 5}


@pytest.mark.parametrize("policy", [Uniform(PROBLEMS, 2), adaptive(2)])
def test_a_blocked_problem_has_to_wait(policy: Policy) -> None:
    assert policy.next(set(NAMES) - {"p7"}) == "p7"
    assert policy.next(set(NAMES)) is None


@given(st.integers(1, 6), st.lists(st.booleans(), min_size=12, max_size=12))
def test_the_adaptive_policy_never_samples_what_is_proved_and_spends_no_more_in_all(
    samples: int, easy: list[bool]
) -> None:
    solved = {name: Ended.PROVED if is_easy else Ended.REJECTED for name, is_easy in zip(NAMES, easy, strict=True)}
    found = Counter(drawn(adaptive(samples), solved.__getitem__))
    assert all(found[name] == 1 for name, end in solved.items() if end is Ended.PROVED)
    assert found.total() == (12 if all(easy) else samples * 12)


def test_what_proofs_save_goes_to_the_others() -> None:
    found = Counter(drawn(adaptive(), lambda name: Ended.PROVED if name != "p3" else Ended.NOTHING))
    assert found["p3"] == 4 * 12 - 11


def test_a_group_in_which_proofs_are_found_comes_first() -> None:
    """Half of the problems of level 0 are proved at the first sample, and none of the others."""
    policy = adaptive(6)
    ends = {"p0": Ended.PROVED, "p3": Ended.PROVED}
    found = drawn(policy, lambda name: ends.get(name, Ended.NOTHING))
    second = [name for place, name in enumerate(found) if name in found[:place]]
    assert {"p6", "p9"} == set(second[:2])


def test_a_problem_without_a_chance_worth_it_gets_no_more() -> None:
    all_in_all = len(drawn(adaptive(50), lambda name: Ended.NOTHING))
    assert all_in_all == 600
    assert 12 <= len(drawn(adaptive(50, least=0.02), lambda name: Ended.NOTHING)) < 600


def test_neither_the_negation_nor_a_fault_counts_as_a_sample() -> None:
    policy = adaptive()
    policy.ended(row("p0", Ended.NOTHING, negation=True))
    policy.ended(row("p0", Ended.FAILED))
    policy.begun("p0")
    fresh = adaptive()
    fresh.begun("p0")
    assert policy.next(frozenset()) == fresh.next(frozenset())


def test_with_unequal_chances_it_solves_more_than_the_uniform_policy() -> None:
    """Rates from a heavy tail, the same dice for both: what is proved early frees samples for the others."""
    problems = [problem(f"q{number}") for number in range(60)]
    rates = {one.name: random.Random(one.name).betavariate(0.3, 2.0) for one in problems}

    def solved(policy: Policy, seed: int) -> int:
        dice = random.Random(seed)
        proved = set()

        def end(name: str) -> Ended:
            if dice.random() >= rates[name]:
                return Ended.NOTHING
            proved.add(name)
            return Ended.PROVED

        drawn(policy, end)
        return len(proved)

    uniform = sum(solved(Uniform(problems, 4), seed) for seed in range(8))
    assert sum(solved(adaptive(4, problems), seed) for seed in range(8)) > uniform
