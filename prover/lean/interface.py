"""What importers can see of a compiled module, as one digest: they need not be compiled again while it stays the same.

Two compilations of one source differ in bytes (order, memory that was never written), and closing a hole must not look
like a change. So the digest is over sorted, canonical content, and it leaves out what follows below, each with its
reason. Called by the build alone; nothing here is evidence for a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from prover.lean.module import Module, read_module
from prover.lean.name import Name, name_bytes
from prover.lean.rows import RowDigests, first_name

# Counts of symbols over a whole module, which rank the suggestions of `exact?` and its like and mean nothing; and which
# theorems are proved by `rfl` alone, which tells `dsimp` that it may use them and changes nothing that has compiled.
_IGNORED = frozenset(map(Name.parse, ("symbolFrequency", "sineQueNon", "Lean.defeqAttr")))
# Lean makes these for a definition when some proof first asks for them, always in the same way, and makes them again in
# the importer that finds them missing: whether a module has them depends on its proofs, what they say does not.
_ON_DEMAND = frozenset(
    ("eq_def", "eq_unfold", "splitter", "congr_simp", "induct", "induct_unfolding", "fun_cases", "fun_cases_unfolding")
)
_ON_DEMAND_NUMBERED = ("eq_", "congr_eq_", "hcongr_")


def interface_digest(parts: Sequence[Path], code: Path | None = None) -> str:
    """SHA-256, in hexadecimal, of the public view of a module.

    `parts` are its files as for `read_module`, `code` its compiled code (`.ir`), which importers may run. A source
    without `module` has one part, in which proofs are seen too. Raises OleanError.
    """
    public, whole = read_module(parts[:1]), read_module(parts)
    declared = {first_name(row) for row in whole.extension("Lean.declRangeExt")}
    on_demand = {name for name in public.constants if is_on_demand(name) and name not in declared}
    pieces = sorted(_pieces(public, on_demand))
    if code is not None:
        pieces += sorted(_pieces(read_module([code]), on_demand))
    return sha256(b"".join(pieces)).hexdigest()


def is_on_demand(name: Name) -> bool:
    last = name[-1] if name else 0
    if isinstance(last, int):
        return False
    numbered = any(last.startswith(prefix) and last[len(prefix) :].isdecimal() for prefix in _ON_DEMAND_NUMBERED)
    return numbered or last in _ON_DEMAND


def _pieces(module: Module, on_demand: set[Name]) -> Iterator[bytes]:
    """32 bytes for each import, constant and extension entry."""
    for name, *flags in module.imports:
        yield sha256(b"".join((b"import", name_bytes(name), bytes(flags)))).digest()
    for constant in module.constants.values():
        if constant.name not in on_demand:
            yield constant.digest
    tree = RowDigests(module.word)
    for extension, rows in module.entries.items():
        for row in () if extension in _IGNORED else rows:
            if not on_demand.intersection(_prefixes(first_name(row))):
                yield sha256(b"".join((b"entry", name_bytes(extension), tree.digest(row)))).digest()


def _prefixes(name: Name) -> Iterator[Name]:
    """The name and those it lies under: compiled code has parts, such as `foo.splitter._redArg._boxed`."""
    return (Name(name[:size]) for size in range(1, len(name) + 1))
