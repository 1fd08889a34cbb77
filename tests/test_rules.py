"""The rules of mending: each does what its example says, wherever it stands, and none fails, whatever the text is."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents.repair.edits import Edit, applied
from agents.repair.rules import SYNTAX, TABLE, answers, together, variants
from agents.repair.rules.base import TACTICS, Fix, Piece, Rule
from agents.repair.rules.names import asked, names_bound, ranked
from agents.repair.rules.tactics import INSTEAD

MESSAGES = sorted({rule.message for rule in TABLE})
# Words and marks of which proofs are made, right and wrong ones, in any order.
WORDS = (
    ":= by begin end { } ( ) [ ] ⟨ ⟩ , ; <;> | · . ... => λ fun ∀ ∃ have show obtain from rw simp only exact intro "
    "cases induction with zero succ n h hx ih at ← nat.succ Nat.add_comm h.1 1 2 + = ∧ calc _ match split left ring "
    'linarith norm_num nth_rw choose using set conv_lhs by_contra ``` This --c /-d-/ "s" ℕ $ «q r» sorry ?_'
)
TEXTS = st.lists(st.sampled_from([*WORDS.split(), "\n", "\n  ", "\n    ", " "]), max_size=40).map(" ".join)


def made(rule: Rule, text: str, at: int) -> list[str]:
    """What the rule makes of its example, which stands in a text at that place."""
    about = rule.before.find(rule.about) if rule.about else len(rule.before)
    piece = Piece(text, at + about, at + about + len(rule.about), rule.message, rule.near)
    fixes = list(rule.change(piece))
    if rule.when:
        return [applied(text, fix.edits) for fix in fixes]
    return [applied(text, edits(together(fixes)))]


def edits(fixes: Sequence[Fix]) -> list[Edit]:
    return [edit for fix in fixes for edit in fix.edits]


@pytest.mark.parametrize("rule", TABLE, ids=lambda rule: f"{rule.name}: {rule.before}")
def test_a_rule_does_what_its_example_says(rule: Rule) -> None:
    assert rule.after in made(rule, rule.before, 0)
    assert rule.answers(rule.message)


@pytest.mark.parametrize("rule", TABLE, ids=lambda rule: f"{rule.name}: {rule.before}")
def test_a_rule_does_the_same_inside_of_a_proof(rule: Rule) -> None:
    before = ":= by\n  have key : 1 + 1 = 2 := rfl\n"
    if "\n" not in rule.before.strip() and not rule.before.startswith(("by", ":=", "begin", "|")):
        text = f"{before}  {rule.before}"
        assert any(after.startswith(before) for after in made(rule, text, len(before) + 2))


def test_every_rule_has_an_example_and_no_example_is_given_twice() -> None:
    assert len({(rule.name, rule.before, rule.after) for rule in TABLE}) == len(TABLE)
    assert all(rule.before != rule.after for rule in TABLE)
    assert all(rule.change.__doc__ for rule in TABLE)


@example("} intro", "", 1, 0)
@example("from [", "", 0, 0)
@given(TEXTS, st.sampled_from(MESSAGES), st.integers(0, 200), st.integers(0, 60))
def test_no_rule_fails_and_every_fix_can_be_made(text: str, message: str, start: int, length: int) -> None:
    start = min(start, len(text))
    piece = Piece(text, start, min(start + length, len(text)), message, {"": ["h", "hx"]})
    fixes = [fix for rule in TABLE for fix in rule.change(piece)]
    for fix in fixes:
        assert isinstance(applied(text, fix.edits), str)
        assert fix.why
    for made_together in (together(fixes), together(fixes[::-1])):
        assert isinstance(applied(text, edits(made_together)), str)


@given(TEXTS)
def test_rules_of_syntax_leave_comments_and_strings_alone(text: str) -> None:
    hidden = f"/- {text.replace('-/', '').replace('/-', '')} -/"
    assert not [fix for change in SYNTAX for fix in change(Piece(hidden))]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)), max_size=12))
def test_fixes_that_are_made_together_do_not_overlap(ranges: list[tuple[int, int]]) -> None:
    chosen = together([Fix.of(start, start + length, "x", "why") for start, length in ranges])
    places = sorted((fix.start, fix.end) for fix in chosen)
    assert all(a[1] <= b[0] and a != b for a, b in pairwise(places))
    assert len(chosen) >= bool(ranges)


def test_what_is_one_thing_in_lean_3_is_changed_as_one() -> None:
    text = "begin\n  intro h,\n  cases h with hp hq,\n  { exact λ x, hp x },\n  rw ← hq at *,\nend"
    fixes = together([fix for change in SYNTAX for fix in change(Piece(text))])
    assert applied(text, edits(fixes)) == (
        "by\n  intro h\n  obtain ⟨hp, hq⟩ := h\n  { exact fun x => hp x }\n  rw [← hq] at *\n"
    )


def test_commas_of_binders_pairs_and_lists_stay() -> None:
    text = (
        "have h : ∀ x, ∃ y, x = y := fun x => ⟨x, rfl⟩\nsimp only [a, b]\nexists 1, 2\nmatch a, b with\n| 0, 0 => rfl"
    )
    assert not [fix for change in SYNTAX for fix in change(Piece(text)) if fix.why == "commas"]


@pytest.mark.parametrize("word", sorted(INSTEAD))
def test_nothing_of_a_pattern_is_left_in_what_stands_for_a_tactic(word: str) -> None:
    for rest in ("", " h", " [foo, bar] at h", " x := a with h", " f hf using h", " => simp"):
        for fixes in answers(Piece(word + rest, 0, len(word), "unknown tactic")):
            for fix in fixes:
                assert not {"args›", "at›", "names›", "body›", "terms›"} & set(
                    applied(word + rest, fix.edits).split("‹")
                )


def test_a_tactic_that_is_not_there_is_no_answer_for_another_one() -> None:
    """Or mending would go round in circles."""
    first = {way.split()[0] for ways in INSTEAD.values() for way in ways if not way.startswith("‹")}
    assert not first & INSTEAD.keys()


def test_names_are_ranked_by_what_they_have_in_common() -> None:
    found = ["Nat.mul_comm", "Int.add_comm", "Nat.add_comm", "Nat.add_left_comm", "List.map_nil"]
    assert ranked("add_comm_nat", found)[0] in ("Nat.add_comm", "Int.add_comm")
    assert ranked("Nat.add_com", found)[0] == "Nat.add_comm"
    assert ranked("hxy", [], ["hx", "n"]) == ("hx",)


def test_the_names_to_look_for_are_the_unknown_one_and_the_lemmas_of_the_tactic() -> None:
    assert asked("Unknown constant `Nat.foo`", "rw [Nat.foo, Nat.add_comm, h]") == ("Nat.foo", "Nat.add_comm")
    assert asked("Tactic `rewrite` failed", "rw [sum_succ, h]") == ("sum_succ",)
    assert asked("Invalid field `tranz`: The environment does not contain `Eq.tranz`, so", "") == ("Eq.tranz",)


def test_names_in_scope_are_those_that_are_bound() -> None:
    bound = names_bound("(a b : Nat) (hab : a = b) : a = b := by\n  intro x\n  have ⟨k, hk⟩ := foo x")
    assert {"a", "b", "hab", "x", "k", "hk"} <= set(bound)
    assert not TACTICS & set(bound)


def test_variants_are_other_texts_the_likeliest_first_and_not_too_many() -> None:
    why = "Type mismatch\n  h\nhas type\n  a = b\nbut is expected to have type\n  b = a"
    texts = [text for text, _ in variants("exact h", why, {})]
    assert texts[0] == "exact h.symm"
    long = "rw [Nat.add_le_add_left a b, h 2, k (n + 1), Nat.mul_comm, l] at m"
    assert 5 < len(list(variants(long, "Tactic `rewrite` failed: Did not find", {}))) <= 20


@given(TEXTS, st.sampled_from(MESSAGES))
def test_no_variant_is_the_text_itself_or_comes_twice(text: str, why: str) -> None:
    texts = [other for other, what in variants(text, why, {}) if what]
    assert len({text, *texts}) == len(texts) + 1 <= 21
