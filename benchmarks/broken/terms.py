"""Faults in what a proof says: names of lemmas, tactics, numbers, the order of arguments and hypotheses.

Each is a `Fault` that `benchmarks.broken.mutations` draws from; none knows whether Lean will mind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

from benchmarks.broken.words import atoms, binds, is_lemma, is_tactic, pick, with_word, words
from prover.lean.lexer import Sort

_OTHER_NAMESPACE = {"Nat": "Int", "Int": "Nat", "List": "Array", "Or": "And", "Option": "Except", "And": "Iff"}
_SIDES = (
    ("_left", "_right"),
    ("_le", "_lt"),
    ("_add", "_mul"),
    ("_zero", "_one"),
    ("_succ", "_pred"),
    ("_pos", "_neg"),
)
_FINISHERS = ("omega", "simp", "linarith", "nlinarith", "rfl", "ring", "norm_num", "decide", "positivity", "trivial")
_OTHER_TACTIC: Mapping[str, tuple[str, ...]] = {
    "exact": ("apply", "rw", "use"),
    "rw": ("simp_rw", "exact", "norm_num"),
    "constructor": ("split", "left"),
    "obtain": ("cases'", "rcases"),
    "by_cases": ("by_contra", "split_ifs"),
    "intro": ("cases", "rintro!"),
    "induction": ("cases",),
    "refine": ("exact", "use"),
    "apply": ("exact", "rw"),
    "simp": ("norm_num", "ring_nf", "field_simp"),
    "unfold": ("delta'", "intro"),
    "cases": ("induction'", "exact"),
    "rcases": ("obtain", "cases'"),
    "funext": ("ext!", "intro"),
    "subst": ("rw", "substs"),
    "have": ("haves", "show"),
}
_ORDERS = {"<": "≤", "≤": "<", ">": "≥", "≥": ">"}
_JOINING = frozenset({"at", "with", "using", "from", "fun", "then", "generalizing"})
_HYPOTHESIS = re.compile(r"(?:h|ih|hd|hp)[\w'₀-₉]*|this")


# Names


def misspelt(body: str, choose: Random) -> str | None:
    """Two letters of a lemma's name in the wrong order, or one left out."""

    def slip(name: str) -> str:
        at = choose.randrange(max(1, name.rfind(".") + 1), len(name) - 1)
        return name[:at] + (name[at + 1] + name[at] if choose.random() < 0.5 else name[at + 1]) + name[at + 2 :]

    return _renamed(body, choose, slip)


def other_namespace(body: str, choose: Random) -> str | None:
    """`Int.add_comm` for `Nat.add_comm`."""

    def moved(name: str) -> str:
        first, dot, rest = name.partition(".")
        return _OTHER_NAMESPACE.get(first, first) + dot + rest if dot else f"Nat.{name}"

    return _renamed(body, choose, moved)


def without_namespace(body: str, choose: Random) -> str | None:
    """`add_comm` for `Nat.add_comm`, as in Mathlib."""
    return _renamed(body, choose, lambda name: name.partition(".")[2] if name[0].isupper() else name)


def prime(body: str, choose: Random) -> str | None:
    """With a prime too many or too few."""
    return _renamed(body, choose, lambda name: name.removesuffix("'") if name.endswith("'") else name + "'")


def turned_round(body: str, choose: Random) -> str | None:
    """`Nat.dvd_le_of` for `Nat.le_of_dvd`: the right words in the wrong order."""

    def turned(name: str) -> str:
        space, dot, last = name.rpartition(".")
        parts = last.split("_")
        return space + dot + "_".join([*parts[1:], parts[0]])

    return _renamed(body, choose, turned)


def other_side(body: str, choose: Random) -> str | None:
    """The lemma next to the right one: `_left` for `_right`, `_le` for `_lt`."""

    def other(name: str) -> str:
        for one, two in _SIDES:
            if one in name:
                return name.replace(one, two)
            if two in name:
                return name.replace(two, one)
        return name

    return _renamed(body, choose, other)


def _renamed(body: str, choose: Random, change: Callable[[str], str]) -> str | None:
    found = [token for token in words(body) if token.sort is Sort.NAME and is_lemma(token.text)]
    return pick(choose, (with_word(body, token, change(token.text)) for token in found), body)


def without_rule(body: str, choose: Random) -> str | None:
    """A list of rules without one of them."""
    texts = []
    for found in re.finditer(r"\b(?:rw|simp|simp only|grind) \[(?P<rules>[^\[\]\n]+, [^\[\]\n]+)\]", body):
        rules = found["rules"].split(", ")
        for at in range(len(rules)):
            left = ", ".join(rules[:at] + rules[at + 1 :])
            texts.append(body[: found.start("rules")] + left + body[found.end("rules") :])
    return pick(choose, texts, body)


# Tactics


def other_finisher(body: str, choose: Random) -> str | None:
    """One finishing tactic for another, often one that only Mathlib has."""
    found = [token for token in words(body) if is_tactic(body, token) and token.text in (*_FINISHERS, "grind")]
    return pick(choose, [with_word(body, token, choose.choice(_FINISHERS)) for token in found], body)


def other_tactic(body: str, choose: Random) -> str | None:
    """A tactic that is not for this, or that has another name here."""
    found = [token for token in words(body) if is_tactic(body, token) and token.text in _OTHER_TACTIC]
    return pick(choose, [with_word(body, token, choose.choice(_OTHER_TACTIC[token.text])) for token in found], body)


def other_search(body: str, choose: Random) -> str | None:
    """A line that is left to a tactic that finds nothing here."""
    found = list(re.finditer(r"(?<=\n)(?P<indent> +)(?:exact|rw|apply|refine) [^\n]*(?=\n|\Z)", body))
    name = choose.choice(("aesop", "nlinarith [sq_nonneg n]", "simp_all", "tauto", "positivity", "linarith"))
    return pick(choose, (body[: f.end("indent")] + name + body[f.end() :] for f in found), body)


# Numbers


def other_numeral(body: str, choose: Random) -> str | None:
    """A numeral one more or one less."""
    found = [token for token in words(body) if token.sort is Sort.NUMBER and token.text.isdecimal()]
    return pick(
        choose,
        [with_word(body, token, str(abs(int(token.text) + choose.choice((1, -1))))) for token in found],
        body,
    )


def without_successor(body: str, choose: Random) -> str | None:
    """`n` for `n + 1`."""
    return pick(choose, (body[: f.start()] + body[f.end() :] for f in re.finditer(r" \+ 1\b", body)), body)


def with_successor(body: str, choose: Random) -> str | None:
    """`(n + 1)` for `n`, where it is an argument."""
    found = re.finditer(r"(?<=[\w')\]] )(?P<name>[a-dijkmn])(?=[ )\]\n,]|\Z)(?! (?:=>|\||:|with|using))", body)
    used = (f for f in found if not binds(body, f.start()))
    return pick(choose, (f"{body[: f.start()]}({f['name']} + 1){body[f.end() :]}" for f in used), body)


def other_order(body: str, choose: Random) -> str | None:
    """`≤` for `<` and the other way round."""
    found = [token for token in words(body) if token.text in _ORDERS]
    return pick(choose, (with_word(body, token, _ORDERS[token.text]) for token in found), body)


# What is swapped


def arguments(body: str, choose: Random) -> str | None:
    """Two neighbouring arguments of a lemma in the wrong order."""
    found = atoms(body)
    texts = []
    for head in found:
        ends = [atom for atom in found if atom[0] > head[0]]
        one = next((atom for atom in ends if atom[0] == head[1] + 1), None)
        two = next((atom for atom in ends if one and atom[0] == one[1] + 1), None)
        name = body[slice(*head)]
        spaced = one and two and body[head[1]] == body[one[1]] == " " and body[slice(*one)] not in _JOINING
        if one and two and spaced and (is_lemma(name) or _HYPOTHESIS.fullmatch(name)):
            texts.append(body[: one[0]] + body[slice(*two)] + " " + body[slice(*one)] + body[two[1] :])
    return pick(choose, texts, body)


def hypotheses(body: str, choose: Random) -> str | None:
    """One hypothesis used in the place of another."""
    found = [token for token in words(body) if _HYPOTHESIS.fullmatch(token.text)]
    names = sorted({token.text for token in found})
    later = [token for token in found[1:] if len(names) > 1 and not binds(body, token.start)]
    return pick(
        choose,
        [with_word(body, token, choose.choice([name for name in names if name != token.text])) for token in later],
        body,
    )


def projections(body: str, choose: Random) -> str | None:
    """`h.2` for `h.1`, `.mpr` for `.mp`."""
    other = {".1": ".2", ".2": ".1", ".mp": ".mpr", ".mpr": ".mp", ".left": ".right", ".right": ".left"}
    found = re.finditer(r"(?<=[\w')])\.(?:[12]|mpr?|left|right)\b", body)
    return pick(choose, (body[: f.start()] + other[f[0]] + body[f.end() :] for f in found), body)


def components(body: str, choose: Random) -> str | None:
    """`⟨b, a⟩` for `⟨a, b⟩`."""
    texts = []
    for found in re.finditer(r"⟨(?P<one>[^⟨⟩,\n]+), (?P<two>[^⟨⟩\n]+)⟩", body):
        texts.append(f"{body[: found.start()]}⟨{found['two']}, {found['one']}⟩{body[found.end() :]}")
    return pick(choose, texts, body)


def direction(body: str, choose: Random) -> str | None:
    """A rule used from the wrong side: `←` too many or too few."""
    less = [body[: f.start()] + body[f.end() :] for f in re.finditer(r"← ?", body)]
    more = [
        body[: f.end()] + "← " + body[f.end() :] for f in re.finditer(r"\brw \[(?!← )(?:[^\[\]\n]*?, )??(?!← )", body)
    ]
    return pick(choose, less + more, body)


def sides(body: str, choose: Random) -> str | None:
    """`Or.inr` for `Or.inl`, `right` for `left`."""
    other = {"inl": "inr", "inr": "inl", "left": "right", "right": "left", "trans": "symm"}
    found = re.finditer(r"(?<![\w_])(?:inl|inr|left|right)(?![\w_])", body)
    return pick(choose, (body[: f.start()] + other[f[0]] + body[f.end() :] for f in found), body)


def symm(body: str, choose: Random) -> str | None:
    """An equation used the wrong way round."""
    less = [body[: f.start()] + body[f.end() :] for f in re.finditer(r"\.symm\b", body)]
    found = [t for t in words(body) if _HYPOTHESIS.fullmatch(t.text) and body[: t.start].endswith(("exact ", "▸ "))]
    return pick(choose, less + [with_word(body, token, f"{token.text}.symm") for token in found], body)
