"""The modules of a project: which Lean files it has, what they import, and in which order they compile.

Reads files and follows imports between them; compiles nothing. Called by the build.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import networkx as nx

from prover.errors import ImportCycle, NoProject, ProjectError
from prover.lean.source import imports

MARKERS = ("lean-toolchain", "lakefile.toml", "lakefile.lean", "prover.toml")
_NOT_SOURCES = frozenset({"build", "lake-packages"})
_SETTINGS = (*MARKERS, "lake-manifest.json", "statements.lock")


@dataclass(frozen=True, slots=True)
class Source:
    """One module's file: its path relative to the project, its text, and which modules of the project it imports.

    `whole` are those of `import all`, of which it sees the private part too.
    """

    name: str
    path: Path
    text: str
    imports: tuple[str, ...]
    whole: frozenset[str] = frozenset()


def discover(root: Path) -> dict[str, Source]:
    """The project's modules in the order in which they compile.

    Raises NoProject when `root` is not a Lean project, ProjectError for a file that cannot be read, ImportCycle.
    """
    if not any((root / marker).is_file() for marker in MARKERS):
        raise NoProject(f"there is no Lean project in {root}", f"a project has one of {', '.join(MARKERS)}")
    texts = {path.relative_to(root): _text(path) for path in sorted(_files(root))}
    if not texts:
        raise NoProject(f"the project in {root} has no .lean file", "add a module")
    names = {".".join(path.with_suffix("").parts): path for path in texts}
    if len(names) < len(texts):
        raise ProjectError(f"two files in {root} are the same module", "rename the one with a dot in its name")
    sources = {name: _source(name, path, texts[path], names) for name, path in names.items()}
    return {name: sources[name] for name in _order(sources)}


def settings(root: Path) -> dict[str, str]:
    """SHA-256 of each file beside the sources that says how the project at `root` is built or judged, by its name."""
    files = (root / name for name in _SETTINGS)
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()}


def _source(name: str, path: Path, text: str, names: Mapping[str, Path]) -> Source:
    imported = tuple(other for other in imports(text) if other in names)
    return Source(name, path, text, imported, frozenset(imports(text, whole=True)))


def _files(root: Path) -> Iterator[Path]:
    for folder, inner, files in os.walk(root):
        inner[:] = [name for name in inner if not name.startswith(".") and name not in _NOT_SOURCES]
        yield from (Path(folder, name) for name in files if name.endswith(".lean") and name != "lakefile.lean")


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"cannot read {path}: {error}", "Lean sources are UTF-8 text") from error


def _order(sources: Mapping[str, Source]) -> list[str]:
    graph = nx.DiGraph([(other, name) for name, source in sources.items() for other in source.imports])
    graph.add_nodes_from(sources)
    try:
        return list(nx.lexicographical_topological_sort(graph))
    except nx.NetworkXUnfeasible as error:
        circle = [user for _, user in nx.find_cycle(graph)][::-1]
        chain = " imports ".join([*circle, circle[0]])
        raise ImportCycle(f"modules import each other in a circle: {chain}", "remove one of these imports") from error
