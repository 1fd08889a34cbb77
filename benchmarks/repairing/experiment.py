"""Goals asked one by one against whole proofs: which proves more of the hard theorems with 8 samples of one model?

The model is `benchmarks.repairing.fallible`, a model of a model; the agents, Lean and the judge are the real ones. Each
contender gets the same number of samples, the same probability of a fault and the same seeds, so that the first whole
proof is the same for all. Hard are those theorems that automation does not close; a third of all, those with the most
steps. `python -m benchmarks.repair --model-experiment` runs it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from agents.asking import Asking
from agents.base import Agent, Bench
from agents.lemmas import Proof
from agents.mender import Mender
from agents.models.base import Price
from agents.models.caller import Caller
from agents.models.endpoint import Endpoint
from agents.repair.flow import Repaired
from agents.repair.layout import parse
from agents.sampler import Sampler
from benchmarks.broken.corpus import task_of
from benchmarks.broken.originals import Original, originals
from benchmarks.repairing.bench import Lab
from benchmarks.repairing.cases import BUDGET, automated, measured
from benchmarks.repairing.fallible import Fallible, steps
from benchmarks.repairing.verdicts import Claim, judged
from prover.bench.metrics.comparing import mcnemar
from prover.judge.gate import Gate
from prover.model import Attempt, Budget, Outcome, Task

SAMPLES = 8
LIMITS = Budget(seconds=120.0, checks=120)  # of one attempt; in practice it is the samples that run out
PROBABILITIES = (0.1, 0.2, 0.35)
WHOLE, REPAIRED, GOALS = "8 whole proofs", "8 whole proofs, repaired", "1 whole proof, 7 for goals"
CONTENDERS: Mapping[str, Callable[[Caller], Agent]] = {
    WHOLE: lambda caller: Sampler(caller, Asking(samples=SAMPLES, repair=False)),
    REPAIRED: lambda caller: Sampler(caller, Asking(samples=SAMPLES, repair=True)),
    GOALS: lambda caller: Mender(caller, Asking(samples=SAMPLES)),
}
LEGEND = f"""\
p: the probability of a fault in each step of what the model says. The model is a model of a model: it knows the correct
proof, and says it or the part of it that the hole needs, with faults. Counts are theorems (times seeds) that the judge
calls proved, with {SAMPLES} samples each. only goals, only whole: proved by asking for goals and not by {WHOLE} without
a repair, and the other way round; by chance: McNemar's exact test, two-sided, of these two. The middle row repairs
whole proofs without a model: what is between it and the last is what asking for goals is worth by itself."""


@dataclass(frozen=True, slots=True)
class Try:
    """What a contender has made of a theorem. `body` is empty where it has proposed nothing."""

    theorem: str
    steps: int
    p: float
    seed: int
    contender: str
    body: str
    checks: int
    seconds: float
    proved: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """For one probability, how many each contender has proved, and the pairs on which the first and last differ."""

    p: float
    tried: int
    proved: Mapping[str, int]
    only_goals: int
    only_whole: int

    @property
    def by_chance(self) -> float:
        """How probable such a difference or a larger one is where both are equally good."""
        return mcnemar(self.only_goals, self.only_whole)


async def run(lab: Lab, gate: Gate, seeds: int, limit: int | None, workers: int, console: Console) -> dict[str, Any]:
    """Runs all, shows the table, and gives what is written down; `limit` is on the number of theorems."""
    with Progress(console=console) as progress:
        theorems = await hardest(lab, workers, limit, progress)
        tries = await _tries(theorems, seeds, lab, workers, progress)
        progress.add_task("the judge", total=None)
        tries = await _judged(tries, gate)
    found = comparisons(tries)
    console.print(table(found))
    console.print(LEGEND, highlight=False)
    lines = [asdict(line) | {"by_chance": line.by_chance} for line in found]
    return {"samples": SAMPLES, "comparisons": lines, "tries": list(map(asdict, tries))}


async def hardest(lab: Lab, workers: int, limit: int | None, progress: Progress) -> list[Original]:
    """A third of the theorems, those with the most steps that automation does not close; the longest first.

    With a `limit`, only so many of them.
    """
    every = sorted(originals().values(), key=lambda one: (-len(list(steps(parse(one.proof)))), one.name))
    wanted = min(limit or len(every), len(every) // 3)
    bar = progress.add_task("automation", total=wanted)
    turns, found = asyncio.Semaphore(workers), dict[str, Original]()

    async def look(one: Original) -> None:
        async with turns:
            if len(found) < wanted:
                outcome = await measured(task_of(one, BUDGET), lab, automated)
                if outcome.repaired is None:
                    found[one.name] = one
                    progress.advance(bar)

    async with asyncio.TaskGroup() as group:
        for one in every:
            group.create_task(look(one))
    return [one for one in every if one.name in found][:wanted]


async def _tries(theorems: Sequence[Original], seeds: int, lab: Lab, workers: int, progress: Progress) -> list[Try]:
    """Every contender on every theorem with every probability and seed; `workers` theorems at a time."""
    bar = progress.add_task("attempts", total=len(theorems) * len(PROBABILITIES) * seeds * len(CONTENDERS))
    turns = asyncio.Semaphore(workers)
    done: list[Try] = []

    async def theorem(one: Original) -> None:
        async with turns:
            for p in PROBABILITIES:
                for seed in range(seeds):
                    for contender in CONTENDERS:
                        done.append(await attempt(one, p, seed, contender, lab))
                        progress.advance(bar)

    async with asyncio.TaskGroup() as group:
        for one in theorems:
            group.create_task(theorem(one))
    return sorted(done, key=lambda one: (one.p, one.theorem, one.seed))


async def attempt(theorem: Original, p: float, seed: int, contender: str, lab: Lab) -> Try:
    """What the contender proposes, with a model that has been asked nothing yet."""
    agent = CONTENDERS[contender](Caller(Fallible(p, seed), Endpoint(), Price(input=0, output=0)))

    async def work(todo: Task, bench: Bench) -> Repaired | None:
        found = await agent.propose(todo, bench)
        return Repaired(Proof(found.body), True, (0, 0), (0, 0), 0.0) if isinstance(found, Attempt) else None

    outcome = await measured(task_of(theorem, LIMITS), lab, work)
    body = outcome.repaired.proof.body if outcome.repaired else ""
    count = len(list(steps(parse(theorem.proof))))
    return Try(theorem.name, count, p, seed, contender, body, outcome.checks, outcome.seconds)


async def _judged(tries: Sequence[Try], gate: Gate) -> list[Try]:
    """With what the judge says of each that has proposed something; the same proof is judged once."""
    claims = list(dict.fromkeys(Claim(one.theorem, Proof(one.body)) for one in tries if one.body))
    verdicts = dict(zip(claims, await judged(claims, gate), strict=True))
    proved = {claim for claim, verdict in verdicts.items() if verdict.outcome is Outcome.PROVED}
    return [replace(one, proved=Claim(one.theorem, Proof(one.body)) in proved) for one in tries]


def comparisons(tries: Sequence[Try]) -> list[Comparison]:
    """For each probability."""
    return [_comparison(p, [one for one in tries if one.p == p]) for p in sorted({one.p for one in tries})]


def _comparison(p: float, tries: Sequence[Try]) -> Comparison:
    proved = {name: {(t.theorem, t.seed) for t in tries if t.contender == name and t.proved} for name in CONTENDERS}
    pairs = len({(one.theorem, one.seed) for one in tries})
    counts = {name: len(found) for name, found in proved.items()}
    return Comparison(p, pairs, counts, len(proved[GOALS] - proved[WHOLE]), len(proved[WHOLE] - proved[GOALS]))


def table(found: Sequence[Comparison]) -> Table:
    """A line for each probability."""
    shown = Table("p", "theorems", title="the hard third, proved")
    for head in (*CONTENDERS, "only goals", "only whole", "by chance"):
        shown.add_column(head, justify="right")
    for line in found:
        counts = (*(line.proved[name] for name in CONTENDERS), line.only_goals, line.only_whole)
        shown.add_row(f"{line.p:g}", str(line.tried), *map(str, counts), f"{line.by_chance:.2g}")
    return shown
