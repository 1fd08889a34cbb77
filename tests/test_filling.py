"""Tactics in a hole, on the real Lean: whatever the hole's place is, what closes its goal closes it there."""

from collections.abc import AsyncIterator

import pytest

from agents.repair.edits import applied
from agents.repair.filling import fill, superfluous, takes_tactic
from agents.repair.shop import Draft
from prover.lean.pool import LeanPool
from prover.lean.toolchain import Toolchain
from tests.shops import a_shop, a_task, errors, unseen

STATEMENT = "(p q : Prop) (h : p) (d e : q ∨ q) : p ∧ p"
# Each closes `p` and `p ∧ p`, and in its own way.
ONE = "simp only [h, and_self]"
TWO = "have same := h\nsimp only [same, and_self]"
ARMS = "cases d with\n| inl e => simp only [h, and_self]\n| inr e =>\n  skip\n  simp only [h, and_self]"
CHAIN = "skip <;> simp only [h, and_self]"
WAYS = {"one line": ONE, "two lines": TWO, "arms": ARMS, "a chain": CHAIN}

TACTICS = {
    "a body": ":= by\n  sorry",
    "the line of by": ":= by sorry",
    "a bullet": ":= by\n  constructor\n  · sorry\n  · skip\n    sorry",
    "in a sequence": ":= by\n  constructor\n  sorry\n  simp only [h, and_self]",
    "behind a semicolon": ":= by\n  constructor; sorry; simp only [h, and_self]",
    "all on the first line": ":= by constructor; sorry; simp only [h, and_self]",
    "behind <;>": ":= by\n  constructor <;> sorry",
    "behind <;> on the first line": ":= by constructor <;> sorry",
    "before <;>": ":= by\n  constructor\n  sorry <;> skip\n  simp only [h, and_self]",
    "in brackets": ":= by\n  constructor\n  (sorry)\n  · (skip; sorry)",
    "all_goals": ":= by\n  constructor\n  all_goals sorry",
    "all_goals on the first line": ":= by constructor; all_goals sorry",
    "first": ":= by\n  constructor\n  first | sorry | fail\n  · first\n    | sorry\n    | fail",
    "an arm": ":= by\n  cases e with\n  | inl e => sorry\n  | inr e =>\n    sorry",
    "arms on one line": ":= by\n  cases e with | inl e => sorry | inr e => sorry",
    "a long arm": (
        ":= by\n  cases e with\n  | inl e => constructor\n             sorry\n"
        "             simp only [h, and_self]\n  | inr e => exact ⟨h, h⟩"
    ),
    "a case": ":= by\n  constructor\n  case left => sorry\n  case right =>\n    sorry",
    "have": ":= by\n  have f : p := by sorry\n  have g : p := by\n    sorry\n  simp only [h, and_self]",
    "have on the first line": ":= by have f : p := (by sorry); simp only [h, and_self]",
    "have in a bullet": (
        ":= by\n  constructor\n  · have f : p := by sorry\n    exact f\n  · have f : p :=\n"
        "      by sorry\n    simp only [h, and_self]"
    ),
    "inside a pair": ":= by\n  exact ⟨by sorry, by simp only [h, and_self]⟩",
    "inside a pair on the first line": ":= ⟨by sorry, by simp only [h, and_self]⟩",
    "show from": ":= by\n  constructor\n  · exact show p from by sorry\n  · simp only [h, and_self]",
    "calc": (
        ":= by\n  constructor\n  · refine cast ?_ h\n    calc\n      p = p := by sorry\n"
        "      _ = p := by\n        sorry\n  · simp only [h, and_self]"
    ),
    "calc at once": (
        ":= by\n  constructor\n  · refine cast ?_ h\n    calc p = p := by sorry\n"
        "      _ = p := by sorry\n  · simp only [h, and_self]"
    ),
    "fun": ":= by\n  have f : True → p := fun _ => by sorry\n  simp only [h, and_self]",
}  # fmt: skip
TERMS = {
    "a body": ":= sorry",
    "a body below": ":=\n  sorry",
    "exact": ":= by\n  exact sorry",
    "exact before another": ":= by\n  constructor\n  exact sorry\n  exact sorry",
    "exact; another": ":= by\n  constructor; exact sorry; exact sorry",
    "exact <;>": ":= by\n  constructor <;> exact sorry <;> skip",
    "a pair": ":= ⟨sorry, by simp only [h, and_self]⟩",
    "a pair's second": ":= by\n  refine ⟨h, sorry⟩",
    "an argument": ":= by\n  exact And.intro sorry (by simp only [h, and_self])",
    "an argument on the first line": ":= And.intro sorry (by simp only [h, and_self])",
    "a named argument": ":= And.intro (right := sorry) h",
    "<|": ":= by\n  exact And.intro h <| sorry",
    "have": ":= by\n  have f : p := sorry\n  simp only [h, and_self]",
    "have in a term": ":=\n  have f : p := sorry\n  ⟨f, by simp only [h, and_self]⟩",
    "show": ":=\n  show p ∧ _ from sorry",
    "fun": ":= by\n  have f : True → p := fun _ => sorry\n  simp only [h, and_self]",
    "if": ":= if e : True then sorry else sorry",
    "match": ":= by\n  exact match e with\n    | .inl e => sorry\n    | .inr e => sorry",
    "match on one line": ":= match e with | .inl e => sorry | .inr e => sorry",
    "calc": (
        ":= by\n  constructor\n  · refine cast ?_ h\n    calc p = p := sorry\n"
        "      _ = p := sorry\n  · simp only [h, and_self]"
    ),
    "type ascription": ":= by\n  exact ⟨(sorry : p), by simp only [h, and_self]⟩",
}  # fmt: skip
PLACES = {
    **{f"tactic, {name}": body for name, body in TACTICS.items()},
    **{f"term, {name}": body for name, body in TERMS.items()},
}

# Arms on the first line, whose column is not known: what follows there cannot be told from them.
IMPOSSIBLE = {
    ("tactic, all on the first line", "arms"),
    ("tactic, have on the first line", "arms"),
    ("term, match on one line", "arms"),
}


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


def filled(draft: Draft, tactics: str, *, focused: bool = False) -> str:
    return applied(draft.body, [fill(draft, hole, tactics, focused=focused) for hole in draft.holes])


@pytest.mark.parametrize("focused", [False, pytest.param(True, marks=pytest.mark.slow)])
async def test_what_closes_a_goal_closes_it_in_every_place(pool: LeanPool, focused: bool) -> None:
    shop = a_shop(pool, a_task(STATEMENT))
    bodies = {
        (name, way): filled(unseen(body), text, focused=focused)
        for name, body in PLACES.items()
        for way, text in WAYS.items()
        if (name, way) not in IMPOSSIBLE
    }
    drafts = await shop.look(list(bodies.values()))
    wrong = [(*what, d.body, errors(d)[0]) for what, d in zip(bodies, drafts, strict=True) if not d.trial.closes]
    assert not wrong, "\n".join(f"{name}, {way}:\n{body}\n{error}\n" for name, way, body, error in wrong)


@pytest.mark.parametrize(
    ("body", "tactic"), [*((b, True) for b in TACTICS.values()), *((b, False) for b in TERMS.values())]
)
def test_the_place_of_a_tactic_is_told_from_that_of_a_term(body: str, tactic: bool) -> None:
    draft = unseen(body)
    assert {takes_tactic(draft, hole) for hole in draft.holes} == {tactic}


def test_a_comment_behind_the_tactics_hides_nothing() -> None:
    assert filled(unseen(":= ⟨by sorry, h⟩"), "exact h -- as was said\n") == ":= ⟨by exact h, h⟩"


def test_lines_are_moved_to_where_the_hole_is_and_keep_their_layout() -> None:
    draft = unseen(":= by\n  constructor\n  · sorry")
    assert filled(draft, "    cases h with\n    | a =>\n      simp") == (
        ":= by\n  constructor\n  · cases h with\n    | a =>\n      simp"
    )


def test_a_hole_that_has_no_goal_left_is_taken_away_with_what_leads_to_it() -> None:
    draft = unseen(":= by\n  simp <;> sorry\n  all_goals sorry")
    chain, every = (superfluous(draft, hole) for hole in draft.holes)
    assert chain
    assert every
    assert applied(draft.body, [chain[1], every[1]]) == ":= by\n  simp"
    assert applied(draft.body, [chain[0], every[0]]) == ":= by\n  simp <;> done\n  all_goals done"
