"""Arms of an `induction`, `cases` or `match`, and the names that they and `intro` bind: missing, too many, too few."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.repair.rules.base import FAILED, TACTICS, Fix, Piece, Rule

_LONGEST = 4  # of what is likely to be a variable or a hypothesis
_ARM_NAMES = {"succ": "n ih", "cons": "x xs ih"}
_MISSING = re.compile(r"Alternative `([^`]+)` has not been provided")
_EXPECTED = re.compile(r"Expected (.*)")
_QUOTED = re.compile(r"`([^`]+)`")


def missing_arm(piece: Piece) -> Iterator[Fix]:
    """An arm that is missing is put behind the last one, or before the first, with a hole for its proof."""
    if not (found := _MISSING.match(piece.message)):
        return
    index, _ = piece.said
    names = _ARM_NAMES.get(found[1], "") if piece.word(index) == "induction" else ""
    arm = f"| {found[1]} {names}".rstrip() + " => sorry"
    yield from _added(piece, index, arm, f"missing arm {found[1]}")


def missing_pattern(piece: Piece) -> Iterator[Fix]:
    """A `match` gets an arm for the first case that it does not have."""
    case = piece.message.partition("\n")[2].partition("\n")[0].strip()
    index, _ = piece.said
    if case and piece.word(index) == "match":
        yield from _added(piece, index, f"| {case} => sorry", f"missing case {case}")


def _added(piece: Piece, index: int, arm: str, why: str) -> Iterator[Fix]:
    """The arm before the first that there is, on a line of its own; or behind `with`."""
    bar = next((n for n in range(index, len(piece.tokens)) if piece.word(n) == "|" and piece.leads(n)), None)
    if bar is None:
        found = next((n for n in range(index, len(piece.tokens)) if piece.word(n) in ("with", "|")), None)
        if found is not None:
            at = piece.tokens[found].end if piece.word(found) == "with" else piece.tokens[found].start
            yield Fix.of(at, at, f" {arm} ".rstrip() + " " * (piece.word(found) == "|"), why)
        return
    at = piece.tokens[bar].start
    yield Fix.of(at, at, f"{arm}\n{' ' * piece.column(bar)}", why)


def wrong_arm(piece: Piece) -> Iterator[Fix]:
    """An arm that does not belong has the name of one that does."""
    wrong = _QUOTED.findall(piece.message.partition(":")[0])
    right = _QUOTED.findall("".join(_EXPECTED.findall(piece.message)))
    for index in range(*piece.said):
        if piece.word(index) in wrong:
            token = piece.tokens[index]
            yield from (Fix.of(token.start, token.end, name, f"{token.text} → {name}") for name in right)
            return


def too_many_names(piece: Piece) -> Iterator[Fix]:
    """Names of an arm that are too many are dropped, the last first; or the first."""
    numbers = [int(number) for number in re.findall(r"\d+", piece.message.rpartition("`")[2])]
    start, stop = piece.said
    arrow = next((n for n in range(start, stop) if piece.word(n) == "=>"), stop)
    first = start + 2
    if len(numbers) == 2 and first + numbers[1] < arrow:
        for a, b in ((first + numbers[1], arrow), (first, arrow - numbers[1])):
            place = piece.tokens[a - 1].end if b == arrow else piece.tokens[a].start
            end = piece.tokens[b - 1].end if b == arrow else piece.tokens[b].start
            yield Fix.of(place, end, "", "too many names in an arm")


def missing_name(piece: Piece) -> Iterator[Fix]:
    """An unknown name is bound by the arm, the `intro` or the `fun` above that might have meant to."""
    name = next(iter(_QUOTED.findall(piece.message)), "")
    if not name.isidentifier() or "_" in name or len(name) > _LONGEST or name in TACTICS:
        return
    index, _ = piece.said
    for at in range(min(index, len(piece.tokens) - 1), -1, -1):
        if piece.word(at) == "=>" and at and _binds(piece, at):
            end = piece.tokens[at - 1].end
            yield Fix.of(end, end, f" {name}", f"{name} is bound by its arm")
        elif piece.word(at) in ("intro", "intros", "rintro"):
            end = piece.tokens[piece.until(at + 1, ",") - 1].end
            yield Fix.of(end, end, f" {name}", f"{name} is bound by intro")
        elif piece.word(at) in ("by_cases", "have") and piece.word(at + 1) != name and ":" in _line(piece, at):
            end = piece.tokens[at].end
            yield Fix.of(end, end, f" {name} :" * (piece.word(at + 1) != ":") or f" {name}", f"{name} is bound")
    if (piece.word(0), piece.word(1)) == (":=", "by") and len(piece.tokens) > 2:
        margin = " " * (piece.column(2) if piece.leads(2) else 2)
        start, end = piece.tokens[1].end, piece.tokens[2].start
        yield Fix.of(start, end, f"\n{margin}intro {name}\n{margin}", f"intro {name}")


def _binds(piece: Piece, arrow: int) -> bool:
    """Is it the arrow of an arm or of a `fun`?"""
    at = next((n for n in range(arrow, -1, -1) if piece.word(n) in ("|", "fun")), None)
    return at is not None and "=>" not in (piece.word(n) for n in range(at, arrow))


def _line(piece: Piece, index: int) -> str:
    start = piece.tokens[index].start
    return piece.text[start : (piece.text + "\n").index("\n", start)].partition(":=")[0]


def fewer_intros(piece: Piece) -> Iterator[Fix]:
    """An `intro` that finds nothing to introduce binds less, or is dropped."""
    first, stop = piece.tactic(piece.said[0])
    if first == stop or piece.word(first) not in ("intro", "intros", "rintro"):
        return
    for last in range(stop - 1, first + 1, -1):
        yield Fix.of(piece.tokens[last - 1].end, piece.tokens[stop - 1].end, "", "intro binds too much")
    yield piece.replaced(first, stop, "skip", "intro of nothing")


def dropped(piece: Piece) -> Iterator[Fix]:
    """A tactic that finds no goal left, or that fails, is dropped."""
    first, stop = piece.tactic(piece.said[0])
    if first == stop or not piece.begins(first):
        return
    token, end, why = piece.tokens[first], piece.tokens[stop - 1].end, f"without {piece.word(first)}"
    if piece.leads(first) and first:
        yield Fix.of(piece.tokens[first - 1].end, end, "", why)
    elif piece.word(first - 1) in (";", "<;>"):
        yield Fix.of(piece.tokens[first - 1].start, end, "", why)
    if not piece.leads(first) or piece.word(first - 1) in ("by", "=>"):
        yield Fix.of(token.start, end, "skip", why)


_N = "No goals to be solved"
RULES = (
    Rule(
        missing_arm,
        "induction n with\n| succ k => simp",
        "induction n with\n| zero => sorry\n| succ k => simp",
        "Alternative",
        "Alternative `zero` has not been provided",
        "induction",
    ),
    Rule(
        missing_pattern,
        "match n with\n| 0 => rfl",
        "match n with\n| (Nat.succ _) => sorry\n| 0 => rfl",
        "Missing cases",
        "Missing cases:\n(Nat.succ _)",
        "match",
    ),
    Rule(
        wrong_arm,
        "| nil => rfl",
        "| zero => rfl",
        "Invalid alternative",
        "Invalid alternative name `nil`: Expected `zero` or `succ`",
        "| nil => rfl",
    ),
    Rule(
        too_many_names,
        "| succ n ih foo => simp",
        "| succ n ih => simp",
        "Too many variable",
        "Too many variable names provided at alternative `succ`: 3 provided, but 2 expected",
        "| succ n ih foo => simp",
    ),
    Rule(
        missing_name,
        "| succ n => rw [ih]",
        "| succ n ih => rw [ih]",
        "(?i:unknown identifier)",
        "Unknown identifier `ih`",
        "ih",
    ),
    Rule(
        fewer_intros,
        "intro a b\nsimp",
        "intro a\nsimp",
        "Tactic `intro",
        "Tactic `introN` failed: There are no additional binders",
        "b",
    ),
    Rule(dropped, "simp\nrfl", "simp", _N, _N, "rfl"),
    Rule(dropped, "simp\nexact h\nrfl", "simp\nrfl", FAILED, "Type mismatch", "exact h"),
)
