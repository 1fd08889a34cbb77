"""Statements about numbers: which tactics the goal calls for, and what the real Lean says of them."""

import re
from collections.abc import AsyncIterator, Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import arithmetic
from agents.automation import Automation
from agents.bench import LeanBench
from agents.members import members
from agents.opening import opened
from agents.portfolio import body
from agents.ranges import Bound, bounded, bounds, divided, tightest
from agents.splitter import Goal, read
from prover.config import Config
from prover.lean.pool import LeanPool
from prover.lean.toolchain import Toolchain
from prover.ledger import Ledger
from prover.model import Attempt, Task
from prover.state import State
from tests.shops import a_task

SLOW = pytest.mark.slow
Tactics = Callable[[Goal], Iterable[str]]
WAVES: tuple[Tactics, ...] = (
    arithmetic.plain,
    arithmetic.remainders,
    arithmetic.stepwise,
    arithmetic.inductions,
    arithmetic.squares,
    arithmetic.witnesses,
    arithmetic.instantiations,
    arithmetic.common_divisors,
    members,
    divided,
)


def goal(printed: str) -> Goal:
    found = read(printed)
    assert found is not None
    return found


# What the goal calls for

LINES = st.lists(
    st.sampled_from(
        [
            "n m : Nat",
            "x : Int",
            "h : 3 ≤ n",
            "k : ∀ (i : Nat), f (i + 1) = 2 * f i",
            "p : n * m = 12",
            "l : List Nat",
            "d : l.Nodup",
            "e : ∀ (x : Nat), x ∈ l ↔ x < 4",
        ]
    ),
    unique=True,
)
CONCLUSIONS = st.sampled_from(
    ["n ^ 2 % 4 ≠ 2", "7 ∣ 2 ^ n - 1", "x * x ≥ 0", "l.length = 4", "(n + 1).gcd (n + 4) ≤ 3"]
)


@given(LINES, CONCLUSIONS)
def test_every_tactic_is_a_block_without_empty_lines(lines: list[str], conclusion: str) -> None:
    one = goal("\n".join([*lines, f"⊢ {conclusion}"]))
    for wave in WAVES:
        assert all(re.match(r"\S", tactic) and "\n\n" not in tactic for tactic in wave(one))


@pytest.mark.parametrize("wave", [each for each in WAVES if each is not arithmetic.plain])
def test_a_goal_without_numbers_calls_for_nothing(wave: Tactics) -> None:
    assert list(wave(goal("p q : Prop\nh : p ∧ q\n⊢ q ∧ p"))) == []


def test_remainders_are_those_for_the_divisors_that_the_goal_names() -> None:
    divisors = {
        int(number)
        for tactic in arithmetic.remainders(goal("n : Nat\nh : 5 ∣ n\n⊢ n ^ 2 % 4 ≠ 2"))
        for number in re.findall(r"n % (\d+) =", tactic)
    }
    assert divisors == {4, 5}


@pytest.mark.parametrize(
    ("conclusion", "first"),
    [("∃ n, n * n = 49", "exact ⟨0, by"), ("∃ n m, n + m = 4", "exact ⟨0, 0, by"), ("∃ a b c, a + b = c", "")],
)
def test_witnesses_are_tried_for_one_thing_or_two(conclusion: str, first: str) -> None:
    tactics = list(arithmetic.witnesses(goal(f"⊢ {conclusion}")))
    assert tactics[0].startswith(first) if first else not tactics
    assert len(tactics) <= 40


def test_induction_begins_where_a_hypothesis_says() -> None:
    starts = [t.split("\n")[0] for t in arithmetic.inductions(goal("n : Nat\nh : 3 < n\n⊢ 2 * n + 1 ≤ 2 ^ n"))]
    assert starts[-1] == "obtain ⟨k, rfl⟩ : ∃ k, n = k + 4 := ⟨n - 4, by omega⟩"
    assert not any(line.startswith("obtain") for line in starts[:5])


def test_the_tightest_bounds_are_those_that_leave_the_fewest_values() -> None:
    held = [Bound("x", "Int", -9, 9, ""), Bound("x", "Int", 0, 12, ""), Bound("y", "Nat", 0, 40, "")]
    assert tightest(held) == {"x": held[1], "y": held[2]}


def test_more_points_than_the_kernel_decides_in_time_are_not_tried() -> None:
    one = goal("x y : Nat\n⊢ x = y")
    many = {name: Bound(name, "Nat", 0, 999, "skip") for name in "xy"}
    assert list(bounded(one, many)) == []
    few = {name: Bound(name, "Nat", 0, 20, "skip") for name in "xy"}
    assert "decide +kernel" in next(iter(bounded(one, few)))


def test_a_conclusion_about_a_number_without_bounds_is_not_decided() -> None:
    one = goal("x y : Nat\n⊢ x = y")
    assert not any("decide" in tactic for tactic in bounded(one, {"x": Bound("x", "Nat", 0, 5, "skip")}))


# What Lean says


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


def bench_of(pool: LeanPool, task: Task) -> LeanBench:
    return LeanBench(pool, task, str, 60.0, Ledger(State(), Config(), lambda *_, **__: None).purse(task))


async def closing(pool: LeanPool, statement: str, wave: Tactics) -> list[str]:
    """The tactics of a wave that prove a statement, laid open before."""
    bench = bench_of(pool, a_task(statement))
    start = await opened(bench, (await bench.goals())[0])
    assert start is not None
    tactics = list(wave(start.goal))
    trials = await bench.try_bodies([body(start.then(tactic)) for tactic in tactics])
    return [tactic for tactic, trial in zip(tactics, trials, strict=True) if trial.closes]


@pytest.mark.parametrize(
    ("wave", "statement"),
    [
        pytest.param(
            arithmetic.plain,
            "(f : Nat → Nat) (h : ∀ n, f n = 2 * n) : ((List.range 5).map fun k => f k).sum = 20",
            marks=SLOW,
        ),
        pytest.param(arithmetic.plain, "(a b : Nat) (h : (a : Rat) / 2 = b) (k : (b : Rat) = 3) : a = 6", marks=SLOW),
        (arithmetic.remainders, "(n : Nat) : n ^ 2 % 3 ≠ 2"),
        pytest.param(arithmetic.remainders, "(a b : Int) : (a * a + b * b) % 4 ≠ 3", marks=SLOW),
        (arithmetic.stepwise, "(n : Nat) (h : 7 ∣ 2 ^ n + 6) : 3 ∣ n"),
        pytest.param(arithmetic.inductions, "(n : Nat) (h : 3 ≤ n) : 2 * n + 1 ≤ 2 ^ n", marks=SLOW),
        pytest.param(arithmetic.squares, "(a b : Int) : 2 * (a * b) ≤ a * a + b * b", marks=SLOW),
        pytest.param(arithmetic.squares, "(a b : Rat) : 2 * (a * b) ≤ a * a + b * b", marks=SLOW),
        (arithmetic.squares, "(a b : Nat) : 2 * (a * b) ≤ a * a + b * b"),
        pytest.param(
            arithmetic.witnesses, "(a : Nat) (h : a = 3) : ∃ n m : Nat, n * n + m = 4 * a ∧ m < 3 * n", marks=SLOW
        ),
        (arithmetic.instantiations, "(f : Nat → Nat) (h : ∀ x y, f (x + y) = f x + f y) : f 0 = 0"),
        pytest.param(arithmetic.common_divisors, "(n : Nat) : Nat.gcd (n + 5) (n + 2) ≤ 3", marks=SLOW),
        (divided, "(a b : Nat) (h : a * b = 6) (k : (a + 1) * (b + 1) = 12) : a + b = 5"),
        (members, "(s : List Nat) (h : s.Nodup) (k : ∀ x, x ∈ s ↔ x * x < 10) : s.length = 4"),
        pytest.param(
            members, "(s : List Int) (h : s.Nodup) (k : ∀ x, x ∈ s ↔ -3 < x ∧ x < 3) : s.length = 5", marks=SLOW
        ),
    ],
)
async def test_a_statement_of_its_kind_is_proved(pool: LeanPool, wave: Tactics, statement: str) -> None:
    assert await closing(pool, statement, wave)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("(x y : Nat) (h : x * y + x + y = 5) (k : x < y) : x ^ 2 + y ^ 2 = 5 ∨ x = 0", marks=SLOW),
        pytest.param("(x y : Int) (h : 0 < y) (k : y < x) (l : x + y + x * y = 11) : x = 3 ∨ x = 5", marks=SLOW),
        "(x y : Nat) (h : 2 ^ x * 3 ^ y = 12) : x * y = 2",
        pytest.param("(x y : Int) (h : x * x + y * y = 25) (k : 3 < x) : x = 4 ∨ x = 5", marks=SLOW),
    ],
)
async def test_bounds_that_lean_confirms_leave_few_cases(pool: LeanPool, statement: str) -> None:
    bench = bench_of(pool, a_task(statement))
    start = await opened(bench, (await bench.goals())[0])
    assert start is not None
    asked = bounds(start.goal)
    trials = await bench.try_bodies([body(start.then(f"{bound.proof}\nsorry")) for bound in asked])
    held = [b for b, trial in zip(asked, trials, strict=True) if not any(remark.error for remark in trial.remarks)]
    tactics = list(bounded(start.goal, tightest(held)))
    tried = await bench.try_bodies([body(start.then(tactic)) for tactic in tactics[:2]], patient=True)
    assert any(trial.closes for trial in tried), (held, tried)


@SLOW
async def test_a_false_statement_about_numbers_is_not_proved(pool: LeanPool) -> None:
    for wave in WAVES:
        assert await closing(pool, "(n m : Nat) (h : n * m = 12) (k : 1 < n) : n ^ 2 % 3 ≠ 0", wave) == []


@SLOW
async def test_automation_says_which_wave_has_proved_a_statement(pool: LeanPool) -> None:
    task = a_task("(s : List Nat) (h : s.Nodup) (k : ∀ x, x ∈ s ↔ x * x < 10) : s.length = 4")
    found = await Automation().propose(task, bench_of(pool, task))
    assert isinstance(found, Attempt)
    assert re.fullmatch(r"members: 2 tried, \d close the goal", found.history[-1])
