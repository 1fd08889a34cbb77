"""Writes a matplotlib figure as an SVG or PNG file, the same bytes for the same figure. Called by what draws."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from prover.errors import ConfigError

_DOTS_PER_INCH = 120
# What must not get into the file, so that it is the same on another day and with another version
_STAMPS: Mapping[str, dict[str, Any]] = {".svg": {"Date": None, "Creator": None}, ".png": {"Software": None}}


def check(path: Path) -> None:
    """Raises ConfigError when `path` is neither SVG nor PNG: better said before there is a figure."""
    if path.suffix not in _STAMPS:
        raise ConfigError(f"{path}: a picture is .svg or .png", "Give the file one of these endings.")


def save(figure: Figure, path: Path) -> None:
    """Writes the figure, in the format that the suffix names. Raises ConfigError when `path` cannot be written."""
    check(path)
    try:
        with rc_context({"svg.hashsalt": "declarations"}):
            figure.savefig(path, dpi=_DOTS_PER_INCH, metadata=_STAMPS[path.suffix])
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}", "Choose a file that can be written.") from error
