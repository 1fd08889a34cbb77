"""What became of the declarations that were not attempted: they are what they were, and nothing has come in between.

In a project the attempted declaration has a namespace reserved for its lemmas, `NAME.helper`; a freestanding attempt
may declare what it likes. Pure; called by the audit.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from prover.judge.effects import Policy
from prover.judge.finding import Finding
from prover.judge.grounds import all_axioms
from prover.lean.environment import Environment, statement_digest
from prover.lean.interface import is_on_demand
from prover.lean.module import Constant, Module
from prover.lean.name import Name
from prover.model import Kind, Reason

HELPER = "helper"
_STEP = re.compile(r"_proof_\d+(_\d+)?")


def is_helper(name: Name, owner: Name) -> bool:
    """Is it in the namespace that is reserved for the lemmas of `owner`?"""
    return name.user[: len(owner.user) + 1] == (*owner.user, HELPER)


def scope(
    policy: Policy, was: Mapping[str, Name], now: Mapping[str, Name], before: Environment, after: Environment
) -> Iterator[Finding]:
    """`was` and `now` lead from the declarations' names, as people write them, to their constants."""
    for name in sorted(was.keys() - now.keys()):
        if was[name] not in policy.attempted:
            yield Finding(Reason.SCOPE, f"it removes {name}")
    for name in sorted(was.keys() & now.keys()):
        if was[name] not in policy.attempted:
            yield from _changes(name, was[name], now[name], before, after, policy)
    if not policy.free:
        for name in sorted(now.keys() - was.keys()):
            if not any(is_helper(now[name], owner) for owner in policy.attempted):
                yield Finding(Reason.SCOPE, f"it adds a declaration, {name}")
        yield from _generated(policy, was.values(), before, after)


def exposure(policy: Policy, before: Module, after: Module) -> Iterator[Finding]:
    """What importers see of the constants that were there, `before` and `after` being a module as they see it."""
    for name, constant in before.constants.items():
        if name.user != name or _belongs(name, policy) or is_on_demand(name) or _is_step(name, (constant,)):
            continue
        if name not in after.constants:
            yield Finding(Reason.SCOPE, f"it hides {name} from importers")
        elif _seen(constant) != _seen(after.constants[name]):
            yield Finding(Reason.SCOPE, f"it changes what importers see of {name}")


def _seen(constant: Constant) -> bytes:
    """To importers a theorem may look like an axiom: its statement is all that they see."""
    proofs = (Kind.THEOREM, Kind.AXIOM)
    return constant.statement_digest if constant.kind in proofs else constant.digest


def _changes(
    name: str, was: Name, now: Name, before: Environment, after: Environment, policy: Policy
) -> Iterator[Finding]:
    closed = policy.free and not after.has_hole(now)  # a file of its own may prove more than it was asked for
    if before.statement(was) != after.statement(now):
        yield Finding(Reason.SCOPE, f"it changes what {name} says")
    elif before.has_hole(was) != after.has_hole(now) and not closed:
        yield Finding(Reason.SCOPE, f"it changes the proof of {name}")
    elif before.constants[was] != after.constants[now] and (more := all_axioms(now, after) - all_axioms(was, before)):
        yield Finding(Reason.SCOPE, f"it makes {name} rest on {', '.join(sorted(map(str, more)))}")


def _generated(
    policy: Policy, declared: Collection[Name], before: Environment, after: Environment
) -> Iterator[Finding]:
    """Constants without a place of their own that importers see: each belongs to what was there, or to the attempt."""
    for name in sorted(after.constants.keys() - before.constants.keys(), key=str):
        if name.user == name and not (_belongs(name, policy) or is_on_demand(name)):
            yield Finding(Reason.SCOPE, f"it adds {name}")
    for name in sorted(before.constants.keys() & after.constants.keys(), key=str):
        then, today = before.constants[name], after.constants[name]
        renumbered = name not in declared and _is_step(name, then) and _is_step(name, today)
        if not _belongs(name, policy) and not renumbered and _meaning(then) != _meaning(today):
            yield Finding(Reason.SCOPE, f"it changes {name}")


def _meaning(constants: tuple[Constant, ...]) -> list[bytes]:
    """A theorem's statement, and all of anything else; modules that make the same one on demand count once."""
    return sorted(set(map(statement_digest, constants)))


def _is_step(name: Name, constants: Iterable[Constant]) -> bool:
    """Is it a step of a proof that Lean has made a theorem of its own?

    One that the attempt has proved too is shared with it, and the others get other numbers. The kernel checks them like
    all theorems, and where one is part of a definition the digest of that definition has what it says.
    """
    last = name[-1] if name else 0
    proofs = (Kind.THEOREM, Kind.AXIOM)  # to importers, theorems look like axioms
    return isinstance(last, str) and bool(_STEP.fullmatch(last)) and all(c.kind in proofs for c in constants)


def _belongs(name: Name, policy: Policy) -> bool:
    """Is it an attempted declaration, or does it lie below one?"""
    return any(name.user[: len(owner.user)] == owner.user for owner in policy.attempted)
