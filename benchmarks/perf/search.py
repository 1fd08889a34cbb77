"""What a search for premises costs and finds: `python -m benchmarks.perf.search [--json FILE] [--quick]`.

The index of the installed Lean's library is made anew. Then every proved theorem of the worked example asks with its
statement as written, and nothing else: how many of the theorems that its proof names are among the first ten? The
proofs of all the others are there, as late in a run; the rankings are counted alone and fused. Run by hand and by a
test.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Annotated

import psutil
import typer
from rich.progress import Progress
from rich.table import Table

from benchmarks.perf.report import JsonFile, as_table, report
from prover.config import Config
from prover.example import template
from prover.lean.toolchain import Toolchain
from prover.model import Kind
from prover.project import Survey, Surveyor
from prover.search import library
from prover.search.index import Index
from prover.search.proofs import Proofs
from prover.search.searcher import GOAL, WORDS, Searcher

MOST = 10
WAYS = {
    "names": ("names",),
    "words": ("words",),
    "constants": ("constants",),
    "names, words and constants": WORDS,
    "proofs": ("proofs",),
    "constants and proofs, as for goals": GOAL,
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds, MiB, and shares of the premises that are among the first ten, by the rankings that were fused."""

    toolchain: str
    processors: int
    declarations: int
    build: float
    build_memory: float  # the most that the process had in memory
    disk: float
    open: float
    first: float
    memory: float  # what index and searches add to a process that has compiled and read the project
    query_p50: float
    query_p95: float
    theorems: int
    premises: int
    recall: dict[str, float]


async def measure(progress: Progress, quick: bool) -> Figures:
    """All figures; a quick measurement is of Lean's `Init.Data.Nat` alone."""
    surveyor = Surveyor.of(template(), Config.of(template()))
    survey = await surveyor.survey(template())
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        source = _part(surveyor.builder.toolchain, Path(folder) / "library") if quick else None
        progress.add_task("the index", total=None)
        build, peak = await _built(source or surveyor.builder.toolchain.library, store)
        disk = sum(file.stat().st_size for file in store.rglob("*")) / 2**20
        before, began = psutil.Process().memory_info().rss, time.perf_counter()
        below = await library.shelf(source or surveyor.builder.toolchain.library, store)
        index, opened = Index([below]), time.perf_counter()
        searcher = index.at(survey)
        searcher.find("the first search")
        surveyed = time.perf_counter()
        wanted = {name: found for name in sorted(survey.theorems()) if (found := _wanted(searcher, survey, name))}
        times: list[float] = []
        recall = {way: _recall(searcher, survey, wanted, fields, times) for way, fields in WAYS.items()}
        memory = (psutil.Process().memory_info().rss - before) / 2**20
        declarations = len(below)
        index.close()
    return Figures(
        toolchain=surveyor.builder.toolchain.name,
        processors=os.cpu_count() or 1,
        declarations=declarations,
        build=build,
        build_memory=peak,
        disk=disk,
        open=opened - began,
        first=surveyed - opened,
        memory=memory,
        query_p50=median(times),
        query_p95=quantiles(times, n=20)[18],
        theorems=len(wanted),
        premises=sum(map(len, wanted.values())),
        recall=recall,
    )


def _part(lean: Toolchain, folder: Path) -> Path:
    """A folder with copies of a few modules of the library."""
    place = Path("Init", "Data", "Nat")
    shutil.copytree(lean.library / place, folder / place)
    return folder


async def _built(source: Path, store: Path) -> tuple[float, float]:
    """Seconds to make the index, and MiB of the process that does."""
    began, peak = time.perf_counter(), 0
    building = asyncio.ensure_future(library.shelf(source, store))
    while not (await asyncio.wait([building], timeout=0.25))[0]:
        sizes = [_resident(child) for child in psutil.Process().children(recursive=True)]
        peak = max(peak, *sizes, 0)
    (await building).close()
    return time.perf_counter() - began, peak / 2**20


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _wanted(searcher: Searcher, survey: Survey, theorem: str) -> frozenset[str]:
    """The theorems that its proof names."""
    names = Proofs(survey).named_in(theorem)
    found = (premise for name in names for premise in searcher.find(name, 1))
    return names & {premise.name for premise in found if premise.kind is Kind.THEOREM}


def _recall(
    searcher: Searcher,
    survey: Survey,
    wanted: Mapping[str, frozenset[str]],
    fields: tuple[str, ...],
    times: list[float],
) -> float:
    hits = 0
    for theorem, names in wanted.items():
        began = time.perf_counter()
        found = searcher.find(survey.slot(theorem).statement, MOST, asker=theorem, fields=fields)
        times.append(time.perf_counter() - began)
        hits += len(names & {premise.name for premise in found})
    return hits / sum(map(len, wanted.values()))


def table(figures: Figures) -> Table:
    """The figures as they are shown."""
    rows = (
        ("declarations in the library's index", f"{figures.declarations}"),
        ("making it, once for a toolchain", f"{figures.build:.0f} s, {figures.build_memory:.0f} MiB in memory"),
        ("on disk", f"{figures.disk:.0f} MiB"),
        ("opening it", f"{1000 * figures.open:.0f} ms"),
        ("the first search, which reads the project", f"{1000 * figures.first:.0f} ms"),
        ("memory of it all in the run's process", f"{figures.memory:.0f} MiB"),
        ("a query, p50 and p95", f"{1000 * figures.query_p50:.1f} ms, {1000 * figures.query_p95:.1f} ms"),
        *(
            (f"found of {figures.premises} premises of {figures.theorems} proofs, by {way}", f"{share:.0%}")
            for way, share in figures.recall.items()
        ),
    )
    return as_table(figures.toolchain, figures.processors, rows)


def main(
    json_file: JsonFile = None,
    quick: Annotated[bool, typer.Option(help="A small part of the library: shows that it works.")] = False,
) -> None:
    """Measure what a search for premises costs and finds, with the installed Lean."""
    report(lambda progress: measure(progress, quick), table, json_file)


if __name__ == "__main__":
    typer.run(main)
