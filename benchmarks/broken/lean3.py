"""Faults of who learnt Lean 3: commas, `begin … end`, `rw` without brackets, `λ x,`, names in lower case.

Each is a `Fault` that `benchmarks.broken.mutations` draws from.
"""

from __future__ import annotations

import re
from random import Random

from benchmarks.broken.words import indent, lines, pick

_OPENS = ("with", "=>", "by", ":=", "do", "then", "else")


def lower_case(body: str, choose: Random) -> str | None:
    """`nat.add_comm` for `Nat.add_comm`; everywhere, or in one place."""
    found = list(re.finditer(r"\b(?:Nat|Int|List|Or|And|Eq|Option)\.(?=[a-z])", body))
    one = [body[: f.start()] + f[0].lower() + body[f.end() :] for f in found]
    every = re.sub(r"\b(?:Nat|Int|List|Or|And|Eq|Option)\.(?=[a-z])", lambda f: f[0].lower(), body)
    return pick(choose, [*one, every], body)


def commas(body: str, choose: Random) -> str | None:
    """A comma after every tactic that stands on a line of its own; or after some."""
    rows = lines(body)
    some = choose.random() < 0.5

    def with_comma(at: int) -> str:
        row, last = rows[at], at == len(rows) - 1
        ends = row.endswith((*_OPENS, ",")) or last or not at or (some and choose.random() < 0.5)
        continued = not last and indent(rows[at + 1]) > indent(row)
        return row if ends or continued else row + ","

    return pick(choose, ["\n".join(with_comma(at) for at in range(len(rows)))], body)


def begin_end(body: str, choose: Random) -> str | None:
    """`begin … end` for the outermost `by`."""
    if not body.startswith(":= by\n"):
        return None
    inner = body.removeprefix(":= by\n")
    with_commas = commas(body, choose) if choose.random() < 0.5 else None
    return f":=\nbegin\n{(with_commas or body).removeprefix(':= by').strip(chr(10)) if with_commas else inner}\nend"


def rewrite_without_brackets(body: str, choose: Random) -> str | None:
    """`rw add_comm` for `rw [add_comm]`, where there is one rule; or with the rules one after the other."""
    one = [body[: f.start()] + f"rw {f[1]}" + body[f.end() :] for f in re.finditer(r"\brw \[([^\[\],\n]+)\]", body)]
    several = [
        body[: f.start()] + f"rw {f[1].replace(', ', ' ')}" + body[f.end() :]
        for f in re.finditer(r"\brw \[([^\[\]\n]+, [^\[\]\n]+)\]", body)
    ]
    return pick(choose, [*one, *several], body)


def cases_with(body: str, choose: Random) -> str | None:
    """`cases h with x hx` for `obtain ⟨x, hx⟩ := h`."""
    texts = []
    for found in re.finditer(r"\bobtain ⟨(?P<names>[\w', ₀-₉]+)⟩ := (?P<what>[^\n]+)", body):
        names = found["names"].replace(", ", " ")
        texts.append(f"{body[: found.start()]}cases {found['what']} with {names}{body[found.end() :]}")
    for found in re.finditer(r"\brcases (?P<what>[^\n]+) with (?P<one>\w+) \| (?P<two>\w+)", body):
        texts.append(
            f"{body[: found.start()]}cases {found['what']} with {found['one']} {found['two']}{body[found.end() :]}"
        )
    return pick(choose, texts, body)


def lambda_(body: str, choose: Random) -> str | None:
    """`λ x, e` for `fun x => e`."""
    found = re.finditer(r"\bfun (?P<names>[^\n=|]+?) =>", body)
    return pick(choose, (f"{body[: f.start()]}λ {f['names']},{body[f.end() :]}" for f in found), body)


def assume(body: str, choose: Random) -> str | None:
    """`assume h,` for `intro h`, `refl` for `rfl`."""
    found = re.finditer(r"\b(?:intro (?P<names>[^\n;]+)|rfl\b|constructor\b)", body)
    other = {"rfl": "refl", "constructor": "split"}
    texts = (body[: f.start()] + other.get(f[0], f"assume {f['names']},") + body[f.end() :] for f in found)
    return pick(choose, texts, body)


def have_comma(body: str, choose: Random) -> str | None:
    """`have h : T, by tac` or `have h : T, from e,` for `have h : T := …`."""
    texts = []
    for found in re.finditer(r"\bhave (?P<what>[^\n:=]* : [^\n]+?) := (?P<proof>[^\n]+)", body):
        proof = found["proof"]
        said = f"{proof}," if proof.startswith("by ") else f"from {proof},"
        texts.append(f"{body[: found.start()]}have {found['what']}, {said}{body[found.end() :]}")
    return pick(choose, texts, body)


def induction_with(body: str, choose: Random) -> str | None:
    """`induction n with n ih,` for the arms of `induction n with`, whose names are lost."""
    found = re.search(r"\b(?P<word>induction|cases) (?P<what>\w+) with\n", body)
    if found is None:
        return None
    names = re.search(r"\| (?:succ|cons|inr) (?P<names>[\w' ₀-₉]+) =>", body)
    rest = re.sub(r"^( *)\| [^\n=]* =>", r"\1·", body[found.end() :], flags=re.MULTILINE)
    said = f"{found['word']} {found['what']} with {names['names'] if names else 'x hx'},\n"
    return body[: found.start()] + said + rest
