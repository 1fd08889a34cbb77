"""One compiled module: its imports, its constants, and what it adds to Lean's environment extensions.

The parts of a module tell the same story to different audiences. The first (`.olean`) is what importers see: proofs and
unexposed bodies are gone, theorems look like axioms, private constants are missing. The last (`.olean.private`, or the
only file when the source does not start with `module`) has everything; what is read here is that last one.
Layouts: `Lean.ModuleData` (src/Lean/Environment.lean) and `Lean.ConstantInfo` (src/Lean/Declaration.lean).
Called by the build, the declarations and the judge; knows nothing of projects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from prover.errors import OleanError
from prover.lean.expr import Digests, Expr, constants_in
from prover.lean.name import Name, name_bytes, nat_bytes, read_list, read_name, text_bytes
from prover.lean.olean import Object, Value, read_root
from prover.model import Kind

_T = TypeVar("_T")


class Safety(StrEnum):
    UNSAFE = "unsafe"
    SAFE = "safe"
    PARTIAL = "partial"


class Import(NamedTuple):
    """`public? meta? import all? module`."""

    module: Name
    all: bool
    public: bool
    meta: bool


@dataclass(frozen=True, eq=False)
class Constant:
    """A constant of the environment.

    `related` names what belongs to it by definition: an inductive type's constructors and companions, a constructor's
    or recursor's type, the members of a mutual block. `numbers` are its kind's other fields in Lean's order
    (parameters, indices, fields, flags), `hints` when the kernel unfolds it, `rules` a recursor's right-hand sides.
    """

    digests: Digests = field(repr=False)  # shared by the constants of a module
    name: Name
    kind: Kind
    levels: tuple[Name, ...]
    type: Expr
    value: Expr | None = None
    safety: Safety = Safety.SAFE
    related: tuple[Name, ...] = ()
    numbers: tuple[int, ...] = ()
    hints: int = 0
    rules: tuple[tuple[Name, int, Expr], ...] = ()

    @cached_property
    def statement_mentions(self) -> frozenset[Name]:
        """The constants in its type; for what has no value also those in all else that makes it."""
        if self.value is not None:  # the members of a mutual block, in `related`, need not use each other
            return constants_in(self.type)
        return constants_in(self.type, *(rule for _, _, rule in self.rules)).union(self.related)

    @cached_property
    def body_mentions(self) -> frozenset[Name]:
        """The constants in its value."""
        return frozenset() if self.value is None else constants_in(self.value)

    @cached_property
    def mentions(self) -> frozenset[Name]:
        """Every constant that it needs in order to be what it is."""
        return self.statement_mentions | self.body_mentions

    @cached_property
    def statement_digest(self) -> bytes:
        """SHA-256 of name, universe parameters and type."""
        return _digest(b"statement", (self.name, *self.levels), (), [self.digests.expr(self.type)])

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of everything about it."""
        bodies = [self.digests.expr(self.value)] if self.value else []
        rules = [_digest(b"rule", (name,), (fields,), [self.digests.expr(e)]) for name, fields, e in self.rules]
        numbers = (len(bodies), self.hints, *self.numbers)
        return _digest(
            f"{self.kind} {self.safety}".encode(), self.related, numbers, [self.statement_digest, *bodies, *rules]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """`entries` has what the module adds to each environment extension, by the extension's name.

    `is_module` says whether the source starts with `module`; `word` is the size of a pointer where it was compiled.
    """

    imports: tuple[Import, ...]
    constants: Mapping[Name, Constant]
    entries: Mapping[Name, tuple[Value, ...]]
    is_module: bool
    word: int

    def extension(self, name: str) -> tuple[Value, ...]:
        return self.entries.get(Name.parse(name), ())


def read_module(parts: Sequence[Path]) -> Module:
    """The module as its last part has it; `parts` are its files in Lean's order (`.olean`, `.server`, `.private`).

    With the first part alone this is the module as importers see it. Raises OleanError.
    """
    root, word = read_root(parts)
    data = _shaped(root, 5, 1)
    imports, names, constants, _compiled, entries = map(_array, data.fields)
    digests = Digests()
    read = tuple(_constant(constant, digests) for constant in constants)
    if tuple(map(read_name, names)) != tuple(constant.name for constant in read):
        raise OleanError(f"{parts[-1]} is damaged: its constants are not those that it lists")
    return Module(
        tuple(map(_import, imports)),
        _mapping((constant.name, constant) for constant in read),
        _mapping(_entries(entry) for entry in entries),
        bool(data.scalars[0]),
        word,
    )


def _import(value: Value) -> Import:
    fields = _shaped(value, 1, 3)
    return Import(read_name(fields.fields[0]), *map(bool, fields.scalars[:3]))


def _entries(value: Value) -> tuple[Name, tuple[Value, ...]]:
    name, rows = _shaped(value, 2).fields
    return read_name(name), _array(rows)


def _constant(value: Value, digests: Digests) -> Constant:
    if not isinstance(value, Object) or value.tag >= len(_LAYOUTS):
        raise OleanError("a constant in a module file is malformed")
    kind, fields, scalars = _LAYOUTS[value.tag]
    info = _shaped(_shaped(value, 1).fields[0], fields, scalars)
    name, levels, type_ = _shaped(info.fields[0], 3).fields
    details = _details(kind, info.fields[1:], info.scalars)
    return Constant(digests, read_name(name), kind, _names(levels), _expr(type_), **details)


# The constructors of `ConstantInfo`: pointer fields (name, levels and type count as one), bytes of unboxed fields.
_LAYOUTS = (
    (Kind.AXIOM, 1, 1),  # isUnsafe
    (Kind.DEFINITION, 4, 1),  # value, hints, all; safety
    (Kind.THEOREM, 3, 0),  # value, all
    (Kind.OPAQUE, 3, 1),  # value, all; isUnsafe
    (Kind.QUOT, 1, 1),  # kind
    (Kind.INDUCTIVE, 6, 3),  # numParams, numIndices, all, ctors, numNested; isRec, isUnsafe, isReflexive
    (Kind.CONSTRUCTOR, 5, 1),  # induct, cidx, numParams, numFields; isUnsafe
    (Kind.RECURSOR, 7, 2),  # all, numParams, numIndices, numMotives, numMinors, rules; k, isUnsafe
)


def _details(kind: Kind, fields: tuple[Value, ...], flags: bytes) -> dict[str, Any]:
    """The fields of `Constant` that are particular to its kind."""
    match kind, fields:
        case Kind.DEFINITION, (value, hints, others):
            safety = _SAFETY.get(flags[0])
            if safety is None:
                raise OleanError("a definition in a module file is malformed")
            return {"value": _expr(value), "hints": _hints(hints), "related": _names(others), "safety": safety}
        case Kind.THEOREM, (value, others):
            return {"value": _expr(value), "related": _names(others)}
        case Kind.OPAQUE, (value, others):
            return {"value": _expr(value), "related": _names(others), "safety": _safety(flags[0])}
        case Kind.INDUCTIVE, (params, indices, others, constructors, nested):
            numbers = _numbers(params, indices, nested, flags[0], flags[2])
            related = _names(others) + _names(constructors)
            return {"related": related, "numbers": numbers, "safety": _safety(flags[1])}
        case Kind.CONSTRUCTOR, (inductive, *numbers):
            return {
                "related": (read_name(inductive),),
                "numbers": _numbers(*numbers),
                "safety": _safety(flags[0]),
            }
        case Kind.RECURSOR, (others, *numbers, rules):
            return {
                "related": _names(others),
                "numbers": _numbers(*numbers, flags[0]),
                "rules": tuple(map(_rule, read_list(rules))),
                "safety": _safety(flags[1]),
            }
        case Kind.QUOT, _:
            return {"numbers": (flags[0],)}
    return {"safety": _safety(flags[0])}


_SAFETY = {0: Safety.UNSAFE, 1: Safety.SAFE, 2: Safety.PARTIAL}  # the order of `DefinitionSafety`


def _safety(unsafe: int) -> Safety:
    return Safety.UNSAFE if unsafe else Safety.SAFE


def _hints(value: Value) -> int:
    """`ReducibilityHints` as a number: 0 opaque, 1 abbreviation, 2 + height for a regular definition."""
    if isinstance(value, Object):
        return 2 + int.from_bytes(_shaped(value, 0, 4).scalars[:4], "little")
    return _numbers(value)[0]


def _rule(value: Value) -> tuple[Name, int, Expr]:
    constructor, fields, right = _shaped(value, 3).fields
    return read_name(constructor), _numbers(fields)[0], _expr(right)


def _names(value: Value) -> tuple[Name, ...]:
    return tuple(map(read_name, read_list(value)))


def _numbers(*values: Value) -> tuple[int, ...]:
    if all(isinstance(value, int) and value >= 0 for value in values):
        return values  # type: ignore[return-value]
    raise OleanError("a number in a module file is malformed")


def _expr(value: Value) -> Expr:
    if isinstance(value, Object):
        return value
    raise OleanError("an expression in a module file is malformed")


def _array(value: Value) -> tuple[Value, ...]:
    if isinstance(value, tuple):
        return value
    raise OleanError("an array in a module file is malformed")


def _shaped(value: Value, fields: int, scalars: int = 0) -> Object:
    """The object that is `value`, with so many pointer fields and at least so many bytes of unboxed ones."""
    if isinstance(value, Object) and len(value.fields) == fields and len(value.scalars) >= scalars:
        return value
    raise OleanError("a structure in a module file is malformed")


def _mapping(pairs: Iterable[tuple[Name, _T]]) -> dict[Name, _T]:
    mapping: dict[Name, _T] = {}
    for name, value in pairs:
        if name in mapping:
            raise OleanError(f"a module file has {name} twice")
        mapping[name] = value
    return mapping


def _digest(kind: bytes, names: Sequence[Name], numbers: Sequence[int], digests: Sequence[bytes]) -> bytes:
    """SHA-256 over pieces that each show where they end."""
    counts = map(nat_bytes, (len(names), len(numbers), *numbers))
    return sha256(b"".join((text_bytes(kind), *counts, *map(name_bytes, names), *digests))).digest()
