"""Takes a theorem apart without a model: one structural step, and each goal that it leaves as a lemma to be proved.

The steps are few: both halves of a conjunction or an equivalence, both cases of a disjunction, induction on a number.
A lemma that the simplest tactics prove is proved on the spot. What is proposed has been elaborated at the bench, no
lemma of it is false for small numbers, and whether it is progress is for the judge to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agents.base import Bench, GaveUp
from agents.lemmas import Lemma, Proof, objection, reserved, settled, too_deep
from agents.portfolio import body
from prover.model import Attempt, Task

_NUMBERS = 2  # of how many variables induction is tried
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
    def signature(self) -> str:
        """The goal as a theorem states it, after its name."""
        binders = " ".join(f"({names} : {type_})" for names, type_ in self.groups)
        return f"{binders} : {self.conclusion}".strip()


class Splitter:
    """Proposes one reduction, the first step that works out; its answer to a statement is always the same."""

    name = "splitter"
    tries = 1

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        """A proof from new lemmas, or why no step leads to one."""
        if too_deep(task):
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
        proof = self.proof(lemmas)
        if why := await objection(self.bench, proof):
            return GaveUp(f"its lemmas do not work out: {why}")
        proof, why = await settled(self.bench, proof)
        if why:
            return GaveUp(why)
        still_open = [lemma.tag for lemma in proof.lemmas if lemma.open]
        history = (f"{self.step.tactic}, which leaves {' and '.join(still_open) or 'nothing'} open",)
        name, splits = self.task.declaration.name, bool(still_open)
        return Attempt(name, Splitter.name, proof.body, history, proof.helpers, splits)

    async def goal(self, case: str) -> Goal | None:
        """What the step leaves in this case; None where it has no such case, or one that cannot be read back."""
        others = (f"case {other} => sorry\n" for other in self.step.cases if other != case)
        return await goal_after(
            f"{self.intros}\n{self.step.tactic}\n{''.join(others)}case {case} =>\n  skip", self.bench
        )

    def proof(self, goals: Mapping[str, Goal]) -> Proof:
        """The proof from a lemma for each case."""
        names = {case: reserved(self.task, case.split()[0]) for case in goals}
        used = {case: " ".join([names[case], *goal.variables]) for case, goal in goals.items()}
        cases = (f"\ncase {case} => exact {lemma}" for case, lemma in used.items())
        lemmas = tuple(Lemma(names[case], goal.signature) for case, goal in goals.items())
        return Proof(body(f"{self.intros}\n{self.step.tactic}{''.join(cases)}".removeprefix("skip\n")), lemmas)
