"""How fast Lean answers: `python -m benchmarks.perf.lean [--json FILE] [--quick]`.

Measures the warm pool on small theorems, each a check of its own, and in between a sample of the same theorems
through one `lean FILE` process each, so that a machine that is busy now and idle then does not bend the ratio. Every
answer is compared with what is known of the theorem; a wrong one ends the measurement. Run by hand and by a test.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, quantiles
from typing import Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from benchmarks.perf.report import JsonFile, as_table, report
from benchmarks.perf.theorems import Theorem, mixed
from prover.lean import toolchain as toolchains
from prover.lean.pool import LeanPool, WorkerLimits
from prover.lean.process import Limits, run
from prover.lean.toolchain import Toolchain

LIMITS = WorkerLimits(seconds=120.0, start=300.0)
ONE_PROCESS = Limits(seconds=600.0)
WARM_UP = 140  # checks of other theorems first, ten of each template: V8 compiles what is used, and often used anew


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: seconds, checks per second, and how often the pool answers while one process answers once."""

    toolchain: str
    processors: int
    theorems: int
    sample: int
    first_verdict: float
    warm_p50: float
    warm_p95: float
    rate_1_worker: float
    rate_2_workers: float
    one_process: float
    ratio: float


@dataclass(slots=True)
class Alternation:
    """Seconds of: the first verdict, all warm checks together and each of them, and each process of its own."""

    first: float
    together: float = 0.0
    checks: list[float] = field(default_factory=list)
    processes: list[float] = field(default_factory=list)


async def measure(toolchain: Toolchain, theorems: Sequence[Theorem], sample: int, progress: Progress) -> Figures:
    """All figures; `sample` of the theorems, evenly spread, also go through a process of their own."""
    one = await _one_worker(toolchain, theorems, sample, progress)
    rate_2 = await _two_workers(toolchain, theorems, progress)
    cuts = quantiles(one.checks, n=20)
    rate_1 = len(one.checks) / one.together
    return Figures(
        toolchain=toolchain.name,
        processors=os.cpu_count() or 1,
        theorems=len(one.checks),
        sample=len(one.processes),
        first_verdict=one.first,
        warm_p50=cuts[9],
        warm_p95=cuts[18],
        rate_1_worker=rate_1,
        rate_2_workers=rate_2,
        one_process=mean(one.processes),
        ratio=rate_1 * mean(one.processes),
    )


async def _one_worker(
    toolchain: Toolchain, theorems: Sequence[Theorem], sample: int, progress: Progress
) -> Alternation:
    """Start a worker, then check a block of theorems and put its first one through a process, in turn."""
    block = len(theorems) // sample
    began = time.monotonic()
    async with LeanPool(toolchain, size=1, spares=0, limits=LIMITS) as pool:
        await _check(pool, theorems[0])
        measured = Alternation(first=time.monotonic() - began)
        await _warm_up(pool, 1)
        for start in progress.track(range(0, block * sample, block), description="1 worker, and 1 process each"):
            began = time.monotonic()
            measured.checks += [await _check(pool, theorem) for theorem in theorems[start : start + block]]
            measured.together += time.monotonic() - began
            measured.processes.append(await _process(toolchain, theorems[start]))
    return measured


async def _process(toolchain: Toolchain, theorem: Theorem) -> float:
    """Seconds of `lean FILE`."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "Theorem.lean"
        file.write_text(theorem.text, encoding="utf-8")
        finished = await run(toolchain.command([file], reads=[Path(name)]), limits=ONE_PROCESS)
    _confirm(theorem, finished.returncode == 0)
    return finished.seconds


async def _two_workers(toolchain: Toolchain, theorems: Sequence[Theorem], progress: Progress) -> float:
    """Checks per second when two workers share the theorems."""
    bar = progress.add_task("2 workers", total=len(theorems))

    async def check(theorem: Theorem) -> None:
        await _check(pool, theorem)
        progress.advance(bar)

    async with LeanPool(toolchain, size=2, spares=0, limits=LIMITS) as pool:
        await _warm_up(pool, 2)
        began = time.monotonic()
        async with asyncio.TaskGroup() as checks:
            for theorem in theorems:
                checks.create_task(check(theorem))
        return len(theorems) / (time.monotonic() - began)


async def _warm_up(pool: LeanPool, workers: int) -> None:
    async with asyncio.TaskGroup() as checks:
        for theorem in mixed(WARM_UP * workers, seed=0):
            checks.create_task(_check(pool, theorem))


async def _check(pool: LeanPool, theorem: Theorem) -> float:
    """Seconds of the check."""
    check = await pool.check(theorem.text)
    _confirm(theorem, not check.errors)
    return check.seconds


def _confirm(theorem: Theorem, accepted: bool) -> None:
    if accepted != theorem.sound:
        raise RuntimeError(f"Lean answers wrongly: {theorem.text}")


def table(figures: Figures) -> Table:
    """The figures as they are shown."""
    rows = (
        ("start to first verdict", f"{figures.first_verdict:.1f} s"),
        ("warm check, p50", f"{1000 * figures.warm_p50:.0f} ms"),
        ("warm check, p95", f"{1000 * figures.warm_p95:.0f} ms"),
        (f"{figures.theorems} theorems, 1 worker", f"{figures.rate_1_worker:.1f} checks/s"),
        (f"{figures.theorems} theorems, 2 workers", f"{figures.rate_2_workers:.1f} checks/s"),
        (f"one process each, sample of {figures.sample}", f"{figures.one_process:.1f} s"),
        ("1 worker against one process each", f"{figures.ratio:.0f} times faster"),
    )
    return as_table(figures.toolchain, figures.processors, rows)


def main(
    json_file: JsonFile = None,
    quick: Annotated[bool, typer.Option(help="20 theorems and a sample of 2: shows that it works.")] = False,
) -> None:
    """Measure how fast warm workers of the installed Lean answer."""
    theorems, sample = (mixed(20, seed=1), 2) if quick else (mixed(500, seed=1), 20)
    report(lambda progress: measure(toolchains.find(), theorems, sample, progress), table, json_file)


if __name__ == "__main__":
    typer.run(main)
