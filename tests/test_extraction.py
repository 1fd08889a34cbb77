"""What is read out of a model's reply: of its Lean blocks, the last that fits the slot."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.extraction import blocks, extract, read
from agents.leantext import binders, commands, masked, renamed
from agents.lemmas import Proof
from tests.asking import PROOF, SOURCE, STATED, block, task

TASK = task()
TACTICS = PROOF.removeprefix(":= by\n")


def body(reply: str) -> str | None:
    proof = extract(reply, TASK)
    return proof.body if proof else None


# Which block


@pytest.mark.parametrize(
    "code",
    [
        f"{STATED} {PROOF}",
        PROOF,
        PROOF.removeprefix(":= "),
        TACTICS,
        TACTICS.replace("\n  ", "\n").removeprefix("  "),
        f"import Mathlib\nopen Nat\nset_option maxHeartbeats 400000\n\n{STATED} {PROOF}",
        f"{SOURCE.partition('/-- Twice')[0]}{STATED} {PROOF}\n\nend Numbers",
        f"-- a comment := by sorry\n/- theorem /- nested -/ {STATED} := by sorry -/\n{STATED} {PROOF}\n-- that is all",
        f"theorem Numbers.two_mul_triangle (n : Nat) :\n    2 * triangle n = n * (n + 1) {PROOF}",
        f"lemma two_mul_triangle (m : Nat) : 2 * triangle m = m * (m + 1) {PROOF}",
        f"@[simp] private theorem {STATED.removeprefix('theorem ')} {PROOF}",
        f"set_option maxRecDepth 2000 in\n{STATED} {PROOF}",
        f"example (n : Nat) : 2 * triangle n = n * (n + 1) {PROOF}",
        f"theorem some_other_name (n : Nat) : 2 * triangle n = n*(n+1) {PROOF}",
        f"{STATED} {PROOF}\n\n#print axioms two_mul_triangle\n\nend Numbers",
    ],
)
def test_the_theorem_its_proof_or_tactics_alone_are_the_same_proof(code: str) -> None:
    for fence in ("```lean\n{}\n```", "```lean4\n{}\n```", "Well:\n~~~lean\n{}\n~~~\nDone.", "```Lean4\n{}"):
        assert body(fence.format(code)) == PROOF


def test_the_last_block_that_fits_counts_and_one_without_holes_before_one_with() -> None:
    first, last = (f"{STATED} := by {tactic}" for tactic in ("omega", "grind"))
    assert body(block(first) + block(last)) == ":= by grind"
    assert body(block(last) + block(f"{STATED} := by\n  sorry")) == ":= by grind"
    assert body(block(f"{STATED} := by\n  sorry")) == ":= by\n  sorry"
    assert body(block(last) + block("theorem another (n : Nat) : n = n := rfl")) == ":= by grind"
    assert body(block(last) + "```python\nprint('theorem')\n```\n```\nn : Nat\n⊢ 2 * n = n\n```") == ":= by grind"


def test_thoughts_count_only_where_nothing_follows_them() -> None:
    thought = "<think>\nPerhaps\n```tactics\nomega\n```\nNo.\n</think>\n"
    assert body(thought + block(f"{STATED} := by grind")) == ":= by grind"
    assert body(f"Perhaps {block('omega')}</think>{block('grind')}") == ":= by\n  grind"
    assert body(thought + "I could not find it.") == ":= by\n  omega"
    assert body(f"<think>\n{block('omega')} and then I") == ":= by\n  omega"


def test_a_reply_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    assert body(f"The plan.\n```lean4\n{STATED} {PROOF[:40]}") == PROOF[:40].strip()
    assert body(f"{STATED} {PROOF}") == PROOF
    assert body("") is body("I do not know.") is body("```lean\n```") is body("```lean\n-- nothing\n```") is None


def test_a_statement_without_a_proof_and_proof_by_patterns_are_no_proofs() -> None:
    assert body(block(STATED)) is None
    assert body(block("theorem two_mul_triangle : ∀ n, 2 * triangle n = n * (n + 1)\n  | 0 => rfl")) is None


def test_the_statement_is_never_taken_from_the_reply() -> None:
    changed = "theorem two_mul_triangle (n : Nat) (h : n = 0) : 2 * triangle n = n * (n + 1) := by simp [h]"
    assert extract(block(changed), TASK) == Proof(":= by simp [h]")


@pytest.mark.parametrize(
    "signature",
    [
        "(n : Nat) (h : n = n := by rfl) : let m := n; 2 * triangle m = n * (n + 1)",
        ": have := 3; ∀ n : Nat, 2 * triangle n = (fun m => let k := m; k) (n * (n + 1))",
        '(s : String := ":= by sorry") : 2 * triangle n = n * (n + 1)',
    ],
)
def test_the_proof_begins_where_the_statement_ends(signature: str) -> None:
    assert body(block(f"theorem two_mul_triangle {signature} {PROOF}")) == PROOF


def test_a_term_stands_in_the_slot_as_it_is() -> None:
    assert body(block("fun n => foo n")) == ":= fun n => foo n"
    assert body(block("⟨rfl, rfl⟩")) == ":= ⟨rfl, rfl⟩"


HERE = Path(__file__).parent
SOLUTIONS = tomllib.loads((HERE / "data" / "solutions" / "worked_example.toml").read_text(encoding="utf-8"))
CHAPTERS = [file.read_text(encoding="utf-8") for file in (HERE.parent / "lean_project" / "Numbers").glob("*.lean")]


@pytest.mark.parametrize("name", SOLUTIONS)
def test_a_proof_is_read_out_of_the_whole_module_that_a_prover_writes_around_it(name: str) -> None:
    stated = re.compile(rf"^theorem {name.removeprefix('Numbers.')}\b", re.MULTILINE)
    chapter = next(text for text in CHAPTERS if stated.search(text))
    todo = task(chapter, name)
    start, end = todo.slot.body
    module = chapter[:start] + SOLUTIONS[name] + chapter[end:]
    assert extract(f"<think>\nHm.\n```lean\nsimp\n```\n</think>\n\n{block(module)}", todo) == Proof(SOLUTIONS[name])


# Lemmas before it


def test_lemmas_get_names_in_the_reserved_namespace_and_so_does_what_uses_them() -> None:
    code = (
        "lemma step (n : Nat) : n ≤ n := Nat.le_refl n\n\n"
        "@[simp] theorem step' (n : Nat) : n ≤ n ∧ n ≤ n := ⟨step n, (step n).trans (step n)⟩\n\n"
        f"{STATED} := by\n  have stepper := (step' n).1\n  omega"
    )
    proof = extract(block(code), TASK)
    assert proof is not None
    assert proof.body == ":= by\n  have stepper := (two_mul_triangle.helper.step' n).1\n  omega"
    first, second = proof.lemmas
    assert str(first) == "theorem two_mul_triangle.helper.step (n : Nat) : n ≤ n := Nat.le_refl n"
    assert "⟨two_mul_triangle.helper.step n, (two_mul_triangle.helper.step n).trans" in second.body


@pytest.mark.parametrize("name", ["two_mul_triangle.helper.a", "Numbers.two_mul_triangle.helper.a", "helper.a", "a"])
def test_a_lemma_that_has_its_name_already_keeps_it(name: str) -> None:
    proof = read(f"theorem {name} : 1 = 1 := rfl\n\n{STATED} := by have := {name}; omega", TASK)
    assert proof is not None
    assert [lemma.name for lemma in proof.lemmas] == ["two_mul_triangle.helper.a"]
    assert proof.body == ":= by have := two_mul_triangle.helper.a; omega"


def test_what_the_module_has_and_what_nothing_uses_is_left_out() -> None:
    code = (
        f"{SOURCE.partition('/-- Twice')[0]}"
        "theorem useless : 1 = 1 := rfl\n\ninstance : Inhabited Nat := ⟨0⟩\n\naxiom magic : False\n\n"
        f"{STATED} := by simp [triangle_zero, triangle]"
    )
    assert read(code, TASK) == Proof(":= by simp [triangle_zero, triangle]")


def test_a_lemma_with_a_hole_is_seen_to_have_one_but_a_word_in_a_comment_is_none() -> None:
    code = "theorem a : 1 = 1 := by {}\n\n" + f"{STATED} := by have := a; omega"
    open_, closed = (read(code.format(by), TASK) for by in ("sorry", "rfl -- no sorry"))
    assert open_ is not None
    assert closed is not None
    assert (open_.whole, closed.whole) == (False, True)


# Text


def test_universes_belong_to_the_signature() -> None:
    (command,) = commands("theorem wide.{u, v} (α : Type u) : α = α := rfl")
    assert (command.name, command.signature) == ("wide", ".{u, v} (α : Type u) : α = α")


def test_binders_are_read_in_groups() -> None:
    assert binders("(n m : Nat) {h : n < m} [Foo n] : ∀ k : Nat, k = (k : Nat)") == (
        (("n m", "Nat"), ("h", "n < m"), ("", "Foo n")),
        "∀ k : Nat, k = (k : Nat)",
    )


def test_a_name_is_replaced_where_it_stands_for_itself() -> None:
    assert renamed("foo foo' x.foo foo.symm foo₁ (foo)", "foo", "N.foo") == "N.foo foo' x.foo N.foo.symm foo₁ (N.foo)"


@given(st.lists(st.sampled_from(["/-", "-/", "--", '"', "\\", "'", "«", "»", "\n", "a", " ", ":=", "```", "by"])))
def test_masking_changes_no_length_and_no_line(parts: list[str]) -> None:
    text = "".join(parts)
    hidden = masked(text)
    assert len(hidden) == len(text)
    assert [at for at, c in enumerate(hidden) if c == "\n"] == [at for at, c in enumerate(text) if c == "\n"]
    assert masked(hidden).split() == hidden.split() or '"' in text or "'" in text or "«" in text


MARKS = ["```lean\n", "```\n", "~~~", "<think>", "</think>", "/-", "-/", '"', "(", ")", "\n\n", ":="]
CODE = [STATED, PROOF, "theorem a : 1 = 1 := rfl\n", "by\n", "  omega\n", "where\n", "example", "| 0 => rfl", "sorry"]
PIECES = st.sampled_from([*MARKS, *CODE, "import Mathlib\n", "prose, "])


@given(st.lists(PIECES, max_size=14))
def test_whatever_a_model_writes_is_read_without_an_error_and_a_body_starts_as_a_slot_has_it(parts: list[str]) -> None:
    reply = "".join(parts)
    proof = extract(reply, TASK)
    assert proof is None or proof.body.startswith(":=")
    assert all(lemma.name.startswith("two_mul_triangle.helper.") for lemma in (proof.lemmas if proof else ()))


WORDS = st.lists(st.sampled_from(["omega", "simp", "rfl", "h", "(a)", "⟨b⟩", "-- note", "<;>"]), min_size=1, max_size=6)


@given(st.lists(WORDS, min_size=1, max_size=4), st.text(alphabet="abc .,\n", max_size=30), st.booleans())
def test_any_tactics_in_a_fenced_theorem_come_out_as_they_went_in(
    lines: list[list[str]], prose: str, closed: bool
) -> None:
    tactics = "\n".join("  " + " ".join(words) for words in lines)
    reply = f"{prose}\n```lean4\n{STATED} := by\n{tactics}\n" + ("```\nDone." if closed else "")
    wanted = f":= by\n{tactics}"
    assert masked(wanted).split() == masked(body(reply) or "").split()


@given(st.lists(st.tuples(st.sampled_from(["lean", "lean4", "", "text"]), st.text(alphabet="xy\n ", max_size=9))))
def test_blocks_are_found_with_their_labels(parts: list[tuple[str, str]]) -> None:
    reply = "".join(f"prose\n```{label}\n{code}\n```\n" for label, code in parts)
    found = list(blocks(reply)) if parts else []
    assert [(label, code.rstrip("\n")) for label, code in found] == [(a, b.rstrip("\n")) for a, b in parts]
