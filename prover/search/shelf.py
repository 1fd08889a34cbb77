"""Declarations with their indices: by name in SQLite, by words and by constants in BM25; on disk or in memory.

BM25 is that of `bm25s` (Lù 2024), which computes the scores when it builds the index: a query over 300,000
declarations takes 3 ms and next to no memory, since the arrays are mapped from disk. `rank-bm25`, without a release
since 2022, takes 200 ms and 450 MiB for the same, and SQLite's own FTS5 100 to 200 ms. It needs numpy, which the plots
need anyway, and is imported in 0.1 s, where a search begins.
Called by the library, the corpus and the searcher. What it is asked for it finds; it does not know what it is for.
"""

from __future__ import annotations

import math
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from agents.base import Premise
from prover.model import Kind
from prover.search.entries import Entry
from prover.search.query import words

if TYPE_CHECKING:
    from bm25s import BM25

FIELDS = ("names", "words", "constants")
FACTS = (Kind.THEOREM, Kind.AXIOM)
_ROWS, _NEW = "declarations.sqlite", ":memory:"
_SCHEMA = """
CREATE TABLE declaration
    (number INTEGER PRIMARY KEY, name TEXT, last TEXT, module TEXT, kind TEXT, type TEXT, doc TEXT,
     binders TEXT);
CREATE TABLE module (name TEXT PRIMARY KEY, imports TEXT);
"""
_INDICES = "CREATE INDEX by_name ON declaration (name); CREATE INDEX by_last ON declaration (last);"


class Shelf:
    """An index that does not change; closed when it is forgotten. Its declarations have numbers, from 0."""

    def __init__(self, rows: sqlite3.Connection, indices: Mapping[str, BM25], folder: Path | None = None) -> None:
        self._rows, self._indices, self.folder = rows, indices, folder
        self.close = weakref.finalize(self, rows.close)

    @classmethod
    def fill(cls, entries: Iterable[Entry], modules: Mapping[str, Iterable[str]], folder: Path | None = None) -> Shelf:
        """A new shelf, in an existing empty folder or in memory; `modules` have the names of what they import."""
        from bm25s import BM25

        rows = _connect(folder / _ROWS if folder else None)
        rows.executescript(_SCHEMA)
        documents: dict[str, list[list[str]]] = {field: [] for field in FIELDS}
        rows.executemany("INSERT INTO declaration VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _rows(entries, documents))
        rows.executemany("INSERT INTO module VALUES (?, ?)", ((name, " ".join(used)) for name, used in modules.items()))
        rows.executescript(_INDICES)
        rows.commit()
        indices = {}
        for field, texts in documents.items():
            if texts:
                indices[field] = BM25()
                indices[field].index(texts, show_progress=False)
                if folder:
                    indices[field].save(folder / field, show_progress=False)
        return cls(rows, indices, folder)

    @classmethod
    def open(cls, folder: Path) -> Shelf:
        """The shelf that was filled in this folder."""
        from bm25s import BM25

        found = {field: folder / field for field in FIELDS if (folder / field).is_dir()}
        indices = {field: BM25.load(place, mmap=True) for field, place in found.items()}
        return cls(_connect(folder / _ROWS), indices, folder)

    def __len__(self) -> int:
        return int(self._rows.execute("SELECT COUNT(*) FROM declaration").fetchone()[0])

    def premise(self, number: int) -> Premise:
        """The declaration of that number."""
        query = "SELECT name, module, kind, type, doc FROM declaration WHERE number = ?"
        name, module, kind, type_, doc = self._rows.execute(query, (number,)).fetchone()
        return Premise(name, module, Kind(kind), type_, doc)

    def binders(self, name: str) -> str | None:
        """What `shapes.binders` says of the declaration of that name."""
        row = self._rows.execute("SELECT binders FROM declaration WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def named(self, name: str, most: int) -> list[int]:
        """The declaration of that name, and those whose name ends so: `add_comm` and `Nat.add_comm`.

        The shortest names first; among these the namespace of which most is stated, so that `Nat` is before `Int`.
        """
        query = (
            "SELECT number, name FROM declaration"
            " WHERE last = ? AND (name = ? OR substr(name, -length(?) - 1) = '.' || ?) ORDER BY length(name) LIMIT ?"
        )
        found = self._rows.execute(query, (_last(name), name, name, name, most)).fetchall()
        return [number for number, _ in sorted(found, key=lambda row: (len(row[1]), self._strangeness(row[1]), row[1]))]

    def _strangeness(self, name: str) -> float:
        index = self._indices.get("constants")
        return _rarity(index, name.rpartition(".")[0]) if index is not None else 0.0

    def ranked(self, field: str, tokens: Sequence[str], most: int) -> list[tuple[int, float]]:
        """The declarations that fit the tokens in this field best, in no order; those that fit not at all are left out.

        Scores of one shelf can be compared with another's: each is the share of what a declaration with all of the
        tokens, and next to nothing else, would score here.
        """
        import numpy as np

        index = self._indices.get(field)
        known = [token for token in tokens if index is not None and token in index.vocab_dict]
        if index is None or not known:
            return []
        scores = index.get_scores(known)
        fitting = np.flatnonzero(scores > 0)  # first of all, since argpartition is slow where most scores are equal
        best = fitting[np.argpartition(scores[fitting], -most)[-most:]] if most < len(fitting) else fitting
        all_of_them = sum(_rarity(index, token) for token in tokens)
        return [(int(number), float(scores[number]) / all_of_them) for number in best]

    def imports(self) -> dict[str, frozenset[str]]:
        """What whoever imports a module imports with it."""
        rows = self._rows.execute("SELECT name, imports FROM module")
        return {name: frozenset(imported.split()) for name, imported in rows}


def _rarity(index: BM25, token: str) -> float:
    """The token's inverse document frequency, as in BM25 (the variant of Lucene, which is that of bm25s)."""
    column, total = index.vocab_dict.get(token), index.scores["num_docs"]
    having = index.scores["indptr"][column + 1] - index.scores["indptr"][column] if column is not None else 0
    return math.log(1 + (total - having + 0.5) / (having + 0.5))


def _rows(entries: Iterable[Entry], documents: Mapping[str, list[list[str]]]) -> Iterator[tuple[object, ...]]:
    """What SQLite keeps of each; on the way, what BM25 is to index is put into `documents`."""
    for number, entry in enumerate(entries):
        name = words(entry.name)
        uses = sorted(entry.uses) if entry.kind in FACTS else []
        # Every token counts once, and every document has one: bm25s takes a first one without any for something else.
        documents["names"].append(["", *dict.fromkeys(name)])
        said = chain(name, words(entry.doc), *map(words, uses))
        documents["words"].append(["", *dict.fromkeys(said)])
        documents["constants"].append(["", *uses])
        last = _last(entry.name)
        yield number, entry.name, last, entry.module, entry.kind.value, entry.type, entry.doc, entry.binders


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _connect(file: Path | None) -> sqlite3.Connection:
    """A shelf is read from whatever thread a search runs in."""
    return sqlite3.connect(file or _NEW, check_same_thread=False)
