"""The proof that a model's reply contains: of its Lean blocks, the last that fits the slot.

A block may be the whole theorem, with a header and lemmas in front of it, or only what stands in the slot. The
statement is never taken from it. Lemmas of its own get names in the declaration's reserved namespace; attributes,
imports, and what the module has already are left out. What comes of it is tried at the bench: this only reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from textwrap import dedent

from agents.leantext import Command, commands, masked, mentions, renamed
from agents.lemmas import Lemma, Proof, has_hole, reserved
from agents.portfolio import body, local_name
from prover.model import Task

_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_THOUGHT = re.compile(r".*</think(?:ing)?>", re.DOTALL)
_FENCE = re.compile(r"^[ \t>]*(?P<ticks>`{3,}|~{3,})[ \t]*(?P<label>[\w+-]*)(?P<rest>[^\n]*)(?:\n|\Z)", re.MULTILINE)
_LEAN = {"lean", "lean4", "tactic", "tactics"}
_PROVING = ("theorem", "lemma", "example", "def", "abbrev", "instance")
_KEPT = {"theorem": "theorem", "lemma": "theorem", "def": "def", "abbrev": "abbrev"}
_TERM = ("fun", "λ", "⟨", "@", ".")
_STARTS = re.compile(r":=|by\b")


def extract(reply: str, task: Task) -> Proof | None:
    """The proof in a reply, or None where there is none.

    What follows the model's thoughts counts first, a block without holes before one with, a later before an earlier.
    """
    answer = _THINKING.sub("", _THOUGHT.sub("", reply))
    found = [proof for text in (reply, answer) for proof in _proofs(text, task)]
    complete = [proof for proof in found if not has_hole(proof.body)]
    return next(reversed(complete or found), None)


def _proofs(reply: str, task: Task) -> Iterator[Proof]:
    """In the order in which they stand."""
    for label, code in blocks(reply):
        if (label in _LEAN or _says_what_it_is(code)) and (proof := read(code, task)):
            yield proof


def _says_what_it_is(code: str) -> bool:
    """Can it be told to be Lean, and not a goal or a shell's output?"""
    return bool(_STARTS.match(masked(code).strip()) or any(c.keyword in _PROVING for c in commands(dedent(code))))


def blocks(reply: str) -> Iterator[tuple[str, str]]:
    """The fenced blocks as (label, text); the last may break off. A reply without any is one block without a label."""
    at, fenced = 0, False
    while opening := _FENCE.search(reply, at):
        fenced = True
        closing = re.compile(rf"^[ \t>]*{opening['ticks']}[ \t]*$", re.MULTILINE).search(reply, opening.end())
        end = closing.start() if closing else len(reply)
        first = opening["rest"].strip()
        yield opening["label"].lower(), (f"{first}\n" if first else "") + reply[opening.end() : end]
        at = closing.end() if closing else len(reply)
    if not fenced:
        yield "", reply


def read(code: str, task: Task) -> Proof | None:
    """The proof that a piece of Lean is: the theorem, or what stands in its slot; None where it is for another."""
    code = dedent(code).strip("\n")
    found = list(commands(code))
    if any(command.keyword in _PROVING for command in found):
        places = [place for place, command in enumerate(found) if _is_for(command, task)]
        return _whole(found, places[-1], task) if places else None
    return _bare(code)


def _is_for(command: Command, task: Task) -> bool:
    """Is it the task's theorem with a proof, by its name, or else by its statement?"""
    if not command.body or command.keyword not in _PROVING:
        return False
    full = task.declaration.name
    if command.name and (full == command.name or full.endswith(f".{command.name}")):
        return True
    return _squeezed(command.signature) == _squeezed(task.slot.statement)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _bare(code: str) -> Proof | None:
    """What stands in the slot: from `:=` on, from `by` on, a term, or tactics."""
    code = code.strip() if _STARTS.match(code.strip()) else code.rstrip()
    spoken = masked(code).split()
    if not spoken:
        return None
    if spoken[0].startswith(":="):
        return Proof(code)
    if spoken[0] == "by" or spoken[0].startswith(_TERM):
        return Proof(f":= {code.strip()}")
    return Proof(body(code))


def _whole(found: Sequence[Command], place: int, task: Task) -> Proof:
    """The theorem at that place, with those lemmas before it that it needs."""
    known = {command.name for command in commands(task.outline) if command.name}
    known |= {*task.lemmas, *task.definitions, local_name(task), task.declaration.name}
    own = [c for c in found[:place] if c.keyword in _KEPT and c.body and c.name and c.name not in known]
    names = {command.name: _reserved(command.name, task) for command in own}
    proof = Proof(_with_names(found[place].body, names))
    lemmas = tuple(
        Lemma(names[c.name], _with_names(c.signature, names), _with_names(c.body, names), _KEPT[c.keyword]) for c in own
    )
    return replace(proof, lemmas=_needed(proof.body, lemmas))


def _reserved(name: str, task: Task) -> str:
    """A lemma's name in the reserved namespace; it may be there already, with or without the namespace around."""
    _, inside, tag = name.rpartition(reserved(task, ""))
    return reserved(task, tag if inside and tag else name.rpartition(".")[2])


def _with_names(text: str, names: dict[str, str]) -> str:
    for old in sorted(names, key=len, reverse=True):
        text = renamed(text, old, names[old])
    return text


def _needed(text: str, lemmas: Sequence[Lemma]) -> tuple[Lemma, ...]:
    """Those lemmas that the text uses, or that others use which it does; each can use only those before it."""
    needed: list[Lemma] = []
    for lemma in reversed(lemmas):
        if any(mentions(user, lemma.name) for user in (text, *map(str, needed))):
            needed.append(lemma)
    return tuple(reversed(needed))
