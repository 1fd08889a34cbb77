"""The way onto the run's branch: splice a batch at the tip, have that very tree judged, commit, compare-and-swap.

Each proved attempt becomes a commit of its own; the last of them has the tree that the judge built, and only to it
does the branch move. An attempt that the judge refuses is taken out and the rest is judged again without it; a batch
that does not compile, or in which it is not known whose fault something is, is halved until the culprit is alone. Owns
the integration worktree; the coordinator calls it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prover.errors import RepositoryError
from prover.judge.gate import Gate
from prover.model import Attempt, Merge, Outcome, Verdict
from prover.project import Survey, Surveyor, write
from prover.repository import Repository, Worktree


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a batch: a verdict for every attempt, the merges in order, and the project at the tip now."""

    verdicts: Mapping[str, Verdict]
    merges: tuple[Merge, ...]
    survey: Survey


@dataclass
class Merger:
    """The run's branch, whose tip only `merge` moves, and the worktree that it judges in."""

    run: str
    tip: str
    repository: Repository
    worktree: Worktree
    surveyor: Surveyor
    gate: Gate

    async def merge(self, batch: Sequence[Attempt], survey: Survey) -> Merged:
        """Judges the batch together on the tip and merges what is proved. At most one attempt per declaration."""
        if not batch:
            return Merged({}, (), survey)
        glances = {a.declaration: verdict for a in batch if (verdict := self.gate.glance(a)) is not None}
        if glances:
            return await self._without(glances, batch, survey)
        tree = await asyncio.to_thread(self._place, batch, survey)
        judgement = await self.gate.judge([a.declaration for a in batch], survey.build, self.worktree.project)
        if judgement.shared and len(batch) > 1:
            half = len(batch) // 2
            return await self._in_turn(batch[:half], batch[half:], survey)
        refused = {name: v for name, v in judgement.verdicts.items() if v.outcome is not Outcome.PROVED}
        if refused or judgement.build is None:
            return await self._without(refused, batch, survey)
        merges = await asyncio.to_thread(self._commit, batch, survey, judgement.verdicts, tree)
        return Merged(judgement.verdicts, merges, self.surveyor.read(judgement.build, survey.blueprint))

    async def _without(self, refused: Mapping[str, Verdict], batch: Sequence[Attempt], survey: Survey) -> Merged:
        """Merges what was not refused."""
        rest = await self.merge([a for a in batch if a.declaration not in refused], survey)
        return Merged({**refused, **rest.verdicts}, rest.merges, rest.survey)

    async def _in_turn(self, first: Sequence[Attempt], second: Sequence[Attempt], survey: Survey) -> Merged:
        one = await self.merge(first, survey)
        two = await self.merge(second, one.survey)
        return Merged({**one.verdicts, **two.verdicts}, one.merges + two.merges, two.survey)

    def _place(self, batch: Sequence[Attempt], survey: Survey) -> str:
        """Puts the batch into the slots of the tip's files; returns the hash of the resulting tree."""
        self.repository.reset(self.worktree, self.tip)
        self._write(batch, survey)
        return self.repository.tree(self.worktree)

    def _write(self, batch: Sequence[Attempt], survey: Survey) -> None:
        bodies, helpers = {a.declaration: a.body for a in batch}, {a.declaration: a.helpers for a in batch}
        write(self.worktree.project, survey.spliced(bodies, helpers))

    def _commit(
        self, batch: Sequence[Attempt], survey: Survey, verdicts: Mapping[str, Verdict], tree: str
    ) -> tuple[Merge, ...]:
        """One commit per attempt, then the compare-and-swap; the last commit must have the judged tree."""
        self.repository.reset(self.worktree, self.tip)
        merges = []
        for number, attempt in enumerate(batch, start=1):
            self._write(batch[:number], survey)
            verdict = verdicts[attempt.declaration]
            commit = self.repository.commit(self.worktree, _message(attempt, verdict), attempt.agent)
            merges.append(Merge(attempt.declaration, attempt.agent, commit, verdict))
        if self.repository.tree(self.worktree) != tree:
            raise RepositoryError("the commits do not make the tree that was judged", "this is a bug: please report it")
        self.repository.advance(self.run, old=self.tip, new=merges[-1].commit)
        self.tip = merges[-1].commit
        return tuple(merges)


def _message(attempt: Attempt, verdict: Verdict) -> str:
    """The commit message; its last lines are git trailers, so that `git log --format='%(trailers)'` lists them."""
    trailers = (f"Declaration: {attempt.declaration}", f"Agent: {attempt.agent}", f"Verdict: {verdict.outcome}")
    return f"Prove {attempt.declaration}\n\n{verdict.explanation}\n\n" + "\n".join(trailers)
