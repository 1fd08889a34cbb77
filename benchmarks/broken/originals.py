"""The correct proofs that the broken ones are made from: those in `originals/`, and those of the worked example.

A theorem counts when its proof has at least three lines, so that there is something to break and something to keep.
The worked example is read as one text, its chapters in the order of their imports and its solutions filled in. Called
by `benchmarks.broken.corpus` and `benchmarks.broken.generate`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prover.lean.source import find_slot, position
from prover.model import Slot

HERE = Path(__file__).parent / "originals"
ROOT = Path(__file__).parent.parent.parent
CHAPTERS = ("Sum", "Figurate", "Power", "Factorial", "Binomial", "Fibonacci", "Parity", "Prime", "Fermat")
SOLUTIONS = ROOT / "tests" / "data" / "solutions" / "worked_example.toml"
_LINES = 3
_THEOREM = re.compile(r"^(?:/--(?:(?!-/).)*-/\n)?theorem (?P<name>\S+)", re.MULTILINE | re.DOTALL)
_NAMESPACE = re.compile(r"^namespace (?P<name>\S+)$", re.MULTILINE)
_HEADER = re.compile(r"\A.*?^@\[expose\] public section\n+", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Original:
    """A theorem with a correct proof: its full name, and its slot in the whole Lean text that it stands in."""

    name: str
    slot: Slot

    @property
    def text(self) -> str:
        """The whole file."""
        return self.slot.source

    @property
    def proof(self) -> str:
        """The correct body, from `:=` (or the first arm) on."""
        return self.text[slice(*self.slot.body)].rstrip()

    def file(self, body: str) -> str:
        """The whole file with another body for this theorem."""
        start, end = self.slot.body
        return self.text[:start] + body + self.text[end:]


@cache
def originals() -> Mapping[str, Original]:
    """All of them by name, in the order of the files and of the theorems in them."""
    texts = [*(file.read_text(encoding="utf-8") for file in sorted(HERE.glob("*.lean"))), worked_example()]
    found = [original for text in texts for original in _in(text)]
    return {original.name: original for original in found if original.proof.count("\n") + 1 >= _LINES}


def worked_example() -> str:
    """The chapters of `lean_project/` as one text without imports, with a proof for every theorem."""
    solutions = tomllib.loads(SOLUTIONS.read_text(encoding="utf-8"))
    folder = ROOT / "lean_project" / "Numbers"
    chapters = ((folder / f"{name}.lean").read_text(encoding="utf-8") for name in CHAPTERS)
    text = "\n".join(_HEADER.sub("", chapter) for chapter in chapters)
    for name, proof in solutions.items():
        text = _filled(text, name, proof.strip())
    return text


def _filled(text: str, name: str, proof: str) -> str:
    """The text with that proof in the slot of an open theorem."""
    place = re.search(rf"^theorem {re.escape(name.rpartition('.')[2])} ", text, re.MULTILINE)
    if place is None:
        raise ValueError(f"the worked example has no theorem {name}")
    start, end = find_slot(text, position(text, place.start()), name).body
    return text[:start] + proof + text[end:]


def _in(text: str) -> Iterator[Original]:
    """The theorems of a text of which all names stand in one namespace."""
    namespace = _NAMESPACE.search(text)
    prefix = f"{namespace['name']}." if namespace else ""
    for found in _THEOREM.finditer(text):
        name = prefix + found["name"]
        yield Original(name, find_slot(text, position(text, found.start()), name))
