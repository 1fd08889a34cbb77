"""The merge queue beside one that builds once per merge: `python -m benchmarks.perf.queue [--json FILE] [--hours H]`.

Git, the worktree, the splicing and the merger are real; a build is a stub that costs 170 seconds of virtual time, about
what RepoProver's queue took for a merge (20.8 an hour). Attempts arrive as a Poisson process, a share of them bad: such
that Lean says where (`build`, one module at a time), or such that the build fails and nothing says who (`hidden`). What
the rest costs in real seconds is added to the virtual time. Run by hand and by a test.
"""

from __future__ import annotations

import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from math import log2
from pathlib import Path
from random import Random
from typing import Annotated, NamedTuple

import typer
from rich.box import SIMPLE_HEAD
from rich.progress import Progress
from rich.table import Table

from benchmarks.perf.report import JsonFile, report
from benchmarks.perf.stub import BAD_BUILD, BAD_HIDDEN, OK, Clock, StubBuilder, StubGate, StubSurveyor, synthetic
from prover.blueprint.plan import Blueprint
from prover.git.repository import Repository
from prover.landing import BATCH
from prover.merge import Merger
from prover.model import Attempt
from prover.project import Survey

BUILD = 170.0  # virtual seconds
HOUR = 3600.0
RATES = {10: 4, 100: 1, 1000: 1}  # attempts an hour, and how many times longer than the last it is measured
MIXES = ((0.0, "build"), (0.02, "build"), (0.1, "build"), (0.02, "hidden"), (0.1, "hidden"))
BODIES = {"build": BAD_BUILD, "hidden": BAD_HIDDEN}
SETTLED = 0.25  # of the time, after which it is measured


class Load(NamedTuple):
    """What comes in: attempts an hour, the share of them that is bad, and in which way."""

    rate: int
    bad: float
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """One queue under one load. Seconds are virtual, but those of `git`: all real ones, for each merge."""

    rate: int
    bad: float
    kind: str
    batch: int  # the limit
    merges: int
    builds: int
    decided: int  # attempts
    per_build: float  # merges
    per_hour: float  # merges, once the queue has settled
    wait: float  # mean, from an attempt's arrival to its verdict
    longest: int  # queue
    git: float
    bound: float | None  # merges per build at best when a build says no more than yes or no
    ratio: float  # of `per_hour` to that of one build per merge


@dataclass(frozen=True, slots=True)
class Figures:
    """All lines; for each load first one attempt per batch, then as many as the program takes."""

    hours: float  # at the highest rate
    declarations: int
    lines: tuple[Line, ...]


@dataclass
class Site:
    """One repository for all measurements; each has a branch of its own."""

    repository: Repository
    base: str
    plan: Blueprint
    runs: int = 0

    @asynccontextmanager
    async def merger(self, clock: Clock) -> AsyncIterator[tuple[Merger, Survey]]:
        """A merger at the base, and the survey of that."""
        self.runs += 1
        run = f"queue-{self.runs}"
        self.repository.start(run, self.base)
        surveyor = StubSurveyor(StubBuilder(clock, BUILD), self.plan)
        async with self.repository.worktree(f"{run}/merge", self.base) as worktree:
            survey = await surveyor.survey(worktree.project)
            clock.now = 0.0
            yield Merger(run, self.base, self.repository, worktree, surveyor, StubGate(surveyor)), survey


class Settling(NamedTuple):
    """What one step of the queue has decided, and when (virtual seconds)."""

    when: float
    decided: Sequence[int]
    merges: int
    builds: int
    real: float


def arrivals(load: Load, names: Sequence[str], hours: float, seed: int) -> list[tuple[float, Attempt]]:
    """When which attempt comes, at most one for each declaration; the seed fixes all."""
    choose = Random(seed)
    now, coming = 0.0, []
    for number, name in enumerate(choose.sample(names, len(names)), start=1):
        now += choose.expovariate(load.rate / HOUR)
        if now > hours * HOUR:
            break
        body = BODIES[load.kind] if choose.random() < load.bad else OK
        coming.append((now, Attempt(name, "stub", body, number=number)))
    return coming


async def serve(
    coming: Sequence[tuple[float, Attempt]], site: Site, limit: int, hours: float
) -> tuple[list[Settling], int]:
    """The queue, until the last batch that starts in these hours is through: its steps, and how long it once was."""
    clock, steps, longest = Clock(), [], 0
    expected, waiting = deque(coming), deque[Attempt]()
    async with site.merger(clock) as (merger, survey):
        while (expected or waiting) and clock.now < hours * HOUR:
            if not waiting:
                clock.now = max(clock.now, expected[0][0])
            while expected and expected[0][0] <= clock.now:
                waiting.append(expected.popleft()[1])
            longest = max(longest, len(waiting))
            batch = [waiting.popleft() for _ in range(min(limit, len(waiting)))]
            began = time.perf_counter()
            async for settled in merger.settle(batch, survey):
                if settled.merges:
                    await merger.advance(settled)
                survey = settled.survey
                real, began = time.perf_counter() - began, time.perf_counter()
                clock.now += real
                steps.append(Settling(clock.now, list(settled.verdicts), len(settled.merges), settled.builds, real))
    return steps, longest


def line(
    load: Load, coming: Sequence[tuple[float, Attempt]], limit: int, steps: Sequence[Settling], longest: int
) -> Line:
    """The figures of one queue; its ratio is left to be filled in."""
    came = {attempt.number: when for when, attempt in coming}
    waits = [step.when - came[number] for step in steps for number in step.decided]
    merges, builds = sum(step.merges for step in steps), sum(step.builds for step in steps)
    first = next(step.when for step in steps if step.when >= SETTLED * steps[-1].when)
    later = sum(step.merges for step in steps if step.when > first)
    return Line(
        *load,
        batch=limit,
        merges=merges,
        builds=builds,
        decided=len(waits),
        per_build=merges / builds,
        per_hour=later / (steps[-1].when - first) * HOUR,
        wait=sum(waits) / len(waits),
        longest=longest,
        git=sum(step.real for step in steps) / max(1, merges),
        bound=bound(merges, len(waits)) if load.kind == "hidden" else None,
        ratio=1.0,
    )


def bound(good: int, decided: int) -> float | None:
    """Merges per build at best, when of the attempts decided so many were good and a build says no more than yes or no.

    A yes or no is one bit, and who is bad among n with a share q of bad ones takes n·H(q) bits, H(q) being
    −q·log2 q − (1−q)·log2(1−q) (the counting bound of group testing).
    """
    q = 1 - good / decided
    return (1 - q) / -(q * log2(q) + (1 - q) * log2(1 - q)) if 0 < q < 1 else None


async def measure(hours: float, declarations: int, loads: Sequence[Load], progress: Progress) -> Figures:
    """Both queues under each load, with the same arrivals."""
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        plan = synthetic(root, declarations, seed=1)
        repository = Repository.of(root)
        site = Site(repository, repository.resolve("HEAD"), plan)
        for number, load in enumerate(progress.track(loads, description="loads")):
            longer = hours * RATES.get(load.rate, 1)
            coming = arrivals(load, list(plan.nodes), longer, seed=number)
            one, many = [line(load, coming, n, *await serve(coming, site, n, longer)) for n in (1, BATCH)]
            lines += [one, replace(many, ratio=many.per_hour / one.per_hour)]
    return Figures(hours, declarations, tuple(lines))


def table(figures: Figures) -> Table:
    """A line for each queue and load: merges per build and hour, minutes of waiting, real seconds for each merge."""
    columns = ("an hour", "bad", "batch", "/build", "bound", "/hour", "times", "wait", "queue", "git")
    title = f"builds of {BUILD:g} s, {figures.hours:g} hours of {max(RATES)} attempts an hour"
    shown = Table(*columns, title=title, box=SIMPLE_HEAD, pad_edge=False)
    for one in figures.lines:
        shown.add_row(
            str(one.rate),
            f"{one.bad:.0%} {one.kind}" if one.bad else "0%",
            str(one.batch),
            f"{one.per_build:.2f}",
            f"{one.bound:.2f}" if one.bound else "",
            f"{one.per_hour:.1f}",
            f"{one.ratio:.1f}",
            f"{one.wait / 60:.0f}",
            str(one.longest),
            f"{one.git:.3f}",
            end_section=one.batch > 1,
        )
    return shown


def main(
    json_file: JsonFile = None,
    hours: Annotated[float, typer.Option(min=0.5, help="Virtual hours at the highest rate.")] = 2.0,
) -> None:
    """Measure the merge queue on real git, with builds that cost virtual time."""
    loads = [Load(rate, *mix) for rate in RATES for mix in MIXES]
    declarations = int(1.2 * hours * max(RATES))  # as none is attempted twice
    report(lambda progress: measure(hours, declarations, loads, progress), table, json_file)


if __name__ == "__main__":
    typer.run(main)
