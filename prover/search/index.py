"""All shelves together: what is below the project, found once, and the project's own as it changes.

Made off the event loop: the library in a process of its own, once per toolchain. Between two commits the project's
shelf stays as long as no interface changes, as when proofs are merged; what is proved and what can be imported comes
from the Survey and is always that of the commit. Called by the run and by `prover search`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path

from agents.base import Premise
from prover.lean.build import CompiledModule
from prover.lean.packages import packages_of
from prover.lean.pretty import Known
from prover.lean.shapes import binders
from prover.lean.toolchain import Toolchain
from prover.project import Survey
from prover.search import library
from prover.search.entries import Entry, entries
from prover.search.searcher import Searcher
from prover.search.shelf import Shelf

INDEXING = 120.0  # seconds that an agent waits for what it searches in; that of Lean's own library is made in fewer


class Index:
    """Close it when it is no longer asked."""

    def __init__(self, below: Sequence[Shelf], corpora: Sequence[Shelf] = ()) -> None:
        self._below, self._corpora = below, corpora
        self._imports: Mapping[str, frozenset[str]] = dict(chain(*(shelf.imports().items() for shelf in below)))
        self._read: dict[tuple[str, str], list[Entry]] = {}  # by module and interface
        self._own: tuple[frozenset[tuple[str, str]], Shelf] | None = None

    @classmethod
    async def of(
        cls, lean: Toolchain, root: Path | None = None, corpus: Path | None = None, store: Path | None = None
    ) -> Index:
        """With the toolchain's library, the compiled packages of the project at `root`, and a LeanDojo corpus.

        The first time for a library this takes a minute; `store` is where indices are kept, by default in the user's
        cache. Raises what `library.shelf` raises.
        """
        below: list[Shelf] = []
        for folder in (lean.library, *(packages_of(root) if root else ())):
            below.append(await library.shelf(folder, store, below))
        return cls(below, [await library.shelf(corpus, store)] if corpus else ())

    def at(self, survey: Survey) -> Searcher:
        """Searches in the project as it is at this commit, and in all that is below it."""
        return Searcher(survey, self._shelf, (*self._below, *self._corpora), self._imports)

    def close(self) -> None:
        for shelf in (*self._below, *self._corpora):
            shelf.close()
        if self._own:
            self._own[1].close()

    def _shelf(self, survey: Survey) -> Shelf:
        modules = {(name, module.interface): module for name, module in survey.build.modules.items()}
        if self._own is None or self._own[0] != modules.keys():
            known = self._known(survey)
            self._read = {key: self._read.get(key) or _entries(module, known) for key, module in modules.items()}
            self._own = (frozenset(modules), Shelf.fill(chain(*self._read.values()), {}))
        return self._own[1]

    def _known(self, survey: Survey) -> Known:
        """The binders of a constant: of one of the project, or of what is below it."""
        own, elsewhere = survey.build.environment.constants, library.known(self._below)
        return lambda name: binders(name, own[name][0].type) if name in own else elsewhere(name)


@asynccontextmanager
async def made_beside(lean: Toolchain, root: Path | None, corpus: Path | None) -> AsyncIterator[asyncio.Task[Index]]:
    """`Index.of` as a task beside what is done in the block, since a library takes a minute; closed after it."""
    async with asyncio.TaskGroup() as group:
        making = group.create_task(Index.of(lean, root, corpus))
        try:
            yield making
        finally:
            making.add_done_callback(_close)
            making.cancel()


async def found(
    making: asyncio.Task[Index] | None, survey: Survey, query: str, most: int, *, asker: str
) -> tuple[Premise, ...]:
    """What might help to prove `asker`, in the project as it is; nothing where there is no index, or while a large
    library is still being indexed."""
    if making is None:
        return ()
    await asyncio.wait([making], timeout=INDEXING)
    index = making.result() if making.done() else None
    return await index.at(survey).search(query, most, asker=asker) if index else ()


def _close(making: asyncio.Task[Index]) -> None:
    if not making.cancelled() and making.exception() is None:
        making.result().close()


def _entries(module: CompiledModule, known: Known) -> list[Entry]:
    return list(entries(module.name, module.read(), known))
