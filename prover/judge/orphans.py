"""The orphan rule: an instance must be about something that the attempt itself declares.

An instance of `LT Nat` changes what `5 < 3` means wherever it is in scope; one of `LT Box`, for a `Box` of the
attempt's own, changes nothing that others have written. A class that extends `LT` makes instances of `LT` out of its
own, so an instance of it must be for an own type as well; such classes are called bridges here.
Named after the rule of Haskell and Rust. Pure; called by the effects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from prover.lean.expr import BVAR, PI, Expr, applied, as_term, constants_in
from prover.lean.module import Constant
from prover.lean.name import Name
from prover.lean.olean import Object, Value
from prover.lean.rows import names_in
from prover.model import Kind

_INSTANCE_BINDER = 3  # of `BinderInfo`, in the byte behind the cached data
Instance = tuple[frozenset[Name], frozenset[Name]]  # what it is for: the names in its keys; its own name
# Arguments that a class finds out by itself (`outParam`), by their places: `2 + 3` does not say what the sum is to be.
_OPERATIONS = "HAdd HSub HMul HDiv HMod HPow HAppend HAnd HOr HXor HShiftLeft HShiftRight HSMul HVAdd HOrElse HAndThen"
_OUTPUTS = {
    **{name: {2} for name in _OPERATIONS.split()},
    **{"GetElem": {2, 3}, "GetElem?": {2, 3}, "ForIn": {2}, "ForIn'": {2}, "Stream": {1}, "ToStream": {1}},
    **{"Membership": {0}, "Insert": {0}, "Singleton": {0}, "MonadExcept": {0}, "MonadState": {0}, "MonadReader": {0}},
}


def orphans(instances: Sequence[Instance], new: Mapping[Name, Constant]) -> list[str]:
    """The names of the instances that break the rule, `new` being the constants that the attempt declares.

    What an instance is for is read from its keys, in which Lean has unfolded abbreviations already.
    """
    bridged = {n: _bridged(new[n], new) for _, names in instances for n in names & new.keys()}
    bridges: frozenset[Name] = frozenset()
    while True:
        bare = [names for keys, names in instances if not keys & new.keys() - bridges]
        found = bridges.union(*(bridged.get(name, ()) for names in bare for name in names))
        if found == bridges:
            return sorted(
                str(min(names, key=str, default=Name()).user) for names in bare if not any(map(bridged.get, names))
            )
        bridges = found


def found_by(keys: Value) -> frozenset[Name]:
    """The names that an instance is found by: those in its keys, but for what its class finds out by itself.

    `keys` are those of a discrimination tree: a term from left to right, each constant with its number of arguments.
    """
    if not isinstance(keys, tuple) or not keys:
        return frozenset()
    names = [names_in(key) for key in keys]
    outputs = _OUTPUTS.get(str(min(names[0], default="")), set())
    found, place, at = set(names[0]), 0, 1
    while at < len(keys):
        end = _term_end(keys, at)
        if place not in outputs:
            found.update(*names[at:end])
        place, at = place + 1, end
    return frozenset(found)


def _term_end(keys: tuple[Value, ...], at: int) -> int:
    """Where the term that starts at a key ends: behind its arguments, whose number is the last field of its key."""
    missing = 1
    while missing and at < len(keys):
        key = keys[at]
        arity = key.fields[-1] if isinstance(key, Object) and len(key.fields) > 1 else 0
        missing, at = missing - 1 + (arity if isinstance(arity, int) else 0), at + 1
    return at


def _bridged(constant: Constant, new: Mapping[Name, Constant]) -> frozenset[Name]:
    """The own classes that this instance leads from, to another class for the very same variables: `C α → LT α`.

    Empty where it does more than that, such as to speak of a type.
    """
    binders: list[tuple[int, Expr]] = []
    expr = constant.type
    while expr.tag == PI:
        binders.append((expr.scalars[8], as_term(expr.fields[1])))
        expr = as_term(expr.fields[2])
    head, arguments = applied(expr)
    result = _variables(arguments, len(binders))
    found = set()
    for place, (info, domain) in enumerate(binders):
        own, given = applied(domain)
        if info == _INSTANCE_BINDER and own in new and new[own].kind is Kind.INDUCTIVE:
            if not _variables(given, place) <= result or constants_in(domain) != {own}:
                return frozenset()
            found.add(own)
    return frozenset(found) if constants_in(expr) == {head} else frozenset()


def _variables(arguments: Sequence[Expr], depth: int) -> set[Value]:
    """Which binders, counted from outside, the arguments are; -1 for one that is no variable."""
    return {depth - 1 - a.fields[0] if a.tag == BVAR and isinstance(a.fields[0], int) else -1 for a in arguments}
