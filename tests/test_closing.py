"""Holes are closed without a model, on the real Lean: by what stood there, by a search, by the portfolio."""

from collections.abc import AsyncIterator

import pytest

from agents.repair.automatic import ROUNDS, automatic
from agents.repair.closing import close
from agents.repair.holes import isolate
from agents.repair.shop import Draft, Shop
from prover.lean.pool import LeanPool
from prover.lean.toolchain import Toolchain
from tests.shops import a_shop, a_task, errors, look

DOUBLE = "def double (n : Nat) : Nat := n + n\n\n"
TASK = a_task("(n m : Nat) (h : n ≤ m) : double n = 2 * n ∧ n + m = m + n", before=DOUBLE, definitions=("double",))


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


@pytest.fixture
def shop(pool: LeanPool) -> Shop:
    return a_shop(pool, TASK)


async def closed(shop: Shop, body: str, *, fixed: bool = False) -> Draft:
    draft = await look(shop, body)
    return await close(shop, draft, TASK, fixed=fixed)


async def test_all_holes_are_closed_at_once_tactics_and_terms(shop: Shop) -> None:
    body = ":= by\n  have e : n + m = m + n := sorry\n  constructor\n  · sorry\n  · exact (sorry)"
    draft = await closed(shop, body)
    assert draft.trial.closes, errors(draft)
    assert TASK.budget.checks - shop.checks <= 8
    assert shop.steps[0].startswith("3 of 3 holes closed by automation: ")


async def test_the_shortest_of_what_closes_a_goal_is_kept_and_no_bullet_that_is_not_needed(shop: Shop) -> None:
    draft = await closed(shop, ":= by\n  constructor\n  · unfold double\n    sorry\n  sorry")
    assert draft.body == ":= by\n  constructor\n  · unfold double\n    omega\n  omega"


@pytest.mark.slow
async def test_a_hole_that_nothing_closes_stays_beside_one_that_is_closed(pool: LeanPool) -> None:
    task = a_task("(p : Prop) (n : Nat) : p ∧ n = n")
    draft = await close(
        shop := a_shop(pool, task), await look(shop, ":= by\n  constructor\n  · sorry\n  · sorry"), task
    )
    assert draft.body == ":= by\n  constructor\n  · sorry\n  · rfl"
    assert shop.steps == ["1 of 2 holes closed by automation: rfl"]
    assert task.budget.checks - shop.checks <= 12


async def test_a_hole_for_which_no_goal_is_left_is_taken_away(pool: LeanPool) -> None:
    task = a_task("(n : Nat) : n + 0 = n ∧ n = n")
    draft = await close(shop := a_shop(pool, task), await look(shop, ":= by\n  constructor <;> rfl <;> sorry"), task)
    assert draft.body == ":= by\n  constructor <;> rfl"


async def test_what_stood_in_a_hole_is_tried_with_the_name_that_was_meant(pool: LeanPool) -> None:
    """Nothing is known of `Hidden` but by its lemma, so that no tactic closes the goal without it."""
    before = "axiom Hidden : Nat → Prop\n\ntheorem hidden_all (n : Nat) : Hidden n := sorry\n\n"
    task = a_task("(n : Nat) : n = n ∧ Hidden n", before=before, lemmas=("hidden_all",))
    shop = a_shop(pool, task)
    draft = await isolate(shop, await look(shop, ":= by\n  constructor\n  · rfl\n  · exact hiden_all n"))
    assert len(draft.holes) == 1
    assert (await close(shop, draft, task)).body == ":= by\n  constructor\n  · rfl\n  · exact hidden_all n"


@pytest.mark.slow
async def test_a_fixed_list_is_the_same_for_every_hole_and_knows_no_names(shop: Shop) -> None:
    draft = await closed(shop, ":= by\n  constructor\n  · sorry\n  · sorry", fixed=True)
    assert draft.body == ":= by\n  constructor\n  · sorry\n  · omega"


def test_what_is_tried_is_short_first_and_never_twice() -> None:
    goal = "n m : Nat\nh : n ≤ m\n⊢ double n = 2 * n"
    rounds = automatic(TASK, goal, "rw [Nat.two_mul, double]")
    every = [tactic for tactics in rounds for tactic in tactics]
    assert len(rounds) == ROUNDS
    assert len(set(every)) == len(every)
    assert all(list(tactics) == sorted(tactics, key=len) for tactics in rounds)
    assert {"simp [Nat.two_mul]", "grind [double]", "simpa using h"} <= set(rounds[0])
