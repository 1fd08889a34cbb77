"""Whole proofs from one prompt: many samples of a model, all tried at the bench, the shortest that closes proposed.

Provers that were trained for this get the format that their makers have published, other models a prompt of ours.
When none closes, those in which least is wrong are repaired without asking again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from agents.asking import Asking, told
from agents.base import Bench, GaveUp, Trial
from agents.earlier import summary
from agents.extraction import extract
from agents.feedback import first_line, tried, wants_time
from agents.lemmas import Proof
from agents.models.base import Exchange
from agents.models.caller import Caller
from agents.prompts import Prompt, for_samples
from agents.repair.answers import first_mended, gave_up, handed_in
from prover.errors import BudgetSpent
from prover.model import Attempt, Task

_WHYS = 3  # reasons that are told when nothing closes


class Sampler:
    """Several attempts make sense: each draws new samples, and is told what became of those before."""

    tries = 8

    def __init__(self, caller: Caller, settings: Asking, name: str = "sampler") -> None:
        self.name = name
        self._caller, self._settings = caller, settings

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        """The shortest sample that closes the statement, or why none does."""
        texts, proofs = await whole_proofs(self._caller, task, bench, self._settings, self._settings.samples)
        trials = await _tried(bench, proofs)
        closing = [proof for proof, trial in zip(proofs, trials, strict=False) if trial.closes]
        counted = f"{texts} samples, {len(proofs)} different proofs, {len(closing)} close the statement"
        if closing:
            best = min(closing, key=lambda proof: (len(proof.body) + len(proof.helpers), proof.body))
            return handed_in(task, self.name, best, [counted])
        refused = list(zip(proofs, trials, strict=True))
        if self._settings.repair and (mended := await first_mended(task, bench, refused)):
            return handed_in(task, self.name, mended, [counted, mended.how])
        return gave_up(f"{counted}{_whys(trials)}", refused)


async def whole_proofs(
    caller: Caller, task: Task, bench: Bench, settings: Asking, samples: int
) -> tuple[int, list[Proof]]:
    """How many replies there were to so many samples, which are the calls from 0 on, and the different proofs in them.

    Raises what the caller raises.
    """
    prompt = for_samples(caller.name)
    values = await told(task, bench, premises="earlier" in prompt.sections)
    messages = prompt.opening(**values, earlier=summary(task.earlier))
    limits = prompt.limits(settings.limits)
    exchanges = await caller.ask(bench, 0, messages, n=samples, limits=limits, prompt=prompt.label)
    texts = _texts(exchanges, prompt)
    return len(texts), list(dict.fromkeys(proof for text in texts if (proof := extract(text, task))))


def _texts(exchanges: Sequence[Exchange], prompt: Prompt) -> list[str]:
    """What each reply says; where the model has gone on with a text, that text comes first."""
    return [
        (exchange.messages[-1].text if prompt.raw else "") + reply.message.text
        for exchange in exchanges
        for reply in exchange.completion.replies
    ]


async def _tried(bench: Bench, proofs: Sequence[Proof]) -> list[Trial]:
    """What Lean says of each, in order: those without lemmas in one document, the others each on its own.

    When the checks are used up, what has closed by then is not lost: the rest count as not tried.
    """
    plain = [proof for proof in proofs if not proof.lemmas]
    trials = dict(zip(plain, await bench.try_bodies([proof.body for proof in plain]), strict=True))
    for proof in sorted(proofs, key=lambda proof: len(proof.body) + len(proof.helpers)):
        if any(trial.closes for trial in trials.values()):
            break
        try:
            if proof.lemmas or wants_time(trials[proof]):
                trials[proof] = await tried(bench, proof)
        except BudgetSpent:
            break
    return [trials.get(proof, Trial(proof.body, False)) for proof in proofs]


def _whys(trials: Sequence[Trial]) -> str:
    """The most frequent first errors."""
    first = Counter(first_line(trial) for trial in trials if trial.messages)
    told = [f"{why} ({count} times)" if count > 1 else why for why, count in first.most_common(_WHYS)]
    return f"; {'; '.join(told)}" if told else ""
