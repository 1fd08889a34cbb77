"""The coordinator under load: `python -m benchmarks.perf.swarm [--json FILE] [--attempts N] …`.

Coordinator, journal, frontier, ledger, declaration graph, merger and git are real; builds, the pool and the agents are
stubs. A run of N attempts is measured, then smaller ones, to see how the costs grow, each in a process of its own; then
a further process takes over each run's journal, as `prover resume` does. Run by hand and by a test.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from math import log
from pathlib import Path
from statistics import fmean, linear_regression, quantiles
from typing import Annotated, TypeVar, cast

import psutil
import typer
from rich.progress import Progress
from rich.table import Table

from benchmarks.perf.report import JsonFile, report
from benchmarks.perf.stub import Clock, StubAgent, StubBuilder, StubGate, StubPool, StubSurveyor, synthetic
from prover import canary, recovery
from prover.blueprint.plan import Blueprint
from prover.config import Config, Limits
from prover.coordinator import Coordinator
from prover.git.repository import Repository
from prover.journal import Event, Journal, What
from prover.lean.pool import LeanPool
from prover.merge import Merger
from prover.record import Record
from prover.runs import journal_path
from prover.state import State, fold

RUN = "swarm"
TEAM = 4  # agents
THINKING = 5.0  # seconds that an agent takes, on average
TICK = 0.005  # seconds between two looks of the probe
SHARES = (1, 3, 10, 30)  # of thirty: the sizes that are measured
GROWING = (
    "wall",
    "processor",
    "event_p50",
    "event_p99",
    "event_p999",
    "event_max",
    "stall",
    "memory",
    "journal",
    "resume",
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """One run. `event_…` is the processor time, in seconds, that the event loop's thread uses between two events of the
    journal; what the agents do is in it, what runs in other threads and in processes is not."""

    attempts: int
    merged: int
    events: int
    wall: float  # seconds from the first event to the last
    processor: float  # seconds of the event loop's thread
    in_flight: float  # attempts with an agent, on average over the events
    event_p50: float
    event_p99: float
    event_p999: float
    event_max: float
    slowest: str  # which event came after the longest time
    stall: float  # the longest time, in wall seconds, by which the event loop was late
    memory: int  # bytes, resident, at the most
    journal: int  # bytes
    resume: float  # seconds until the run could go on, without compiling and without starting Lean


@dataclass(frozen=True, slots=True)
class Figures:
    """`growth` are the slopes, log over log, of what a run costs over its attempts: 1 is linear."""

    processors: int
    declarations: int
    places: int
    lines: tuple[Line, ...]
    growth: dict[str, float]


@dataclass
class Meter:
    """Watches the events of a run, and the event loop."""

    times: list[float] = field(default_factory=list)
    kinds: list[What] = field(default_factory=list)
    flying: list[int] = field(default_factory=list)
    stall: float = 0.0
    memory: int = 0
    last: float = 0.0
    coordinator: Coordinator | None = None

    def begin(self, coordinator: Coordinator) -> None:
        """From now on; what it takes to make the parts is not measured."""
        self.coordinator, self.last = coordinator, time.thread_time()

    def seen(self, event: Event) -> None:
        """What the thread has used since the event before goes to this one's account."""
        if self.coordinator is not None:
            now = time.thread_time()
            self.times.append(now - self.last)
            self.kinds.append(event.what)
            self.flying.append(len(self.coordinator.flying))
            self.last = now

    async def probe(self) -> None:
        """Wakes up again and again, and sees how late it is; until it is cancelled."""
        process, looks = psutil.Process(), 0
        while True:
            due = time.perf_counter() + TICK
            await asyncio.sleep(TICK)
            self.stall = max(self.stall, time.perf_counter() - due)
            looks += 1
            if looks % 50 == 1:
                self.memory = max(self.memory, process.memory_info().rss)


@dataclass(frozen=True, slots=True)
class Site:
    """Where a run is, and how it is worked on: what a process needs to know of it."""

    root: Path
    plan: Blueprint
    places: int
    attempts: int
    thinking: float = THINKING

    async def coordinator(self, stack: AsyncExitStack, *, resume: bool, watch: Callable[[Event], None]) -> Coordinator:
        """As `prover.running` makes one, but with the stubs."""
        repository, config = Repository.of(self.root), settings(self.places, self.attempts)
        surveyor = StubSurveyor(StubBuilder(Clock()), self.plan)
        path = journal_path(repository, RUN)
        journal = stack.enter_context(Journal.resume(path) if resume else Journal.create(path))
        record = Record(journal, [watch], fold(journal.events()))
        base = recovery.reconcile(record.state, repository) if resume else repository.resolve("HEAD")
        worktree = await stack.enter_async_context(repository.worktree(f"{RUN}/merge", base))
        survey = await surveyor.survey(worktree.project)
        if resume:
            record.together(list(recovery.steps(record.state, survey, base)))
        else:
            started = {"run": RUN, "branch": f"prover/{RUN}", "base": base, "toolchain": "stub"}
            record.together([(What.STARTED, started), (What.SURVEYED, survey.figures())])
            repository.start(RUN, base)
        gate = StubGate(surveyor)
        cage = canary.cage(record.state, repository, surveyor, survey, gate, 0)
        canaries = await stack.enter_async_context(cage)
        merger = Merger(RUN, base, repository, worktree, surveyor, gate)
        team = {
            agent.name: agent for agent in (StubAgent(f"stub-{n}", seed=1, thinking=self.thinking) for n in range(TEAM))
        }
        pool = cast(LeanPool, StubPool())
        return Coordinator(record, repository, survey, pool, merger, canaries, team, config)


def settings(places: int, attempts: int) -> Config:
    """So many at once, which may be more than a project may ask for of one machine, and so many in all."""
    return Config(canaries=0, limits=Limits(attempts=attempts)).model_copy(update={"workers": places})


async def _run(site: Site) -> tuple[Meter, State, float, float]:
    """The run, its wall seconds, and the processor's in this thread."""
    meter = Meter()
    async with AsyncExitStack() as stack:
        coordinator = await site.coordinator(stack, resume=False, watch=meter.seen)
        meter.begin(coordinator)
        probe = asyncio.create_task(meter.probe())
        began, used = time.perf_counter(), time.thread_time()
        try:
            state = await coordinator.work()
        finally:
            probe.cancel()
        return meter, state, time.perf_counter() - began, time.thread_time() - used


def run(site: Site) -> Line:
    """Measures one run; how long it takes to resume it is left to be filled in."""
    meter, state, wall, processor = asyncio.run(_run(site))
    cuts = dict(enumerate(quantiles(meter.times, n=1000, method="inclusive"), start=1))
    longest, slowest = max(zip(meter.times, meter.kinds, strict=True))
    return Line(
        attempts=state.attempts,
        merged=len(state.merged),
        events=len(meter.times),
        wall=wall,
        processor=processor,
        in_flight=fmean(meter.flying),
        event_p50=cuts[500],
        event_p99=cuts[990],
        event_p999=cuts[999],
        event_max=longest,
        slowest=slowest.value,
        stall=meter.stall,
        memory=meter.memory,
        journal=journal_path(Repository.of(site.root), RUN).stat().st_size,
        resume=0.0,
    )


def resume(site: Site) -> float:
    """Seconds until the run could go on, in a process that knows nothing of it yet."""
    return asyncio.run(_resume(site))


async def _resume(site: Site) -> float:
    began = time.perf_counter()
    async with AsyncExitStack() as stack:
        coordinator = await site.coordinator(stack, resume=True, watch=lambda event: None)
        coordinator.frontier.next(())
        return time.perf_counter() - began


def apart(work: Callable[[Site], T], site: Site) -> T:
    """In a process of its own, so that nothing of another measurement is in its memory."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(work, site).result()


async def measure(sizes: Sequence[int], declarations: int, places: int, progress: Progress) -> Figures:
    """One run for each size, each in a project of its own that is like the others."""
    lines = []
    for attempts in progress.track(sizes, description="runs"):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "project"
            site = Site(root, synthetic(root, declarations, seed=1), places, attempts)
            line = await asyncio.to_thread(apart, run, site)
            lines.append(replace(line, resume=await asyncio.to_thread(apart, resume, site)))
    growth = {what: slope(lines, what) for what in GROWING} if len(lines) > 1 else {}
    return Figures(os.cpu_count() or 1, declarations, places, tuple(lines), growth)


def slope(lines: Sequence[Line], what: str) -> float:
    """Of the least-squares line through the logarithms of a figure and of the attempts; 1 is linear growth."""
    points = [(log(line.attempts), log(getattr(line, what))) for line in lines]
    return linear_regression(*zip(*points, strict=True)).slope


def table(figures: Figures) -> Table:
    """A column for each run."""
    title = f"{figures.declarations} theorems, {figures.places} places, {figures.processors} processors"
    shown = Table("measured", *(f"{line.attempts} attempts" for line in figures.lines), "growth", title=title)
    rows: tuple[tuple[str, str, Callable[[Line], str]], ...] = (
        ("merged", "", lambda line: str(line.merged)),
        ("events", "", lambda line: str(line.events)),
        ("attempts with an agent, mean", "", lambda line: f"{line.in_flight:.0f}"),
        ("wall time", "wall", lambda line: f"{line.wall:.1f} s"),
        ("processor time of the loop", "processor", lambda line: f"{line.processor:.1f} s"),
        ("of that for an event, p50", "event_p50", lambda line: f"{1000 * line.event_p50:.2f} ms"),
        ("p99", "event_p99", lambda line: f"{1000 * line.event_p99:.1f} ms"),
        ("p99.9", "event_p999", lambda line: f"{1000 * line.event_p999:.1f} ms"),
        ("at most", "event_max", lambda line: f"{1000 * line.event_max:.0f} ms, {line.slowest}"),
        ("the loop was late by at most", "stall", lambda line: f"{1000 * line.stall:.0f} ms"),
        ("memory, at the most", "memory", lambda line: f"{line.memory / 2**20:.0f} MiB"),
        ("journal", "journal", lambda line: f"{line.journal / 2**20:.1f} MiB"),
        ("to resume", "resume", lambda line: f"{line.resume:.2f} s"),
    )
    for label, what, said in rows:
        grown = f"{figures.growth[what]:.2f}" if what in figures.growth else ""
        shown.add_row(label, *map(said, figures.lines), grown)
    return shown


def main(
    json_file: JsonFile = None,
    attempts: Annotated[int, typer.Option(min=30, help="Of the largest run.")] = 30_000,
    declarations: Annotated[int, typer.Option(min=20, help="Theorems of the project.")] = 6_000,
    places: Annotated[int, typer.Option(min=1, help="Attempts with an agent at once.")] = 512,
) -> None:
    """Measure what the coordinator costs under load, and how that grows."""
    sizes = [attempts * share // SHARES[-1] for share in SHARES]
    report(lambda progress: measure(sizes, declarations, places, progress), table, json_file)


if __name__ == "__main__":
    typer.run(main)
