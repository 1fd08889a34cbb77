"""What an attempt adds to Lean's environment extensions, and which of it the policy allows.

Declarations are not all that a module has: instances, notations, simp lemmas and the like are rows of extensions, and a
row can change what the text of others means without touching it. Compared are the rows of a module before and after;
what is new must be about what is new. `local` things are in no module file, so they are always allowed.
Pure; called by the audit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from prover.errors import OleanError
from prover.judge.finding import Finding
from prover.judge.orphans import Instance, found_by, orphans
from prover.lean.interface import is_on_demand
from prover.lean.module import Constant, Module
from prover.lean.name import Name
from prover.lean.olean import Object, Value
from prover.lean.rows import RowDigests, first_name, names_in
from prover.model import Reason

Row = tuple[str, Value]  # the extension's name, and one of its entries

# What Lean keeps for itself: places, documentation, compiled code, statistics, how things are printed.
_IGNORED = frozenset(
    (
        *("Lean.declRangeExt", "Lean.docStringExt", "Lean.moduleDocExt", "Lean.namespacesExt", "Lean.defeqAttr"),
        *("Lean.indirectModUseExt", "Lean.extraModUses", "Lean.modPkgExt", "Lean.privateConstKindsExt"),
        *("Lean.metaExt", "Lean.declMetaExt", "Lean.Meta.completionBlackListExt", "symbolFrequency", "sineQueNon"),
        "Lean.Meta.globalInstanceExtension",  # the names alone; the instances themselves are in another one
    )
)
_IGNORED_FAMILIES = ("Lean.Compiler.LCNF.", "Lean.IR.", "Lean.PrettyPrinter.", "Lean.Linter.")
# What Lean derives from a declaration by itself, whoever writes it.
_DERIVED = frozenset(
    (
        *("Lean.auxRecExt", "Lean.sparseCasesOnExt", "Lean.noConfusionExt", "Lean.protectedExt", "Lean.classExtension"),
        *("reducibilityCore", "Lean.Compiler.inlineAttrs", "Lean.projectionFnInfoExt", "Lean.structureExt", "recExt"),
        *("Lean.Meta.Match.Extension.extension", "Lean.Elab.Term.elabAsElim", "Lean.Elab.Structural.eqnInfoExt"),
        *("Lean.Elab.WF.eqnInfoExt", "Lean.Elab.PartialFixpoint.eqnInfoExt"),
    )
)
_COMPILER = "tells the compiler something else than the kernel"
_FORBIDDEN = {
    "Lean.Compiler.implementedByAttr": (Reason.TRUST_COMPILER, f"`implemented_by` {_COMPILER}"),
    "Lean.externAttr": (Reason.TRUST_COMPILER, f"`extern` {_COMPILER}"),
    "Lean.Compiler.CSimp.ext": (Reason.TRUST_COMPILER, f"`csimp` {_COMPILER}"),
    "Lean.exportAttr": (Reason.SIDE_EFFECT, "`export` gives its code a name that other programs call"),
    "Lean.regularInitAttr": (Reason.SIDE_EFFECT, "`initialize` runs code in whoever imports it"),
    "Lean.builtinInitAttr": (Reason.SIDE_EFFECT, "`builtin_initialize` runs code when a program starts"),
    "Lean.aliasExtension": (Reason.SCOPE, "`export` gives names a second meaning; `open … in` does not"),
    "Lean.Meta.defaultInstanceExtension": (Reason.SCOPE, "`default_instance` decides what others left open"),
    "Lean.Meta.unificationHintExtension": (Reason.SCOPE, "a unification hint changes how others are elaborated"),
}
_INSTANCES, _PARSERS = "Lean.Meta.instanceExtension", "Lean.Parser.parserExtension"
_MEANINGS = ("Lean.Elab.macroAttribute", "ElabAttribute")  # what a syntax means, by the kind of the syntax
_TOKEN, _KIND, _CATEGORY, _PARSER = range(4)  # `ParserExtension.OLeanEntry`
_USUAL_PRIORITY = 1000
_OWN_WAYS = frozenset((Name(("tactic",)), Name(("conv",))))  # how to prove, not what is said


@dataclass(frozen=True)
class Policy:
    """What may be new. `attempted` are the constants that were to be proved, `free` says that the attempt is a file
    of its own: then it may add what it likes that is about its own declarations alone. In a project it shares the
    module with others, and only what Lean derives by itself may come along."""

    attempted: Collection[Name]
    free: bool


def effects(before: Module, after: Module, policy: Policy) -> Iterator[Finding]:
    """What the policy does not allow of the difference of two versions of a module. Raises OleanError."""
    was, now = _rows(before), _rows(after)
    new = {name: constant for name, constant in after.constants.items() if name not in before.constants}
    added = [row for digest, row in now.items() if digest not in was]
    own = new.keys() | (set(policy.attempted) if policy.free else set())
    generated = new.keys() - {first_name(row) for row in after.extension("Lean.declRangeExt")}
    yield from _syntax(added, own, policy)
    yield from _instances(added, new)
    for extension, row in added:
        if rule := _FORBIDDEN.get(extension):
            yield Finding(*rule)
        elif extension in (_PARSERS, _INSTANCES):
            continue  # seen to above
        elif not _is_about_its_own(extension, row, own, policy):
            yield Finding(Reason.SCOPE, f"it adds {_about(row)} to {extension}, of which it declares nothing")
        elif not (policy.free or extension in _DERIVED or names_in(row) & generated):
            yield Finding(Reason.SCOPE, f"it adds {_about(row)} to {extension}, which others in the project see")
    placed = {first_name(row) for row in before.extension("Lean.declRangeExt")}
    for digest, (extension, row) in was.items():
        names = names_in(row)
        on_demand = extension in _DERIVED and bool(names) and all(is_on_demand(n) and n not in placed for n in names)
        # What some proof was the first to ask for, another one may have asked for before it now.
        if digest not in now and not on_demand and not names.intersection(policy.attempted):
            yield Finding(Reason.SCOPE, f"it takes {_about(row)} out of {extension}")


def _rows(module: Module) -> dict[bytes, Row]:
    digests = RowDigests(module.word)
    named = ((str(extension.user), rows) for extension, rows in module.entries.items())
    kept = ((extension, row) for extension, rows in named if not _is_ignored(extension) for row in rows)
    return {digests.digest(row) + extension.encode(): (extension, row) for extension, row in kept}


def _is_ignored(extension: str) -> bool:
    return extension in _IGNORED or extension.startswith(_IGNORED_FAMILIES)


def _is_about_its_own(extension: str, row: Value, own: Collection[Name], policy: Policy) -> bool:
    if extension.endswith(_MEANINGS):
        return first_name(_unscoped(row)) in own
    names = names_in(row)
    return not names.isdisjoint(own) or (extension in _DERIVED and not names.isdisjoint(policy.attempted))


def _syntax(added: list[Row], own: Collection[Name], policy: Policy) -> Iterator[Finding]:
    """A new way to write a tactic is the attempt's own affair; a new way to write terms or commands is everybody's."""
    rows = [_unscoped(row) for extension, row in added if extension == _PARSERS]
    entries = [row for row in rows if isinstance(row, Object) and row.tag in (_CATEGORY, _PARSER)]
    ways = _OWN_WAYS | {first_name(row) for row in entries if row.tag == _CATEGORY}
    for row in entries:
        # With a higher priority it would take over what others have written.
        usual = row.tag == _CATEGORY or row.fields[-1] == _USUAL_PRIORITY
        mine = first_name(row) in ways and not names_in(row).isdisjoint(own)
        if not (policy.free and mine and usual):
            category = first_name(row)
            yield Finding(Reason.SCOPE, f"it adds syntax of the category {category} for everybody; write `local`")


def _instances(added: list[Row], new: Mapping[Name, Constant]) -> Iterator[Finding]:
    found = [_instance(_unscoped(row)) for extension, row in added if extension == _INSTANCES]
    for name in orphans(found, new):
        yield Finding(Reason.SCOPE, f"the instance {name} is for what is not the attempt's own; write `local`")


def _instance(row: Value) -> Instance:
    """Of a `Lean.Meta.InstanceEntry`: keys, value, priority, global name, attribute kind."""
    if isinstance(row, Object) and len(row.fields) == 5:
        return found_by(row.fields[0]), names_in(row.fields[3])
    raise OleanError("an instance in a module file is malformed")


def _unscoped(row: Value) -> Value:
    """The entry in a row of a `ScopedEnvExtension`: `global entry` or `scoped namespace entry`."""
    return row.fields[-1] if isinstance(row, Object) and len(row.fields) == row.tag + 1 <= 2 else row


def _about(row: Value) -> str:
    names = sorted((str(name.user) for name in names_in(row)), key=len)
    return names[0] if names else "something"
