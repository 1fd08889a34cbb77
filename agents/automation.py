"""Proofs without a model: a portfolio of tactics on the goal, cheap ones first.

`agents.portfolio` writes the candidates down, and for statements about numbers `agents.arithmetic`, `agents.ranges` and
`agents.members` do; this agent tries them at the bench, wave after wave, and proposes the first that closes the goal.
What the bench says is a hint: the judge decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from agents.arithmetic import (
    common_divisors,
    inductions,
    instantiations,
    plain,
    remainders,
    squares,
    stepwise,
    witnesses,
)
from agents.base import Bench, GaveUp, Trial
from agents.members import members
from agents.opening import Opened, opened
from agents.portfolio import SEARCH, Wave, body, local_name, variables, waves
from agents.ranges import bounded, bounds, divided, tightest
from agents.refutation import instances
from prover.model import Attempt, Task

# Lean words the answer of `exact?` as "Try this:", a line break, "[apply] exact …"; older versions without the rest.
_SUGGESTION = re.compile(r"Try this:\s*(?:\[apply\]\s*)?(?P<tactic>exact\b.*)", re.DOTALL)
_CHEAP = 2  # waves that cost less than looking for a counterexample
_ARITHMETIC = {
    "laid open": plain,
    "remainders": remainders,
    "steps": stepwise,
    "inductions": inductions,
    "squares": squares,
    "witnesses": witnesses,
    "members": members,
    "instances": instantiations,
    "common divisors": common_divisors,
    "divisors": divided,
}
# These may take as long as Lean allows by itself, each in a document of its own.
_SLOW = ("decide +kernel", "omega", "grind")
_DOTTED = re.compile(r"[^\W\d][\w'!?]*(?:\.[^\W\d][\w'!?]*)+")


class Automation:
    """Tries the whole portfolio if it must; the bench counts the checks and the coordinator the seconds."""

    name = "automation"
    tries = 1

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        """The first proof found, or a counterexample, or how many candidates have been tried in vain."""
        goals = await bench.goals()
        goal = goals[0] if goals else ""
        search = _Search(task, bench)
        known = [*waves(task, goal)]
        if found := await search.through(known[:_CHEAP]):
            return found
        if why := await _refuted(task, goal, bench):
            return GaveUp(why)
        # What the project has of its own is more likely to help than arithmetic; the library is not.
        stages = (partial(search.through, known[_CHEAP:]), partial(search.arithmetic, goal))
        for stage in stages if task.lemmas or task.definitions else stages[::-1]:
            if found := await stage():
                return found
        return GaveUp(f"none of {len(search.seen)} candidates closes the goal, with {len(task.lemmas)} lemmas to use")


@dataclass
class _Search:
    """One attempt under way: what it has tried, and what came of it."""

    task: Task
    bench: Bench
    history: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    async def through(self, some: Iterable[Wave], *, patient: bool = False) -> Attempt | None:
        """The waves one after the other; the shortest proof of the first that has any."""
        for wave in some:
            bodies = tuple(each for each in wave.bodies if patient or each not in self.seen)
            self.seen.update(bodies)
            closing = await _closing(self.task, self.bench, bodies, patient)
            if bodies:
                self.history.append(f"{wave.what}: {len(bodies)} tried, {len(closing)} close the goal")
            if closing:
                return Attempt(self.task.declaration.name, Automation.name, min(closing, key=len), tuple(self.history))
        return None

    async def arithmetic(self, statement: str) -> Attempt | None:
        """The waves about numbers, on the goal laid open."""
        start = await opened(self.bench, statement)
        if start is None:
            return None
        for what, tactics in _ARITHMETIC.items():
            if found := await self.through([_wave(what, start, tactics(start.goal))]):
                return found
        asked = bounds(start.goal)
        trials = await self.bench.try_bodies([body(start.then(f"{bound.proof}\nsorry")) for bound in asked])
        held = [bound for bound, trial in zip(asked, trials, strict=True) if not any(r.error for r in trial.remarks)]
        cases = [_wave("all the cases", start, [tactic]) for tactic in bounded(start.goal, tightest(held))]
        once_more = [_wave("one tactic, patiently", start, [tactic]) for tactic in _SLOW]
        return await self.through([*cases, *once_more], patient=True)


def _wave(what: str, start: Opened, tactics: Iterable[str]) -> Wave:
    return Wave(what, tuple(dict.fromkeys(body(start.then(tactic)) for tactic in tactics)))


async def _refuted(task: Task, goal: str, bench: Bench) -> str:
    """For which small numbers the statement is false, if Lean can decide that for any; else nothing."""
    tried = list(instances(variables(goal)))
    trials = await bench.try_bodies([instance.body for instance in tried], statement=task.slot.negation)
    found = (instance for instance, trial in zip(tried, trials, strict=True) if trial.closes)
    instance = next(found, None)
    return f"it looks false: Lean refutes it {instance.where}" if instance else ""


async def _closing(task: Task, bench: Bench, bodies: tuple[str, ...], patient: bool) -> list[str]:
    """Those of `bodies` that close the goal; a search is replaced by what it has found, tried once more."""
    closing = [trial for trial in await bench.try_bodies(bodies, patient=patient) if trial.closes]
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
