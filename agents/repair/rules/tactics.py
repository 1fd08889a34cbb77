"""Tactics of Mathlib and Lean 3 that this Lean does not have, and others that might do in their place.

Which it has was found by trying each on Lean 4.28 without Mathlib. `‹` and `›` enclose what is filled in: `args` are
the words behind the tactic, `terms` the ones in its brackets, `at` the part from `at` on.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from agents.repair.rules.base import TACTICS, Fix, Piece, Rule

_ARITHMETIC = ("omega", "grind", "‹have›omega", "‹have›grind", "simp_all")
_ASSOCIATE = "Nat.mul_comm, Nat.mul_left_comm, Nat.add_assoc, Nat.add_left_comm, Nat.add_comm"
_RING = ("grind", "omega", "ac_rfl", f"simp only [Nat.mul_add, Nat.add_mul, {_ASSOCIATE}]")
_LOGIC = ("simp_all", "grind", "constructor <;> simp_all", "solve_by_elim")
_DISTRIBUTE = "simp only [Nat.mul_add, Nat.add_mul, Nat.mul_one, Nat.one_mul] ‹at›"
_QUANTIFIERS = "Classical.not_forall, not_exists, not_and, not_or, Classical.not_not"
_NEGATION = f"simp only [{_QUANTIFIERS}, Nat.not_le, Nat.not_lt, Int.not_le, Int.not_lt] ‹at›"


INSTEAD: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("linarith", "nlinarith", "positivity", "polyrith", "linear_combination", "bound"), _ARITHMETIC),
    **dict.fromkeys(("ring", "ring1", "abel", "group", "noncomm_ring", "norm_num1"), _RING),
    **dict.fromkeys(("aesop", "tauto", "itauto", "finish", "cc", "tidy", "hint", "suggest", "library_search"), _LOGIC),
    "ring_nf": (_DISTRIBUTE, *_RING[:2], "skip"),
    "norm_num": ("simp ‹brackets› ‹at›", "simp +arith ‹brackets› ‹at›", "omega", "decide", "grind", "simp_all", "skip"),
    "field_simp": ("simp ‹brackets› ‹at›", "skip"),
    "push_neg": (_NEGATION, "simp ‹at›", "skip"),
    "by_contra": (
        "refine Classical.byContradiction (fun ‹names› => ?_)",
        "refine Classical.byContradiction (fun ‹names› => ?_); simp at ‹names›",
        "intro ‹names›",
        "false_or_by_contra",
    ),
    "by_contra!": ("refine Classical.byContradiction (fun ‹names› => ?_); simp at ‹names›",),
    "contrapose": ("refine Classical.byContradiction (fun other => absurd ‹names› ?_)", "revert ‹names›; grind"),
    "contrapose!": (
        "refine Classical.byContradiction (fun other => absurd ‹names› ?_); clear ‹names›; simp at other ⊢; "
        "rename _ => ‹names›",
        "refine Classical.byContradiction (fun other => absurd ‹names› ?_)",
    ),
    "interval_cases": ("omega", "grind", "decide +revert"),
    "fin_cases": ("decide +revert", "grind", "cases ‹args›"),
    "simp_rw": ("simp only ‹brackets› ‹at›", "simp ‹brackets› ‹at›"),
    "nth_rewrite": ("rw (occs := [‹number›]) ‹brackets› ‹at›", "rw ‹brackets› ‹at›"),
    "nth_rw": ("rw (occs := [‹number›]) ‹brackets› ‹at›", "rw ‹brackets› ‹at›"),
    "gcongr": ("apply Nat.add_le_add", "apply Nat.mul_le_mul", "grind", "omega"),
    "mono": ("apply Nat.add_le_add", "apply Nat.mul_le_mul", "grind"),
    "decide!": ("decide", "simp"),
    "dec_trivial": ("decide",),
    "exacts": ("exact ‹terms›",),
    "transitivity": ("refine Eq.trans (b := ‹args›) ?_ ?_", "refine Nat.le_trans (m := ‹args›) ?_ ?_"),
    "trans": ("refine Eq.trans (b := ‹args›) ?_ ?_", "refine Nat.le_trans (m := ‹args›) ?_ ?_"),
    "split_ifs": ("split", "(repeat' split)", "split <;> rename_i ‹names›"),
    "conv_lhs": ("conv => lhs; ‹body›",),
    "conv_rhs": ("conv => rhs; ‹body›",),
    "apply_fun": ("have ‹hypothesis› := congrArg ‹function› ‹hypothesis›",),
    "absurd": ("exact absurd ‹args›",),
    "convert": ("exact ‹args›", "simpa using ‹args›"),
    "congr!": ("congr", "grind"),
    "subsingleton": ("exact Subsingleton.elim _ _",),
    "set": ("generalize ‹body› = ‹names›", "let ‹args›"),
    "choose": ("have ⟨‹function›, ‹names›⟩ := Classical.axiomOfChoice ‹hypothesis›",),
    **dict.fromkeys(("unfold_coes", "unfold_let", "beta_reduce"), ("dsimp only ‹at›", "skip")),
    **dict.fromkeys(("zify", "qify", "inhabit", "nontriviality"), ("skip",)),
    "from": ("exact ‹args›",),
    "assume": ("intro ‹args›",),
    "replace'": ("replace ‹args›",),
}


def other_tactic(piece: Piece) -> Iterator[Fix]:
    """An unknown tactic is one of those that might do in its place, or one whose name is like it."""
    index, _ = piece.said
    word = piece.word(index)
    if word == "!":  # `decide!`: Lean reads the mark on its own
        index, word = index - 1, piece.word(index - 1) + "!"
    if index >= len(piece.tokens) or index < 0:
        return
    stop = piece.until(index + 1, ",")
    for way in INSTEAD.get(word, ()):
        if (text := _filled(piece, index, stop, way)) is not None:
            yield piece.replaced(index, stop, text, f"{word} → {text}")
    if word not in TACTICS:
        for like in difflib.get_close_matches(word, sorted(TACTICS - INSTEAD.keys()), n=3, cutoff=0.7):
            token = piece.tokens[index]
            yield Fix.of(token.start, token.end, like, f"{word} → {like}")


def _filled(piece: Piece, index: int, stop: int, way: str) -> str | None:
    """The way with everything filled in; None where it wants something that is not there."""
    for key, value in _parts(piece, index, stop).items():
        if f"‹{key}›" in way and not value and key not in ("at", "brackets"):
            return None
        way = way.replace(f"‹{key}›", value)
    return " ".join(way.split())


def _parts(piece: Piece, index: int, stop: int) -> dict[str, str]:
    """What stands behind the word of a tactic."""
    first = index + 1 + (piece.word(index + 1) == "!")
    at = piece.until(first, "at", "using")
    opening = next((n for n in range(first, at) if piece.word(n) == "["), at)
    closing = piece.closing(opening) if opening < at else opening
    arrow = next((n for n in range(first, stop) if piece.word(n) in ("=>", ":=")), stop)
    terms = piece.between(opening + 1, closing)
    names = [piece.word(n) for n in range(first, min(arrow, stop)) if piece.word(n) not in ("with", "at", "using")]
    return {
        "args": piece.between(first, stop),
        "at": piece.between(at, stop) if piece.word(at) == "at" else "",
        "brackets": piece.between(opening, closing + 1) if opening < at else "",
        "terms": terms,
        "have": f"have := {terms}; " if terms and "," not in terms else "",
        "number": piece.word(first) if piece.word(first).isdigit() else "",
        "names": " ".join(names[1:-1] if piece.word(index) == "choose" else names) if len(names) < 5 else "",
        "function": piece.word(first),
        "hypothesis": piece.between(at + 1, stop),
        "body": piece.between(arrow + 1, stop),
    }


RULES = (
    Rule(
        other_tactic,
        "nlinarith [mul_pos ha hb]",
        "have := mul_pos ha hb; omega",
        "unknown tactic",
        "unknown tactic",
        "nlinarith",
    ),
    Rule(other_tactic, "norm_num [double] at h", "simp [double] at h", "unknown tactic", "unknown tactic", "norm_num"),
    Rule(other_tactic, "ring", "grind", "unknown tactic", "unknown tactic", "ring"),
    Rule(
        other_tactic,
        "by_contra h",
        "refine Classical.byContradiction (fun h => ?_)",
        "unknown tactic",
        "unknown tactic",
        "by_contra",
    ),
    Rule(other_tactic, "nth_rewrite 2 [h]", "rw (occs := [2]) [h]", "unknown tactic", "unknown tactic", "nth_rewrite"),
    Rule(other_tactic, "conv_lhs => rw [h]", "conv => lhs; rw [h]", "unknown tactic", "unknown tactic", "conv_lhs"),
    Rule(other_tactic, "apply_fun f at h", "have h := congrArg f h", "unknown tactic", "unknown tactic", "apply_fun"),
    Rule(
        other_tactic,
        "choose f hf using h",
        "have ⟨f, hf⟩ := Classical.axiomOfChoice h",
        "unknown tactic",
        "unknown tactic",
        "choose",
    ),
    Rule(other_tactic, "omgea", "omega", "unknown tactic", "unknown tactic", "omgea"),
)
