"""What the compiled data of a whole project says of every declaration in it: the judging part of a certificate.

There is no attempt here and nothing to compare with: each declaration is judged by what it rests on, to the bottom.
No message, exit code or source text is looked at. Called by `prover.certificate`, after every process of the build has
ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from prover.judge.finding import Finding, reasons, texts
from prover.judge.grounds import against, all_axioms, holes_below, unclean
from prover.lean.declarations import declarations, declared
from prover.lean.environment import Environment
from prover.lean.name import Name
from prover.lean.replay import Replayed
from prover.model import Declaration, Kind, Reason


class Standing(StrEnum):
    """What can be said of a declaration. Only a theorem is ever proved."""

    PROVED = "proved"
    COMPLETE = "complete"  # no theorem; neither it nor anything it rests on has a hole
    ASSUMED = "axiom"
    OPEN = "open"  # it has a hole or rests on one, and nothing else is held against it
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Row:
    """One declaration. `axioms` are all that it rests on, `lock` is the digest of its statement with what it reaches,
    `rests_on` names the other declarations with a hole below it."""

    name: str
    module: str
    kind: Kind
    standing: Standing
    reasons: tuple[Reason, ...]
    explanation: str
    axioms: tuple[str, ...]
    lock: str
    rests_on: tuple[str, ...]


def rows(environment: Environment, replayed: Replayed | None = None) -> list[Row]:
    """A row for every declaration, in the order of modules and sources.

    `replayed` is what the kernel said when it was asked again about all of the modules, if it was. Raises ProjectError
    or OleanError as `declarations` does.
    """
    return list(_Auditor(environment, replayed).rows())


class _Auditor:
    """The project, with what is asked of it again and again."""

    def __init__(self, environment: Environment, replayed: Replayed | None) -> None:
        self.environment, self.replayed = environment, replayed
        self.declarations, self.names = declarations(environment), declared(environment)
        self.unclean = dict(unclean(environment.modules.values()))

    def rows(self) -> Iterator[Row]:
        for text, declaration in self.declarations.items():
            name = self.names[text]
            findings = list(self.findings(name))
            yield Row(
                name=text,
                module=declaration.module,
                kind=declaration.kind,
                standing=_standing(declaration, reasons(findings)),
                reasons=reasons(findings),
                explanation=texts(findings),
                axioms=tuple(sorted(map(str, all_axioms(name, self.environment)))),
                lock=declaration.statement,
                rests_on=holes_below(name, self.names, self.environment),
            )

    def findings(self, name: Name) -> Iterator[Finding]:
        """What is held against the declaration."""
        yield from against(name, self.names, self.environment)
        reached = self.environment.reached(name)
        for constant in sorted(reached & self.unclean.keys(), key=str):
            yield self.unclean[constant]
        if self.replayed and (refused := self.replayed.against(reached)):
            yield Finding(Reason.KERNEL, f"the kernel, asked again, refuses {refused}")


def _standing(declaration: Declaration, why: Sequence[Reason]) -> Standing:
    if declaration.kind is Kind.AXIOM:
        return Standing.ASSUMED
    if why:
        return Standing.OPEN if set(why) == {Reason.SORRY} else Standing.REFUSED
    return Standing.PROVED if declaration.kind is Kind.THEOREM else Standing.COMPLETE
