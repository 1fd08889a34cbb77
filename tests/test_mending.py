"""Mending on the real Lean: what models get wrong is put right where Lean complains, and nothing else is touched."""

import tomllib
from collections.abc import AsyncIterator
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.base import Premise, Remark, Trial
from agents.leantext import commands
from agents.repair.diagnosis import diagnose
from agents.repair.edits import applied
from agents.repair.mending import mend
from agents.repair.proposals import proposals, syntax_proposals
from agents.repair.shop import Draft, Shop
from prover.lean.pool import LeanPool
from prover.lean.toolchain import Toolchain
from prover.model import Kind
from tests.shops import a_shop, a_task, errors, look

BEFORE = """def double (n : Nat) : Nat := n + n
def total (f : Nat → Nat) : Nat → Nat
  | 0 => 0
  | n + 1 => total f n + f n
theorem total_succ (f : Nat → Nat) (n : Nat) : total f (n + 1) = total f n + f n := rfl
"""
HERE = Path(__file__).parent
SOLUTIONS = tomllib.loads((HERE / "data/solutions/worked_example.toml").read_text())
FILES = [*HERE.parent.glob("lean_project/**/*.lean"), *HERE.glob("soundness/honest/*.lean")]
PROOFS = [
    *(body.strip() for body in SOLUTIONS.values()),
    *(command.body for file in FILES for command in commands(file.read_text()) if command.body.startswith(":= by")),
]
LIBRARY = ("Nat.add_comm", "Nat.le_trans", "Nat.add_le_add_right", "Nat.le_antisymm", "Nat.succ_le_of_lt", "total_succ")
SWAP = "(p q : Prop) : p ∧ q → q ∧ p"
ORDER = "(a b c : Nat) (h : a ≤ b) (k : b ≤ c) : a ≤ c"
TOTAL = "(n : Nat) : total (fun _ => 1) n = n"
STEP = "(a b : Nat) (h : a < b) : a + 1 ≤ b"
EQUAL = "(a b : Nat) (h : a = b) : b = a"

WRONG = {
    "Lean 3": (SWAP, ":= begin\n  intro h,\n  cases h with hp hq,\n  split,\n  { exact hq },\n  { exact hp },\nend"),
    "induction of Lean 3": (TOTAL, ":= begin\n  induction n with k ih,\n  { refl },\n  { rw [total_succ, ih] },\nend"),
    "a term of Lean 3": (SWAP, ":= λ h, and.intro h.2 h.1"),
    "calc of Lean 3": (
        "(a b c : Nat) : a + b + c = c + b + a",
        ":= calc a + b + c = c + (a + b) : by rw nat.add_comm\n  ... = c + (b + a) : by rw nat.add_comm a b\n"
        "  ... = c + b + a : by rw nat.add_assoc",
    ),
    "a lemma without its namespace": (ORDER, ":= by\n  have l := le_trans h k\n  exact l"),
    "a tactic of Mathlib": (ORDER, ":= by\n  linarith [h, k]"),
    "indentation": (STEP, ":= by\n  have l : a + 1 ≤ b := by\n    omega\n   exact l"),
    "a block that is not indented": (STEP, ":= by\n  have l : a + 1 ≤ b := by\n  omega\n  exact l"),
    "no by": (STEP, ":= by\n  have l : a + 1 ≤ b := omega\n  exact l"),
    "prose": (STEP, ":= by\n  omega\n```\nThis completes the proof."),
    "an open bracket": (STEP, ":= by\n  exact (Nat.succ_le_of_lt (h)"),
    "the other way round": (EQUAL, ":= by\n  exact h"),
    "swapped": (ORDER, ":= by\n  exact Nat.le_trans k h"),
    "a rewrite too many": (EQUAL, ":= by\n  rw [h, Nat.add_comm]"),
    "off by one": ("(f : Nat → Nat) (h : ∀ x, f x = x) : f 1 = 1", ":= by\n  rw [h 2]"),
    "a tactic too many": (EQUAL, ":= by\n  exact h.symm\n  rfl"),
    "an unbound name": (TOTAL, ":= by\n  induction n with\n  | zero => rfl\n  | succ k => rw [total_succ, ih]"),
}
SLOW = ("calc of Lean 3", "a lemma without its namespace", "a rewrite too many", "induction of Lean 3")


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


async def find(query: str, most: int) -> tuple[Premise, ...]:
    """A search of a small library."""
    best = sorted(LIBRARY, key=lambda name: SequenceMatcher(None, name, query).ratio(), reverse=True)
    return tuple(Premise(name, "Init", Kind.THEOREM, "") for name in best[:most])


def at(pool: LeanPool, statement: str) -> Shop:
    shop = a_shop(pool, a_task(statement, before=BEFORE))
    shop.bench.search = lambda query, *, most=10: find(query, most)  # type: ignore[method-assign]
    return shop


@pytest.mark.parametrize("what", [pytest.param(what, marks=[pytest.mark.slow] * (what in SLOW)) for what in WRONG])
async def test_what_models_get_wrong_is_put_right(pool: LeanPool, what: str) -> None:
    statement, body = WRONG[what]
    shop = at(pool, statement)
    broken = await look(shop, body)
    assert not broken.trial.closes
    checks = shop.checks
    draft = await mend(shop, broken, a_task(statement, before=BEFORE))
    assert draft.trial.closes, (draft.body, errors(draft))
    assert checks - shop.checks <= 6
    assert shop.steps
    assert all(step.startswith("mended: ") for step in shop.steps)


async def test_with_everywhere_rules_are_applied_unasked_even_if_that_breaks_a_proof(pool: LeanPool) -> None:
    """As APOLLO's refiner does; the other way, a proof that Lean accepts is not looked at."""
    statement = "(n : Nat) : (if n = 0 then 0 else n) = n"
    body = ":= by\n  split\n  · simp_all\n  · rfl"
    shop = at(pool, statement)
    valid = await look(shop, body)
    task = a_task(statement, before=BEFORE)
    assert valid.trial.closes, errors(valid)
    assert await mend(shop, valid, task) is valid
    broken = await mend(shop, valid, task, everywhere=True)
    assert "constructor" in broken.body
    assert not broken.trial.closes
    assert shop.steps == ["mended everywhere: split"]


@pytest.mark.parametrize("number", range(len(PROOFS)))
async def test_a_proof_without_complaints_comes_out_as_it_was(number: int) -> None:
    """All honest proofs at hand. There is no Lean here that could be asked."""
    trial = Trial(PROOFS[number], True)
    draft = Draft(trial, diagnose(trial), ())
    nobody: Shop = None  # type: ignore[assignment]
    assert await mend(nobody, draft, a_task("True")) is draft


@given(
    st.sampled_from(PROOFS), st.integers(0, 400), st.sampled_from(["unknown tactic", "unexpected token ','; expected"])
)
def test_where_lean_has_stopped_to_read_nothing_is_changed_that_it_has_accepted(
    body: str, place: int, message: str
) -> None:
    """A line that breaks off is put into an honest proof: all changes are on that line or behind it."""
    lines = body.split("\n")
    if len(lines) < 3:
        return
    number = 1 + place % (len(lines) - 1)
    margin = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
    text = "\n".join([*lines[:number], f"{margin}frobnicate", *lines[number:]])
    start = len("\n".join(lines[:number])) + 1 + len(margin)
    end = start + len("frobnicate")
    trial = Trial(text, False, (Remark(message, number + 1, end, end),))
    draft = Draft(trial, diagnose(trial), ())
    before = text[: start - len(margin) - 1].rstrip()
    for fixes in [*syntax_proposals(draft, {}), *proposals(draft, {})]:
        changed = applied(text, [edit for fix in fixes for edit in fix.edits]) if fixes else text
        assert changed.startswith(before.rpartition("\n")[0])
