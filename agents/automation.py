"""Proofs without a model: a portfolio of tactics on the goal, cheap ones first.

`agents.portfolio` writes the candidates down; this agent tries them at the bench, wave after wave, and proposes the
first that closes the goal. What the bench says is a hint: the judge decides.
"""

from __future__ import annotations

import re

from agents.base import Bench, GaveUp, Trial
from agents.portfolio import SEARCH, body, local_name, variables, waves
from agents.refutation import instances
from prover.model import Attempt, Task

# Lean words the answer of `exact?` as "Try this:", a line break, "[apply] exact …"; older versions without the rest.
_SUGGESTION = re.compile(r"Try this:\s*(?:\[apply\]\s*)?(?P<tactic>exact\b.*)", re.DOTALL)
_CHEAP = 2  # waves that cost less than looking for a counterexample
_DOTTED = re.compile(r"[^\W\d][\w'!?]*(?:\.[^\W\d][\w'!?]*)+")


class Automation:
    """Tries the whole portfolio if it must; the bench counts the checks and the coordinator the seconds."""

    name = "automation"
    tries = 1

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        """The first proof found, or a counterexample, or how many candidates have been tried in vain."""
        goals = await bench.goals()
        goal = goals[0] if goals else ""
        history: list[str] = []
        tried = 0
        for number, wave in enumerate(waves(task, goal)):
            if number == _CHEAP and (why := await _refuted(task, goal, bench)):
                return GaveUp(why)
            closing = await _closing(task, bench, wave.bodies)
            tried += len(wave.bodies)
            history.append(f"{wave.what}: {len(wave.bodies)} tried, {len(closing)} close the goal")
            if closing:
                return Attempt(task.declaration.name, self.name, min(closing, key=len), tuple(history))
        return GaveUp(f"none of {tried} candidates closes the goal, with {len(task.lemmas)} lemmas to use")


async def _refuted(task: Task, goal: str, bench: Bench) -> str:
    """For which small numbers the statement is false, if Lean can decide that for any; else nothing."""
    tried = list(instances(variables(goal)))
    trials = await bench.try_bodies([instance.body for instance in tried], statement=task.slot.negation)
    found = (instance for instance, trial in zip(tried, trials, strict=True) if trial.closes)
    instance = next(found, None)
    return f"it looks false: Lean refutes it {instance.where}" if instance else ""


async def _closing(task: Task, bench: Bench, bodies: tuple[str, ...]) -> list[str]:
    """Those of `bodies` that close the goal; a search is replaced by what it has found, tried once more."""
    closing = [trial for trial in await bench.try_bodies(bodies) if trial.closes]
    found = [body(suggested) for trial in closing if (suggested := suggestion(trial, task))]
    again = await bench.try_bodies(found) if found else []
    return [trial.body for trial in (*closing, *again) if trial.closes and SEARCH not in trial.body]


def suggestion(trial: Trial, task: Task) -> str | None:
    """The tactic that a search of the library has found, unless it uses something of the project that is not proved."""
    found = (suggested(message, task) for message in trial.messages if _SUGGESTION.match(message))
    return next(found, None)


def suggested(message: str, task: Task) -> str | None:
    """The tactic that one message of Lean suggests, as `suggestion` has it."""
    if match := _SUGGESTION.match(message):
        tactic = match["tactic"].strip()
        return tactic if _uses_only_what_is_given(tactic, task) else None
    return None


def _uses_only_what_is_given(tactic: str, task: Task) -> bool:
    """The search prints full names; those in the declaration's own namespace must be in the task."""
    namespace = task.declaration.name.removesuffix(local_name(task))
    given = {*task.lemmas, *task.definitions}
    own = (word for word in _DOTTED.findall(tactic) if namespace and word.startswith(namespace))
    return given.issuperset(own)
