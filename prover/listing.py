"""The declaration graph as data and as a table: what `prover graph` prints and writes. Called by the command line."""

from __future__ import annotations

from typing import Any

from rich.markup import escape
from rich.table import Table

from prover.graph import DeclarationGraph, State


def as_json(graph: DeclarationGraph) -> dict[str, Any]:
    """The graph as plain lists and dicts, sorted by name."""
    levels = graph.levels()
    return {
        "declarations": [
            {
                "name": name,
                "module": declaration.module,
                "kind": declaration.kind.value,
                "state": graph.state(name).value,
                "level": levels[name],
                "uses": sorted(declaration.statement_uses),
                "proof_uses": sorted(declaration.proof_uses),
                "planned": sorted(graph.planned(name)),
            }
            for name, declaration in graph.declarations.items()
        ],
        "critical_path": list(graph.critical_path()),
        "cycles": [list(cycle) for cycle in graph.cycles()],
    }


_STYLE = {State.READY: "bold yellow", State.HOLE: "red", State.OPEN: "magenta", State.PROVED: "green"}


def table(graph: DeclarationGraph, only_open: bool = False) -> Table:
    """One row for each declaration, or only for those that can be worked on now, nearest to the ground first.

    `needs` counts what it uses or is planned to use, and `blocks` the open declarations that need it.
    """
    rows = Table("Declaration", "module", "state", "level", "needs", "blocks", header_style="bold")
    levels, blocks = graph.levels(), graph.blocks()
    order = {state: place for place, state in enumerate(State)}
    for name in sorted(graph.declarations, key=lambda name: (order[graph.state(name)], levels[name], name)):
        state = graph.state(name)
        if only_open and state is not State.READY:
            continue
        needs, missing = len(graph.needs(name)), len(graph.missing(name))
        cells = str(levels[name]), f"{needs} ({missing} open)" if missing else str(needs), str(blocks[name])
        rows.add_row(escape(name), escape(graph.declarations[name].module), f"[{_STYLE[state]}]{state}[/]", *cells)
    return rows
