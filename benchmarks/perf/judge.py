"""What the judge costs beyond the build: `python -m benchmarks.perf.judge [--json FILE] [--quick]`.

A module of 100 theorems with one of them open, and the same module with it proved, are compiled once; then everything
of the judge's own that comes before and after a build is done again and again, from the text of the attempt and from
the files on disk. The build, and Lean's kernel asked again about the module (in a warm process, and about all of it
each time), are measured in the same run, so that the ratios hold on any machine. Run by hand and by a test.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from benchmarks.perf.report import JsonFile, as_table, report
from benchmarks.perf.theorems import mixed
from prover.judge.audit import audit
from prover.judge.lexical import objections
from prover.lean import toolchain as toolchains
from prover.lean.build import Build, Builder, CompiledModule
from prover.lean.environment import Environment
from prover.lean.kernels import kernel_for
from prover.lean.module import read_module
from prover.lean.replay import Replayed
from prover.lean.toolchain import Toolchain
from prover.model import Outcome

HEADER = "module\n\n@[expose] public section\n\n"
OPEN = "theorem target (n : Nat) : n + 0 = n := by\n  sorry\n"


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds. `build` is one compilation of the module."""

    toolchain: str
    processors: int
    declarations: int
    rounds: int
    lexical_p50: float
    read_p50: float
    audit_p50: float
    judge_p50: float
    judge_p95: float
    replay_p50: float  # the kernel's own work; the process is warm and knows the module's imports
    kernel_start: float
    build: float
    share: float  # of the judge, without the kernel, in a build and its judging


async def measure(lean: Toolchain, declarations: int, rounds: int, progress: Progress) -> Figures:
    """All figures, of a module with so many declarations."""
    theorems = "\n".join(theorem.text for theorem in mixed(declarations - 1, seed=1, unsound=0))
    stated = HEADER + theorems + "\n" + OPEN
    claimed = stated.replace("sorry", "rfl")
    with tempfile.TemporaryDirectory() as folder:
        builder = Builder(lean, Path(folder) / "cache")
        bar = progress.add_task("two builds", total=2)
        before, _ = await _build(builder, Path(folder) / "before", stated)
        progress.advance(bar)
        after, seconds = await _build(builder, Path(folder) / "after", claimed)
        progress.advance(bar)
        kernel_start, replays = await _replayed(lean, builder, after, rounds, progress)
        trusted = _read(before)
        lexical, read, audited = [], [], []
        for _ in progress.track(range(rounds), description="judging"):
            lexical.append(_timed(lambda: objections(claimed, stated)))
            read.append(_timed(lambda: _read(after)))
            now = _read(after)
            audited.append(_timed(partial(_audit, trusted, now)))
    together = [sum(parts) for parts in zip(lexical, read, audited, strict=True)]
    p50 = _quantile(together, 50)
    return Figures(
        toolchain=lean.name,
        processors=os.cpu_count() or 1,
        declarations=declarations,
        rounds=rounds,
        lexical_p50=_quantile(lexical, 50),
        read_p50=_quantile(read, 50),
        audit_p50=_quantile(audited, 50),
        judge_p50=p50,
        judge_p95=_quantile(together, 95),
        replay_p50=median(replays),
        kernel_start=kernel_start,
        build=seconds,
        share=p50 / (p50 + seconds),
    )


async def _build(builder: Builder, root: Path, text: str) -> tuple[Build, float]:
    root.mkdir()
    (root / "prover.toml").touch()
    (root / "Measured.lean").write_text(text, encoding="utf-8")
    began = time.monotonic()
    return await builder.build(root), time.monotonic() - began


async def _replayed(
    lean: Toolchain, builder: Builder, build: Build, rounds: int, progress: Progress
) -> tuple[float, list[float]]:
    """Seconds until the kernel has answered for the first time, about no module, and of each replay after that."""
    (module,) = build.modules.values()
    times = []
    kernel = kernel_for(lean, [builder.cache])
    if kernel is None:
        raise RuntimeError(f"{lean.name} has no kernel to ask again")
    async with kernel:
        start = await _awaited(kernel.replay([]))
        with tempfile.TemporaryDirectory(dir=builder.cache) as folder:
            for number in progress.track(range(max(3, rounds // 5)), description="asking the kernel"):
                times.append(await _awaited(kernel.replay([_copied(module, Path(folder) / str(number), number)])))
    return start, times


def _copied(module: CompiledModule, folder: Path, number: int) -> CompiledModule:
    """The same module in other bytes (of the unused header), so that the kernel does not know it from before."""
    folder.mkdir()
    parts = []
    for part in module.parts:
        data = bytearray(part.read_bytes())
        data[72:80] = number.to_bytes(8, "little")  # the end of the git hash
        parts.append(folder / part.name)
        parts[-1].write_bytes(data)
    return replace(module, parts=tuple(parts))


async def _awaited(answer: Awaitable[Replayed]) -> float:
    began = time.perf_counter()
    if (said := await answer).refused:
        raise RuntimeError(f"the kernel answers wrongly: {said.refused}")
    return time.perf_counter() - began


def _read(build: Build) -> Environment:
    """From the files, as for a module that nobody has read before."""
    return Environment({name: read_module(module.parts) for name, module in build.modules.items()})


def _audit(before: Environment, after: Environment) -> None:
    verdict = audit(["target"], before, after).verdicts["target"]
    if verdict.outcome is not Outcome.PROVED:
        raise RuntimeError(f"the judge answers wrongly: {verdict.explanation}")


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _quantile(seconds: list[float], percent: int) -> float:
    return quantiles(seconds, n=100)[percent - 1]


def table(figures: Figures) -> Table:
    """The figures as they are shown."""
    rows = (
        ("a glance at the text, p50", f"{1000 * figures.lexical_p50:.0f} ms"),
        ("reading the module, p50", f"{1000 * figures.read_p50:.0f} ms"),
        ("the audit, p50", f"{1000 * figures.audit_p50:.0f} ms"),
        (f"all of it, {figures.declarations} declarations, p50", f"{1000 * figures.judge_p50:.0f} ms"),
        ("all of it, p95", f"{1000 * figures.judge_p95:.0f} ms"),
        ("the kernel's own work, in a warm process, p50", f"{1000 * figures.replay_p50:.0f} ms"),
        ("start of the kernel's process", f"{figures.kernel_start:.1f} s"),
        ("the build of the module", f"{figures.build:.1f} s"),
        ("the judge's share of build and judge", f"{figures.share:.0%}"),
    )
    return as_table(figures.toolchain, figures.processors, rows)


def main(
    json_file: JsonFile = None,
    quick: Annotated[bool, typer.Option(help="10 declarations and 3 rounds: shows that it works.")] = False,
) -> None:
    """Measure what the judge costs beyond the build, with the installed Lean."""
    declarations, rounds = (10, 3) if quick else (100, 50)
    report(lambda progress: measure(toolchains.find(), declarations, rounds, progress), table, json_file)


if __name__ == "__main__":
    typer.run(main)
