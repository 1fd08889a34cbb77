"""The LaTeX plan beside the Lean code: read it, and hold it against the code."""

from prover.blueprint.check import Discrepancy, Severity, compare
from prover.blueprint.plan import Blueprint, Node
from prover.blueprint.reader import find, read

__all__ = ["Blueprint", "Discrepancy", "Node", "Severity", "compare", "find", "read"]
