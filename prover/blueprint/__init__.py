"""The LaTeX plan beside the Lean code."""
