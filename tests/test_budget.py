"""Chances, costs and prices, learned from outcomes; and what the rule is worth."""

import json
import math
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.perf.budget import BUDGETS, Figures, Theorem, heavy_tails, nothing_to_gain, spend
from prover.budget import Currency, Rates, Rule, Tally, Uniform, failures
from prover.model import Spent, Tried

NOTHING_KNOWN = frozenset[str]()


def tried(ended: str = "nothing", seconds: float = 1.0, agent: str = "one", knew: Sequence[str] = ()) -> Tried:
    return Tried(agent, frozenset(knew), ended, spent=Spent(attempts=1, seconds=seconds))


def many(module: str, count: int, *ended: str, seconds: float = 1.0) -> dict[str, list[Tried]]:
    """So many declarations of a module, each with these attempts; the module's name is the first letter."""
    return {f"{module}{number}": [tried(end, seconds) for end in ended] for number in range(count)}


def rates(*parts: dict[str, list[Tried]], currency: Currency = Currency.SECONDS) -> Rates:
    everything = {name: attempts for part in parts for name, attempts in part.items()}
    names = [*everything, "a999", "b999", "c999"]
    return Rates.of(everything, {name: name[0] for name in names}, currency)


def test_before_anything_is_known_all_are_alike_and_the_chance_is_neither_nil_nor_certain() -> None:
    unknown = rates()
    assert unknown.index("a999", "one", 0) == unknown.index("b999", "two", 0)
    assert 0.1 < unknown.chance("a999", "one", 0) < 0.9
    assert unknown.cost("a999", "one") == 1.0


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 100))
def test_every_failure_makes_the_next_attempt_less_likely_to_succeed(good: int, bad: int, missed: int) -> None:
    known = rates(many("a", good, "proved"), many("b", bad, "nothing"))
    assert 0 < known.chance("a999", "one", missed + 1) < known.chance("a999", "one", missed) < 1


def test_the_fit_finds_the_rates_that_outcomes_were_drawn_from() -> None:
    """Of Beta(1/2, 2), by simulation: 2,000 declarations with up to eight attempts each."""
    choose = random.Random(5)
    outcomes = {}
    for number in range(2000):
        rate, attempts = choose.betavariate(0.5, 2.0), list[Tried]()
        while len(attempts) < 8 and (not attempts or attempts[-1].ended != "proved"):
            attempts.append(tried("proved" if choose.random() < rate else "rejected"))
        outcomes[f"a{number}"] = attempts
    found = rates(outcomes)
    for missed in range(8):
        assert found.chance("a999", "one", missed) == pytest.approx(0.5 / (2.5 + missed), rel=0.25)


def test_a_module_in_which_more_is_proved_than_expected_is_better_and_an_unknown_one_in_between() -> None:
    known = rates(many("a", 30, "proved"), many("b", 30, "nothing"))
    assert known.chance("a999", "one", 0) > known.chance("c999", "one", 0) > known.chance("b999", "one", 0)


def test_one_success_says_less_of_a_module_than_thirty() -> None:
    few = rates(many("a", 1, "proved"), many("b", 30, "nothing"), many("c", 30, "proved"))
    assert few.chance("a999", "one", 0) < few.chance("c999", "one", 0)


def test_an_agent_that_proves_more_has_the_better_chance() -> None:
    outcomes = {f"a{n}": [tried("nothing", agent="weak"), tried("proved", agent="strong")] for n in range(20)}
    known = rates(outcomes)
    assert known.chance("a999", "strong", 0) > 2 * known.chance("a999", "weak", 0)


def test_a_cost_is_the_mean_of_what_is_nearest_drawn_towards_that_of_what_is_around_it() -> None:
    known = rates(many("a", 20, "nothing", seconds=10.0), many("b", 20, "nothing", seconds=1.0))
    assert known.cost("b999", "one") < 1.5 < 5.5 == pytest.approx(known.cost("c999", "one"), rel=0.01)
    single = rates(many("a", 20, "nothing", seconds=10.0), {"a998": [tried(seconds=100.0)]})
    assert known.cost("a999", "one") < single.cost("a998", "one") < 100.0


@pytest.mark.parametrize("currency", Currency)
def test_costs_are_counted_in_what_the_run_limits(currency: Currency) -> None:
    spent = Spent(attempts=1, seconds=2.0, tokens=30, dollars=0.4)
    expected = {"attempts": 1, "seconds": 2.0, "tokens": 30, "dollars": 0.4}[currency]
    known = rates({"a1": [Tried("one", NOTHING_KNOWN, "nothing", spent=spent)]}, currency=currency)
    assert known.cost("a1", "one") == pytest.approx(expected)


def test_what_is_free_has_a_finite_index() -> None:
    free = rates(many("a", 3, "nothing"), currency=Currency.DOLLARS)
    assert free.cost("a1", "one") == 0.0
    assert math.isfinite(free.index("a1", "one", 1))


def test_a_crash_says_nothing_of_a_declaration() -> None:
    assert rates(many("a", 9, "crashed")).chance("a1", "one", 0) == rates().chance("a1", "one", 0)
    assert failures([tried("crashed"), tried("nothing"), tried("resource")], NOTHING_KNOWN) == 2


def test_failures_are_counted_anew_when_a_lemma_has_been_proved() -> None:
    before = [tried(), tried(), tried(knew=["lemma"])]
    assert failures(before, frozenset()) == 3
    assert failures(before, frozenset({"lemma"})) == 1
    assert failures(before, frozenset({"lemma", "other"})) == 0


@given(st.lists(st.sampled_from(["proved", "nothing", "rejected", "crashed", "reduced"]), max_size=12), st.data())
def test_a_tally_that_learns_bit_by_bit_knows_the_same(outcomes: list[str], data: st.DataObject) -> None:
    attempts = [tried(ended) for ended in outcomes]
    cut = data.draw(st.integers(0, len(attempts)))
    at_once, by_and_by = Tally(), Tally()
    at_once.learn("a1", "a", attempts)
    by_and_by.learn("a1", "a", attempts[:cut])
    by_and_by.learn("a1", "a", attempts, cut)
    assert at_once == by_and_by


def test_rates_stay_as_they_are_while_the_tally_goes_on() -> None:
    tally = Tally()
    tally.learn("a1", "a", [tried(seconds=2.0)])
    known = Rates(tally, {"a1": "a", "a2": "a"})
    tally.learn("a2", "a", [tried(seconds=50.0)])
    assert known.cost("a2", "one") == pytest.approx(2.0)


def test_the_uniform_rule_takes_turns_however_many_attempts_there_were() -> None:
    turns = [Uniform().index("a", "one", missed) for missed in (0, 1, 2, 900, 5000)]
    assert turns == sorted(turns, reverse=True)
    assert turns[-1] > 0


def test_an_even_chance_has_a_price_where_the_mean_is_infinite() -> None:
    """With a rate from Beta(1/2, b) too many are hopeless for a mean, but half are proved in finite time."""
    hard = rates(many("a", 40, *["nothing"] * 6), many("b", 12, "nothing", "proved"), many("c", 9, "proved"))
    price = hard.price("b1", "one", 1)
    assert hard.a < 1
    assert price.expected == math.inf
    assert price.cost < price.even < math.inf
    assert price.chance == pytest.approx(hard.chance("b1", "one", 1))


@given(st.integers(1, 60), st.integers(0, 40))
def test_the_price_of_an_even_chance_is_where_the_chances_add_up_to_one_half(good: int, missed: int) -> None:
    known = rates(many("a", good, "proved"), many("b", 20, "nothing"))
    price = known.price("c999", "one", missed)
    left, attempts = 1.0, 0
    while left > 0.5 and attempts < 5000:
        left *= 1 - known.chance("c999", "one", missed + attempts)
        attempts += 1
    if attempts < 5000:
        assert abs(price.even / price.cost - attempts) <= 1  # the two ways of adding up differ by rounding


def proved(world: Callable[[random.Random], list[Theorem]], rule: Rule, seeds: int) -> int:
    """How many theorems of so many worlds are proved for twice what one attempt at each costs."""
    return sum(spend(world(random.Random(n)), rule, [200.0], random.Random(n))[0] for n in range(seeds))


def test_where_there_is_nothing_to_gain_both_rules_prove_alike() -> None:
    adaptive, uniform = (proved(nothing_to_gain, rule, 10) for rule in Rule)
    assert adaptive == pytest.approx(uniform, rel=0.1)


def test_where_costs_and_modules_differ_the_adaptive_rule_proves_more() -> None:
    assert proved(heavy_tails, Rule.ADAPTIVE, 10) > 1.1 * proved(heavy_tails, Rule.UNIFORM, 10)


def test_the_measurement_writes_down_every_world_and_budget(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks.perf.budget", "--seeds", "4", "--json", str(file)]
    root = Path(__file__).parent.parent
    finished = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=250, check=False)
    assert finished.returncode == 0, finished.stderr
    figures = Figures(**json.loads(file.read_text()))
    assert figures.seeds == 4
    rows = {(row["world"], row["budget"]): row["ratio"] for row in json.loads(file.read_text())["rows"]}
    assert len(rows) == 4 * len(BUDGETS)
    assert 0.5 < rows["heavy tails", 32.0] < 2.0
