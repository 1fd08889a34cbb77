"""Compares the plan with the code: what the plan claims and the code does not bear out, and what it leaves out.

Nothing here decides anything; the command line prints the list. Only compiled data counts as the code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from prover.blueprint.plan import Blueprint, Node
from prover.model import Declaration, Kind


class Severity(StrEnum):
    """How much a difference matters."""

    ERROR = "error"  # the plan claims what is not so
    WARNING = "warning"  # the plan names what is not there
    INFORMATION = "information"  # one of the two is behind the other


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One difference, as one line; `source` is `file:line` in the plan, or `module:line` in the code."""

    severity: Severity
    source: str
    text: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.source}: {self.text}"

    def as_json(self) -> dict[str, str]:
        """The three fields as plain strings."""
        return {"severity": self.severity.value, "source": self.source, "text": self.text}


def compare(blueprint: Blueprint, declarations: Mapping[str, Declaration], still_open: Set[str]) -> list[Discrepancy]:
    """Every difference, errors first, then in the order of the plan.

    `still_open` names the declarations that have a hole or rest on one (`DeclarationGraph.open`).
    """
    found = [difference for node in blueprint.nodes.values() for difference in _of(node, declarations, still_open)]
    found += _unmentioned(blueprint, declarations)
    order = list(Severity)
    return sorted(found, key=lambda difference: order.index(difference.severity))


def _of(node: Node, declarations: Mapping[str, Declaration], still_open: Set[str]) -> Iterator[Discrepancy]:
    def say(severity: Severity, text: str) -> Discrepancy:
        return Discrepancy(severity, node.source, f"{node.label}: {text}")

    if node.in_library:
        return
    if not node.declarations:
        claimed = node.statement_ok or node.proof_ok
        text = "marked \\leanok, but names no declaration (\\lean)" if claimed else "planned, without a declaration"
        yield say(Severity.ERROR if claimed else Severity.INFORMATION, text)
        return
    missing = [name for name in node.declarations if name not in declarations]
    for name in missing:
        if node.statement_ok:
            yield say(Severity.ERROR, f"its statement is marked \\leanok, but there is no declaration {name}")
        else:
            yield say(Severity.WARNING, f"there is no declaration {name}")
    present = [declarations[name] for name in node.declarations if name in declarations]
    for declaration in present:
        if _claimed(node, declaration) and declaration.name in still_open:
            why = "contains a hole" if declaration.hole else "rests on a hole"
            yield say(Severity.ERROR, f"marked \\leanok, but {declaration.name} {why}")
    done = not missing and not any(declaration.name in still_open for declaration in present)
    if done and not all(_claimed(node, declaration) for declaration in present):
        yield say(Severity.INFORMATION, f"done in the code ({', '.join(node.declarations)}), but not marked \\leanok")


def _claimed(node: Node, declaration: Declaration) -> bool:
    """Whether the plan says that this is complete: a theorem when its proof is marked, all else when the text is."""
    return node.proof_ok if declaration.kind is Kind.THEOREM else node.statement_ok


def _unmentioned(blueprint: Blueprint, declarations: Mapping[str, Declaration]) -> Iterator[Discrepancy]:
    mentioned = {name for node in blueprint.nodes.values() for name in node.declarations}
    for name, declaration in sorted(declarations.items()):
        if declaration.kind is Kind.THEOREM and name not in mentioned:
            source = f"{declaration.module}:{declaration.position.line + 1}"
            yield Discrepancy(Severity.INFORMATION, source, f"theorem {name} is in no label of the plan")
