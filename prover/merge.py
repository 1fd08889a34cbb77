"""The way onto the run's branch: splice a batch at the tip, have that very tree judged, commit, compare-and-swap.

Each accepted attempt becomes a commit of its own; the last of them has the tree that the judge built, and only to what
was accepted does the branch move. Commits are made first and the branch moves later, so that the journal can say in
between what is about to happen. Which attempts are judged together is `prover.culprits`' business. Owns what happens in
the integration worktree; the landing calls it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from prover import lane, locks
from prover.blueprint.plan import Blueprint
from prover.culprits import Search
from prover.errors import RepositoryError
from prover.git.repository import Repository, Worktree
from prover.judge.gate import Judgement
from prover.lean.build import Build
from prover.lean.modules import settings
from prover.model import Attempt, Merge, Outcome, Verdict
from prover.project import Survey, write
from prover.splicing import spliced, suspects

HOUSE = "Lemmaworks"  # the author of commits that no agent made


class Judge(Protocol):
    """What the queue asks of `prover.judge.gate`."""

    def glance(self, attempt: Attempt) -> Verdict | None:
        """The refusal of a text that no build is needed for."""

    async def judge(
        self, names: Collection[str], before: Build, root: Path, *, splits: Collection[str] = ()
    ) -> Judgement:
        """The declarations `names`, attempted in the sources at `root` on top of `before`."""


class Reader(Protocol):
    """What the queue asks of `prover.project.Surveyor`."""

    async def survey(self, root: Path) -> Survey:
        """Compiles and reads the sources at `root`."""

    def read(self, build: Build, plan: Blueprint) -> Survey:
        """The survey of what is compiled already."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A part of a batch that is decided: verdicts by the attempts' numbers, and the merges in order.

    The branch has not moved yet; it belongs at `tip`, and `survey` is the project there. `builds` have been made since
    the part before.
    """

    verdicts: Mapping[int, Verdict]
    merges: tuple[Merge, ...]
    survey: Survey
    builds: int
    tip: str


@dataclass
class Merger:
    """The run's branch, which is at `tip` and which only `advance` moves, and the worktree that is judged in.

    After a kill one is made anew, with a fresh worktree and the tip that the journal and the branch agree upon.
    """

    run: str
    tip: str
    repository: Repository
    worktree: Worktree
    surveyor: Reader
    gate: Judge

    async def settle(self, batch: Sequence[Attempt], survey: Survey) -> AsyncIterator[Settled]:
        """Judges the batch on the tip, `survey` being the project there, and commits what is accepted, part by part.

        There is at most one attempt per declaration, and each declaration has a slot in the survey. A failure that can
        be laid on nobody is bisected: for one culprit among k, at most 1 + 2·log2 k builds. Everything is decided in
        the end, were it with `crashed`. Raises RepositoryError or SlotError.
        """
        _demand_distinct(batch)
        tip, builds, blamed = self.tip, 0, set[str]()
        glanced = {a.number: verdict for a in batch if (verdict := self.gate.glance(a)) is not None}
        if glanced:
            yield Settled(glanced, (), survey, 0, tip)
        search = Search([attempt for attempt in batch if attempt.number not in glanced])
        while group := search.next():
            judgement, tree = await self._judge(group, survey, tip)
            builds += 1
            step = search.learn(group, judgement, suspects(group, survey, judgement, blamed))
            merges: tuple[Merge, ...] = ()
            verdicts = {a.number: judgement.verdicts[a.declaration] for a in step.accepted} | dict(step.refused)
            if step.accepted:
                merges, survey, tip = await self._merge(step.accepted, survey, judgement, tip, tree)
            if verdicts:
                yield Settled(verdicts, merges, survey, builds, tip)
                builds = 0

    async def advance(self, settled: Settled) -> None:
        """Moves the branch to what was settled (compare-and-swap); fine when it is there. Raises BranchMoved."""
        await self.repository.in_turn(self.repository.advance, self.run, old=self.tip, new=settled.tip)
        self.tip = settled.tip

    async def follow(self) -> Survey:
        """Goes on from where somebody else has moved the branch to; returns the project there."""
        self.tip = await self.repository.in_turn(self.repository.tip, self.run)
        return await self.surveyor.survey(await self.reset())

    async def reset(self) -> Path:
        """The project in the worktree, as it is at the tip."""
        await self.repository.in_turn(self.repository.reset, self.worktree, self.tip)
        return self.worktree.project

    async def _judge(self, group: Sequence[Attempt], survey: Survey, tip: str) -> tuple[Judgement, str]:
        """One build, and the hash of the tree that it was of."""
        tree = await self.repository.in_turn(self._place, group, survey, tip)
        splits = [attempt.declaration for attempt in group if attempt.splits]
        names = [attempt.declaration for attempt in group]
        return await self.gate.judge(names, survey.build, self.worktree.project, splits=splits), tree

    def _place(self, group: Sequence[Attempt], survey: Survey, tip: str) -> str:
        """Puts the attempts into the slots of the tip's files; returns the hash of the resulting tree."""
        self.repository.reset(self.worktree, tip)
        write(self.worktree.project, spliced(group, survey))
        return self.repository.tree(self.worktree)

    async def _merge(
        self, group: Sequence[Attempt], survey: Survey, judgement: Judgement, tip: str, tree: str
    ) -> tuple[tuple[Merge, ...], Survey, str]:
        """The commits, the project as they make it, and the last of them."""
        assert judgement.build is not None  # nothing is accepted that was not built
        merges = await self.repository.in_turn(self._commit, group, survey, judgement.verdicts, tip, tree)
        after = await asyncio.to_thread(self.surveyor.read, judgement.build, survey.blueprint)
        return merges, *await self.repository.in_turn(self._lock, merges[-1].commit, survey, after)

    def _commit(
        self, group: Sequence[Attempt], survey: Survey, verdicts: Mapping[str, Verdict], tip: str, tree: str
    ) -> tuple[Merge, ...]:
        """One commit per attempt; the last one must have the judged tree."""
        self.repository.reset(self.worktree, tip)
        merges = []
        modules = {a.number: survey.declarations[a.declaration].module for a in group}
        for number, attempt in enumerate(group, start=1):
            changed = [a for a in group[:number] if modules[a.number] == modules[attempt.number]]
            write(self.worktree.project, spliced(changed, survey))
            verdict = verdicts[attempt.declaration]
            commit = self.repository.commit(self.worktree, _message(attempt, verdict), attempt.agent)
            merges.append(Merge(attempt.declaration, attempt.agent, commit, verdict, attempt.number))
        if self.repository.tree_of(merges[-1].commit) != tree:
            raise RepositoryError("the commits do not make the tree that was judged", "this is a bug: please report it")
        return tuple(merges)

    def _lock(self, tip: str, before: Survey, after: Survey) -> tuple[Survey, str]:
        """Locks the declarations that are new, in a project that has a lock; returns the project then, and the tip."""
        new = {name: d for name, d in after.declarations.items() if name not in before.declarations}
        root = self.worktree.project
        if not new or locks.find(root) is None:
            return after, tip
        lane.lock(root, replace(after, declarations=new))
        message = f"Lock the statements of {', '.join(sorted(new))}\n"
        tip = self.repository.commit(self.worktree, message, HOUSE)
        # The next judgement is held against this, or else would call the longer lock somebody's change of the project.
        return replace(after, build=replace(after.build, settings=settings(root))), tip


def _demand_distinct(batch: Sequence[Attempt]) -> None:
    if len({a.declaration for a in batch}) < len(batch) or len({a.number for a in batch}) < len(batch):
        raise ValueError("a batch has one attempt per declaration, and each has a number of its own")


def _message(attempt: Attempt, verdict: Verdict) -> str:
    """The commit message; its last lines are git trailers, so that `git log --format='%(trailers)'` lists them."""
    trailers = {
        "Declaration": attempt.declaration,
        "Agent": attempt.agent,
        "Attempt": attempt.number,
        "Verdict": verdict.outcome,
    }
    what = "Reduce" if verdict.outcome is Outcome.REDUCED else "Prove"
    lines = "".join(f"{name}: {value}\n" for name, value in trailers.items())
    return f"{what} {attempt.declaration}\n\n{verdict.explanation}\n\n{lines}"
