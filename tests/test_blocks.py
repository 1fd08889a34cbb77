"""The layout of proofs by examples: which blocks there are, and how one moves among them."""

import pytest

from agents.repair.blocks import Block, Sort
from agents.repair.layout import parse

BODY, TERM, SEQUENCE, TACTIC, ARM, STEP = Sort


def of(body: str, *sorts: Sort) -> list[str]:
    """The texts of all blocks of these sorts, outermost first."""
    return [block.text(body) for block in parse(body).walk() if block.sort in sorts]


def heads(block: Block) -> list[str]:
    return [part.word for part in block.parts]


def test_tactics_stand_one_below_the_other() -> None:
    body = ":= by\n  intro x\n  rw [foo,\n    bar] at h\n  exact foo\n    x y -- done\n"
    assert of(body, SEQUENCE) == ["intro x\n  rw [foo,\n    bar] at h\n  exact foo\n    x y"]
    assert of(body, TACTIC) == ["intro x", "rw [foo,\n    bar] at h", "exact foo\n    x y"]


def test_tactics_stand_side_by_side() -> None:
    assert of(":= by simp; omega ; rfl", TACTIC) == ["simp", "omega", "rfl"]
    assert of(":= by { simp; omega }", TACTIC) == ["{ simp; omega }", "simp", "omega"]
    assert of(":= by\n  (simp\n   omega)\n  rfl", TACTIC) == ["(simp\n   omega)", "simp", "omega", "rfl"]


def test_tactics_that_are_joined_are_one() -> None:
    assert of(":= by\n  simp <;> omega\n  <;> rfl\n    <;> (rw [h]; rfl)\n  done", TACTIC) == [
        "simp <;> omega\n  <;> rfl\n    <;> (rw [h]; rfl)",
        "rw [h]",
        "rfl",
        "done",
    ]


def test_what_begins_with_a_join_belongs_to_the_tactic_before_however_deep_that_is() -> None:
    """So it is to Lean, too, whatever the indentation wants to say."""
    assert of(":= by\n  constructor\n  · skip\n  <;> assumption", TACTIC)[-1] == "skip\n  <;> assumption"


def test_bullets_cases_and_nexts_have_sequences_of_their_own() -> None:
    body = ":= by\n  · simp\n    omega\n  . rfl\n  case inl x y => simp; rfl\n  next h =>\n    rename_i z\n    exact z"
    assert of(body, SEQUENCE)[1:] == ["simp\n    omega", "rfl", "simp; rfl", "rename_i z\n    exact z"]
    assert [b.word for b in parse(body).walk() if b.sort is SEQUENCE] == ["by", "·", ".", "=>", "=>"]


@pytest.mark.parametrize("indent", ["", "  "])
def test_arms_stand_in_the_column_of_their_tactic_or_further_to_the_right(indent: str) -> None:
    body = (
        ":= by\n  induction n generalizing m with\n"
        f"  {indent}| zero => simp; rfl\n  {indent}| succ n ih =>\n    {indent}rw [ih]\n    {indent}omega\n  done"
    )
    assert heads(parse(body).parts[0]) == ["induction", "done"]
    assert of(body, TACTIC)[1:] == ["simp", "rfl", "rw [ih]", "omega", "done"]
    assert of(body, ARM)[0] == "| zero => simp; rfl"


def test_arms_inside_of_arms_are_told_apart() -> None:
    body = (
        ":= by\n  cases n with\n  | zero => cases m with\n    | zero => rfl\n    | succ m => simp\n"
        "  | succ n => match h with\n    | .inl a | .inr a => rcases a with b | b <;> simp\n    | _ =>"
        " exact fun | 0 => x | n + 1 => y\n  omega"
    )
    (sequence,) = parse(body).parts
    assert heads(sequence) == ["cases", "omega"]
    first, second = sequence.parts[0].parts
    assert [arm.text(body) for arm in first.parts[0].parts[0].parts] == ["| zero => rfl", "| succ m => simp"]
    inner = second.parts[0].parts[0].parts
    assert inner[0].text(body) == "| .inl a | .inr a => rcases a with b | b <;> simp"
    assert [block.text(body) for block in inner[1].walk() if block.sort is TERM] == ["x", "y"]


def test_a_tactic_for_all_cases_stands_before_the_arms() -> None:
    assert of(":= by\n  induction n with grind", SEQUENCE)[1:] == ["grind"]
    body = ":= by\n  cases h with simp\n  | inl h => omega"
    assert of(body, SEQUENCE)[1:] == ["simp", "omega"]


def test_the_arms_of_a_term_have_terms() -> None:
    body = ":= fun n =>\n  match n, h with\n  | 0, _ => foo\n  | n + 1, h => by\n    simp\n    rfl"
    assert of(body, TERM)[1:] == ["foo"]
    assert of(body, SEQUENCE) == ["simp\n    rfl"]


def test_a_body_may_be_clauses() -> None:
    body = "| 0, _ => rfl\n| n + 1, h => by\n  simp\ntermination_by n => n\ndecreasing_by simp; omega"
    assert [(part.sort, part.text(body)) for part in parse(body).parts] == [
        (ARM, "| 0, _ => rfl"),
        (ARM, "| n + 1, h => by\n  simp"),
        (SEQUENCE, "simp; omega"),
    ]


@pytest.mark.parametrize(
    "calc",
    [
        "calc a = b := by\n        simp\n        rfl\n    _ = c := foo\n    _ ≤ d := by omega",
        "calc\n    a = b := by\n      simp\n      rfl\n    _ = c := foo\n    _ ≤ d := by omega",
        "calc\n      a = b := by\n        simp\n        rfl\n    _ = c := foo\n    _ ≤ d := by omega",
        "calc a = b := by\n        simp\n        rfl\n  _ = c := foo\n  _ ≤ d := by omega",
    ],
)
def test_the_steps_of_calc_begin_on_its_line_or_on_the_next(calc: str) -> None:
    for body in (f":= by\n  {calc}\n  done", f":=\n  {calc}"):
        steps = [block for block in parse(body).walk() if block.sort is STEP]
        assert [step.word for step in steps] == ["a", "_", "_"]
        assert [step.parts[0].text(body).split() for step in steps] == [["simp", "rfl"], ["foo"], ["omega"]]
    assert of(f":= by\n  {calc}\n  done", TACTIC)[-1] == "done"


def test_what_a_have_rests_on_is_a_term_or_a_sequence() -> None:
    body = (
        ":= by\n  have h : a = b := foo\n    bar\n  let ⟨x, hx⟩ := baz (y := 3) (by simp)\n  obtain h | h : a ∨ b :="
        " by\n    omega\n  suffices s : c from s.symm\n  show d from by rfl\n  set z := 5 with hz\n  exact h"
    )
    assert of(body, TERM) == ["foo\n    bar", "baz (y := 3) (by simp)", "s.symm", "5"]
    assert of(body, SEQUENCE)[1:] == ["simp", "omega", "rfl"]


def test_a_by_in_brackets_ends_with_them_or_with_a_comma() -> None:
    body = ":= by\n  refine ⟨by simp; rfl, ?_, fun x => by\n    omega⟩\n  exact (by simp : a = b).symm"
    assert of(body, SEQUENCE)[1:] == ["simp; rfl", "omega", "simp : a = b"]


def test_combinators_have_sequences_and_first_has_alternatives() -> None:
    body = (
        ":= by\n  all_goals try simp; rfl\n  repeat' (rw [h])\n  iterate 3 constructor\n  first\n    | simp\n"
        "      done\n    | omega\n  any_goals\n    intro x\n    exact x\n"
        "  first | rfl | (simp; rfl)\n  set_option foo true in simp"
    )
    combined = {"all_goals", "try", "repeat'", "3", "any_goals", "in"}
    assert [block.text(body) for block in parse(body).walk() if block.word in combined and block.sort is SEQUENCE] == [
        *("try simp; rfl", "simp; rfl", "(rw [h])", "constructor", "intro x\n    exact x", "simp")
    ]
    alternatives = [block.text(body) for block in parse(body).walk() if block.word == "|"]
    assert alternatives == ["simp\n      done", "omega", "rfl", "(simp; rfl)"]


def test_if_has_two_branches_as_a_tactic_and_as_a_term() -> None:
    body = ":= by\n  if h : p then\n    simp\n  else if q then rfl\n  else\n    omega\n  exact if p then a else by simp"
    assert heads(parse(body).parts[0]) == ["if", "exact"]
    assert of(body, SEQUENCE)[1:] == ["simp", "if q then rfl\n  else\n    omega", "rfl", "omega", "simp"]
    assert of(body, TERM) == ["a"]


def test_a_term_has_its_declarations_one_below_the_other() -> None:
    body = ":=\n  have h : a = b := by\n    simp\n  have g := foo\n    bar\n  show c from\n    baz h g"
    assert of(body, TERM)[1:] == ["foo\n    bar", "baz h g"]
    assert of(body, SEQUENCE) == ["simp"]
    assert of(":= have h := x; let y := z; foo", TERM)[1:] == ["x", "z"]


def test_what_stands_behind_where_are_declarations() -> None:
    body = ":= go\nwhere\n  go : ∀ n, n = n\n    | 0 => rfl\n    | n + 1 => by simp\n  other : T := by\n    omega"
    assert [(part.sort, part.text(body)) for part in parse(body).parts] == [
        (TERM, "go"),
        (ARM, "| 0 => rfl"),
        (ARM, "| n + 1 => by simp"),
        (SEQUENCE, "omega"),
    ]


def test_conversions_are_not_looked_into() -> None:
    assert of(":= by\n  conv => lhs; rw [h]\n  conv at h =>\n    rhs\n    simp\n  rfl", TACTIC) == [
        *("conv => lhs; rw [h]", "conv at h =>\n    rhs\n    simp", "rfl")
    ]


def test_a_line_that_is_indented_wrongly_is_an_item_of_the_sequence_that_it_seems_to_be_in() -> None:
    body = ":= by\n    have h : a := by\n        simp\n       omega\n    rw [h]\n  rfl\n    exact h"
    assert heads(parse(body).parts[0]) == ["have", "rw", "rfl", "exact"]
    assert of(body, SEQUENCE)[1:] == ["simp\n       omega"]
    assert of(":= by simp\n  omega\n  exact\n    h", TACTIC) == ["simp", "omega", "exact\n    h"]


def test_a_bracket_that_nobody_closes_does_not_swallow_what_follows() -> None:
    assert of(":= by\n  rw [foo, bar\n  exact (h\n  simp [x]", TACTIC) == ["rw [foo, bar", "exact (h", "simp [x]"]


def test_what_is_missing_is_an_empty_block_behind_what_introduces_it() -> None:
    for body in (":=", ":= by", ":= by\n  have h : T := by\n", ":= by\n  cases h with\n  | inl h =>", ":= by\n  ·"):
        *_, last = parse(body).walk()
        end = len(body.rstrip())
        assert (last.start, last.end, body[last.opens : end].split()[0]) == (end, end, last.word)


def test_the_surroundings_of_a_block_are_found() -> None:
    body = ":= by\n  intro x\n  · simp\n    have h : a := by omega\n    rfl"
    layout = parse(body)
    have = next(block for block in layout.walk() if block.word == "have")
    assert [block.word for block in layout.above(have)] == ["", "by", "·", "·"]
    sequence = layout.sequence(have)
    assert sequence is not None
    assert (sequence is layout.parent(have), sequence.column(body)) == (True, 4)
    assert [[one.word for one in side] for side in layout.siblings(have)] == [["simp"], ["rfl"]]
    assert (layout.parent(layout), layout.above(layout), layout.sequence(layout)) == (None, (), None)
    place = body.index("omega") + 2
    assert [block.word for block in layout.path(place, place)] == ["", "by", "·", "·", "have", "by", "omega"]
    assert layout.path(0, len(body) + 1) == ()
