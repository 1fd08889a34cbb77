"""Attempts at a suite before the judge: those of a module in one build, and what is refused once more on its own.

Nothing is merged: every attempt is held against the statements as they were compiled first. A proof counts from a
build with others in it, since the data speaks of each declaration; a refusal only from one in which nothing else was
attempted. Called by `prover.bench.runner`; only the gate makes verdicts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from prover.bench.workspace import MARKER, Workspace
from prover.culprits import Search
from prover.disproof import with_disproof
from prover.judge.gate import Gate, Judgement
from prover.model import Attempt, Outcome, Verdict
from prover.project import Survey, write
from prover.splicing import spliced, suspects

Verdicts = Mapping[int, Verdict]  # by the attempts' numbers


@dataclass(frozen=True)
class Court:
    """Judges in folders of its own below `folder`, one for each module. A reduction is no proof here."""

    gate: Gate
    workspace: Workspace
    folder: Path

    async def judge(self, batch: Sequence[Attempt], settle: Callable[[Verdicts], None]) -> None:
        """Hands the verdicts to `settle`, part by part; what is of one module is judged one build after the other."""
        glanced = {a.number: verdict for a in batch if (verdict := self.gate.glance(a)) is not None}
        settle(glanced)
        left = sorted((a for a in batch if a.number not in glanced), key=self._module)
        async with asyncio.TaskGroup() as group:
            for _, same in groupby(left, key=self._module):
                group.create_task(self._of_module([*same], settle))

    def _module(self, attempt: Attempt) -> str:
        return self._survey(attempt).declarations[attempt.declaration].module

    def _survey(self, attempt: Attempt) -> Survey:
        return self.workspace.surveys[attempt.declaration]

    async def _of_module(self, attempts: Sequence[Attempt], settle: Callable[[Verdicts], None]) -> None:
        proofs = [attempt for attempt in attempts if not attempt.refutes]
        while proofs:
            first = {attempt.declaration: attempt for attempt in reversed(proofs)}  # of each problem
            settle(await self._together([*reversed(first.values())]))
            proofs = [attempt for attempt in proofs if attempt not in first.values()]
        for attempt in attempts:
            if attempt.refutes:
                settle({attempt.number: await self._disproof(attempt)})

    async def _together(self, group: Sequence[Attempt]) -> Verdicts:
        """In few builds; whose fault a failure is, is searched for as in the merge queue."""
        survey, search = self._survey(group[0]), Search([*group])
        found: dict[int, Verdict] = {}
        blamed: set[str] = set()
        while some := search.next():
            judgement = await self._judged(some)
            step = search.learn(some, judgement, suspects(some, survey, judgement, blamed))
            found |= {a.number: judgement.verdicts[a.declaration] for a in step.accepted}
            refused = [a for a in group if a.number in step.refused]
            alone = len(some) == 1 and [*some] == refused
            for attempt in refused:
                verdict = step.refused[attempt.number]
                found[attempt.number] = verdict if alone else await self._alone(attempt)
        return found

    async def _alone(self, attempt: Attempt) -> Verdict:
        judgement = await self._judged([attempt])
        return judgement.verdicts[attempt.declaration]

    async def _judged(self, group: Sequence[Attempt]) -> Judgement:
        """One build of the module with these attempts in it."""
        survey = self._survey(group[0])
        root = self._place(survey, spliced(group, survey))
        return await self.gate.judge([a.declaration for a in group], survey.build, root)

    async def _disproof(self, attempt: Attempt) -> Verdict:
        """The verdict on the theorem, of which only the disproof is there: its evidence names that, or it does not."""
        survey, name = self._survey(attempt), attempt.declaration
        slot, path = survey.slot(name), survey.build.modules[self._module(attempt)].source.path
        root = self._place(survey, {path: with_disproof(slot, attempt)})
        judgement = await self.gate.judge([name], survey.build, root, free=True)
        return judgement.verdicts[name]

    def _place(self, survey: Survey, texts: Mapping[Path, str]) -> Path:
        """The module's folder, with these texts in it."""
        (module,) = survey.build.modules
        root = self.folder / module
        root.mkdir(parents=True, exist_ok=True)
        (root / MARKER).touch()
        write(root, texts)
        return root


def proves(verdict: Verdict, attempt: Attempt) -> bool:
    """Did the attempt do what it set out to do?"""
    return bool(verdict.evidence.disproof) if attempt.refutes else verdict.outcome is Outcome.PROVED
