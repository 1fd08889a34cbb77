"""What the compiled data says of an attempt: is its declaration proved, and is everything else as it was?

Pure functions of two environments: the project at the branch's tip, and the same project with the attempt in it. No
message, exit code or source text is looked at. Called by the gate, after every process of the build has ended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from prover.lean.declarations import declared
from prover.lean.environment import Environment
from prover.lean.expr import SORRY, Name
from prover.lean.module import Constant
from prover.model import Kind, Outcome, Reason, Verdict

# The three axioms of Lean's own foundations; Mathlib and the checkers of the field allow exactly these.
ALLOWED = frozenset(map(Name.parse, ("propext", "Classical.choice", "Quot.sound")))
TRUST_COMPILER = frozenset(map(Name.parse, ("Lean.ofReduceBool", "Lean.ofReduceNat", "Lean.trustCompiler")))

# The axioms behind the library's own theorems cannot be told apart: its module files show theorems as axioms.
PROVED = "The statement is what it was; the proof has no hole and uses no axioms but those of Lean's own library."

Finding = tuple[Reason, str]


class Compiled(NamedTuple):
    """A project as compiled: its constants, and the digest of what importers see of each module."""

    environment: Environment
    interfaces: Mapping[str, str]


def audit(names: Collection[str], before: Compiled, after: Compiled) -> dict[str, Verdict]:
    """A verdict for each of `names`, the declarations attempted in the one step from `before` to `after`.

    What is found outside of them counts against all of them. Raises OleanError for damaged data.
    """
    was, now = declared(before.environment), declared(after.environment)
    outside = [
        *_imports(before.environment, after.environment),
        *_scope(names, was, now, before.environment, after.environment),
        *_interfaces(before.interfaces, after.interfaces),
    ]
    return {
        name: _verdict(name, [*_own(name, was, now, before.environment, after.environment), *outside], now, after)
        for name in names
    }


def _verdict(name: str, findings: list[Finding], now: Mapping[str, Name], after: Compiled) -> Verdict:
    if not findings:
        return Verdict(Outcome.PROVED, (), PROVED)
    reasons = tuple(dict.fromkeys(reason for reason, _ in findings))
    rests_on = _holes_below(now[name], now, after.environment) if name in now else ()
    return Verdict(Outcome.REJECTED, reasons, "; ".join(dict.fromkeys(text for _, text in findings)), rests_on)


def _own(
    name: str, was: Mapping[str, Name], now: Mapping[str, Name], before: Environment, after: Environment
) -> Iterator[Finding]:
    """What is wrong with the declaration itself."""
    if name not in now:
        yield Reason.MISSING, f"there is no {name} any more"
        return
    if any(constant.kind is not Kind.THEOREM for constant in after.constants[now[name]]):
        yield Reason.KIND, f"{name} is no theorem"
    if before.statement(was[name]) != after.statement(now[name]):
        yield Reason.STATEMENT, f"the statement of {name}, or a definition that it reaches, is not what it was"
    library, project = after.axioms(now[name])
    if SORRY in library:
        holes = _holes_below(now[name], now, after)
        yield Reason.SORRY, f"it rests on the open {', '.join(holes)}" if holes else "its proof has a hole"
    if library & TRUST_COMPILER:
        yield Reason.TRUST_COMPILER, "it trusts the compiler's evaluation instead of the kernel's"
    if others := project | (library - ALLOWED - TRUST_COMPILER - {SORRY}):
        yield Reason.AXIOM, f"it uses the axiom {', '.join(sorted(map(str, others)))}"


def _imports(before: Environment, after: Environment) -> Iterator[Finding]:
    for name in before.modules.keys() | after.modules.keys():
        if name not in before.modules or name not in after.modules:
            yield Reason.IMPORTS, f"the module {name} came or went"
        elif before.modules[name].imports != after.modules[name].imports:
            yield Reason.IMPORTS, f"the module {name} imports something else"


def _scope(
    names: Collection[str],
    was: Mapping[str, Name],
    now: Mapping[str, Name],
    before: Environment,
    after: Environment,
) -> Iterator[Finding]:
    """What became of the declarations that were not attempted: nothing may."""
    for name in sorted(now.keys() - was.keys()):
        yield Reason.SCOPE, f"it adds a declaration, {name}"
    for name in sorted(was.keys() - set(names)):
        if name not in now:
            yield Reason.SCOPE, f"it removes {name}"
        elif before.statement(was[name]) != after.statement(now[name]):
            yield Reason.SCOPE, f"it changes what {name} says"
        elif _has_hole(before.constants[was[name]]) != _has_hole(after.constants[now[name]]):
            yield Reason.SCOPE, f"it changes the proof of {name}"


def _interfaces(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Finding]:
    """New instances, notations and attributes are no declarations, but importers see them."""
    for module in sorted(before.keys() & after.keys()):
        if before[module] != after[module]:
            yield Reason.SCOPE, f"it changes what importers see of {module}"


def _has_hole(constants: tuple[Constant, ...]) -> bool:
    return any(SORRY in constant.mentions for constant in constants)


def _holes_below(name: Name, now: Mapping[str, Name], after: Environment) -> tuple[str, ...]:
    """The other declarations that `name` rests on and that have a hole of their own."""
    reached = after.reached(name) - {name}
    return tuple(sorted(text for text, other in now.items() if other in reached and _has_hole(after.constants[other])))
