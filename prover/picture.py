"""Draws the declaration graph as SVG or PNG: what is proved, what is open, and the longest chain that is left.

Only looks: facts come from the graph, places from `prover.layout`. The same graph gives the same bytes. Called by the
command line and after a run. matplotlib is used through its objects, never through pyplot, which keeps global state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, PathPatch, Rectangle
from matplotlib.path import Path as Curve

from prover.figure import check, save
from prover.graph import DeclarationGraph, EdgeKind, State
from prover.layout import BOX, FONT, MARGIN, ROW, Box, Layout, layout
from prover.model import Kind

# What the legend says of a declaration: fill, outline and ink of its box
_LOOKS = {
    "proved in this run": ("#2b8a3e", "#1e6b2f", "#ffffff"),
    "proved before": ("#d3f2da", "#7cc48d", "#1d3b25"),
    "definition": ("#e3ecf9", "#9db8dd", "#22364f"),
    "open, ready": ("#ffe28a", "#dba400", "#4a3800"),
    "open, waits for another": ("#ffd9d2", "#e08a7a", "#5a1f14"),
}
_EDGE = "#8d99a6"
_CHAIN = "#b3261e"
_LANE = "#f6f7f9"
_DASHES = (0, (3, 2))


def draw(graph: DeclarationGraph, path: Path, title: str, proved_now: Set[str] = frozenset()) -> None:
    """Writes the picture to `path`, by its suffix; `proved_now` names the declarations that this run proved.

    An edge that a longer way implies is left out. Raises ConfigError when `path` is neither SVG nor PNG, or cannot
    be written.
    """
    check(path)
    places = layout(graph)
    figure = Figure(figsize=(places.width, places.height), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, places.width), ylim=(0, places.height))
    axes.set_axis_off()
    looks = {name: _look(graph, name, proved_now) for name in graph.declarations}
    chain = graph.critical_path()
    _draw_lanes(axes, places)
    _draw_edges(axes, places, graph, set(pairwise(chain)))
    _draw_boxes(axes, places, looks, frozenset(chain))
    _draw_head(axes, places, title, Counter(looks.values()))
    save(figure, path)


def _look(graph: DeclarationGraph, name: str, proved_now: Set[str]) -> str:
    state = graph.state(name)
    if state is not State.PROVED:
        able = state is State.READY and not graph.missing(name)
        return "open, ready" if able else "open, waits for another"
    if graph.declarations[name].kind is not Kind.THEOREM:
        return "definition"
    return "proved in this run" if name in proved_now else "proved before"


def _draw_lanes(axes: Axes, places: Layout) -> None:
    for lane in places.lanes:
        corner, width, height = (MARGIN, lane.bottom - 0.08), places.width - 2 * MARGIN, lane.top - lane.bottom + 0.08
        axes.add_artist(FancyBboxPatch(corner, width, height, _rounded(0.08), facecolor=_LANE, edgecolor="none"))
        left, top = MARGIN + 0.1, lane.top - 0.06
        axes.text(left, top, lane.module, size=FONT, weight="bold", color="#5c6670", va="top", zorder=4)


def _draw_edges(axes: Axes, places: Layout, graph: DeclarationGraph, chain: Set[tuple[str, str]]) -> None:
    for used, user, kind in _edges_to_draw(graph):
        on_chain = (used, user) in chain
        patch = PathPatch(
            _curve(places.boxes[used], places.boxes[user], places.boxes.values()),
            fill=False,
            edgecolor=_CHAIN if on_chain else _EDGE,
            linewidth=1.6 if on_chain else 0.7,
            alpha=0.9 if on_chain else 0.5,
            linestyle=_DASHES if kind is EdgeKind.PLANNED else "solid",
            zorder=2 if on_chain else 1,
        )
        axes.add_artist(patch)


def _edges_to_draw(graph: DeclarationGraph) -> Iterator[tuple[str, str, EdgeKind]]:
    """(used, user, kind) of every edge that no longer way implies; of every edge where there is a circle."""
    kinds = {(used, user): kind for user, used, kind in graph.edges()}
    drawn: nx.DiGraph[str] = nx.DiGraph(list(kinds))
    if nx.is_directed_acyclic_graph(drawn):
        drawn = nx.transitive_reduction(drawn)
    return ((used, user, kinds[used, user]) for used, user in sorted(drawn.edges))


def _curve(start: Box, end: Box, boxes: Iterable[Box]) -> Curve:
    """A Bézier curve that leaves and enters level; it rises above boxes that stand between the two in their row."""
    bend = max(0.25, 0.45 * (end.left - start.right))
    row = [box for box in boxes if box.middle == start.middle == end.middle]
    rise = 0.72 * ROW if any(start.left < box.left < end.left for box in row) else 0.0
    points = [
        (start.right, start.middle),
        (start.right + bend, start.middle + rise),
        (end.left - bend, end.middle + rise),
        (end.left, end.middle),
    ]
    return Curve(points, [Curve.MOVETO, Curve.CURVE4, Curve.CURVE4, Curve.CURVE4])


def _draw_boxes(axes: Axes, places: Layout, looks: Mapping[str, str], chain: Set[str]) -> None:
    for name, box in places.boxes.items():
        fill, outline, ink = _LOOKS[looks[name]]
        edge, line = (_CHAIN, 1.5) if name in chain else (outline, 0.8)
        corner, centre = (box.left, box.middle - BOX / 2), box.left + box.width / 2
        shape = FancyBboxPatch(corner, box.width, BOX, _rounded(0.06), fc=fill, ec=edge, linewidth=line, zorder=3)
        axes.add_artist(shape)
        axes.text(centre, box.middle, box.label, size=FONT, color=ink, ha="center", va="center_baseline", zorder=4)


def _rounded(radius: float) -> str:
    return f"round,pad=0,rounding_size={radius}"


def _draw_head(axes: Axes, places: Layout, title: str, counts: Mapping[str, int]) -> None:
    axes.text(MARGIN, places.height - 0.25, title, size=15, weight="bold", color="#22282e", va="top")
    boxes = [
        Rectangle((0, 0), 1, 1, facecolor=fill, edgecolor=outline, label=f"{look} ({counts[look]})")
        for look, (fill, outline, _) in _LOOKS.items()
        if counts[look]
    ]
    chain = Line2D([], [], color=_CHAIN, linewidth=1.6, label="longest open chain")
    planned = Line2D([], [], color=_EDGE, linewidth=1, linestyle=_DASHES, label="only planned")
    place = MARGIN / places.width, 1 - 0.55 / places.height
    handles = [*boxes, chain, planned]
    size: dict[str, Any] = {"fontsize": FONT, "borderpad": 0, "borderaxespad": 0, "handlelength": 1.6}
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=place, ncols=len(handles), frameon=False, **size)
