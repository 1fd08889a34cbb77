"""A search that is opened when something is looked for first: most repairs look for nothing, and an index that is not
in the cache yet takes a minute. For a file outside of any run; `prover.repair` and the benchmarks use it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Self

from agents.base import Premise
from prover.lean.toolchain import Toolchain
from prover.project import Survey
from prover.search.index import Index


class Lookup:
    """In the toolchain's library, the packages of the project at `root`, and a LeanDojo corpus, where there are such.

    `watch` is told when something takes long.
    """

    def __init__(
        self,
        lean: Toolchain,
        root: Path | None = None,
        corpus: Path | None = None,
        watch: Callable[[str], None] = lambda stage: None,
    ) -> None:
        self._lean, self._root, self._corpus, self._watch = lean, root, corpus, watch
        self._index: Index | None = None
        self._opening = asyncio.Lock()

    async def find(self, query: str, most: int, survey: Survey) -> tuple[Premise, ...]:
        """Declarations that might help where the modules of the survey are imported. Raises what `Index.of` raises."""
        async with self._opening:
            if self._index is None:
                self._watch("looking for names (the first time with a toolchain: a minute)")
                self._index = await Index.of(self._lean, self._root, self._corpus)
        return await self._index.at(survey).search(query, most)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._index is not None:
            self._index.close()
