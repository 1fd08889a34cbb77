"""Attempts put into the sources, and whose lines Lean's errors are on.

Where an error is says whom to judge apart first, and nothing more. Called by the merge queue and by the benchmarks'
judging.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from prover.judge.gate import Judgement
from prover.model import Attempt
from prover.project import Survey


def spliced(group: Sequence[Attempt], survey: Survey) -> dict[Path, str]:
    """The sources that change, by their paths in the project, when these attempts are put into their slots."""
    return survey.spliced({a.declaration: a.body for a in group}, {a.declaration: a.helpers for a in group})


def suspects(group: Sequence[Attempt], survey: Survey, judgement: Judgement, blamed: set[str]) -> set[int]:
    """The numbers of the attempts in which Lean's errors are; a hint for the order of work, and nothing more.

    A module is believed once, and is in `blamed` from then on: an error that comes back was not theirs.
    """
    found = set()
    for module in {module for module, _ in judgement.places} - blamed:
        starts = [*_starts(group, survey, module)]
        for line in (line for other, line in judgement.places if other == module):
            before = [number for start, number in starts if start <= line]
            found.update(before[-1:])  # the line may be behind it, when what is missing is its end
        blamed.add(module)
    return found


def _starts(group: Iterable[Attempt], survey: Survey, module: str) -> Iterator[tuple[int, int]]:
    """The lines, from 0, on which the attempts in a module start in the spliced text, with their numbers, in order."""
    inside = {a: survey.slot(a.declaration) for a in group if survey.declarations[a.declaration].module == module}
    shift = 0
    for attempt, slot in sorted(inside.items(), key=lambda pair: pair[1].command):
        yield slot.source.count("\n", 0, slot.command) + shift, attempt.number
        (text,) = spliced([attempt], survey).values()
        shift += text.count("\n") - slot.source.count("\n")
