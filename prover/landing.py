"""From a proposal to the branch: which of those that wait are judged together, and what the journal says of them.

An accepted attempt is written down with its commit before the branch moves, and again when it has moved, so that a
process killed in between can be taken over at any point. Decoys of `prover.canary`, and theorems that they have
refuted, are judged apart and never merged. How a batch is judged and committed is `prover.merge`; the coordinator calls
`land`.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prover.canary import Canaries, judged_apart
from prover.errors import BranchMoved, Unsound
from prover.journal import What
from prover.merge import Merger, Settled
from prover.model import Attempt, Outcome, Verdict
from prover.project import Survey
from prover.record import Record, about
from prover.state import State

BATCH = 64  # attempts judged in one build; when one of them fails, Lean mostly says which
CRASHES = 3  # of the judge on one proposal, after which that is the verdict


@dataclass
class Landing:
    """`survey` is the project at the branch's tip; `changed` is called whenever that has moved."""

    record: Record
    merger: Merger
    canaries: Canaries
    survey: Survey
    changed: Callable[[], None]
    waiting: deque[Attempt] = field(default_factory=deque)

    async def land(self) -> None:
        """One batch of what waits. Raises Unsound when the judge calls proved what cannot be."""
        batch = self._batch()
        for attempt in batch:
            if attempt.declaration in self.canaries.decoys:
                await self._judge_decoy(attempt)
        refuted = self.record.state.refuted
        for attempt in batch:
            if attempt.declaration in refuted:
                await self._judge_refuted(attempt)
        apart = self.canaries.decoys.keys() | refuted.keys()
        await self._merge([attempt for attempt in batch if attempt.declaration not in apart])

    def drop(self, attempt: Attempt, why: str) -> None:
        """Ends an attempt, of which nothing follows for its declaration."""
        self.record(What.DROPPED, **about(attempt.number, attempt.declaration, attempt.agent), seconds=0.0, why=why)

    def _batch(self) -> list[Attempt]:
        """The oldest that wait, at most one for each declaration; what has become pointless is dropped."""
        batch: dict[str, Attempt] = {}
        later = deque[Attempt]()
        while self.waiting and len(batch) < BATCH:
            attempt = self.waiting.popleft()
            if why := self._pointless(attempt):
                self.drop(attempt, why)
            elif attempt.declaration in batch:
                later.append(attempt)
            else:
                batch[attempt.declaration] = attempt
        self.waiting.extendleft(reversed(later))
        return list(batch.values())

    def _pointless(self, attempt: Attempt) -> str:
        if attempt.declaration in self.canaries.decoys:
            return ""
        declaration = self.survey.declarations.get(attempt.declaration)
        if declaration is None:
            return "its declaration is gone"
        return "" if declaration.hole else "another attempt was merged first"

    async def _merge(self, batch: Sequence[Attempt]) -> None:
        """Judges and merges the batch. What is not decided when somebody else has moved the branch waits again."""
        if not batch:
            return
        began, builds, merged = time.monotonic(), 0, 0
        try:
            async for settled in self.merger.settle(batch, self.survey):
                self._write_down(settled, batch, began)
                builds += settled.builds
                if settled.merges:
                    await self.merger.advance(settled)
                    self._adopt(settled)
                    merged += len(settled.merges)
        except BranchMoved:
            await self._follow()
        flights = self.record.state.flights
        self.waiting.extendleft(a for a in reversed(batch) if a.number in flights)
        figures = {"attempts": len(batch), "builds": builds, "merged": merged, "waiting": len(self.waiting)}
        self.record(What.BUILT, **figures, seconds=_since(began))

    def _write_down(self, settled: Settled, batch: Sequence[Attempt], began: float) -> None:
        """The verdicts; with an accepted one, the commit to which the branch is to be moved."""
        commits = {merge.attempt: merge.commit for merge in settled.merges}
        steps = []
        for attempt in (a for a in batch if a.number in settled.verdicts):
            verdict, flight = settled.verdicts[attempt.number], self.record.state.flights[attempt.number]
            final = verdict.outcome is not Outcome.CRASHED or flight.crashes + 1 >= CRASHES
            where = {"commit": commits.get(attempt.number, ""), "tip": settled.tip, "final": final}
            steps.append((What.JUDGED, {**_judged(attempt, verdict, began), **where}))
        self.record.together(steps)

    def _adopt(self, settled: Settled) -> None:
        """The branch has moved to what was accepted: its last merge says what that has changed."""
        self.survey = settled.survey
        made = [
            {
                **about(merge.attempt, merge.declaration, merge.agent),
                "outcome": merge.verdict.outcome,
                "commit": merge.commit,
            }
            for merge in settled.merges
        ]
        self.record.together(merged(made, change(self.record.state, self.survey, settled.tip)))
        self.changed()

    async def _follow(self) -> None:
        """Goes on from where somebody else has moved the branch to."""
        self.survey = await self.merger.follow()
        self.record(What.MOVED, **change(self.record.state, self.survey, self.merger.tip))
        self.changed()

    async def _judge_decoy(self, attempt: Attempt) -> None:
        """Raises Unsound when what cannot be proved, or not together with what is merged, is called proved."""
        began, decoy = time.monotonic(), self.canaries.decoys[attempt.declaration]
        verdict = await self.canaries.judge(attempt)
        text = {"body": attempt.body, "helpers": attempt.helpers}
        self.record(What.CANARY, **{**decoy.as_json(), **text, **_judged(attempt, verdict, began)})
        if verdict.outcome is Outcome.PROVED and decoy.contradicts(self.record.state.merged):
            self._stop(decoy.contradiction)

    async def _judge_refuted(self, attempt: Attempt) -> None:
        """A proof of what has been refuted is merged in no case; raises Unsound when it is called proved."""
        began, name = time.monotonic(), attempt.declaration
        root = await self.merger.reset()
        verdict = await judged_apart(self.merger.gate, attempt, self.survey, root)
        self.record(What.JUDGED, **_judged(attempt, verdict, began), commit="", tip="", final=True)
        if verdict.outcome is Outcome.PROVED:
            negation = self.record.state.refuted[name]
            self._stop(f"the judge calls {negation} proved, and so is {name}, which it negates")

    def _stop(self, why: str) -> None:
        self.record(What.UNSOUND, why=why)
        raise unsound(why, self.record)


def change(state: State, survey: Survey, tip: str) -> dict[str, Any]:
    """What the journal says of the project at `tip`, held against what it has said so far."""
    figures = survey.figures()
    now, before = set(figures["open"]), state.open
    counts = {"declarations": figures["declarations"], "theorems": figures["theorems"]}
    return {"tip": tip, **counts, "closed": sorted(before - now), "opened": sorted(now - before)}


def merged(made: Sequence[Mapping[str, Any]], changed: Mapping[str, Any]) -> list[tuple[What, Mapping[str, Any]]]:
    """The events of merges that the branch has got at once: the last one says for all what they have changed."""
    unchanged = {**changed, "closed": [], "opened": []}
    last = len(made) - 1
    return [(What.MERGED, {**one, **(changed if place == last else unchanged)}) for place, one in enumerate(made)]


def unsound(why: str, record: Record) -> Unsound:
    """The error that ends a run, and keeps it from being resumed."""
    return Unsound(why, f"nothing more is merged; please report it with the journal at {record.journal.path}")


def _judged(attempt: Attempt, verdict: Verdict, began: float) -> dict[str, Any]:
    """What the journal keeps of a verdict."""
    return {
        **about(attempt.number, attempt.declaration, attempt.agent),
        "outcome": verdict.outcome,
        "reasons": list(verdict.reasons),
        "explanation": verdict.explanation,
        "rests_on": list(verdict.rests_on),
        "seconds": _since(began),
    }


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)
