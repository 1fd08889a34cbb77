"""Tactics for statements about numbers: remainders, powers, sums and squares, as a pure function of the goal.

What other libraries have as tactics of their own (`interval_cases`, `nlinarith`, `norm_num`) is put together here from
what Lean's core has. Nothing is known of any theorem: every number in a tactic comes from the goal. The automation
agent tries them, wave after wave; `agents.ranges` has the search of bounded ranges.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from agents.splitter import Goal

_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
_WORD = re.compile(r"[^\W\d][\w'₀-₉]*")
_DIVISOR = re.compile(r"% (\d+)|(?<![\w.])(\d+) ∣")
_BASE = re.compile(r"(?<![\w.])(\d+) \^ \(?(?:(\d+) \* )?[^\W\d]")
_CASES = 30  # remainders, or pairs of them, that are told apart
_STEPS = (1, 2, 3, 4, 6)  # lengths of the step of an induction
_GCD = re.compile(r"([\w'₀-₉]+|\([^()]*\))\.gcd ([\w'₀-₉]+|\([^()]*\))")
_FOR_ALL = re.compile(r"∀ (?:\((?P<typed>[^:)]*) : (?:Nat|Int|Rat)\)|(?P<names>[^,:(]*))[^,]*, ")
_EXIST = re.compile(r"(?:∃ [^,:]+(?: : \w+)?, )+")
_EXISTING = re.compile(r"∃|: \w+|,")
_WITNESSES = {1: 10, 2: 3}
_FACTORS = 3  # in combinations of two numbers
_INSTANCES, _INSTANCES_OF_TWO = 8, 3
_SQUARES = 4  # variables whose differences are squared

_POWERS = "Nat.mul_add, Nat.pow_add, Nat.pow_mul, Nat.pow_succ, Nat.pow_zero"
_REMAINDERS = {
    "Nat": "Nat.dvd_iff_mod_eq_zero, Nat.pow_succ, Nat.add_mod, Nat.mul_mod",
    "Int": "Int.dvd_iff_emod_eq_zero, Int.pow_succ, Int.add_emod, Int.sub_emod, Int.mul_emod",
}
_SQUARE = {
    "Int": "fun t => (Int.le_total 0 t).elim (fun h => Int.mul_nonneg h h)"
    " (fun h => Int.mul_nonneg_of_nonpos_of_nonpos h h)",
    "Rat": "fun t => by\n  rcases Rat.le_total (a := 0) (b := t) with h | h\n  · exact Rat.mul_nonneg h h\n"
    "  · have minus : 0 ≤ -t := by grind\n    have := Rat.mul_nonneg minus minus\n    grind",
}


def numbers(goal: Goal, *types: str) -> list[str]:
    """The variables of these types, those of the conclusion first."""
    words = set(_WORD.findall(goal.conclusion))
    found = [name for name, type_ in goal.variables.items() if type_ in types]
    return sorted(found, key=lambda name: name not in words)


def text(goal: Goal) -> str:
    """All that the goal says of its variables."""
    return "\n".join([*goal.variables.values(), goal.conclusion])


def hypotheses(goal: Goal, variable: str) -> list[str]:
    """What speaks of a variable."""
    return [name for name, type_ in goal.variables.items() if variable in _WORD.findall(type_)]


def plain(goal: Goal) -> Iterator[str]:
    """One or two tactics on a goal that has been laid open."""
    closing = ("omega", "grind", "simp_all")
    yield from ("decide +kernel", "rfl", *closing)
    yield from (f"constructor <;> {tactic}" for tactic in closing)
    yield from (f"and_intros <;> intros <;> {tactic}" for tactic in closing)
    yield "simp_all <;> omega"
    yield "simp_all <;> grind"
    yield "simp at *\nomega"
    yield "norm_cast at *\nomega"
    if "↑" in text(goal) or "Rat" in goal.variables.values():
        yield "apply Rat.natCast_inj.mp\ngrind"
        yield "apply Rat.intCast_inj.mp\ngrind"


def witnesses(goal: Goal) -> Iterator[str]:
    """Small numbers, and those that the goal names, where the goal says that there is one, or two."""
    match = _EXIST.match(goal.conclusion)
    depth = len(_EXISTING.sub(" ", match[0]).split()) if match else 0
    if 1 <= depth <= 2:
        values = dict.fromkeys([*map(str, range(_WITNESSES[depth])), *_NUMBER.findall(text(goal))])
        some = [*values][: 2 * _WITNESSES[depth]]
        proof = "by first | decide | omega | (simp_all; done) | grind"
        yield from (f"exact ⟨{', '.join(these)}, {proof}⟩" for these in product(some, repeat=depth))


def remainders(goal: Goal) -> Iterator[str]:
    """The cases of a variable, or of two, by the remainder for each divisor that the goal names."""
    divisors = sorted({int(number) for pair in _DIVISOR.findall(text(goal)) for number in pair if number}, reverse=True)
    for type_, lemmas in _REMAINDERS.items():
        found = numbers(goal, type_)
        for group in (*((name,) for name in found[:3]), *combinations(found[:3], 2)):
            for divisor in divisors:
                if 1 < divisor ** len(group) <= _CASES:
                    split = " <;>\n".join(_by_remainder(name, divisor) for name in group)
                    yield f"{split} <;> simp_all [{lemmas}]"
                    yield f"{split} <;> simp_all [{lemmas}] <;> omega"


def squares_of(type_: str, terms: Iterable[str]) -> str:
    """Lines of tactics after which the squares of these terms are known not to be negative."""
    facts = "".join(f"\nhave := sq {term}" for term in terms)
    return f"have sq : ∀ t : {type_}, 0 ≤ t * t := {_SQUARE[type_]}{facts}"


def _by_remainder(variable: str, divisor: int) -> str:
    cases = " ∨ ".join(f"{variable} % {divisor} = {rest}" for rest in range(divisor))
    return f"rcases (by omega : {cases}) with {' | '.join(['_'] * divisor)}"


def stepwise(goal: Goal) -> Iterator[str]:
    """Induction by steps of several lengths, for powers of a number, whose remainders come again and again."""
    bases = {int(base) ** int(times or 1) for base, times in _BASE.findall(text(goal))}
    if not bases:
        return
    for variable in numbers(goal, "Nat")[:2]:
        for start in _starts(goal, variable):
            reverted = "".join(
                f"revert {name}\n" for name in reversed(hypotheses(goal, variable)) if name != start.bound
            )
            for length in _STEPS:
                yield f"{start.tactics}{reverted}{_step(start.variable, length, sorted(bases))}"


def _step(variable: str, length: int, bases: Sequence[int]) -> str:
    arms = "".join(f"  | {start}, _ => first | decide | omega\n" for start in range(length))
    facts = "".join(f"    have := Nat.pow_pos (n := {variable}) (show 0 < {base} by decide)\n" for base in bases)
    return (
        f"induction {variable} using Nat.strongRecOn with\n| _ {variable} ih =>\n  match {variable}, ih with\n{arms}"
        f"  | {variable} + {length}, ih =>\n    have := ih {variable} (by omega)\n{facts}"
        f"    simp only [{_POWERS}] at *\n    omega"
    )


def inductions(goal: Goal) -> Iterator[str]:
    """Induction on a number, also from where the statement says that it begins, with what sums and powers need."""
    recursive = [n for n, t in goal.variables.items() if t.startswith("∀ ") and " = " in t and " + " in t]
    rewrite = f"  simp only [{', '.join(['Nat.pow_succ', *recursive])}] at *\n"
    for name in numbers(goal, "Nat")[:2]:
        for start in _starts(goal, name):
            variable = start.variable
            simplified = f"{start.tactics}induction {variable} <;> simp_all [List.range_succ, Nat.pow_succ]"
            head = f"{start.tactics}induction {variable} with\n| zero => simp_all\n| succ {variable} ih =>\n"
            yield f"{simplified} <;> grind"
            yield f"{simplified} <;> omega"
            yield f"{head}  grind [Nat.pow_succ]"
            yield f"{head}  have := Nat.lt_two_pow_self (n := {variable})\n{rewrite}  omega"
            yield f"{head}  have := Nat.mul_le_mul_left ({variable} + {start.least + 1}) ih\n  grind [Nat.pow_succ]"


@dataclass(frozen=True, slots=True)
class _Start:
    """Lines of tactics after which a variable begins at zero: what it is called then, and the bound that it had."""

    variable: str
    least: int = 0
    bound: str = ""
    tactics: str = ""


def _starts(goal: Goal, variable: str) -> Iterator[_Start]:
    """As it is, and from each number that a hypothesis says is the least."""
    yield _Start(variable)
    new = next((name for name in ("k", "j", "i") if name not in goal.variables), "k'")
    for name, type_ in goal.variables.items():
        if match := re.fullmatch(rf"(\d+) ([≤<]) {variable}|{variable} ([≥>]) (\d+)", type_):
            least = int(match[1] or match[4]) + ((match[2] or match[3]) in "<>")
            witness = f"∃ {new}, {variable} = {new} + {least} := ⟨{variable} - {least}, by omega⟩"
            yield _Start(new, least, name, f"obtain ⟨{new}, rfl⟩ : {witness}\nclear {name}\n")


def instantiations(goal: Goal) -> Iterator[str]:
    """What is said of all numbers, said of those few that the goal names and of the first ones."""
    values = list(dict.fromkeys([*_NUMBER.findall(goal.conclusion), "0", "1", "2", *_NUMBER.findall(text(goal))]))
    facts = []
    for name, type_ in goal.variables.items():
        if match := _FOR_ALL.match(type_):
            count = len((match["typed"] or match["names"] or "").split())
            if 1 <= count <= 2:
                some = values[:_INSTANCES] if count == 1 else values[:_INSTANCES_OF_TWO]
                facts += [f"have := {name} {' '.join(these)}" for these in product(some, repeat=count)]
    if facts:
        lines = "\n".join(facts)
        yield from (f"{lines}\n{closing}" for closing in ("simp_all", "simp_all <;> omega", "grind", "omega"))


def common_divisors(goal: Goal) -> Iterator[str]:
    """The greatest common divisor of two linear terms divides their combinations, of which one may be a number."""
    for a, b in dict.fromkeys(_GCD.findall(text(goal))):
        for c, d in product(range(1, _FACTORS + 1), repeat=2):
            left = f"have left := Nat.dvd_mul_left_of_dvd (Nat.gcd_dvd_left {a} {b}) {c}"
            right = f"have right := Nat.dvd_mul_left_of_dvd (Nat.gcd_dvd_right {a} {b}) {d}"
            for both in ("left right", "right left"):
                yield f"{left}\n{right}\nhave := Nat.le_of_dvd (by omega) (Nat.dvd_sub {both})\nomega"


def squares(goal: Goal) -> Iterator[str]:
    """Inequalities from squares, which are not negative, and from differences of natural numbers."""
    if not re.search(r"[≤<≥>=]", goal.conclusion):
        return
    for type_ in _SQUARE:
        if found := numbers(goal, type_)[:_SQUARES]:
            pairs = [*combinations(found, 2)]
            terms = [*found, *(f"({a} - {b})" for a, b in pairs)]
            yield f"{squares_of(type_, terms)}\ngrind"
            yield f"{squares_of(type_, [f'({name} - 1)' for name in found])}\ngrind"
            if pairs:
                yield f"{squares_of(type_, [*terms, *(f'({a} + {b})' for a, b in pairs)])}\ngrind"
            yield from (f"{squares_of(type_, [term])}\ngrind" for term in terms[:_SQUARES])
    for a, b in combinations(numbers(goal, "Nat")[:3], 2):
        yield (
            f"rcases Nat.le_total {a} {b} with h | h\nall_goals\n"
            "  obtain ⟨d, rfl⟩ := Nat.exists_eq_add_of_le h\n  grind"
        )
