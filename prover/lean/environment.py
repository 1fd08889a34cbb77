"""The constants of all modules of a project together, and what follows from one constant to the next.

Plain walks over what the modules mention: transitive axioms, and the lock of a statement. No messages, no sources, no
opinions about what is allowed. Called by the declarations and by the judge; a walk stops where the project stops, at
constants of Lean's own library (or of a dependency whose modules are not given).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from prover.errors import ProjectError
from prover.lean.module import Constant, Module
from prover.lean.name import SORRY, Name, name_bytes, nat_bytes
from prover.model import Kind

# Every axiom of Init, Std and Lean that safe code can use. They are known by name, because theorems look like axioms
# too in the files that importers see.
LIBRARY_AXIOMS = frozenset(
    map(
        Name.parse,
        (
            "propext",
            "Classical.choice",
            "Quot.sound",
            "sorryAx",
            "Lean.ofReduceBool",
            "Lean.ofReduceNat",
            "Lean.trustCompiler",
        ),
    )
)


class Axioms(NamedTuple):
    """What something rests on. An axiom that a project declares is its own, whatever it is called."""

    library: frozenset[Name]
    project: frozenset[Name]


class Environment:
    """Modules by name, whose union is what is walked."""

    def __init__(self, modules: Mapping[str, Module]) -> None:
        self.modules = modules

    @cached_property
    def constants(self) -> Mapping[Name, tuple[Constant, ...]]:
        """By name. Lean makes some (equation lemmas) on demand in every module that asks: all of those count."""
        found: dict[Name, tuple[Constant, ...]] = defaultdict(tuple)
        for module in self.modules.values():
            for name, constant in module.constants.items():
                found[name] += (constant,)
        return dict(found)

    def axioms(self, name: Name) -> Axioms:
        """The axioms that the constant rests on, however indirectly; `sorryAx` is one of them.

        Raises ProjectError when the project has no such constant.
        """
        reached = self.reached(name)
        library = {name for name in reached - self.constants.keys() if _rests_on_axiom(name)}
        own = {name for name in reached if any(c.kind is Kind.AXIOM for c in self.constants.get(name, ()))}
        return Axioms(frozenset(library), frozenset(own))

    def reached(self, name: Name) -> frozenset[Name]:
        """The constant and everything that it rests on; the library's constants with no more than their names.

        Raises ProjectError when the project has no such constant.
        """
        return frozenset(self._reach(self._named(name), lambda constant: constant.mentions))

    def statement(self, name: Name) -> str:
        """The lock: SHA-256, in hexadecimal, of the constant's statement and all of the project that it reaches.

        A theorem's statement is its name, universe parameters and type; anything else is locked with all that it is.
        Raises ProjectError when the project has no such constant.
        """
        reached = self.meaning(name)
        digests = sorted(
            name_bytes(other) + statement_digest(constant)
            for other in reached & self.constants.keys()
            for constant in self.constants[other]
        )
        return sha256(b"".join((name_bytes(name), nat_bytes(len(digests)), *digests))).hexdigest()

    def meaning(self, name: Name) -> frozenset[Name]:
        """The constant and everything that its statement rests on: proofs of theorems mean nothing.

        Raises ProjectError when the project has no such constant.
        """
        return frozenset(self._reach(self._named(name), statement_needs))

    def has_hole(self, name: Name) -> bool:
        """Does the constant's own statement or body contain `sorryAx`?"""
        return any(SORRY in constant.mentions for constant in self.constants[name])

    def _named(self, name: Name) -> tuple[Constant, ...]:
        if name not in self.constants:
            raise ProjectError(f"the project has no {name}")
        return self.constants[name]

    def _reach(self, start: Iterable[Constant], needs: Callable[[Constant], frozenset[Name]]) -> set[Name]:
        """The names of `start` and of everything that they need, transitively."""
        todo = list(start)
        reached = {constant.name for constant in todo}
        while todo:
            new = needs(todo.pop()) - reached
            reached |= new
            todo.extend(constant for name in new for constant in self.constants.get(name, ()))
        return reached


def statement_needs(constant: Constant) -> frozenset[Name]:
    """What the constant's statement mentions: all that it mentions, but for a theorem, whose proof says nothing."""
    return constant.statement_mentions if constant.kind is Kind.THEOREM else constant.mentions


def statement_digest(constant: Constant) -> bytes:
    """SHA-256 of the constant's statement alone, without what it reaches."""
    return constant.statement_digest if constant.kind is Kind.THEOREM else constant.digest


def _rests_on_axiom(name: Name) -> bool:
    """Of a constant of the library. Lake alone declares axioms in numbers, so all that is Lake's counts as one."""
    return name in LIBRARY_AXIOMS or name[:1] == ("Lake",)
