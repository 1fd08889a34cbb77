"""The layers of docs/design.md, held by reading the imports: arrows point from the command line to the nouns."""

import ast
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(file for package in ("prover", "agents") for file in (ROOT / package).rglob("*.py"))


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(file: Path) -> Iterator[str]:
    """The modules of ours that a file imports."""
    known = {module_name(other) for other in FILES}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            yield from {name, name.rpartition(".")[0]} & known


IMPORTS = {module_name(file): frozenset(imported(file)) for file in FILES}


def arrows() -> "nx.DiGraph[str]":
    """Who imports whom."""
    graph: nx.DiGraph[str] = nx.DiGraph([(a, b) for a, several in IMPORTS.items() for b in several])
    graph.add_nodes_from(IMPORTS)
    return graph


def importers(prefix: str) -> list[str]:
    return [name for name in IMPORTS if name == prefix or name.startswith(prefix + ".")]


def test_the_nouns_and_the_errors_import_nothing_of_ours() -> None:
    assert IMPORTS["prover.model"] == IMPORTS["prover.errors"] == frozenset()


@pytest.mark.parametrize("name", importers("prover.judge"))
def test_the_judge_sees_no_agent_and_no_hint(name: str) -> None:
    reached = nx.descendants(arrows(), name)
    hints = {f"prover.lean.{name}" for name in ("pool", "crew", "worker", "wire", "hints")}
    assert not {other for other in reached if other.startswith("agents") or other in hints}


@pytest.mark.parametrize("name", importers("agents"))
def test_agents_see_the_nouns_the_errors_the_pool_and_the_text_of_lean(name: str) -> None:
    hints = ("prover.lean.pool", "prover.lean.hints", "prover.lean.lexer", "prover.lean.source")
    allowed = ("agents", "prover.model", "prover.errors", *hints)
    assert not [other for other in IMPORTS[name] if not other.startswith(allowed)]


@pytest.mark.parametrize("name", importers("prover.lean"))
def test_talking_to_lean_needs_nothing_above_it(name: str) -> None:
    below = ("prover.lean", "prover.model", "prover.errors")
    assert not [other for other in IMPORTS[name] if not other.startswith(below)]


DECIDING = ("graph", "precedence", "budget", "dispatch", "frontier", "state", "culprits")


@pytest.mark.parametrize("name", [f"prover.{name}" for name in DECIDING])
def test_what_decides_without_io_imports_nothing_that_does_io(name: str) -> None:
    doing = ("prover.lean", "prover.git", "prover.judge", "agents")
    assert not [other for other in IMPORTS[name] if other.startswith(doing)]


def test_only_the_judge_makes_a_verdict() -> None:
    makers = {
        module_name(file)
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Verdict"
    }
    assert makers
    assert all(name.startswith("prover.judge") for name in makers)


def test_imports_make_no_circle() -> None:
    assert nx.is_directed_acyclic_graph(arrows())


def test_no_function_is_longer_than_fifty_lines_and_no_file_longer_than_three_hundred() -> None:
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        assert text.count("\n") <= 300, file
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 50, f"{file}: {node.name}"


def test_blind_excepts_stand_only_at_the_boundaries_of_an_agent_and_a_worker() -> None:
    blind = {
        module_name(file)
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    }
    assert blind <= {"prover.proposing", "prover.lean.pool"}
