"""Which attempts to judge together next, so that few builds find those that must not be merged.

Pure: knows what failed, builds nothing. Where a failure cannot be laid on one attempt, the shortest prefix known to
fail is halved: binary search for the first element with which a monotone property holds (Knuth, The Art of Computer
Programming 3, 6.2.1), as `git bisect` does it; judging many at once and splitting only what fails is group testing
(Dorfman 1943, doi:10.1214/aoms/1177731363). Called by the merge queue.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from prover.model import Attempt, Outcome, Verdict


class Judged(Protocol):
    """What is learned from one build: a verdict per declaration, and whether it is known whose fault something is."""

    @property
    def verdicts(self) -> Mapping[str, Verdict]: ...

    @property
    def shared(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Step:
    """What one build decides: whose attempts are merged, in this order, and the verdicts on those that are not."""

    accepted: Sequence[Attempt] = ()
    refused: Mapping[int, Verdict] = field(default_factory=dict)


@dataclass
class Search:
    """The undecided attempts of a batch, in its order.

    The first `failing` of `todo` are known to fail together, with the verdicts `known`; none when it is 0. When their
    first half passes, so that it is merged, the others fail on the new tip: it is the very same tree. `suspected` are
    out of the others' way, and are judged alone when those are through.
    """

    todo: list[Attempt]
    failing: int = 0
    known: Mapping[str, Verdict] = field(default_factory=dict)
    suspected: list[Attempt] = field(default_factory=list)

    def next(self) -> Sequence[Attempt]:
        """Those to be judged together next; empty when all are decided."""
        if not self.todo and self.suspected:
            self.todo = [self.suspected.pop(0)]
        return self.todo[: max(1, self.failing // 2)] if self.failing else self.todo[:]

    def learn(self, group: Sequence[Attempt], judged: Judged, suspects: Collection[int] = ()) -> Step:
        """What follows from the judgement of `group`, the first of `todo`.

        `suspects` are the numbers of those who may be to blame for a shared failure. Believing them costs time when
        they are innocent, and nothing else.
        """
        if judged.shared and len(group) > 1:
            self._split(group, judged.verdicts, suspects)
            return Step()
        refused = {a.number: v for a in group if not accepted(a, v := judged.verdicts[a.declaration])}
        if refused:
            self._take_out(refused)
            return Step(refused=refused)
        del self.todo[: len(group)]
        self.failing = max(0, self.failing - len(group))
        return Step(group, self._left_over())

    def _split(self, group: Sequence[Attempt], verdicts: Mapping[str, Verdict], suspects: Collection[int]) -> None:
        blamed = [attempt for attempt in group if attempt.number in suspects]
        if 0 < len(blamed) < len(group):
            self.suspected += blamed
            self._take_out({attempt.number for attempt in blamed})
        else:
            self.failing, self.known = len(group), verdicts

    def _take_out(self, numbers: Collection[int]) -> None:
        """Of what is left nothing is known: it makes another tree."""
        self.todo = [attempt for attempt in self.todo if attempt.number not in numbers]
        self.failing = 0

    def _left_over(self) -> Mapping[int, Verdict]:
        """The verdict on the one that is left of those that fail together: it is known, since it makes that very tree.

        Only a refusal is: time and memory can run out for once, so that then it is judged alone.
        """
        if self.failing != 1 or (verdict := self.known[self.todo[0].declaration]).outcome is not Outcome.REJECTED:
            return {}
        culprit = self.todo[0].number
        self._take_out({culprit})
        return {culprit: verdict}


def accepted(attempt: Attempt, verdict: Verdict) -> bool:
    """Whether it may be merged: proved, or reduced as it set out to be."""
    return verdict.outcome is Outcome.PROVED or (verdict.outcome is Outcome.REDUCED and attempt.splits)
