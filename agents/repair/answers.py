"""What becomes of a model's answer that Lean refuses, before another one is asked for: it is repaired without a model.

The sampler, the refiner and its tools use this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.base import Bench, GaveUp, Trial
from agents.feedback import feedback
from agents.lemmas import Proof, has_hole
from agents.repair.diagnosis import diagnose
from agents.repair.flow import Repaired, repair
from prover.errors import BudgetSpent
from prover.model import Attempt, Task

_TELLING = 0.3  # of a proof must be left for its rest to be worth telling
_BEST = 3  # of several answers, so many are repaired: those in which least is wrong
_MESSAGES = 8  # of Lean's, that are kept of a draft


@dataclass(frozen=True, slots=True)
class Mended:
    """A proof that a repair has completed, and how; and the draft as the model wrote it, with Lean's messages."""

    proof: Proof
    how: str
    drafted: str
    feedback: tuple[str, ...]


def handed_in(task: Task, agent: str, found: Proof | Mended, history: Sequence[str]) -> Attempt:
    """The attempt that a proof is, with the draft that it comes from, if a repair has made it."""
    name = task.declaration.name
    if isinstance(found, Proof):
        return Attempt(name, agent, found.body, tuple(history), found.helpers)
    attempt = Attempt(name, agent, found.proof.body, tuple(history), found.proof.helpers)
    return replace(attempt, drafted=found.drafted, feedback=found.feedback)


async def refused(
    task: Task, bench: Bench, proof: Proof, trial: Trial, *, repairs: bool, tells: bool = True
) -> Mended | str:
    """A proof that Lean has refused: as a repair closes it, or else what is to be said of it to the model, which is
    nothing unless it `tells`.
    """
    said = await feedback(bench, proof, trial) if tells else ""
    repaired = await _mended(task, bench, proof) if repairs else None
    if repaired is None:
        return said
    if repaired.closes:
        return _as_mended(proof, trial, repaired)
    return "\n\n".join(filter(None, (said, left_open(repaired) if tells else "")))


def _as_mended(proof: Proof, trial: Trial, repaired: Repaired) -> Mended:
    return Mended(repaired.proof, in_words(repaired), proof.body, trial.messages[:_MESSAGES])


async def _mended(task: Task, bench: Bench, proof: Proof) -> Repaired | None:
    """What the repair makes of a proof; None when there are no checks left for it."""
    try:
        return await repair(task, bench, proof)
    except BudgetSpent:
        return None


async def first_mended(task: Task, bench: Bench, trials: Sequence[tuple[Proof, Trial]]) -> Mended | None:
    """The first of several refused proofs that a repair closes, those with the fewest errors first; None if none."""
    for proof, trial in sorted(trials, key=_wrong)[:_BEST]:
        repaired = await _mended(task, bench, proof)
        if repaired and repaired.closes:
            return _as_mended(proof, trial, repaired)
    return None


def gave_up(why: str, trials: Sequence[tuple[Proof, Trial]]) -> GaveUp:
    """With the one of several refused proofs in which least is wrong."""
    if not trials:
        return GaveUp(why)
    proof, trial = min(trials, key=_wrong)
    return GaveUp(why, proof.body, proof.helpers, trial.messages[:_MESSAGES])


def _wrong(tried: tuple[Proof, Trial]) -> tuple[int, int]:
    proof, trial = tried
    errors = len(trial.remarks) if trial.in_helpers else diagnose(trial).errors
    return errors + has_hole(proof.body), len(proof.body)


def in_words(repaired: Repaired) -> str:
    """What a repair has done, in one line."""
    return f"repaired: {'; '.join(repaired.steps)}"


def left_open(repaired: Repaired) -> str:
    """What a model may go on from: the proof with holes for what could not be repaired; empty where nothing else is
    left of it.
    """
    before, after = repaired.errors
    if not before or after or repaired.kept < _TELLING:
        return ""
    count = "one hole" if repaired.holes[1] == 1 else f"{repaired.holes[1]} holes"
    lemmas = f"{repaired.proof.helpers}\n\n" if repaired.proof.helpers else ""
    return f"Lean accepts this much of it, with {count}:\n\n```lean\n{lemmas}{repaired.proof.body}\n```"
