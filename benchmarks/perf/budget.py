"""What the budget rule is worth: `python -m benchmarks.perf.budget [--json FILE] [--seeds N]`.

Proofs at equal cost, the adaptive rule beside the uniform one, in four worlds. Each seed draws a world in which
both spend the same; `prover.budget` chooses, nothing of Lean runs. A budget of 1 pays for one attempt at each.

`attempts.json` holds one run over the worked example with the automation agent on the embedded Lean and two cores: the
55 attempts of its journal, in the order in which they ended, with the module, the agent's wall seconds and the judge's
answer. In that world theorems are drawn with replacement, and an attempt ends as it did then.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from pathlib import Path
from statistics import fmean
from typing import Annotated, TypeAlias

import typer
from rich.progress import Progress
from rich.table import Table

from benchmarks.perf.report import JsonFile, report
from prover.budget import Allocation, Currency, Rates, Rule, Tally, Uniform
from prover.model import Outcome, Spent, Tried

BUDGETS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
DECLARATIONS = 100
AGENT = "agent"
FORMALMATH = {"algebra": 0.175, "calculus": 0.05, "discrete": 0.0}  # rates of success of one prover, as published
MODULES = {"easy": 0.4, "middling": 0.1, "hard": 0.02, "hopeless": 0.002}


@dataclass(frozen=True, slots=True)
class Theorem:
    """One declaration of a world: `needed` attempts until it is proved, and the median cost of one."""

    name: str
    module: str
    needed: float
    cost: float
    spread: float  # of the logarithm of an attempt's cost


World: TypeAlias = Callable[[random.Random], list[Theorem]]


def _needed(choose: random.Random, rate: float) -> float:
    """The number of the first attempt that succeeds, if each does so at this rate."""
    if rate <= 0.0:
        return math.inf
    return 1 + math.floor(math.log(1 - choose.random()) / math.log1p(-min(rate, 1 - 1e-12)))


def _tailed(choose: random.Random, mean: float, weight: float = 0.3) -> float:
    """A rate from a Beta distribution with so small a first parameter that most are near 0."""
    return choose.betavariate(weight, weight * (1 - mean) / mean) if mean else 0.0


def _mixed(choose: random.Random, rates: Mapping[str, float]) -> list[Theorem]:
    theorems = []
    for number in range(DECLARATIONS):
        module = choose.choice(list(rates))
        needed = _needed(choose, _tailed(choose, rates[module]))
        theorems.append(Theorem(f"t{number:03}", module, needed, choose.lognormvariate(0, 1), 0.5))
    return theorems


def heavy_tails(choose: random.Random) -> list[Theorem]:
    """Four modules of different rates; costs differ by declaration and by attempt."""
    return _mixed(choose, MODULES)


def domains(choose: random.Random) -> list[Theorem]:
    """The published rates by domain, with heavy tails inside each."""
    return _mixed(choose, FORMALMATH)


def nothing_to_gain(choose: random.Random) -> list[Theorem]:
    """One rate, one median cost, five modules alike: whatever difference a rule sees is noise."""
    return [Theorem(f"t{n:03}", f"M{n % 5}", _needed(choose, 0.2), 1.0, 0.5) for n in range(DECLARATIONS)]


def recorded(choose: random.Random) -> list[Theorem]:
    """Theorems of the worked example, drawn with replacement."""
    attempts = json.loads((Path(__file__).parent / "attempts.json").read_text(encoding="utf-8"))
    theorems = []
    for number, attempt in enumerate(choose.choices(attempts, k=DECLARATIONS)):
        needed = 1 if attempt["proved"] else math.inf
        theorems.append(Theorem(f"t{number:03}", attempt["module"], needed, attempt["seconds"], 0.0))
    return theorems


WORLDS: Mapping[str, World] = {
    "heavy tails": heavy_tails,
    "FormalMATH's domains": domains,
    "nothing to gain": nothing_to_gain,
    "recorded": recorded,
}


def spend(theorems: Sequence[Theorem], rule: Rule, budgets: Sequence[float], choose: random.Random) -> list[int]:
    """How many theorems are proved when so much has been spent, for each of `budgets`, which rise."""
    module_of = {theorem.name: theorem.module for theorem in theorems}
    tally = Tally(Currency.SECONDS)
    tried: dict[str, list[Tried]] = {theorem.name: [] for theorem in theorems}
    by_name = {theorem.name: theorem for theorem in theorems}
    allocation, fitted = _allocation(rule, tally, module_of), 0
    order = _ordered(tried, allocation)
    proved, spent, counts = 0, 0.0, list[int]()
    while order and len(counts) < len(budgets):
        name = order[0][1]
        theorem, attempts = by_name[name], tried[name]
        cost = theorem.cost * choose.lognormvariate(0, theorem.spread)
        while len(counts) < len(budgets) and spent + cost > budgets[len(counts)]:
            counts.append(proved)
        spent += cost
        success = len(attempts) + 1 >= theorem.needed
        attempts.append(_tried(success, cost))
        tally.learn(name, theorem.module, attempts, len(attempts) - 1)
        if success:
            proved += 1
            del tried[name]
            heappop(order)
        else:
            heapreplace(order, (-allocation.index(name, AGENT, len(attempts)), name))
        if rule is Rule.ADAPTIVE and tally.counted[()] - fitted >= max(8, fitted // 4):
            allocation, fitted = _allocation(rule, tally, module_of), tally.counted[()]
            order = _ordered(tried, allocation)
    return counts + [proved] * (len(budgets) - len(counts))


def _tried(success: bool, cost: float) -> Tried:
    ended = Outcome.PROVED.value if success else "nothing"
    return Tried(AGENT, frozenset(), ended, spent=Spent(attempts=1, seconds=cost))


def _allocation(rule: Rule, tally: Tally, module_of: Mapping[str, str]) -> Allocation:
    return Rates(tally, module_of) if rule is Rule.ADAPTIVE else Uniform()


def _ordered(tried: Mapping[str, Sequence[Tried]], allocation: Allocation) -> list[tuple[float, str]]:
    order = [(-allocation.index(name, AGENT, len(attempts)), name) for name, attempts in tried.items()]
    heapify(order)
    return order


@dataclass(frozen=True, slots=True)
class Row:
    """Mean proofs by both rules at one budget, and the ratio of the means with its 95 % interval."""

    world: str
    budget: float
    adaptive: float
    uniform: float
    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What the program writes."""

    seeds: int
    declarations: int
    rows: list[Row]


async def measure(seeds: int, progress: Progress) -> Figures:
    """All worlds, each with so many seeds."""
    rows = list[Row]()
    for name, world in WORLDS.items():
        both = [_pair(world, seed) for seed in progress.track(range(seeds), description=name)]
        for place, budget in enumerate(BUDGETS):
            rows.append(_row(name, budget, [(adaptive[place], uniform[place]) for adaptive, uniform in both]))
    return Figures(seeds, DECLARATIONS, rows)


def _pair(world: World, seed: int) -> tuple[list[int], list[int]]:
    theorems = world(random.Random(seed))
    mean = fmean(theorem.cost * math.exp(theorem.spread**2 / 2) for theorem in theorems)
    budgets = [budget * mean * len(theorems) for budget in BUDGETS]
    # A stream of its own: with the seed of the world, costs of attempts would follow from the rates.
    adaptive, uniform = (spend(theorems, rule, budgets, random.Random(f"costs {seed}")) for rule in Rule)
    return adaptive, uniform


def _row(world: str, budget: float, pairs: Sequence[tuple[int, int]]) -> Row:
    """The interval of a ratio of means by linearisation (Cochran 1977, Sampling Techniques, chapter 6)."""
    adaptive, uniform = (fmean(side) for side in zip(*pairs, strict=True))
    ratio = adaptive / uniform
    variance = sum((x - ratio * y) ** 2 for x, y in pairs) / max(1, len(pairs) - 1)
    half = 1.96 * math.sqrt(variance / len(pairs)) / uniform
    return Row(world, budget, adaptive, uniform, ratio, ratio - half, ratio + half)


def table(figures: Figures) -> Table:
    """The figures as they are shown."""
    title = f"proofs of {figures.declarations} theorems at equal cost, {figures.seeds} seeds"
    shown = Table("world", "budget", "adaptive", "uniform", "ratio", "95 % interval", title=title)
    for row in figures.rows:
        interval = f"{row.low:.3f} to {row.high:.3f}"
        means = (f"{row.adaptive:.1f}", f"{row.uniform:.1f}", f"{row.ratio:.3f}")
        shown.add_row(row.world, f"{row.budget:g}", *means, interval)
    return shown


def main(
    json_file: JsonFile = None,
    seeds: Annotated[int, typer.Option(min=2, help="Worlds of each kind.")] = 1000,
) -> None:
    """Measure how much more the adaptive budget rule proves than the uniform one."""
    report(lambda progress: measure(seeds, progress), table, json_file)


if __name__ == "__main__":
    typer.run(main)
