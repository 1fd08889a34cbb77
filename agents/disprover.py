"""Disproofs without a model: a counterexample, or else a proof of the negation by tactics.

Small values come first, then ranges of numbers that Lean decides at once, then those values for which something remains
to be proved, then the automation's portfolio on the negation itself. What the bench says is a hint: whether the
statement is false is for the judge to say. Called by `prover disprove` and by the benchmarks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agents.base import Bench, GaveUp, Trial
from agents.bounded import Box, boxes
from agents.portfolio import SEARCH, body, local_name, waves
from agents.refutation import DECIDE, KERNEL, MANY, Instance, context, instances
from prover.model import Attempt, Task

_WAVE = 60  # bodies in one document
_PATIENCE = 24  # instances for which Lean is to prove something, which may take seconds each
_SKIP = ":= by skip"
_INTROS = ":= by intros"
_HALVES = ":= by\n  intros\n  refine And.intro ?_ ?_\n  all_goals intros"  # sees through definitions
_HOLE = re.compile(r"\bsorry\b")  # as Lean prints what it could not read
_SETTLED = re.compile(r"[Tt]actic `decide` proved that the proposition.*is false", re.DOTALL)


class Disprover:
    """Looks for a proof of the negation; the bench counts the checks, and whoever asked the seconds."""

    name = "disprover"
    tries = 1

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        """A body for the negation and where the statement is false, or what has been tried in vain.

        Raises BudgetSpent when the bench does.
        """
        if why := await _objection(task, bench):
            return GaveUp(why)
        goal = next(iter(await bench.goals(_INTROS)), "")
        search = _Search(task, bench, goal)
        found = await search.decided() or await search.ranges() or await search.proved() or await search.tactics()
        if found is None:
            return GaveUp(search.in_vain)
        where = f"false {found.where}" if found.where else "its negation is proved"
        return Attempt(task.declaration.name, self.name, found.body, (*search.history, where), refutes=True)


@dataclass
class _Search:
    """One search, stage by stage; `goal` is the statement's with all that it binds before the turnstile."""

    task: Task
    bench: Bench
    goal: str
    history: list[str] = field(default_factory=list)
    left: list[int] = field(default_factory=list)  # places of the instances that Lean could not decide
    values: int = 0  # instances
    tried: int = 0  # tactics on the negation itself

    async def decided(self) -> Instance | None:
        """Small values for which Lean decides all that is to be proved."""
        found = self._instances(KERNEL)
        trials = await self.trials([instance.body for instance in found])
        self.values = len(found)
        self.left = [place for place, trial in enumerate(trials) if not _settled(trial)]
        self.history.append(f"{len(found)} instances, {len(self.left)} of them not decided")
        return await self._best([place for place, trial in enumerate(trials) if trial.closes])

    async def ranges(self) -> Instance | None:
        """The first box with a counterexample in it, cut down to the counterexample."""
        if found := await self._boxed(list(boxes(self.goal))):
            return found
        halves = await self.bench.goals(_HALVES)
        return await self._boxed(list(boxes(halves[1], len(context(self.goal))))) if len(halves) == 2 else None

    async def _boxed(self, several: Sequence[Box]) -> Instance | None:
        for box in several:
            self.history.append(f"all {box.where.removeprefix('for ')}")
            (trial,) = await self.trials([box.body])
            if trial.closes:
                return await self._point(box)
            if trial.timed_out or _undecidable(trial):
                break
        return None

    async def proved(self) -> Instance | None:
        """The instances that Lean could not decide, with tactics that can do more."""
        for proof in (_simple(self.task), _strong(self.task)):
            found = self._instances(proof)
            places = [place for place in self.left if place < len(found)][:_PATIENCE]
            trials = await self.trials([found[place].body for place in places])
            self.history.append(f"{len(places)} instances, what is left of them by {proof.rpartition('| ')[2]}")
            if closing := [place for place, trial in zip(places, trials, strict=True) if trial.closes]:
                return await self._best(closing, proof)
        return None

    async def tactics(self) -> Instance | None:
        """The portfolio on the negation, wave by wave."""
        negated = f"⊢ {self.task.slot.negation.partition(': ')[2]}"
        refuting = tuple(map(body, _refuting(self.task)))
        for bodies in (*(wave.bodies for wave in waves(self.task, negated)), refuting):
            fit = [each for each in bodies if SEARCH not in each]
            for start in range(0, len(fit), _WAVE):
                wave = fit[start : start + _WAVE]
                self.tried += len(wave)
                if closing := [trial.body for trial in await self.trials(wave) if trial.closes]:
                    return Instance(min(closing, key=len), "")
        return None

    async def trials(self, bodies: Sequence[str]) -> list[Trial]:
        """What Lean says of them as proofs of the negation."""
        return await self.bench.try_bodies(bodies, statement=self.task.slot.negation) if bodies else []

    def _instances(self, proof: str) -> list[Instance]:
        return list(instances(context(self.goal), proof=proof, hidden=0, widths=MANY))

    async def _best(self, places: Sequence[int], proof: str = KERNEL) -> Instance | None:
        """The first of the instances at these places, with the shortest proof that does."""
        if not places:
            return None
        ways = [self._instances(way)[places[0]] for way in (DECIDE, "simp", "omega", "grind", KERNEL, proof)]
        return await self._shortest(ways, ways[-1])

    async def _point(self, box: Box) -> Instance:
        """The counterexample in a box, as far as it can be cut down."""
        while pieces := box.pieces():
            trials = await self.trials([piece.body for piece in pieces])
            box = next((piece for piece, trial in zip(pieces, trials, strict=True) if trial.closes), box)
            if box not in pieces:
                break  # it took too long; what is known is that it is in there
        return await self._shortest([box.instance(DECIDE), box.instance(KERNEL)], Instance(box.body, box.where))

    async def _shortest(self, ways: Sequence[Instance], known: Instance) -> Instance:
        trials = await self.trials([way.body for way in ways])
        closing = [way for way, trial in zip(ways, trials, strict=True) if trial.closes]
        return min(closing, key=lambda way: len(way.body), default=known)

    @property
    def in_vain(self) -> str:
        """What has been tried, in one line."""
        return f"no counterexample among {self.values} instances; the negation resists {self.tried} tactics"


async def _objection(task: Task, bench: Bench) -> str:
    """Why the negation, as it can be written, is not that of the statement; empty where it is."""
    (goals,) = await bench.goals_at(_SKIP, [len(_SKIP)], statement=task.slot.negation)
    if not goals or _HOLE.search(goals[0]):
        return "Lean does not read its negation: it, or what stands before it, has an error"
    if around := context(goals[0]):
        return f"its statement speaks of {', '.join(around)}, which it does not bind itself: write the binders out"
    return ""


def _settled(trial: Trial) -> bool:
    """Has Lean decided that there is no counterexample? What no decision was needed for is settled too."""
    return any(_SETTLED.search(message) for message in trial.messages)


def _undecidable(trial: Trial) -> bool:
    """Is there no instance? Then there is none for a larger box either."""
    return any("failed to synthesize" in message for message in trial.messages)


def _simple(task: Task) -> str:
    """A tactic for what remains to be proved of an instance."""
    names = _definitions(task)
    unfolded = f"(unfold {' '.join(names)}; {DECIDE}) | " if names else ""
    witness = "(exact ⟨0, by decide⟩) | (exact ⟨1, by decide⟩) | (intro y; exact ⟨y + 1, by simp⟩)"
    return f"first | {KERNEL} | {unfolded}omega | {witness} | (intros; omega) | (simp{_hints(names)}; done)"


def _strong(task: Task) -> str:
    return f"first | {KERNEL} | grind{_hints(_definitions(task))}"


def _refuting(task: Task) -> Iterator[str]:
    """Tactics that begin with the statement as a hypothesis."""
    hints = _hints(_definitions(task))
    for use in (f"simp{hints} at h", f"simp_all{hints}", f"grind{hints}"):
        yield f"intro h\n{use}"
    for use in ("omega", f"simp_all{hints}", f"grind{hints}"):
        yield f"intro ⟨x, h⟩\n{use}"
    yield f"intro ⟨x, h⟩\nrcases x with _ | _ | x <;> grind{hints}"
    yield "intro ⟨x, h⟩\ninduction x <;> simp_all <;> omega"
    for value in ("0", "1", "2"):
        yield f"intro h\nhave := h {value}\nsimp{hints} at this"
        yield f"intro h\nhave := h {value}\ngrind{hints}"
    yield f"intro h\nhave a := h 0\nhave b := h 1\nhave c := h 2\ngrind{hints}"


def _hints(names: Sequence[str]) -> str:
    return f" [{', '.join(names)}]" if names else ""


def _definitions(task: Task) -> list[str]:
    """As they are written where the declaration stands."""
    namespace = task.declaration.name.removesuffix(local_name(task))
    return [name.removeprefix(namespace) for name in task.definitions]
