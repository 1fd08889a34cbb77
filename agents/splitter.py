"""Takes a theorem apart without a model: one structural step, and each goal that it leaves as a lemma to be proved.

The steps are few: both halves of a conjunction or an equivalence, both cases of a disjunction, induction on a number.
A lemma that the simplest tactics prove is proved on the spot. What is proposed has been elaborated at the bench, no
lemma of it is false for small numbers, and whether it is progress is for the judge to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from agents.base import Bench, GaveUp
from agents.portfolio import body, local_name
from agents.refutation import instances
from prover.model import Attempt, Task

DEEPEST = 2  # a lemma of a lemma is not split again
_HELPER = "helper"
_SIMPLE = "by first | rfl | omega | simp | grind"
_NUMBERS = 2  # of how many variables induction is tried
_INSTANCES = 40  # of small numbers that a lemma is tried on
_NAME = re.compile(r"[^\W\d][\w'₀-₉]*")


@dataclass(frozen=True, slots=True)
class Step:
    """A tactic and the cases that it leaves, each by its tag and the names that it gives: `succ n ih`."""

    tactic: str
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal as Lean prints it, taken apart: the groups of its variables (names, type), and what is to be shown."""

    groups: tuple[tuple[str, str], ...]
    conclusion: str

    @property
    def variables(self) -> dict[str, str]:
        """Each variable's type, in order."""
        return {name: type_ for names, type_ in self.groups for name in names.split()}

    @property
    def hidden(self) -> tuple[str, ...]:
        """Variables whose names Lean has made up, so that no text can use them."""
        return tuple(name for name in self.variables if "✝" in name)

    @property
    def quantified(self) -> str:
        """The goal as one proposition."""
        return f"∀ {self.binders}, {self.conclusion}" if self.groups else self.conclusion

    @property
    def binders(self) -> str:
        return " ".join(f"({names} : {type_})" for names, type_ in self.groups)


class Splitter:
    """Proposes one reduction, the first step that works out; its answer to a statement is always the same."""

    name = "splitter"
    tries = 1

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        """A proof from new lemmas, or why no step leads to one."""
        if task.declaration.name.split(".").count(_HELPER) >= DEEPEST:
            return GaveUp("it is a lemma of a lemma, which is not taken apart any further")
        intros = naming(await goal_after("intros", bench))
        whole = await goal_after(intros, bench)
        if whole is None or whole.hidden:
            return GaveUp("Lean prints no goal for it that could be read back")
        whys = []
        for step in steps(whole):
            found = await _Split(task, bench, intros, whole, step).attempt()
            if isinstance(found, Attempt):
                return found
            whys.append(f"{step.tactic}: {found.why}")
        return GaveUp("; ".join(whys) or "it has no conjunction, equivalence, disjunction or number to begin with")


async def goal_after(tactics: str, bench: Bench) -> Goal | None:
    """The first goal that Lean prints after these lines of tactics; None where it prints none that can be read."""
    printed = await bench.goals(body(tactics))
    return read(printed[0]) if printed else None


def naming(goal: Goal | None) -> str:
    """The tactics that introduce what can be introduced, by names that can be written; `goal` is what they leave."""
    names: list[str] = []
    for name in goal.hidden if goal else ():
        new = name.partition("✝")[0]
        while new in names or (goal and new in goal.variables):
            new += "'"
        names.append(new)
    return f"intros\nrename_i {' '.join(names)}" if names else "skip"


def steps(goal: Goal) -> Iterator[Step]:
    """What may be a first step, by the looks of the goal."""
    for symbol, cases in {"∧": ("left", "right"), "↔": ("mp", "mpr")}.items():
        if f" {symbol} " in goal.conclusion:
            yield Step("constructor", cases)
    for name, type_ in goal.variables.items():
        if " ∨ " in type_:
            yield Step(f"cases {name}", (f"inl {name}", f"inr {name}"))
    mentioned = set(_NAME.findall(goal.conclusion))
    numbers = [name for name, type_ in goal.variables.items() if type_ == "Nat" and name in mentioned]
    hypothesis = "ih" if "ih" not in goal.variables else "ih_"
    for name in numbers[::-1][:_NUMBERS]:
        yield Step(f"induction {name}", ("zero", f"succ {name} {hypothesis}"))


def read(printed: str) -> Goal | None:
    """The goal that Lean has printed; None where a variable has a value, or where it is no such text."""
    context, turnstile, conclusion = re.sub(r"\n\s+", " ", printed).partition("⊢ ")
    lines = [line for line in context.splitlines() if line and not line.startswith("case ")]
    groups = [line.partition(" : ") for line in lines]
    if not turnstile or any(not colon or ":=" in type_ for _, colon, type_ in groups):
        return None
    return Goal(tuple((names, type_) for names, _, type_ in groups), conclusion.strip())


@dataclass(frozen=True, slots=True)
class _Split:
    """One step at one task, worked out at the bench."""

    task: Task
    bench: Bench
    intros: str
    whole: Goal
    step: Step

    async def attempt(self) -> Attempt | GaveUp:
        goals = {case: await self.goal(case) for case in self.step.cases}
        lemmas = {case: goal for case, goal in goals.items() if goal is not None and not goal.hidden}
        if len(lemmas) < len(goals):
            return GaveUp("it does not apply, or Lean prints what it leaves so that it cannot be read back")
        if self.whole in lemmas.values():
            return GaveUp("it leaves the statement as it was")
        proofs = dict.fromkeys(lemmas, "by sorry")
        if why := await self.objection(lemmas, proofs):
            return GaveUp(f"its lemmas do not work out: {why}")
        for case in lemmas:
            if not await self.objection(lemmas, proofs | {case: _SIMPLE}):
                proofs[case] = _SIMPLE
            elif await self.refuted(case, lemmas, proofs):
                return GaveUp(f"its lemma {_tag(case)} looks false: Lean refutes it for small numbers")
        still_open = [_tag(case) for case, proof in proofs.items() if proof != _SIMPLE]
        history = (f"{self.step.tactic}, which leaves {' and '.join(still_open) or 'nothing'} open",)
        proof, helpers = self.proof(lemmas), self.stated(lemmas, proofs)
        return Attempt(self.task.declaration.name, Splitter.name, proof, history, helpers, splits=bool(still_open))

    async def goal(self, case: str) -> Goal | None:
        """What the step leaves in this case; None where it has no such case, or one that cannot be read back."""
        others = (f"case {other} => sorry\n" for other in self.step.cases if other != case)
        return await goal_after(
            f"{self.intros}\n{self.step.tactic}\n{''.join(others)}case {case} =>\n  skip", self.bench
        )

    async def objection(self, lemmas: Mapping[str, Goal], proofs: Mapping[str, str], beside: str = "") -> str:
        """What Lean has against the proof from these lemmas, or against the command beside them; or else nothing."""
        helpers = f"{self.stated(lemmas, proofs)}\n\n{beside}".strip()
        (trial,) = await self.bench.try_bodies([self.proof(lemmas)], helpers=helpers)
        return "" if trial.closes else " ".join(trial.messages[:1]) or "Lean does not accept the proof from them"

    async def refuted(self, case: str, lemmas: Mapping[str, Goal], proofs: Mapping[str, str]) -> bool:
        """Is a lemma false for small numbers, as far as Lean can decide that?"""
        goal = lemmas[case]
        ways = [f" | exact {found.body.removeprefix(':= ')}" for found in islice(instances(goal.variables), _INSTANCES)]
        example = f"example : ¬ ({goal.quantified}) := by first{''.join(ways)}"
        return bool(ways) and not await self.objection(lemmas, proofs, example)

    def stated(self, lemmas: Mapping[str, Goal], proofs: Mapping[str, str]) -> str:
        """The lemmas as commands."""
        signatures = ((case, f"{goal.binders} : {goal.conclusion}".strip()) for case, goal in lemmas.items())
        return "\n\n".join(f"theorem {self.lemma(case)} {said} := {proofs[case]}" for case, said in signatures)

    def proof(self, lemmas: Mapping[str, Goal]) -> str:
        """The proof from the lemmas."""
        used = {case: " ".join([self.lemma(case), *goal.variables]) for case, goal in lemmas.items()}
        cases = (f"\ncase {case} => exact {lemma}" for case, lemma in used.items())
        return body(f"{self.intros}\n{self.step.tactic}{''.join(cases)}".removeprefix("skip\n"))

    def lemma(self, case: str) -> str:
        return f"{local_name(self.task)}.{_HELPER}.{_tag(case)}"


def _tag(case: str) -> str:
    return case.split()[0]
