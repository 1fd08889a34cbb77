"""Answers for the project at one commit: what of it, and of what lies below it, fits a query, best first.

For words that is what has them in its name, or in name, docstring and statement together; for a goal what states
something of the same constants, and what the proofs of similar statements name. Rankings are fused by reciprocal ranks.
What cannot be used where it was asked for, or rests on a hole, comes after what can and does not. All of it are hints.
Made by the index; asked by the benches of a run and by `prover search`.
Fusion: Cormack, Clarke, Büttcher, Reciprocal Rank Fusion outperforms Condorcet and individual rank learning methods
(SIGIR 2009). Premises that are accessible, and found by what a goal mentions: Yang et al., LeanDojo (NeurIPS 2023).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from agents.base import Premise
from prover.project import Survey
from prover.search.proofs import Proofs
from prover.search.query import Query, words
from prover.search.scope import Scope
from prover.search.shelf import FACTS, Shelf

Place: TypeAlias = tuple[int, int]  # which shelf, which number there
GOAL, WORDS = ("constants", "proofs"), ("names", "words", "constants")  # the rankings for each
_DAMPING = 60  # k in 1 / (k + rank), as in the paper
_DEPTH = 100  # of each ranking, what is fused
_SHORT = 3  # letters; a shorter name in lower case is a variable's
_NEAREST = 24  # statements of the project whose proofs are looked at
_MEANINGS = 8  # constants that one name in a goal may stand for
_UNUSABLE = 0.8  # factor of the score of what cannot be used as things are: at the top, 15 ranks


class Searcher:
    """Cheap to make: the project's own shelf is asked for at the first search, in the thread where that runs.

    `imports` are those of every module on the shelves below it.
    """

    def __init__(
        self,
        survey: Survey,
        own: Callable[[Survey], Shelf],
        below: Sequence[Shelf],
        imports: Mapping[str, frozenset[str]],
    ) -> None:
        self._survey, self._own, self._below, self._imports = survey, own, below, imports
        self._proofs = Proofs(survey)

    @cached_property
    def shelves(self) -> Sequence[Shelf]:
        """The project's own first. Raises OleanError."""
        return [self._own(self._survey), *self._below]

    async def search(self, query: str, most: int = 10, *, asker: str = "", module: str = "") -> tuple[Premise, ...]:
        """As `find`, in a thread, for the first search after a change may take a second."""
        return await asyncio.to_thread(self.find, query, most, asker=asker, module=module)

    def find(
        self, query: str, most: int = 10, *, asker: str = "", module: str = "", fields: Sequence[str] = ()
    ) -> tuple[Premise, ...]:
        """At most `most` premises for a name, words, or a goal as text, best first; none where nothing fits.

        `asker` is the declaration of the project that is to be proved, or `module` the module in which something is;
        where neither is given, all that is compiled counts as importable. What is called as the query comes first.
        `fields` are the rankings that count, by default those of a goal or of words.
        """
        asked = Query.of(query)
        scope = Scope(self._survey, self._imports, asker, module)
        scores = fused(self._rankings(asked, asker, fields or (GOAL if asked.goal else WORDS)))
        named = self._named(asked.name, most) if asked.name else self._spelled(asked)[:most]
        likely = ordered(scores)[: 4 * most]
        premises = {place: scope.marked(self._premise(place)) for place in dict.fromkeys(named + likely)}
        tiers = {place: scope.tier(premise) for place, premise in premises.items()}
        likely.sort(key=lambda place: -scores[place] * (_UNUSABLE if tiers[place] else 1))
        distinct: dict[str, Place] = {}
        for place in named + likely:
            if premises[place].name != asker:
                distinct.setdefault(premises[place].name, place)
        chosen = list(distinct.values())[:most]
        # What fits best is chosen; of that, what can be used comes first.
        chosen.sort(key=lambda place: (place not in named, tiers[place]))
        return tuple(premises[place] for place in chosen)

    def _rankings(self, asked: Query, asker: str, fields: Sequence[str]) -> list[list[Place]]:
        """What each field says, best first. Of words that are asked for, half of what can be had at all must fit."""
        scored = [self._scores(asked, asker, field) for field in fields]
        best = max((score for scores in scored for score in scores.values()), default=0.0)
        enough = 0.0 if asked.goal else best / 2
        fitting = [{place: score for place, score in scores.items() if score >= enough} for scores in scored]
        return [ordered(scores)[:_DEPTH] for scores in fitting]

    def _scores(self, asked: Query, asker: str, field: str) -> dict[Place, float]:
        """What one field of all shelves says."""
        if field == "proofs":
            return self._used_nearby(asked, asker)
        tokens = (*asked.symbols, *self._constants(asked)) if field == "constants" else asked.words
        return {
            (shelf, number): score
            for shelf, each in enumerate(self.shelves)
            for number, score in each.ranked(field, tokens, _DEPTH)
        }

    def _used_nearby(self, asked: Query, asker: str) -> dict[Place, float]:
        """What the proofs of the nearest statements of the project name: the more and the nearer, the better."""
        tokens = (*asked.symbols, *self._constants(asked))
        weights: dict[str, float] = defaultdict(float)
        for number, nearness in self.shelves[0].ranked("constants", tokens, _NEAREST):
            theorem = self._premise((0, number)).name
            for name in self._proofs.named_in(theorem) if theorem != asker else ():
                weights[name] += nearness**2
        found = {place: self._premise(place) for name in weights for place in self._named(name, 1)}
        facts = {place: premise.name for place, premise in found.items() if premise.kind in FACTS}
        return {place: weights[name] for place, name in facts.items() if name in weights}

    def _named(self, name: str, most: int) -> list[Place]:
        """What is called so, and what has a name that ends so."""
        if not name:
            return []
        return [(shelf, number) for shelf, each in enumerate(self.shelves) for number in each.named(name, most)]

    def _spelled(self, asked: Query) -> list[Place]:
        """Where nothing but words is asked for: what has all of them in its name, the shortest names first."""
        if asked.goal:
            return []
        likely = self._rankings(asked, "", ["names"])[0]
        named = {place: self._premise(place).name for place in likely}
        spelled = [place for place, name in named.items() if set(asked.words) <= set(words(name))]
        return sorted(spelled, key=lambda place: len(named[place]))

    def _constants(self, asked: Query) -> list[str]:
        """What the names in a goal may stand for: the project's constants of that name, else those of other shelves."""
        found: dict[str, None] = {}
        for name in asked.names:
            if len(name) < _SHORT and name.islower():
                continue
            meanings = self._named(name, _MEANINGS)
            nearest = min((shelf for shelf, _ in meanings), default=0)
            found |= {self._premise(place).name: None for place in meanings if place[0] == nearest}
        return list(found)

    def _premise(self, place: Place) -> Premise:
        shelf, number = place
        return self.shelves[shelf].premise(number)


def ordered(scores: Mapping[Place, float]) -> list[Place]:
    """The places, the highest score first; among equals the nearer shelf, and there the earlier place."""
    return sorted(scores, key=lambda place: (-scores[place], place))


def fused(rankings: Iterable[Sequence[Place]]) -> dict[Place, float]:
    """The score of each place: the sum of 1 / (k + its rank) over the rankings that it is in."""
    scores: dict[Place, float] = defaultdict(float)
    for ranking in rankings:
        for rank, place in enumerate(ranking, 1):
            scores[place] += 1 / (_DAMPING + rank)
    return dict(scores)
