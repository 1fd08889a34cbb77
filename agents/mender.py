"""A few whole proofs from a model, repaired; what stays open in the best is asked for goal by goal, as in APOLLO.

Most of the samples go to the goals that a proof leaves open and that no automation closes: these are smaller than the
theorem, and what is right of a proof is paid for once. When they stay open, the theorem itself is the last goal. The
sampler spends all of its samples on whole proofs.
"""

from __future__ import annotations

from collections.abc import Sequence

from agents.asking import Asking
from agents.base import Bench, GaveUp
from agents.lemmas import OPEN, Proof
from agents.models.caller import Caller
from agents.repair.flow import Repaired, repair
from agents.repair.subgoals import Subgoals
from agents.sampler import whole_proofs
from prover.model import Attempt, Task

_SHARE = 8  # one sample of so many is a whole proof


class Mender:
    """Several attempts make sense: each draws new samples, and is told what became of those before."""

    tries = 8

    def __init__(self, caller: Caller, settings: Asking, name: str = "mender") -> None:
        self.name = name
        self._caller, self._settings = caller, settings

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        """The first proof that repair or an answer to its goals completes, or how much of the best is open."""
        samples = self._settings.samples
        first = max(1, samples // _SHARE)
        texts, proofs = await whole_proofs(self._caller, task, bench, self._settings, first)
        asker = Subgoals(self._caller, self._settings, left=samples - first, start=first)
        repaired: list[tuple[Repaired, Proof]] = []
        for proof in (*await _in_order(task, bench, proofs), Proof(OPEN)):
            if not repaired or asker.left:
                repaired.append((await repair(task, bench, proof, asker=asker), proof))
            if repaired[-1][0].closes:
                break
        best, draft = min(repaired, key=lambda pair: _open(pair[0]))
        counted = f"samples: {texts} of the whole proof, {samples - first - asker.left} of goals that these leave open"
        if not best.closes:
            why = f"{counted}; left in the best: errors {best.errors[1]}, holes {best.holes[1]}"
            return GaveUp(why, best.proof.body, best.proof.helpers)
        history, drafted = (counted, *best.steps), draft.body if any((best.errors[0], best.holes[0])) else ""
        return Attempt(task.declaration.name, self.name, best.proof.body, history, best.proof.helpers, drafted=drafted)


def _open(repaired: Repaired) -> tuple[bool, int, int, int]:
    """The less the better: errors, holes, characters."""
    return not repaired.closes, repaired.errors[1], repaired.holes[1], len(repaired.proof.body)


async def _in_order(task: Task, bench: Bench, proofs: Sequence[Proof]) -> list[Proof]:
    """Those first of which a repair without a model leaves least open; only the one that it completes, if any.

    A single proof is not looked at.
    """
    if len(proofs) <= 1:
        return list(proofs)
    tried: list[tuple[Repaired, Proof]] = []
    for proof in proofs:
        repaired = await repair(task, bench, proof)
        if repaired.closes:
            return [repaired.proof]
        tried.append((repaired, proof))
    return [proof for _, proof in sorted(tried, key=lambda pair: _open(pair[0]))]
