"""What a declaration rests on, and what is to be said against it for that: holes, axioms, terms that cannot be.

The same for an attempt and for a whole project. Pure functions of compiled data; called by the audit and the
certificate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from prover.errors import Unhygienic
from prover.judge.finding import Finding
from prover.lean.environment import LIBRARY_AXIOMS, Environment
from prover.lean.hygiene import Hygiene
from prover.lean.module import Module, Safety
from prover.lean.name import SORRY, Name
from prover.model import Reason

# The three axioms of Lean's own foundations; Mathlib and the checkers of the field allow exactly these.
ALLOWED = frozenset(map(Name.parse, ("propext", "Classical.choice", "Quot.sound")))
TRUST_COMPILER = frozenset(map(Name.parse, ("Lean.ofReduceBool", "Lean.ofReduceNat", "Lean.trustCompiler")))
# The kernel runs compiled code where it meets these, and needs no axiom for it.
RUNS_CODE = frozenset(map(Name.parse, ("Lean.reduceBool", "Lean.reduceNat")))
# Names that the kernel or the judge knows by heart; a module that declares them again would be taken for the library.
RESERVED = (
    LIBRARY_AXIOMS
    | RUNS_CODE
    | frozenset(
        map(
            Name.parse,
            (
                *("Nat", "Nat.zero", "Nat.succ", "Nat.add", "Nat.sub", "Nat.mul", "Nat.div", "Nat.mod", "Nat.gcd"),
                *("Nat.beq", "Nat.ble", "Nat.land", "Nat.lor", "Nat.xor", "Nat.shiftLeft", "Nat.shiftRight", "Nat.pow"),
                *("Nat.log2", "Quot", "Quot.mk", "Quot.lift", "Quot.ind", "Eq", "Eq.refl", "Not", "True", "False"),
                *(
                    "Bool",
                    "Bool.true",
                    "Bool.false",
                    "List",
                    "Char",
                    "Char.ofNat",
                    "String",
                    "String.ofList",
                    "String.mk",
                ),
            ),
        )
    )
)


def against(name: Name, shown: Mapping[str, Name], environment: Environment) -> Iterator[Finding]:
    """What is wrong with what the constant rests on. `shown` are the declarations by the names that people write."""
    yield from _against_axioms(name, shown, environment)
    for other in sorted(environment.reached(name) & environment.constants.keys(), key=str):
        if any(constant.safety is not Safety.SAFE for constant in environment.constants[other]):
            yield Finding(Reason.HYGIENE, f"it rests on {other}, which is unsafe code")


def _against_axioms(name: Name, shown: Mapping[str, Name], environment: Environment) -> Iterator[Finding]:
    library, project = environment.axioms(name)
    if SORRY in library:
        below = holes_below(name, shown, environment)
        yield Finding(Reason.SORRY, f"it rests on the open {', '.join(below)}" if below else "it has a hole")
    if library & TRUST_COMPILER or environment.reached(name) & RUNS_CODE:
        yield Finding(Reason.TRUST_COMPILER, "it trusts the compiler's evaluation instead of the kernel's")
    # An axiom that the statement itself is about is no assumption of the proof alone: it is listed, not refused.
    if others := (project - environment.meaning(name)) | (library - ALLOWED - TRUST_COMPILER - {SORRY}):
        yield Finding(Reason.AXIOM, f"it uses the axiom {', '.join(sorted(map(str, others)))}")


def holes_below(name: Name, shown: Mapping[str, Name], environment: Environment) -> tuple[str, ...]:
    """The other declarations that it rests on and that have a hole of their own."""
    reached = environment.reached(name) - {name}
    return tuple(sorted(text for text, other in shown.items() if other in reached and environment.has_hole(other)))


def all_axioms(name: Name, environment: Environment) -> frozenset[Name]:
    """Every axiom that it rests on, the library's and the project's."""
    library, project = environment.axioms(name)
    return library | project


def unclean(modules: Iterable[Module]) -> Iterator[tuple[Name, Finding]]:
    """The constants that nothing can rest on: unfinished terms, and names that are Lean's own."""
    for module in modules:
        hygiene = Hygiene()
        for name, constant in module.constants.items():
            if name in RESERVED:
                yield name, Finding(Reason.HYGIENE, f"{name}, which is Lean's own, is declared again")
            try:
                hygiene.examine(constant)
            except Unhygienic as error:
                yield name, Finding(Reason.HYGIENE, str(error))
