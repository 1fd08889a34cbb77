"""Which larger blocks a hole may grow into: steps that lead nowhere, never a proof that is finished."""

from agents.repair.widening import wider
from tests.shops import unseen


def blocks(body: str) -> list[str]:
    draft = unseen(body)
    return [block.text(body) for block in wider(draft, draft.holes[-1])]


def test_a_hole_grows_over_the_steps_before_it_and_the_blocks_around() -> None:
    inner = "induction n\n    sorry"
    assert blocks(f":= by\n  intro x\n  · {inner}") == [inner, f"intro x\n  · {inner}"]


def test_what_only_wraps_a_hole_is_no_larger_one() -> None:
    assert blocks(":= by\n  · sorry") == []
    assert blocks(":= by\n  exact (by sorry)") == []


def test_a_finished_proof_is_never_taken_in() -> None:
    assert blocks(":= by\n  constructor\n  · rfl\n  · skip\n    sorry") == ["skip\n    sorry"]
    assert blocks(":= by\n  have h : a = b := by\n    omega\n  sorry") == []
    assert blocks(":= by\n  have h : a = b := foo\n  sorry") == []


def test_what_is_proved_within_a_term_is_about_that_term() -> None:
    assert blocks(":= by\n  exact ⟨7, by decide, sorry⟩")[0] == "exact ⟨7, by decide, sorry⟩"


def test_nor_is_another_hole() -> None:
    assert blocks(":= by\n  constructor\n  · sorry\n  · skip\n    sorry") == ["skip\n    sorry"]
