"""The shop on the real Lean: many edits at many places in one check, and holes that remember what stood there."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.repair.edits import Edit, applied, begins, moved
from agents.repair.kept import kept
from agents.repair.shop import Place, Shop
from prover.errors import BudgetSpent
from prover.lean.pool import LeanPool
from prover.lean.toolchain import Toolchain
from tests.shops import a_shop, a_task, errors, look

TASK = a_task("(a b : Nat) (h : a ≤ b) : a + b = b + a ∧ a ≤ b + 1")
TWO = """:= by
  constructor
  · exact one
  · exact two
"""


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


@pytest.fixture
def shop(pool: LeanPool) -> Shop:
    return a_shop(pool, TASK)


def instead(body: str, old: str, *new: str) -> Place:
    """The place where `old` stands, once, and what might stand there."""
    start = body.index(old)
    return Place(start, start + len(old), tuple(Edit(start, start + len(old), text, "a try") for text in new))


async def test_every_place_gets_the_first_of_its_edits_that_works(shop: Shop) -> None:
    draft = await look(shop, TWO)
    one = instead(TWO, "exact one", "exact nothing", "omega", "exact Nat.add_comm a b")
    two = instead(TWO, "exact two", "rfl", "exact h", "omega")
    closed = await shop.choose(draft, [one, two])
    assert closed.trial.closes, errors(closed)
    assert closed.body == TWO.replace("exact one", "omega").replace("exact two", "omega")
    assert shop.checks == TASK.budget.checks - 3  # a look, all tries, all together


async def test_a_place_for_which_nothing_works_is_left_as_it_was(shop: Shop) -> None:
    draft = await look(shop, TWO)
    chosen = await shop.choose(
        draft, [instead(TWO, "exact one", "omega"), instead(TWO, "exact two", "rfl", "exact three")]
    )
    assert chosen.body == TWO.replace("exact one", "omega")
    assert chosen.diagnosis.errors == 1


async def test_where_nothing_works_the_draft_stays(shop: Shop) -> None:
    draft = await look(shop, TWO)
    assert await shop.choose(draft, [instead(TWO, "exact one", "exact nothing", "")]) is draft
    assert await shop.choose(draft, []) is draft


async def test_what_lean_has_not_read_is_not_quiet(shop: Shop) -> None:
    """Behind a syntax error there is no complaint about the second place, whatever is put there."""
    draft = await look(shop, TWO)
    chosen = await shop.choose(draft, [instead(TWO, "exact one", "exact ]"), instead(TWO, "exact two", "nonsense x")])
    assert chosen is draft


@pytest.mark.slow
async def test_what_stands_behind_a_timeout_is_not_quiet(shop: Shop) -> None:
    slow = "set_option maxRecDepth 1000000 in repeat (rw [← Nat.add_zero a])"
    draft = await look(shop, TWO)
    places = [instead(TWO, "exact one", slow), instead(TWO, "exact two", "exact nothing")]
    assert await shop.sift(draft, places, patient=False) == {}


async def test_a_hole_remembers_what_stood_there_and_why_it_had_to_go(shop: Shop) -> None:
    draft = await look(shop, TWO)
    edits = [
        instead(TWO, "exact one", "sorry").edits[0],
        instead(TWO, "  constructor", "  skip\n  constructor").edits[0],
    ]
    (holed,) = await shop.revise(draft, [edits])
    assert [(hole.was, hole.why) for hole in holed.holes] == [("exact one", "a try")]
    assert [holed.body[hole.start : hole.end] for hole in holed.holes] == ["sorry"]
    (later,) = await shop.revise(holed, [[instead(holed.body, "exact two", "sorry").edits[0]]])
    assert [hole.was for hole in later.holes] == ["exact one", "exact two"]


async def test_two_edits_that_touch_know_their_own_holes(shop: Shop) -> None:
    draft = await look(shop, TWO)
    at = TWO.index("exact two")
    (holed,) = await shop.revise(draft, [[Edit(at, at, "sorry; ", "new"), Edit(at, at + 9, "sorry", "old")]])
    assert [(hole.was, hole.why) for hole in holed.holes] == [("", "new"), ("exact two", "old")]


async def test_a_given_hole_is_one_of_which_nothing_is_known_and_a_comment_is_none(shop: Shop) -> None:
    draft = await look(shop, ":= by\n  -- sorry\n  sorry /- sorry -/")
    assert [(hole.start, hole.was, hole.why) for hole in draft.holes] == [(19, "", "")]
    assert (draft.worth[0], draft.worth[2]) == (0, 1)


async def test_the_best_draft_is_kept_also_when_the_checks_are_used_up(pool: LeanPool) -> None:
    shop = a_shop(pool, a_task("(a : Nat) : a = a", checks=2))
    draft = await look(shop, ":= by exact nonsense")
    await shop.revise(draft, [[], [Edit(6, len(draft.body), "sorry")]])
    with pytest.raises(BudgetSpent):
        await shop.revise(draft, [[Edit(6, len(draft.body), "rfl")]])
    assert shop.best is not None
    assert shop.best.body == ":= by sorry"


async def test_a_long_proof_is_not_copied_as_often_into_one_document(pool: LeanPool) -> None:
    shop = a_shop(pool, a_task("(a : Nat) : a = a"))
    body = ":= by\n  -- " + "long " * 6_000 + "\n  exact nonsense"
    draft = await look(shop, body)
    before = shop.checks
    tries = instead(body, "exact nonsense", "exact no", "exact non", "exact not", "exact none", "rfl")
    assert (await shop.choose(draft, [tries])).trial.closes
    assert before - shop.checks == 6  # five copies one by one, and what was found


TEXT = st.text("abc \n", max_size=30)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A text, and edits of it that do not overlap, in any order."""
    text = draw(TEXT)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    edits = [Edit(a, b, draw(TEXT)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    return text, draw(st.permutations(edits))


@given(edited())
def test_all_edits_are_the_same_as_one_after_the_other_from_the_last(given: tuple[str, list[Edit]]) -> None:
    text, edits = given
    one_by_one = text
    for edit in sorted(edits, reverse=True):
        one_by_one = one_by_one[: edit.start] + edit.text + one_by_one[edit.end :]
    assert applied(text, edits) == one_by_one


@given(edited())
def test_characters_that_stay_are_found_where_they_have_moved(given: tuple[str, list[Edit]]) -> None:
    text, edits = given
    new = applied(text, edits)
    for at, char in enumerate(text):
        if not any(edit.start <= at < edit.end for edit in edits):
            assert new[moved(at, edits)] == char


@given(edited())
def test_the_text_of_an_edit_is_found_where_it_begins(given: tuple[str, list[Edit]]) -> None:
    text, edits = given
    new = applied(text, edits)
    assert all(new.startswith(edit.text, begins(edit, edits)) for edit in edits)


@pytest.mark.parametrize("edits", [[Edit(0, 2, ""), Edit(1, 3, "")], [Edit(2, 9, "")], [Edit(2, 1, "")]])
def test_edits_that_overlap_or_lie_outside_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlaps another one, or is not in the text"):
        applied("abc", edits)


@given(TEXT, TEXT)
def test_what_is_kept_is_a_share_and_all_of_it_where_nothing_was_lost(before: str, after: str) -> None:
    assert 0.0 <= kept(before, after) <= 1.0
    assert kept(before, before) == 1.0
    assert kept(before, f"{before} {after}") == 1.0


def test_space_and_comments_are_not_counted_in_what_is_kept() -> None:
    assert kept(":= by -- so\n  simp", ":= by simp") == 1.0
    assert kept(":= by simp; omega", ":= by sorry; omega") == pytest.approx(4 / 5)
    assert kept("", "anything") == 1.0
