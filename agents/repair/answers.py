"""What becomes of a model's answer that Lean refuses, before another one is asked for: it is repaired without a model.

The sampler, the refiner and its tools use this.
"""

from __future__ import annotations

from collections.abc import Sequence

from agents.base import Bench, Trial
from agents.feedback import feedback
from agents.lemmas import Proof, has_hole
from agents.repair.diagnosis import diagnose
from agents.repair.flow import Repaired, repair
from prover.errors import BudgetSpent
from prover.model import Task

_TELLING = 0.3  # of a proof must be left for its rest to be worth telling
_BEST = 3  # of several answers, so many are repaired: those in which least is wrong


async def refused(
    task: Task, bench: Bench, proof: Proof, trial: Trial, *, repairs: bool, tells: bool = True
) -> tuple[Proof | None, str]:
    """A proof that Lean has refused: as a repair closes it, with how that was done; or else None, with what is to be
    said of it to the model, which is nothing unless it `tells`.
    """
    said = await feedback(bench, proof, trial) if tells else ""
    repaired = await _mended(task, bench, proof) if repairs else None
    if repaired is None:
        return None, said
    if repaired.closes:
        return repaired.proof, in_words(repaired)
    return None, "\n\n".join(filter(None, (said, left_open(repaired) if tells else "")))


async def _mended(task: Task, bench: Bench, proof: Proof) -> Repaired | None:
    """What the repair makes of a proof; None when there are no checks left for it."""
    try:
        return await repair(task, bench, proof)
    except BudgetSpent:
        return None


async def first_mended(task: Task, bench: Bench, trials: Sequence[tuple[Proof, Trial]]) -> Repaired | None:
    """The first of several refused proofs that a repair closes, those with the fewest errors first; None if none."""
    for proof, _ in sorted(trials, key=_wrong)[:_BEST]:
        repaired = await _mended(task, bench, proof)
        if repaired and repaired.closes:
            return repaired
    return None


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
