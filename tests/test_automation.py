"""The portfolio as a pure function, and the automation agent at a real bench."""

import re
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import portfolio
from agents.automation import Automation, suggestion
from agents.base import GaveUp, Remark, Trial
from agents.bench import LeanBench
from agents.portfolio import variables, waves
from prover.config import Config
from prover.lean.pool import LeanPool
from prover.lean.source import find_slot
from prover.lean.toolchain import Toolchain
from prover.ledger import Ledger
from prover.model import Attempt, Budget, Declaration, Kind, Position, Task
from prover.state import State

TEXT = """module

@[expose] public section

namespace Numbers

/-- The triangular numbers. -/
def triangle : Nat → Nat
  | 0 => 0
  | n + 1 => triangle n + (n + 1)

theorem two_mul_triangle (n : Nat) : 2 * triangle n = n * (n + 1) := by
  induction n with grind [triangle]

theorem still_open (n : Nat) : triangle n ≤ n * n := by
  sorry

"""
GOAL = "n m : Nat\nf : Nat → Nat\nh : ∀ i < n, f i = 0\nk✝ : Nat\n⊢ triangle (n + m) = f n"


def task(
    statement: str = "(n : Nat) : n = n",
    *,
    lemmas: Sequence[str] = (),
    definitions: Sequence[str] = (),
    namespace: str = "Numbers.",
    checks: int = 40,
) -> Task:
    """An open theorem `goal` with this statement, behind TEXT."""
    source = f"{TEXT}theorem goal {statement} := by\n  sorry\n"
    start = Position(TEXT.count("\n"), 0)
    name = f"{namespace}goal"
    declaration = Declaration(name, "Numbers", Kind.THEOREM, "", frozenset(), frozenset(), True, start)
    slot = find_slot(source, start, name)
    return Task(declaration, "base", slot, TEXT, tuple(lemmas), tuple(definitions), "automation", Budget(60.0, checks))


def bodies(task: Task, goal: str = GOAL) -> list[str]:
    return [body for wave in waves(task, goal) for body in wave.bodies]


# The goal


def test_the_names_before_the_turnstile_are_the_variables_with_their_types() -> None:
    assert variables(GOAL) == {"n": "Nat", "m": "Nat", "f": "Nat → Nat", "h": "∀ i < n, f i = 0"}


def test_a_case_name_and_the_continuation_of_a_long_type_are_no_variables() -> None:
    goal = "case succ\nn : Nat\nh : a =\n  b :: c\n⊢ ∃ x : Nat, x = n"
    assert variables(goal) == {"n": "Nat", "h": "a ="}


@pytest.mark.parametrize(
    ("goal", "order"),
    [
        (GOAL, ["m", "n"]),
        ("p a n : Nat\nh : p ∣ a ^ n\n⊢ p ∣ a", ["a", "p", "n"]),  # a variable of a hypothesis follows
        ("a b c d : Nat\n⊢ a + b + c = d", ["d", "c", "b"]),
        ("n unused : Nat\n⊢ n = n", ["n"]),
    ],
)
def test_induction_is_on_the_last_plain_variable_of_the_conclusion_first(goal: str, order: list[str]) -> None:
    induction = next(wave for wave in waves(task(), goal) if wave.what == "induction")
    assert list(induction.bodies) == [f":= by\n  induction {name} with grind" for name in order]


# The portfolio

NAMES = st.lists(st.from_regex(r"Numbers\.[a-z]{1,6}(_[a-z]{1,4})?", fullmatch=True), max_size=8, unique=True)


@given(NAMES, NAMES, st.sampled_from([GOAL, "", "⊢ True", "n : Nat\n⊢ 2 ∣ n ^ 2 * n"]))
def test_every_body_is_a_tactic_block_and_comes_once(lemmas: list[str], definitions: list[str], goal: str) -> None:
    found = bodies(task(lemmas=lemmas, definitions=definitions), goal)
    assert len(found) == len(set(found))
    assert all(re.match(r":= by\n  \S", body) for body in found)
    assert all(wave.bodies for wave in waves(task(lemmas=lemmas, definitions=definitions), goal))


@given(NAMES, NAMES)
def test_only_what_the_task_gives_and_the_library_is_named(lemmas: list[str], definitions: list[str]) -> None:
    given = {name.removeprefix("Numbers.") for name in (*lemmas, *definitions)}
    library = {name for names in portfolio._LIBRARY.values() for name in names}
    for body in bodies(task(lemmas=lemmas, definitions=definitions)):
        for bracket in re.findall(r"\[(.*?)\]", body):
            assert {name.removeprefix("← ") for name in bracket.split(", ")} <= given | library


def test_what_costs_milliseconds_is_tried_first_and_the_planned_lemmas_before_the_others() -> None:
    lemmas = [f"Numbers.lemma{i}" for i in range(9)]
    first, *rest = waves(task(lemmas=lemmas), GOAL)
    assert first.bodies == tuple(f":= by\n  {tactic}" for tactic in ("rfl", "decide", "omega", "simp", "grind"))
    text = "".join(body for wave in rest for body in wave.bodies)
    assert text.index("exact lemma0") < text.index("exact lemma1")
    assert "lemma8" not in text


def test_a_declaration_outside_of_any_namespace_names_its_lemmas_in_full() -> None:
    assert ":= by\n  exact Numbers.two_mul_triangle .." in bodies(
        task(namespace="", lemmas=["Numbers.two_mul_triangle"])
    )


# What a search finds


@pytest.mark.parametrize("message", ["Try this:\n  [apply] exact Nat.le_refl n", "Try this: exact Nat.le_refl n"])
def test_the_answer_of_a_search_becomes_a_tactic(message: str) -> None:
    assert suggestion(Trial("", True, (Remark(message),)), task()) == "exact Nat.le_refl n"


def test_an_answer_that_uses_an_unproved_theorem_of_the_project_is_dropped() -> None:
    answer = Trial("", True, (Remark("Try this:\n  [apply] exact Numbers.still_open n"),))
    assert suggestion(answer, task()) is None
    assert suggestion(answer, task(lemmas=["Numbers.still_open"])) == "exact Numbers.still_open n"


def test_a_message_that_is_no_answer_gives_no_tactic() -> None:
    assert suggestion(Trial("", True, (Remark("unused variable `n`"),)), task()) is None


# At the bench


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


async def propose(pool: LeanPool, task: Task) -> Attempt | GaveUp:
    purse = Ledger(State(), Config(), lambda *_, **__: None).purse(task)
    return await Automation().propose(task, LeanBench(pool, task, str, 60.0, purse))


async def test_a_theorem_is_proved_by_induction_and_the_history_says_what_was_tried(pool: LeanPool) -> None:
    found = await propose(pool, task("(n : Nat) : triangle n ≤ n * n", definitions=["Numbers.triangle"]))
    assert isinstance(found, Attempt)
    assert found.body == ":= by\n  induction n with grind [triangle]"
    assert found.history == ("one tactic: 5 tried, 0 close the goal", "induction: 1 tried, 1 close the goal")


async def test_what_the_library_knows_is_found_and_written_out(pool: LeanPool) -> None:
    found = await propose(pool, task("(m n k : Nat) (h : 0 < k) (d : n ∣ k) : n ≤ k"))
    assert isinstance(found, Attempt)
    assert found.body == ":= by\n  exact Nat.le_of_dvd h d"


async def test_a_theorem_of_the_project_is_used_only_once_it_is_proved(pool: LeanPool) -> None:
    statement = "(n : Nat) (h : 7 ≤ n) : triangle n ≤ n * n"
    gave_up = await propose(pool, task(statement))
    assert isinstance(gave_up, GaveUp)
    assert re.fullmatch(r"none of \d\d candidates closes the goal, with 0 lemmas to use", gave_up.why)
    found = await propose(pool, task(statement, lemmas=["Numbers.still_open"]))
    assert isinstance(found, Attempt)
    assert "still_open" in found.body
