"""A model's proof that Lean refuses is repaired before another answer is asked for; on the real Lean."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.base import Agent, GaveUp
from agents.bench import LeanBench
from agents.lemmas import Lemma, Proof
from agents.refiner import Refiner
from agents.repair.answers import left_open
from agents.repair.flow import Repaired, repair
from agents.sampler import Sampler
from prover.lean.pool import LeanPool
from prover.lean.toolchain import Toolchain
from prover.model import Attempt, Task
from tests.asking import FakeBench, a_caller, block, settings, task

STATED = "theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p"
SOURCE = f"namespace Numbers\n\n{STATED} := by\n  sorry\n\nend Numbers\n"
LEAN_3 = ":= by\n  cases h with hp hq,\n  split,\n  { exact hq },\n  { exact hp },"
HOPELESS = "theorem odd (n : Nat) (h : n = n + 0) : n * n + n = 2 * (n * (n + 1) / 2) ∧ n = 7"


def swap() -> Task:
    return task(SOURCE, "Numbers.swap", checks=200)


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


def a_bench(pool: LeanPool, todo: Task, purse: FakeBench) -> LeanBench:
    return LeanBench(pool, todo, lambda path: "", 60.0, purse)


async def test_a_sample_that_is_refused_is_repaired_and_proposed(tmp_path: Path, pool: LeanPool) -> None:
    purse, todo = FakeBench(), swap()
    agent: Agent = Sampler(a_caller(tmp_path, block(f"{STATED} {LEAN_3}")), settings(samples=1, repair=True))
    found = await agent.propose(todo, a_bench(pool, todo, purse))
    assert isinstance(found, Attempt), found
    assert ("exact hq" in found.body, ",\n" in found.body, "sorry" in found.body) == (True, False, False)
    assert found.history[0] == "1 samples, 1 different proofs, 0 close the statement"
    assert found.history[1].startswith("repaired: mended: ")
    assert found.drafted.startswith(LEAN_3.splitlines()[0])
    assert found.feedback
    assert len(purse.exchanges) == 1


async def test_without_repair_it_stays_refused(tmp_path: Path, pool: LeanPool) -> None:
    todo = swap()
    agent: Agent = Sampler(a_caller(tmp_path, block(f"{STATED} {LEAN_3}")), settings(samples=1, repair=False))
    found = await agent.propose(todo, a_bench(pool, todo, FakeBench()))
    assert isinstance(found, GaveUp)


@pytest.mark.parametrize("tools", [False, True])
async def test_a_refiner_asks_no_second_time_for_what_can_be_repaired(
    tmp_path: Path, pool: LeanPool, tools: bool
) -> None:
    purse, todo, text = FakeBench(), swap(), f"{STATED} {LEAN_3}"
    answer = {"tools": [{"name": "check", "input": {"text": text}}]} if tools else {"text": block(text)}
    agent: Agent = Refiner(a_caller(tmp_path, answer), settings(turns=4, repair=True))
    found = await agent.propose(todo, a_bench(pool, todo, purse))
    assert isinstance(found, Attempt), found
    assert "exact hq" in found.body
    assert len(purse.exchanges) == 1


async def test_lemmas_of_a_proof_are_repaired_too(pool: LeanPool) -> None:
    todo = swap()
    lemma = Lemma("swap.helper.one", "(p q : Prop) (h : p ∧ q) : q", ":= by\n  exact h.2,")
    proof = Proof(":= ⟨swap.helper.one p q h, h.1⟩", (lemma,))
    repaired = await repair(todo, a_bench(pool, todo, FakeBench()), proof)
    assert repaired.closes, repaired
    assert repaired.proof.body == proof.body
    assert repaired.proof.lemmas[0].body == ":= by\n  exact h.2"


async def test_what_cannot_be_repaired_keeps_what_was_right_of_it(pool: LeanPool) -> None:
    todo = task(f"namespace Numbers\n\n{HOPELESS} := by\n  sorry\n", "Numbers.odd", checks=200)
    body = ":= by\n  constructor\n  · rw [nonsense]\n    omega\n  · have h' : n = n := by\n      rfl\n    linarith"
    repaired = await repair(todo, a_bench(pool, todo, FakeBench()), Proof(body))
    assert (repaired.closes, repaired.errors[1]) == (False, 0)
    assert repaired.proof.body.startswith(":= by\n  constructor\n  · ")
    assert "have h' : n = n := by\n      rfl" in repaired.proof.body
    assert "holes" in left_open(repaired) or "one hole" in left_open(repaired)


def test_a_model_is_told_what_is_left_of_its_proof_if_that_is_worth_it() -> None:
    proof = Proof(":= by\n  intro x\n  sorry")
    told = left_open(Repaired(proof, False, (2, 0), (0, 1), 0.6))
    assert told.startswith("Lean accepts this much of it, with one hole:")
    assert proof.body in told
    assert left_open(Repaired(proof, False, (2, 0), (0, 1), 0.1)) == ""
    assert left_open(Repaired(proof, False, (2, 1), (0, 1), 0.9)) == ""
    assert left_open(Repaired(proof, False, (0, 0), (1, 1), 0.9)) == ""
