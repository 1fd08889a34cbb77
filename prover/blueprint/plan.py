"""The plan as a value: statements by label, what each uses, and what the author claims to be formalised.

Imports nothing that reads LaTeX; `prover.blueprint.reader` makes it, the graph and the comparison with the code use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """One definition or theorem of the plan, together with its proof.

    `uses` and `proof_uses` are labels: what the statement needs, and what the proof needs.
    `source` is `file:line` of the environment, the file relative to the folder of the plan's root file.
    """

    label: str
    title: str
    environment: str
    declarations: tuple[str, ...]
    uses: frozenset[str]
    proof_uses: frozenset[str]
    statement_ok: bool
    proof_ok: bool
    in_library: bool  # `\mathlibok`: the declarations come from a library, not from the project
    source: str


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The nodes of a plan by label, in the order of the text; every label in `uses` is one of them, without cycles."""

    nodes: Mapping[str, Node]

    def edges(self) -> Mapping[str, frozenset[str]]:
        """What each Lean declaration is planned to use, in its statement or its proof, as Lean names.

        A label without `\\lean` has no name to stand for it, and therefore no edges.
        """
        planned: dict[str, frozenset[str]] = {}
        for node in self.nodes.values():
            used = self._names(node.uses | node.proof_uses)
            for name in node.declarations:
                planned[name] = planned.get(name, frozenset()) | used
        return {name: used - {name} for name, used in planned.items()}

    def _names(self, labels: Iterable[str]) -> frozenset[str]:
        return frozenset(name for label in labels for name in self.nodes[label].declarations)
