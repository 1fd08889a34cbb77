"""Premises of a LeanDojo corpus: `corpus.jsonl`, a source file a line with its imports and the premises in it.

Of LeanDojo itself nothing is needed for that: it makes such a file (`TracedFile.get_premise_definitions`, and the
script of its benchmark) but has no type for one, and to import it starts Ray's client code, reads `.env` into the
environment, and asks GitHub where a token is set. The extra `[dojo]` installs it for whoever wants to trace a
repository. What is skipped, and how mutual declarations are named, is as in ReProver, which reads these files too.
Called by the library. Format: Yang et al., LeanDojo: Theorem Proving with Retrieval-Augmented Language Models (2023).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ValidationError

from prover.errors import ConfigError
from prover.lean.lexer import Sort, tokens
from prover.model import Kind
from prover.search.entries import Entry, one_line
from prover.search.query import Query

REMEDY = "a corpus is a corpus.jsonl of LeanDojo: path, imports and premises on each line"
_HELD_OUT = "user__.n"  # LeanDojo's name for what has none
_KINDS = {
    "theorem": Kind.THEOREM,
    "lemma": Kind.THEOREM,
    "axiom": Kind.AXIOM,
    "opaque": Kind.OPAQUE,
    "inductive": Kind.INDUCTIVE,
    "structure": Kind.INDUCTIVE,
    "class": Kind.INDUCTIVE,
}


class _Premise(BaseModel):
    """`code` is a theorem's statement, or all of a definition, without comments; the places count from 1."""

    full_name: str | None
    code: str
    start: tuple[int, int]
    end: tuple[int, int]
    kind: str


class _File(BaseModel):
    path: str
    imports: list[str]
    premises: list[_Premise]


def premises(corpus: Path) -> Iterator[Entry]:
    """What the corpus has, in its order; raises ConfigError, with the line, for what is no corpus."""
    try:
        with corpus.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield from _entries(corpus, number, line)
    except OSError as error:
        raise ConfigError(f"{corpus} cannot be read: {error.strerror}", REMEDY) from error


def _entries(corpus: Path, number: int, line: bytes) -> Iterator[Entry]:
    try:
        file = _File.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{corpus}:{number}: {where + ': ' if where else ''}{first['msg']}", REMEDY) from error
    module = _module(file.path)
    for premise in file.premises:
        asked = Query.of(premise.code)
        for name in _names(premise.full_name or ""):
            uses = frozenset({*asked.symbols, *asked.names})
            yield Entry(name, module, _kind(premise.code), one_line(premise.code), "", uses)


def _names(full_name: str) -> list[str]:
    """The names of a premise, several for a mutual declaration: `[Even, Odd]`."""
    several = full_name[1:-1].split(",") if full_name.startswith("[") and full_name.endswith("]") else [full_name]
    return [name.strip() for name in several if name.strip() and _HELD_OUT not in name]


def _kind(code: str) -> Kind:
    """What the code declares, as its first keyword says; `instance`, `def` and all that is not in the table define."""
    names = (token.text for token in tokens(code) if token.sort is Sort.NAME)
    return next((_KINDS[name] for name in names if name in _KINDS), Kind.DEFINITION)


def _module(path: str) -> str:
    """The module of a file: of `.lake/packages/mathlib/Mathlib/Order/Basic.lean` it is `Mathlib.Order.Basic`."""
    parts = PurePosixPath(path).with_suffix("").parts
    parts = parts[3:] if parts[:2] == (".lake", "packages") else parts
    return ".".join(parts[2:] if parts[:2] == ("src", "lean") else parts)
