"""Attempts that split, for the judge: those that it should call reduced, and those that it should refuse.

All are judged side by side in one build, so what is wrong with one must be no other's business.
"""

from dataclasses import dataclass

STATEMENT = " (n m : Nat) (h : n < m) : n ≤ m ∧ n ≠ m"
LE = "theorem NAME.helper.le (n m : Nat) (h : n < m) : n ≤ m := by sorry"
NE = "theorem NAME.helper.ne (n m : Nat) (h : n < m) : n ≠ m := by sorry"
FROM_BOTH = ":= ⟨NAME.helper.le n m h, NAME.helper.ne n m h⟩"
FROM_LE = ":= ⟨NAME.helper.le n m h, Nat.ne_of_lt h⟩"


@dataclass(frozen=True)
class Case:
    """An attempt that splits; NAME stands for the declaration. `says` is part of why it is refused, if it is."""

    helpers: str
    body: str
    says: str = ""
    statement: str = STATEMENT


def same(lemma: str, proof: str, statement: str = STATEMENT) -> Case:
    """An attempt whose one lemma says what was to be proved."""
    return Case(f"theorem NAME.helper.a{lemma} := by sorry", f":= {proof}", "says as much as", statement)


REDUCED = {
    "two_lemmas": Case(f"{LE}\n\n{NE}", FROM_BOTH),
    "one_of_two_proved": Case(f"{LE}\n\n{NE.replace('by sorry', 'Nat.ne_of_lt h')}", FROM_BOTH),
    "lemma_half_proved": Case(
        LE.replace("by sorry", "by\n  have : n + 1 ≤ m := by sorry\n  exact Nat.le_of_lt this"), FROM_LE
    ),
    "lemma_of_a_lemma": Case(
        f"{LE.replace('.le', '.step').replace('≤ m', '< m.succ')}\n\n"
        + LE.replace("by sorry", "Nat.le_of_lt_succ (NAME.helper.step n m h)"),
        FROM_LE,
    ),
    "lemma_in_terms_of_its_own": Case(
        "def NAME.helper.Below (n m : Nat) : Prop := n ≤ m\n\n" + LE.replace("n ≤ m", "NAME.helper.Below n m"), FROM_LE
    ),
    "two_cases": Case(
        "theorem NAME.helper.zero (n m : Nat) (h : n < m) (e : n = 0) : n ≤ m ∧ n ≠ m := by sorry\n\n"
        "theorem NAME.helper.more (n m : Nat) (h : n < m) (e : n ≠ 0) : n ≤ m ∧ n ≠ m := by sorry",
        ":= (Nat.decEq n 0).casesOn (NAME.helper.more n m h) (NAME.helper.zero n m h)",
    ),
    "Way.goal": Case(f"{LE}\n\n{NE}".replace("NAME", "goal"), FROM_BOTH.replace("NAME", "goal"), statement=STATEMENT),
    "hidden": Case(f"private {LE}", FROM_LE),
    "an_instance": Case(
        "theorem NAME.helper.at : 2 ≤ 3 := by sorry", ":= NAME.helper.at", statement=" : Nat.succ 1 ≤ 3"
    ),
}
REFUSED = {
    "the_same": same(STATEMENT, "NAME.helper.a n m h"),
    "the_same_with_other_names": same(" (k : Nat) {l : Nat} (_ : k < l) : k ≤ l ∧ k ≠ l", "NAME.helper.a n h"),
    "the_same_in_another_order": same(" (m n : Nat) (h : n < m) : n ≤ m ∧ n ≠ m", "NAME.helper.a m n h"),
    "the_same_with_an_idle_variable": same(
        " (k n m : Nat) (h : n < m) (l : List Nat) : n ≤ m ∧ n ≠ m", "NAME.helper.a 0 n m h []"
    ),
    "the_same_with_a_hypothesis_twice": same(
        " (n m : Nat) (h : n < m) (g : n < m) : n ≤ m ∧ n ≠ m", "NAME.helper.a n m h h"
    ),
    "the_same_without_a_hypothesis": same(" (n m : Nat) : n ≤ m ∧ n ≠ m", "NAME.helper.a n m"),
    "the_same_for_more": same(" (n m : Nat) : n + m = m + n", "NAME.helper.a n n", " (n : Nat) : n + n = n + n"),
    "the_same_in_other_universes": same(
        ".{v, w} (α : Type w) (β : Type v) (a : α) (b : β) : (a, b).1 = a",
        "NAME.helper.a α β a b",
        ".{u} (α : Type u) (β : Type) (a : α) (b : β) : (a, b).1 = a",
    ),
    "falsehood": Case("theorem NAME.helper.a : False := by sorry", ":= NAME.helper.a.elim", "says False"),
    "falsehood_for_all": Case(
        "theorem NAME.helper.a (n : Nat) (_ : True) : False := by sorry",
        ":= (NAME.helper.a n trivial).elim",
        "says False",
    ),
    "denial": Case(
        "theorem NAME.helper.a : ¬ ∀ (k m : Nat), k < m → k ≤ m ∧ k ≠ m := by sorry",
        ":= (NAME.helper.a fun n m h => ⟨Nat.le_of_lt h, Nat.ne_of_lt h⟩).elim",
        "denies",
    ),
    "idle_lemma": Case(f"{LE}\n\n{NE}", FROM_LE, "NAME.helper.ne, which its proof does not need"),
    "idle_lemma_that_is_proved": Case(
        f"{LE}\n\n{NE.replace('by sorry', 'Nat.ne_of_lt h')}", FROM_LE, "NAME.helper.ne, which its proof does not need"
    ),
    "idle_definition": Case(
        f"{LE}\n\ndef NAME.helper.two := 2", FROM_LE, "NAME.helper.two, which its proof does not need"
    ),
    "own_hole": Case(LE, ":= ⟨NAME.helper.le n m h, by sorry⟩", "it has a hole outside of its open lemmas"),
    "own_hole_in_a_local_function": Case(
        LE, ":= ⟨NAME.helper.le n m h, ne⟩\nwhere\n  ne : n ≠ m := by sorry", "it has a hole outside of its open lemmas"
    ),
    "definition_with_a_hole": Case(
        f"def NAME.helper.two : Nat := sorry\n\n{LE}",
        ":= ⟨NAME.helper.le n m h, by\n  have := NAME.helper.two\n  exact Nat.ne_of_lt h⟩",
        "has a hole and is no theorem",
    ),
    "proposition_with_a_hole": Case(
        "opaque NAME.helper.le (n m : Nat) (h : n < m) : n ≤ m := by sorry", FROM_LE, "has a hole and is no theorem"
    ),
    "statement_with_a_hole": Case(
        "theorem NAME.helper.a : (sorry : Nat) = 1 := by sorry",
        ":= by\n  have := NAME.helper.a\n  exact ⟨Nat.le_of_lt h, Nat.ne_of_lt h⟩",
        "the statement of NAME.helper.a has a hole",
    ),
    "statement_with_a_hole_far_below": Case(
        "def NAME.helper.two : Nat := sorry\n\ntheorem NAME.helper.a : NAME.helper.two = 2 := by sorry",
        ":= by\n  have := NAME.helper.a\n  exact ⟨Nat.le_of_lt h, Nat.ne_of_lt h⟩",
        "the statement of NAME.helper.a has a hole",
    ),
    "hidden_with_a_public_lemma": Case(LE, FROM_LE, "is no name for an open lemma"),
    "private_lemma": Case(f"private {LE}", FROM_LE, "is no name for an open lemma"),
    "lemma_without_a_name": Case(
        "theorem NAME.helper (n m : Nat) (h : n < m) : n ≤ m := by sorry",
        ":= ⟨NAME.helper n m h, Nat.ne_of_lt h⟩",
        "is no name for an open lemma",
    ),
    "lemma_of_a_lemma_in_one_go": Case(
        LE.replace(".le", ".le.helper.le"), FROM_LE.replace(".le", ".le.helper.le"), "is no name for an open lemma"
    ),
    "open_theorem": Case(LE, ":= ⟨NAME.helper.le n m h, gap n m h⟩", "it rests on the open gap"),
    "foreign_lemma": Case(
        LE, ":= ⟨NAME.helper.le n m h, two_lemmas.helper.ne n m h⟩", "it rests on the open two_lemmas.helper.ne"
    ),
    "nothing_but_a_foreign_lemma": Case(
        "", ":= ⟨Nat.le_of_lt h, two_lemmas.helper.ne n m h⟩", "it rests on the open two_lemmas.helper.ne"
    ),
    "many_lemmas": Case(
        "\n\n".join(f"theorem NAME.helper.a{i} : {i} < {i + 1} := by sorry" for i in range(9)),
        ":= by\n"
        + "".join(f"  have := NAME.helper.a{i}\n" for i in range(9))
        + "  exact ⟨Nat.le_of_lt h, Nat.ne_of_lt h⟩",
        "it leaves 9 lemmas open",
    ),
    "deep.helper.a.helper.b.helper.c": Case(LE, FROM_LE, "more than 3 deep"),
    "turning.helper.a": Case(
        "theorem NAME.helper.b (n : Nat) : n * n = n ^ 2 := by sorry",
        ":= by\n  rw [NAME.helper.b, NAME.helper.b, Nat.add_comm]",
        "says as much as turning itself",
        " (n m : Nat) : n * n + m * m = m * m + n * n",
    ),
    "reduced_before": Case(LE, FROM_LE, "was complete itself"),
    "resting_on_another": Case(LE, FROM_LE, "was complete itself"),
    "proved_before": Case(LE, FROM_LE, "was complete itself"),
}
CASES = {**REDUCED, **REFUSED}
WRONG = "set_option debug.skipKernelTC true in\ntheorem NAME.helper.wrong : 2 + 2 = 5 := by decide +kernel"
HALF = LE.replace(
    "by sorry", "by\n  have := NAME.helper.wrong\n  have : n + 1 ≤ m := by sorry\n  exact Nat.le_of_lt this"
)
ILL_TYPED = {
    "ill_typed_beside_a_lemma": Case(
        f"{WRONG}\n\n{LE}", ":= by\n  have := NAME.helper.wrong\n  exact ⟨NAME.helper.le n m h, Nat.ne_of_lt h⟩"
    ),
    "ill_typed_below_a_lemma": Case(f"{WRONG}\n\n{HALF}", FROM_LE),
}
PROVED = {
    "complete_after_all": Case(LE.replace("by sorry", "Nat.le_of_lt h"), FROM_LE),
    "no_lemma_at_all": Case("", ":= ⟨Nat.le_of_lt h, Nat.ne_of_lt h⟩"),
}
FIRST = f"""
theorem gap (n m : Nat) (h : n < m) : n ≠ m := by sorry

theorem turning (n : Nat) : n * n = n ^ 2 := by sorry

theorem reduced_before.helper.old (n m : Nat) (h : n < m) : n ≤ m := by sorry

theorem never_attempted{STATEMENT} := by
  sorry

namespace Way
theorem goal{STATEMENT} := by sorry
theorem after{STATEMENT} := goal n m h
end Way
"""
PRIVATE = ("hidden", "hidden_with_a_public_lemma")
COMPLETE = {
    "reduced_before": "⟨reduced_before.helper.old n m h, Nat.ne_of_lt h⟩",
    "resting_on_another": "⟨Nat.le_of_lt h, gap n m h⟩",
    "proved_before": "⟨Nat.le_of_lt h, Nat.ne_of_lt h⟩",
}
ATTEMPTS = CASES | ILL_TYPED | PROVED


def source() -> str:
    """A module in which everything is open that is attempted below."""
    text = FIRST
    for name, case in ATTEMPTS.items():
        if name != "Way.goal":
            keyword = "private theorem" if name in PRIVATE else "theorem"
            text += f"\n{keyword} {name}{case.statement} := {COMPLETE.get(name, 'by sorry')}\n"
    return text
