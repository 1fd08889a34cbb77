r"""Reads a LaTeX plan with leanblueprint's macros into a `Blueprint`.

An environment is a statement when it has a customary name, `\newtheorem` declares it, or `\label` and `\lean` stand
in it. A proof belongs to the statement before it unless `\proves` names another. Called by the survey of a project and
by the command line; comparing the plan with the code is `prover.blueprint.check`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import networkx as nx
from pylatexenc.latexwalker import LatexNode

from prover.blueprint.latex import TexFile, argument, children, environment_name, exists, macro_name, parse, title
from prover.blueprint.plan import Blueprint, Node
from prover.errors import BlueprintError

_ROOTS = ("content.tex", "web.tex", "print.tex")
_STATEMENTS = "definition lemma theorem proposition corollary remark example conjecture axiom claim fact notation"
# More files than any plan has; a chain in which each inputs the next one twice would never end
_MAX_FILES = 1_000


def find(project: Path) -> Path | None:
    """The root file of a project's plan, where leanblueprint puts it; None when there is no plan."""
    candidates = (project / "blueprint" / "src" / name for name in _ROOTS)
    return next(filter(exists, candidates), None)


def read(path: Path) -> Blueprint:
    r"""The plan of a project folder, or the one that starts at a `.tex` file.

    Raises BlueprintError, one line with `file:line`, for what `prover.blueprint.latex.parse` refuses, a file that is
    missing or inputs itself, a label that stands twice, `\uses` of a label that no statement has, a circle of `\uses`.
    """
    root = find(path) if path.is_dir() else path
    if root is None or root.suffix != ".tex" or not exists(root):
        message = f"{path}: there is no {'such .tex file' if root else 'blueprint here'}"
        raise BlueprintError(message, "Write blueprint/src/content.tex, or give the path of the plan's root file.")
    reader = _Reader(root.parent)
    try:
        reader.read(root.name, root.name)
    except RecursionError as error:
        message = f"{root.name}: its groups and files are nested too deeply to be read"
        raise BlueprintError(message, "Look for braces that are opened again and again.") from error
    return reader.blueprint()


@dataclass
class _Part:
    """What is gathered from a statement or from a proof while it is read."""

    environment: str
    source: str
    title: str = ""
    labels: list[str] = field(default_factory=list)
    declarations: list[str] = field(default_factory=list)
    uses: dict[str, str] = field(default_factory=dict)  # label → where it is asked for
    ok: bool = False
    in_library: bool = False
    proves: dict[str, str] = field(default_factory=dict)  # likewise; at most one
    proofs: list[_Part] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The first label in it; a statement without one goes by its place and declaration."""
        return self.labels[0] if self.labels else f"{self.source} {''.join(self.declarations[:1])}"


class _Reader:
    r"""One walk through the text in reading order, which follows `\input` and gathers statements and proofs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.statements: list[_Part] = []
        self.proofs: list[_Part] = []
        self.labels: dict[str, tuple[str, _Part | None]] = {}  # label → where it stands, and in which statement
        self.environments = set(_STATEMENTS.split())
        self.open_files: list[str] = []
        self.files = 0

    def read(self, name: str, asked_by: str) -> None:
        """One file and those that it inputs; `name` starts at the root file's folder, as LaTeX has it."""
        shown = name if name.endswith(".tex") else f"{name}.tex"
        if shown in self.open_files:
            circle = " → ".join([*self.open_files[self.open_files.index(shown) :], shown])
            raise BlueprintError(f"{asked_by}: files input each other: {circle}", "Remove one of these \\input.")
        if not exists(self.folder / shown):
            remedy = f"Create it; paths start at {self.folder.name}/."
            raise BlueprintError(f"{asked_by}: \\input{{{name}}}: there is no file {shown}", remedy)
        self.files += 1
        if self.files > _MAX_FILES:
            raise BlueprintError(f"{asked_by}: more than {_MAX_FILES} files are input", "Input each file once.")
        self.open_files.append(shown)
        tex = parse(self.folder / shown, shown)
        self._visit(tex.nodes, tex, None)
        self.open_files.pop()

    def _visit(self, nodes: Iterable[LatexNode], tex: TexFile, part: _Part | None) -> None:
        for node in nodes:
            environment = environment_name(node)
            if environment == "proof":
                self._proof(node, tex)
            elif environment and self._is_statement(node, part):
                inner = _Part(environment, tex.where(node), title(node))
                self.statements.append(inner)
                self._visit(children(node), tex, inner)
            elif not self._macro(node, tex, part):
                self._visit(children(node), tex, part)

    def _is_statement(self, node: LatexNode, part: _Part | None) -> bool:
        if environment_name(node) in self.environments:
            return True
        return part is None and {"label", "lean"} <= {macro_name(child) for child in children(node)}

    def _proof(self, node: LatexNode, tex: TexFile) -> None:
        before = self.statements[-1] if self.statements else None
        proof = _Part("proof", tex.where(node))
        self.proofs.append(proof)
        self._visit(children(node), tex, proof)
        if proof.proves:
            return
        if before:
            before.proofs.append(proof)
        elif proof.ok or proof.uses:
            message = f"{proof.source}: no statement stands before this proof"
            raise BlueprintError(message, "Write the statement first, or name it with \\proves{label}.")

    def _macro(self, node: LatexNode, tex: TexFile, part: _Part | None) -> bool:
        """Follows one macro; False when it is none of the plan's, so that its arguments are read as text."""
        match macro_name(node):
            case "label":
                self._label(argument(node), tex.where(node), part)
            case "input" | "include":
                self.read(argument(node), tex.where(node))
            case "newtheorem" | "declaretheorem":
                self.environments.add(argument(node).rstrip("*"))
            case name if part is None or not self._mark(name, node, tex, part):
                return False
        return True

    def _mark(self, name: str, node: LatexNode, tex: TexFile, part: _Part) -> bool:
        """A mark of leanblueprint inside a statement or a proof; False when it is none."""
        match name:
            case "lean":
                part.declarations += _listed(argument(node))
            case "uses":
                part.uses |= dict.fromkeys(_listed(argument(node)), tex.where(node))
            case "proves":
                part.proves = {argument(node): tex.where(node)}
            case "leanok":
                part.ok = True
            case "mathlibok":
                part.ok = part.in_library = True
            case _:
                return False
        return True

    def _label(self, label: str, where: str, part: _Part | None) -> None:
        if label in self.labels:
            first, _ = self.labels[label]
            raise BlueprintError(f"{where}: label {label} already stands at {first}", "Rename one of the two.")
        if part:
            part.labels.append(label)
        self.labels[label] = where, part if part and part.environment != "proof" else None

    def blueprint(self) -> Blueprint:
        """What was read, with every label resolved."""
        for proof in self.proofs:
            for statement in self._resolved(proof.proves, "proves").values():
                statement.proofs.append(proof)
        named = [statement for statement in self.statements if statement.labels or statement.declarations]
        nodes = {statement.label: self._node(statement) for statement in named}
        _refuse_circles(nodes)
        return Blueprint(MappingProxyType(nodes))

    def _resolved(self, asked: Mapping[str, str], macro: str) -> dict[str, _Part]:
        """The statements that the labels in `asked` (label → where) stand for."""
        found = {}
        for label, where in asked.items():
            _, statement = self.labels.get(label, ("", None))
            if statement is None:
                message = f"{where}: \\{macro}{{{label}}}: no statement has this label"
                raise BlueprintError(message, "Correct the label, or write the statement that it is to name.")
            found[label] = statement
        return found

    def _node(self, statement: _Part) -> Node:
        proofs = statement.proofs
        return Node(
            label=statement.label,
            title=statement.title,
            environment=statement.environment,
            declarations=tuple(dict.fromkeys(statement.declarations)),
            uses=self._used_by(statement),
            proof_uses=frozenset[str]().union(*map(self._used_by, proofs)),
            statement_ok=statement.ok,
            proof_ok=statement.in_library or any(proof.ok for proof in proofs),
            in_library=statement.in_library,
            source=statement.source,
        )

    def _used_by(self, part: _Part) -> frozenset[str]:
        return frozenset(used.label for used in self._resolved(part.uses, "uses").values())


def _listed(text: str) -> list[str]:
    r"""The names in a comma-separated argument; LaTeX lets `_` be written as `\_`."""
    return [name for part in text.split(",") if (name := part.strip().replace("\\_", "_"))]


def _refuse_circles(nodes: Mapping[str, Node]) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from((node.label, used) for node in nodes.values() for used in sorted(node.uses | node.proof_uses))
    if not nx.is_directed_acyclic_graph(graph):
        circle = [user for user, _ in nx.find_cycle(graph)]
        names = " → ".join([*circle, circle[0]])
        message = f"{nodes[circle[0]].source}: statements use each other: {names}"
        raise BlueprintError(message, "Remove one of these \\uses; a proof may only use what comes before it.")
