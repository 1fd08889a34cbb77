"""What the project's own proofs are made of: the constants that a proof names, as far as its text and its term agree.

A statement like another one is often proved from the same premises (Kaliszyk, Urban: Learning-assisted theorem proving
with millions of lemmas, 2015, choose premises by the k nearest statements). Called by the searcher and by the
measurement of what a search finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from prover.errors import SlotError
from prover.lean.declarations import declared
from prover.lean.lexer import Sort, tokens
from prover.lean.name import Name
from prover.project import Survey


class Proofs:
    """The proofs at one commit, read where they are asked for."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._read: dict[str, frozenset[str]] = {}

    def named_in(self, theorem: str) -> frozenset[str]:
        """The constants that the proof names; those alone that tactics put into the term do not count. Empty for what
        is no theorem of the project, is open, or has no proof in a place of its own."""
        if theorem not in self._read:
            self._read[theorem] = self._named(theorem) if theorem in self._closed else frozenset()
        return self._read[theorem]

    def _named(self, theorem: str) -> frozenset[str]:
        try:
            slot = self._survey.slot(theorem)
        except SlotError:
            return frozenset()
        body = slot.source[slice(*slot.body)]
        last = {token.text.rpartition(".")[2] for token in tokens(body) if token.sort is Sort.NAME}
        used = self._survey.build.environment.constants[self._names[theorem]][0].body_mentions
        return frozenset(str(name) for name in used if name and name[-1] in last and str(name) != theorem)

    @cached_property
    def _names(self) -> Mapping[str, Name]:
        return declared(self._survey.build.environment)

    @cached_property
    def _closed(self) -> frozenset[str]:
        return self._survey.theorems() - self._survey.graph.open()
