"""What the compiled data says of an attempt: is its declaration proved, and is everything else as it was?

Pure functions of two environments: the project before the attempt, and the same project with the attempt in it. No
message, exit code or source text is looked at. Called by the gate, after every process of the build has ended; what the
kernel says when it is asked again comes on top of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from prover.judge.effects import Policy, effects
from prover.judge.finding import Finding, reasons, texts
from prover.judge.grounds import against, all_axioms, holes_below, unclean
from prover.judge.reduction import open_lemmas, reduction
from prover.judge.scope import exposure, scope
from prover.lean.declarations import declared
from prover.lean.environment import Environment
from prover.lean.expr import negates
from prover.lean.module import Module, Safety
from prover.lean.name import Name
from prover.model import Evidence, Kind, Outcome, Reason, Stage, Verdict

# Components of names that no source writes; whoever has them first could be taken for what Lean makes.
INTERNAL = re.compile(r"_private|_proof_\d+|_kernel_fresh|_unsafe_rec|_cstage\d+|_lambda_\d+|_rarg|_boxed")
DISPROOF = "disproof"

# The axioms behind the library's own theorems cannot be told apart: its module files show theorems as axioms.
PROVED = "The statement is what it was; the proof has no hole and uses no axioms but those of Lean's own library"
REDUCED = "It is not proved. The statement is what it was, and the proof is complete but for its own new open lemmas"


class Audit(NamedTuple):
    """A verdict for each attempted declaration. `shared`: something is wrong that is not one declaration's own, and
    counts against all of them; judged apart, some may be proved."""

    verdicts: Mapping[str, Verdict]
    shared: bool


def audit(
    names: Collection[str],
    before: Environment,
    after: Environment,
    *,
    free: bool = False,
    splits: Collection[str] = (),
    seen: Iterable[tuple[Module, Module]] = (),
    found: Iterable[Finding] = (),
) -> Audit:
    """Audits `names`, the declarations attempted in the one step from `before` to `after`.

    `seen` are the changed modules as importers see them, before and after; `found` is what is known to be wrong
    already, for all of them. `free` says that the attempt is a file of its own, which may declare what it likes beside
    its theorem; in a project it may not. `splits` are those of `names` that may rest on new open lemmas of their own.
    Raises OleanError for damaged data, Unhygienic for terms that no finished declaration has.
    """
    was, now = declared(before), declared(after)
    policy = Policy(frozenset(was[name] for name in names), free)
    changed = [name for name, module in after.modules.items() if before.modules.get(name) is not module]
    lemmas = open_lemmas({*splits} & {*names}, was, now, after)
    outside = [
        *found,
        *_imports(before, after),
        *(finding for _, finding in unclean(after.modules[name] for name in changed)),
        *_new_declarations(was, now, after, frozenset().union(*lemmas.values())),
        *_new_axioms(before, after),
        *scope(policy, was, now, before, after),
    ]
    for module in changed:
        if module in before.modules:
            outside += effects(before.modules[module], after.modules[module], policy)
    for then, today in seen:
        outside += exposure(policy, then, today)
    verdicts = {}
    for name in names:
        if name in now:
            mine = lemmas.get(name, frozenset())
            own = _own(name, mine, was, now, before, after)
            verdicts[name] = _verdict(now[name], [*own, *outside], mine, now, after)
        else:
            verdicts[name] = _missing(name, was[name], outside, now, before, after)
    return Audit(verdicts, bool(outside))


def _missing(
    name: str, was: Name, outside: list[Finding], now: Mapping[str, Name], before: Environment, after: Environment
) -> Verdict:
    """There is no such declaration now. Who found the statement false may say so: `theorem NAME.disproof : ¬ …`."""
    findings, disproof = [Finding(Reason.MISSING, f"there is no {name} any more"), *outside], f"{name}.{DISPROOF}"
    disproved = disproof in now and not outside and _disproves(now[disproof], was, now, before, after)
    said = f"{texts(findings)}; {disproof} proves the negation of its statement" if disproved else texts(findings)
    evidence = Evidence(Stage.AUDIT, disproof=disproof if disproved else "")
    return Verdict(Outcome.REJECTED, reasons(findings), said, evidence=evidence)


def _disproves(disproof: Name, was: Name, now: Mapping[str, Name], before: Environment, after: Environment) -> bool:
    """Is it a theorem `¬ S`, complete, S being the statement of `was`, with the same universe parameters?"""
    (claim, *others), (stated, *_) = after.constants[disproof], before.constants[was]
    if others or claim.kind is not Kind.THEOREM or claim.levels != stated.levels:
        return False
    return negates(claim.type, stated.type) and not [*against(disproof, now, after)]


def _verdict(
    constant: Name, findings: list[Finding], lemmas: Collection[str], now: Mapping[str, Name], after: Environment
) -> Verdict:
    axioms = tuple(sorted(map(str, all_axioms(constant, after))))
    evidence = Evidence(Stage.AUDIT, axioms, after.statement(constant))
    if lemmas and not findings:
        rests_on = tuple(sorted(lemmas))
        return Verdict(Outcome.REDUCED, (), f"{REDUCED} {', '.join(rests_on)}", rests_on, evidence)
    if not findings:
        own = after.axioms(constant).project
        given = f", and what its statement is about: {', '.join(sorted(map(str, own)))}" if own else ""
        return Verdict(Outcome.PROVED, (), PROVED + given, evidence=evidence)
    rests_on = holes_below(constant, now, after)
    return Verdict(Outcome.REJECTED, reasons(findings), texts(findings), rests_on, evidence)


def _own(
    name: str,
    lemmas: Collection[str],
    was: Mapping[str, Name],
    now: Mapping[str, Name],
    before: Environment,
    after: Environment,
) -> Iterator[Finding]:
    """What is wrong with the declaration itself, and with the open `lemmas` that it may rest on."""
    if any(constant.kind is not Kind.THEOREM for constant in after.constants[now[name]]):
        yield Finding(Reason.KIND, f"{name} is no theorem")
    yield from _statement(name, was[name], now[name], before, after)
    if lemmas:
        yield from reduction(name, lemmas, was, now, before, after)
    # Every hole below a reduction has been seen to: there may be those of its lemmas, and no other.
    yield from (found for found in against(now[name], now, after) if not (lemmas and found.reason is Reason.SORRY))


def _statement(name: str, was: Name, now: Name, before: Environment, after: Environment) -> Iterator[Finding]:
    if before.statement(was) == after.statement(now):
        return
    yield Finding(Reason.STATEMENT, f"the statement of {name}, or a definition that it reaches, is not what it was")
    for other in sorted(before.meaning(was) & before.constants.keys() & after.constants.keys() - {was}, key=str):
        if (kind := before.constants[other][0].kind) != (other_kind := after.constants[other][0].kind):
            yield Finding(Reason.KIND, f"{other.user} was of the kind {kind} and is now {other_kind}")


def _imports(before: Environment, after: Environment) -> Iterator[Finding]:
    for name in sorted(before.modules.keys() | after.modules.keys()):
        if name not in before.modules or name not in after.modules:
            yield Finding(Reason.IMPORTS, f"the module {name} came or went")
        elif before.modules[name].imports != after.modules[name].imports:
            yield Finding(Reason.IMPORTS, f"the module {name} imports something else")


def _new_declarations(
    was: Mapping[str, Name], now: Mapping[str, Name], after: Environment, lemmas: Collection[str]
) -> Iterator[Finding]:
    """Also a helper that nothing uses is handed in as done, and as written by an honest prover; but for `lemmas`, which
    are handed in as open."""
    for name in sorted(now.keys() - was.keys()):
        if name not in lemmas and after.has_hole(now[name]):
            yield Finding(Reason.SORRY, f"{name}, which it adds, has a hole")
        if any(constant.safety is Safety.UNSAFE for constant in after.constants[now[name]]):
            yield Finding(Reason.HYGIENE, f"{name}, which it adds, is unsafe code")
        if any(isinstance(part, str) and INTERNAL.fullmatch(part) for part in now[name].user):
            yield Finding(Reason.HYGIENE, f"{name} is a name that Lean makes for itself")


def _new_axioms(before: Environment, after: Environment) -> Iterator[Finding]:
    """Also one that nothing uses yet."""
    for name in sorted(after.constants.keys() - before.constants.keys(), key=str):
        if any(constant.kind is Kind.AXIOM for constant in after.constants[name]):
            yield Finding(Reason.AXIOM, f"it declares the axiom {name.user}")
