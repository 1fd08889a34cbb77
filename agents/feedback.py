"""A proof tried at the bench, and what a model is told of it: errors by line, and the goals where it got stuck.

The refiner and its tools use this, and the sampler, to say why nothing worked. All that is told is bounded in length.
"""

from __future__ import annotations

from collections.abc import Sequence

from agents.asking import shortened
from agents.base import Bench, Remark, Trial
from agents.lemmas import Proof
from prover.errors import CheckTimeout

_ERRORS = 6
_ERROR, _GOALS, _LINE = 700, 1_500, 200  # characters of one error, of the goals, of what stands in one line
_HOLE = "a lemma of yours has a hole: prove it, since what rests on `sorry` is no proof"


async def tried(bench: Bench, proof: Proof, *, lemmas_may_be_open: bool = False) -> Trial:
    """What Lean says of the proof. One whose lemmas have holes closes nothing, unless they may, and is not tried."""
    if not proof.whole and not lemmas_may_be_open:
        return Trial(proof.body, False, (Remark(_HOLE),), in_helpers=True)
    (trial,) = await bench.try_bodies([proof.body], helpers=proof.helpers)
    if wants_time(trial):
        (again,) = await bench.try_bodies([proof.body], helpers=proof.helpers, patient=True)
        return again
    return trial


def wants_time(trial: Trial) -> bool:
    """Was it stopped because it took long?"""
    return any("heartbeats" in message for message in trial.messages)


def first_line(trial: Trial) -> str:
    """The first thing that Lean has against it, in one line."""
    return shortened(" ".join(trial.messages[0].split()), _LINE) if trial.messages else "Lean did not say why"


def errors(trial: Trial, proof: Proof) -> str:
    """Lean's messages of a trial, each with the line that it is about."""
    text = proof.helpers if trial.in_helpers else proof.body
    told = [_error(text, remark) for remark in trial.remarks[:_ERRORS]]
    more = len(trial.remarks) - len(told)
    where = "In your lemmas:\n" if trial.in_helpers else ""
    return where + "\n".join(told) + (f"\n({more} more)" if more > 0 else "")


def _error(text: str, remark: Remark) -> str:
    lines = text.splitlines()
    quoted = f" `{lines[remark.line - 1].strip()}`" if remark.line <= len(lines) else ""
    return f"- line {remark.line}{quoted}: {shortened(remark.text.strip(), _ERROR)}"


async def feedback(bench: Bench, proof: Proof, trial: Trial) -> str:
    """The errors, and the goals at the first of them."""
    told = errors(trial, proof)
    if trial.in_helpers or trial.timed_out or not trial.remarks or "⊢" in trial.messages[0]:
        return told
    line = trial.remarks[0].line
    before = "\n".join(proof.body.splitlines()[: line - 1]).rstrip()
    if not before:
        return told
    return f"{told}\n\nBefore line {line}:\n{await goals(bench, before, proof.helpers)}"


async def goals(bench: Bench, body: str, helpers: str = "") -> str:
    """The goals at the end of a body, in words."""
    try:
        return shown(await bench.goals(body, helpers))
    except CheckTimeout:
        return "Lean gave no answer within the time limit."


def shown(printed: Sequence[str]) -> str:
    """Goals as Lean prints them, as many as there is room for."""
    if not printed:
        return "There is no goal: either nothing is left, or Lean could not read the tactics so far."
    count = f"{len(printed)} goals:\n" if len(printed) > 1 else ""
    return count + shortened("\n\n".join(printed), _GOALS)
