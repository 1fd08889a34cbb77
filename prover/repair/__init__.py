"""Repair of a Lean file: which of its proofs fail, a bench for each, and the whole file judged at the end."""
