"""What can be found: the declarations of a compiled module that somebody might name in a proof.

Left out is what Lean generates (recursors, equation lemmas, matchers, parsers of notation, instances without a name of
their own), what is private, and what is unsafe. Reads `prover.lean.module`; called by the indices.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from prover.lean.module import Module, Safety
from prover.lean.name import Name, read_name
from prover.lean.olean import Object
from prover.lean.pretty import Known, pretty
from prover.lean.shapes import binders
from prover.model import Kind

LONGEST = 600  # characters of a type or a docstring that are kept
# What theorems were before importers came to see them as axioms (`Lean.getOriginalConstKind?`), and theorems' number in
# Lean's `ConstantKind`.
_ORIGINAL_KINDS = Name.parse("_private.Lean.AddDecl.0.Lean.privateConstKindsExt")
_KINDS = (Kind.DEFINITION, Kind.THEOREM, Kind.AXIOM, Kind.OPAQUE)
_GENERATED = re.compile(
    r"(rec|recOn|casesOn|below|brecOn|binductionOn|ibelow|go|ndrec|ndrecOn|noConfusion|noConfusionType|ctorIdx|toCtorIdx"
    r"|ctorElim|ctorElimType|injEq|inj|sizeOf_spec|eq_def|eq_unfold|congr_simp|fun_cases_unfolding"
    r"|induct_unfolding|(eq|match|proof|hcongr|omega|simp|of)_\d+|inst[A-Z₀-₉_].*|_.*|.*[«✝].*)"
)


class Entry(NamedTuple):
    """One declaration. `type` is as `pretty` has it, `uses` are the constants in it, `binders` as `shapes` has them."""

    name: str
    module: str
    kind: Kind
    type: str
    doc: str
    uses: frozenset[str]
    binders: str = ""


def entries(module_name: str, module: Module, known: Known) -> Iterator[Entry]:
    """The declarations of the module, in Lean's order; `known` are the binders of constants. Raises OleanError."""
    kinds, docs = _original_kinds(module), _docs(module)
    for name, constant in module.constants.items():
        if _can_be_named(name) and constant.safety is not Safety.UNSAFE and constant.kind is not Kind.RECURSOR:
            kind = kinds.get(name, constant.kind)
            uses = frozenset(str(used) for used in constant.statement_mentions if _can_be_named(used))
            type_, arguments = pretty(constant.type, known, LONGEST), binders(name, constant.type)
            yield Entry(str(name), module_name, kind, type_, docs.get(name, ""), uses, arguments)


def _can_be_named(name: Name) -> bool:
    """Is it a name that a person gives, and that others may use?"""
    return bool(name) and all(isinstance(part, str) and not _GENERATED.fullmatch(part) for part in name)


def _original_kinds(module: Module) -> Mapping[Name, Kind]:
    rows = (row.fields for row in module.entries.get(_ORIGINAL_KINDS, ()) if isinstance(row, Object))
    return {
        read_name(name): _KINDS[kind]
        for name, kind in (fields for fields in rows if len(fields) == 2)
        if isinstance(kind, int) and 0 <= kind < len(_KINDS)
    }


def _docs(module: Module) -> Mapping[Name, str]:
    rows = (row.fields for row in module.extension("Lean.docStringExt") if isinstance(row, Object))
    found = (fields for fields in rows if len(fields) == 2)
    return {read_name(name): doc.strip()[:LONGEST] for name, doc in found if isinstance(doc, str)}


def one_line(text: str) -> str:
    """The text without line breaks, cut where it is very long."""
    return " ".join(text.split())[:LONGEST]
