"""Instances that may refute a statement: which are tried, and what the real Lean says of them."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.automation import Automation
from agents.base import GaveUp
from agents.bench import LeanBench
from agents.refutation import Instance, context, instances
from prover.config import Config
from prover.lean.pool import LeanPool
from prover.lean.source import find_slot
from prover.lean.toolchain import Toolchain
from prover.ledger import Ledger
from prover.model import Attempt, Budget, Declaration, Kind, Position, Task
from prover.state import State


def test_small_numbers_are_tried_first() -> None:
    tried = list(instances({"n": "Nat"}))
    assert tried[0] == Instance(":= fun h => absurd (@h 0) (by decide)", "for n = 0")
    assert [instance.where for instance in tried[:3]] == ["for n = 0", "for n = 1", "for n = 2"]


def test_hypotheses_are_decided_and_quantifiers_behind_the_turnstile_take_numbers_too() -> None:
    bodies = {instance.body: instance.where for instance in instances({"a": "Nat", "h": "a ≤ 3", "b": "Int"})}
    assert bodies[":= fun h => absurd (@h 1 (by decide) 2) (by decide)"] == "for a = 1, b = 2"
    assert bodies[":= fun h => absurd (@h 0 (by decide) 0 1) (by decide)"] == "for a = 0, b = 0, 1 for the ∀"


def test_a_statement_without_variables_is_decided_as_it_stands() -> None:
    assert next(instances({})) == Instance(":= fun h => absurd (@h ) (by decide)", "as it stands")


def test_values_of_other_types_than_numbers_are_tried_too() -> None:
    assert next(instances({"xs": "List Nat", "p": "Prop"})).where == "for xs = [], p = False"
    tried = [instance.where for instance in instances({"f": "Nat → Nat"})]
    assert "for f = fun x => x + 1" in tried


def test_a_type_is_chosen_before_what_is_of_that_type() -> None:
    tried = {instance.body: instance.where for instance in instances({"α": "Type", "inst✝": "BEq α", "xs": "List α"})}
    body = ":= fun h => absurd (@h Nat inferInstance [1]) (by decide)"
    assert tried[body] == "for α = Nat, xs = [1]"


def test_what_is_no_variable_of_a_known_type_is_to_be_proved() -> None:
    assert [instance.where for instance in instances({"t": "Tree"}, hidden=0)] == ["as it stands"]
    assert next(instances({"p": "Prop", "h": "p → p"})).body.count("(by decide)") == 2


def test_too_many_variables_are_not_tried() -> None:
    assert list(instances(dict.fromkeys("abcdefghi", "Nat"))) == []


def test_the_context_has_the_names_that_lean_hides_and_nothing_that_is_defined() -> None:
    goal = "α : Type\nn m : Nat\nk : Nat := 5\na✝ : n < m\n⊢ n ≤ m"
    assert context(goal) == {"α": "Type", "n": "Nat", "m": "Nat", "a✝": "n < m"}


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["Nat", "Int", "a < b"])))
def test_no_goal_makes_more_instances_than_one_document_can_bear(variables: dict[str, str]) -> None:
    tried = list(instances(variables))
    assert len(tried) <= 100
    assert len({instance.body for instance in tried}) == len(tried)
    assert all(instance.body.count("decide") == list(variables.values()).count("a < b") + 1 for instance in tried)


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


async def answer(pool: LeanPool, statement: str) -> Attempt | GaveUp:
    source = f"theorem claim {statement} := by\n  sorry\n"
    slot = find_slot(source, Position(0, 0), "claim")
    claim = Declaration("claim", "M", Kind.THEOREM, "", frozenset(), frozenset(), True, Position(0, 0))
    task = Task(claim, "base", slot, "", (), (), "automation", Budget(60.0, 40))
    purse = Ledger(State(), Config(), lambda *_, **__: None).purse(task)
    return await Automation().propose(task, LeanBench(pool, task, str, 60.0, purse))


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("(n : Nat) : n < 5", "for n = 5"),
        (": ∀ n : Nat, n < 5", "for 5 for the ∀"),
        ("{a b : Nat} (h : a ≤ b) : a < b", "for a = 0, b = 0"),
        ("(a b : Int) : (a + b) ^ 2 = a ^ 2 + b ^ 2", "for a = 1, b = 1"),
        ("(a b : Nat) : a - b + b = a", "for a = 0, b = 1"),
        (": 2 + 2 = 5", "as it stands"),
        ("(n : Nat) (h : 0 < n) : ∃ m, m < n ∧ 0 < m", "for n = 1"),
    ],
)
async def test_a_false_statement_is_refuted_where_lean_can_decide_it(
    pool: LeanPool, statement: str, where: str
) -> None:
    found = await answer(pool, statement)
    assert isinstance(found, GaveUp)
    assert found.why == f"it looks false: Lean refutes it {where}"


async def test_a_false_statement_that_lean_cannot_decide_stays_unexplained(pool: LeanPool) -> None:
    found = await answer(pool, "(n : Nat) : ∃ m, n = m + m")
    assert isinstance(found, GaveUp)
    assert "candidates" in found.why


async def test_a_true_statement_is_not_refuted(pool: LeanPool) -> None:
    """It is beyond the cheap waves, so that instances are tried before it is proved."""
    found = await answer(pool, "(a b c : Nat) (h : a ∣ b) (k : b ∣ c) : a ∣ b * c")
    assert isinstance(found, Attempt), found
