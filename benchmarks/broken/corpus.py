"""The corpus of broken proofs: mutants that Lean refused when they were made, and proofs broken by hand.

One third of the theorems is held out, by a hash of their names: whoever tunes the repair looks at the others only.
Read by `benchmarks.repair` and by tests; written by `benchmarks.broken.generate` and by hand.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from agents.extraction import extract
from agents.lemmas import Proof
from benchmarks.broken.originals import Original, originals
from prover.model import Budget, Task
from prover.repair.tasks import task_for

HERE = Path(__file__).parent
MUTANTS = HERE / "mutants.jsonl"
BY_HAND = HERE / "byhand"
BUDGET = Budget(seconds=600.0, checks=400)

Split = Literal["tuning", "heldout"]
Source = Literal["mutant", "byhand"]


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken proof of a theorem. One of `body` and `reply` is empty: a mutant is a body for the slot (from `:=` on),
    and what is written by hand is the whole reply of a model. `kinds` say what is wrong with it.
    """

    id: str
    theorem: str
    kinds: tuple[str, ...]
    source: Source
    split: Split
    body: str = ""
    reply: str = ""
    wrong: str = ""  # by hand: what is wrong, in a sentence


def split(theorem: str) -> Split:
    """Whether a theorem is held out: one in three is, by its name alone."""
    return "heldout" if hashlib.sha256(theorem.encode()).digest()[0] % 3 == 0 else "tuning"


def original(theorem: str) -> Original:
    """The theorem with its correct proof; KeyError where there is none of that name."""
    return originals()[theorem]


@cache
def corpus() -> tuple[Broken, ...]:
    """All broken proofs, mutants first."""
    return (*_mutants(), *_by_hand())


def task(broken: Broken, budget: Budget = BUDGET) -> Task:
    """The task to prove the theorem, with the lemmas and definitions that stand before it."""
    return task_of(original(broken.theorem), budget)


def task_of(theorem: Original, budget: Budget = BUDGET) -> Task:
    """The task to prove a theorem of the originals."""
    return replace(_task(theorem.name), budget=budget)


@cache
def _task(theorem: str) -> Task:
    """A long text is read for each task; the same theorem is asked for again and again."""
    found = original(theorem)
    return task_for(found.text, found.slot, found.name, "repair", BUDGET)


def proof_of(broken: Broken) -> Proof | None:
    """What there is to repair: the mutant, or what is extracted from the reply; None where it has no proof in it."""
    return Proof(broken.body) if broken.source == "mutant" else extract(broken.reply, task(broken))


def _mutants() -> Iterator[Broken]:
    for line in MUTANTS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        name = f"{row['theorem']}/{'+'.join(row['kinds'])}/{row['seed']}"
        yield Broken(name, row["theorem"], tuple(row["kinds"]), "mutant", row["split"], body=row["body"])


def _by_hand() -> Iterator[Broken]:
    for file in sorted(BY_HAND.glob("*.toml")):
        entries = tomllib.loads(file.read_text(encoding="utf-8"))
        for name, entry in entries.items():
            theorem = entry["theorem"]
            yield Broken(
                id=f"{theorem}/byhand/{name}",
                theorem=theorem,
                kinds=tuple(entry["kinds"]),
                source="byhand",
                split=split(theorem),
                reply=entry["reply"],
                wrong=entry["wrong"],
            )
