"""Where each declaration stands in the picture: one lane for each module, one column for each level of the graph.

What is used stands left of what uses it. Pure geometry: lengths are inches, y grows upwards, and a name is as wide as
matplotlib draws it. Called by `prover.picture`, which knows colours and files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from statistics import mean

import networkx as nx
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.textpath import TextPath

from prover.graph import DeclarationGraph

FONT = 8.0  # points
MARGIN = 0.3
HEAD = 1.0  # title and legend
BOX = 0.24  # the height of a box
ROW = 0.33  # from one box to the next below
_PADDING = 0.09  # between a name and the sides of its box
_COLUMN_GAP = 0.62  # room for edges to bend
_LANE_HEAD = 0.26  # the module's name
_LANE_GAP = 0.2
_NARROWEST = 8.0  # what the legend needs
_LONGEST = 30  # characters of a name, before it is shortened in the middle


@dataclass(frozen=True, slots=True)
class Box:
    """A declaration in the picture: its short name, its left edge, its middle and its width."""

    label: str
    left: float
    middle: float
    width: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width


@dataclass(frozen=True, slots=True)
class Lane:
    """A module in the picture."""

    module: str
    bottom: float
    top: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by the declaration's name, lanes from top to bottom, and the size of the whole."""

    boxes: Mapping[str, Box]
    lanes: tuple[Lane, ...]
    width: float
    height: float


def layout(graph: DeclarationGraph) -> Layout:
    """The place of everything in the graph; no two boxes overlap."""
    labels, levels = _labels(graph), graph.levels()
    widths = {name: _width(label) for name, label in labels.items()}
    lefts, width = _columns(levels, widths)
    cells = _cells(graph)
    lanes, height = _lanes(cells)
    middles = _middles(graph, cells, lanes)
    boxes = {name: Box(labels[name], lefts[levels[name]], middles[name], widths[name]) for name in labels}
    return Layout(boxes, lanes, width, height)


def _width(label: str) -> float:
    # the control points of the glyphs are enough, and 20 times as fast as their exact extent
    points = TextPath((0, 0), label, size=FONT).vertices
    return float(points[:, 0].max()) / 72 + 2 * _PADDING


def _columns(levels: Mapping[str, int], widths: Mapping[str, float]) -> tuple[list[float], float]:
    """The left edge of each level's column, and the width of the picture."""
    lefts, right = [], MARGIN + _PADDING
    for level in range(max(levels.values(), default=-1) + 1):
        lefts.append(right)
        right += max(widths[name] for name in levels if levels[name] == level) + _COLUMN_GAP
    return lefts, max(right - _COLUMN_GAP + _PADDING + MARGIN, _NARROWEST)


_Cells = dict[str, dict[int, list[str]]]  # module → level → names


def _cells(graph: DeclarationGraph) -> _Cells:
    levels = graph.levels()
    cells: _Cells = {module: {} for module in _modules(graph)}
    for name, declaration in graph.declarations.items():
        cells[declaration.module].setdefault(levels[name], []).append(name)
    return cells


def _modules(graph: DeclarationGraph) -> list[str]:
    """The modules in the order in which they rest on each other; those that rest on nothing first."""
    module = {name: declaration.module for name, declaration in graph.declarations.items()}
    rests: nx.DiGraph[str] = nx.DiGraph()
    rests.add_nodes_from(sorted(set(module.values())))
    rests.add_edges_from(
        (module[used], module[user]) for user, used, _ in graph.edges() if module[used] != module[user]
    )
    knots = nx.condensation(rests)
    members = {knot: sorted(knots.nodes[knot]["members"]) for knot in knots}
    return [
        name for knot in nx.lexicographical_topological_sort(knots, key=members.__getitem__) for name in members[knot]
    ]


def _lanes(cells: _Cells) -> tuple[tuple[Lane, ...], float]:
    """The lanes, each as high as its fullest cell, and the height of the picture."""
    heights = {module: _LANE_HEAD + ROW * max(map(len, levels.values())) for module, levels in cells.items()}
    height = top = HEAD + MARGIN + sum(heights.values()) + _LANE_GAP * max(len(heights) - 1, 0)
    top -= HEAD
    lanes = []
    for module, tall in heights.items():
        lanes.append(Lane(module, top - tall, top))
        top -= tall + _LANE_GAP
    return tuple(lanes), height


def _middles(graph: DeclarationGraph, cells: _Cells, lanes: tuple[Lane, ...]) -> dict[str, float]:
    """The middle of each box: level by level, in each cell ordered by where their needs are (barycentre rule)."""
    middles: dict[str, float] = {}

    def pull(name: str) -> tuple[float, str]:
        placed = [middles[used] for used in sorted(graph.needs(name)) if used in middles]
        return (-mean(placed) if placed else 0.0), name

    for level in sorted({level for levels in cells.values() for level in levels}):
        for lane in lanes:
            for place, name in enumerate(sorted(cells[lane.module].get(level, ()), key=pull)):
                middles[name] = lane.top - _LANE_HEAD - (place + 0.5) * ROW
    return middles


def _labels(graph: DeclarationGraph) -> dict[str, str]:
    """Names without the namespace that all of a module share."""
    labels: dict[str, str] = {}
    by_module = sorted(graph.declarations.values(), key=lambda declaration: (declaration.module, declaration.name))
    for _, group in groupby(by_module, key=lambda declaration: declaration.module):
        names = [declaration.name for declaration in group]
        shared = len(_shared_namespace(names))
        labels |= {name: _short(name[shared:]) for name in names}
    return labels


def _shared_namespace(names: list[str]) -> str:
    columns = list(zip(*(name.split(".")[:-1] for name in names), strict=False))
    same = next((place for place, parts in enumerate(columns) if len(set(parts)) > 1), len(columns))
    return "".join(f"{parts[0]}." for parts in columns[:same])


def _short(name: str) -> str:
    if len(name) > _LONGEST:
        name = name[: _LONGEST // 2] + "…" + name[-_LONGEST // 2 :]
    drawable = "".join(sign if ord(sign) in _glyphs() else "?" for sign in name)
    return drawable.replace("$", r"\$")  # else matplotlib reads a formula


@cache
def _glyphs() -> frozenset[int]:
    """The characters that the font has; matplotlib warns of each other one, every time that it is drawn."""
    return frozenset(get_font(findfont(FontProperties())).get_charmap())
