"""Has the judge look at repaired proofs, many of one Lean text in one build.

Every proof becomes a theorem of its own in front of the theorem that it is for, in one copy of the text with `sorry`
and in one with the proofs, which the judge compares. Only what it says counts as proved. Called by `benchmarks.repair`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from agents.leantext import renamed
from agents.lemmas import OPEN, Proof
from benchmarks.broken.corpus import original
from prover.judge.gate import Gate
from prover.lean.build import Build
from prover.model import Outcome, Verdict

_MODULE = "Repaired"
_TOGETHER = 16  # in one build: each elaborates a proof by automation, and the embedded Lean gives no memory back


@dataclass(frozen=True, slots=True)
class Claim:
    """A proof of a theorem of the corpus that is said to be complete."""

    theorem: str
    proof: Proof


async def judged(claims: Sequence[Claim], gate: Gate) -> list[Verdict]:
    """The verdict on each claim, in order. Raises ProjectError where a text does not compile with `sorry`."""
    verdicts: dict[int, Verdict] = {}
    numbered = sorted(enumerate(claims), key=lambda pair: original(pair[1].theorem).text)
    for _, group in groupby(numbered, key=lambda pair: original(pair[1].theorem).text):
        of_one = list(group)
        for first in range(0, len(of_one), _TOGETHER):
            verdicts |= await _of_one_text(dict(of_one[first : first + _TOGETHER]), gate)
    return [verdicts[number] for number in range(len(claims))]


async def _of_one_text(claims: Mapping[int, Claim], gate: Gate) -> dict[int, Verdict]:
    """In one build; in halves where one claim spoils the build for the others."""
    with tempfile.TemporaryDirectory(prefix="repaired-") as folder:
        root = Path(folder)
        (root / "prover.toml").touch()
        before = await _built(_text(claims, stated=True), root, gate)
        _write(_text(claims), root)
        names = {number: _name(claim.theorem, number) for number, claim in claims.items()}
        judgement = await gate.judge(list(names.values()), before, root, free=True)
    if judgement.shared and len(claims) > 1:
        half = len(claims) // 2
        parts = [dict(list(claims.items())[:half]), dict(list(claims.items())[half:])]
        return {number: verdict for part in parts for number, verdict in (await _of_one_text(part, gate)).items()}
    return {number: judgement.verdicts[name] for number, name in names.items()}


async def _built(text: str, root: Path, gate: Gate) -> Build:
    _write(text, root)
    return await gate.builder.build(root)


def _write(text: str, root: Path) -> None:
    (root / f"{_MODULE}.lean").write_text(text, encoding="utf-8")


def _text(claims: Mapping[int, Claim], *, stated: bool = False) -> str:
    """The whole text with the claims in it, with `sorry` for their proofs where they are only `stated`."""
    some = original(next(iter(claims.values())).theorem)
    pieces = [(original(c.theorem).slot.command, _command(c, number, stated)) for number, c in claims.items()]
    text = some.text
    for place, command in sorted(pieces, reverse=True):
        text = f"{text[:place]}{command}\n\n{text[place:]}"
    return text


def _command(claim: Claim, number: int, stated: bool) -> str:
    """The claim under a name of its own, with its lemmas before it."""
    slot = original(claim.theorem).slot
    local = slot.source[slice(*slot.name)]
    name = _name(local, number)
    space = "" if slot.statement.startswith(".{") else " "
    body = OPEN if stated else renamed(claim.proof.body, local, name)
    helpers = "" if stated else "".join(f"{_renamed(lemma, local, name)}\n\n" for lemma in claim.proof.lemmas)
    own_line = "\n" if body.startswith("|") else " "  # Lean refuses arms that stand further out than the first
    return f"{helpers}theorem {name}{space}{slot.statement}{own_line}{body}"


def _renamed(lemma: object, local: str, name: str) -> str:
    return str(lemma).replace(f"{local}.helper.", f"{name}.helper.")


def _name(name: str, number: int) -> str:
    return f"{name}_repaired_{number}"


def proved(verdicts: Iterable[Verdict]) -> int:
    """How many of them say so."""
    return sum(verdict.outcome is Outcome.PROVED for verdict in verdicts)
