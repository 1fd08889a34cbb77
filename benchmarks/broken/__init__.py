"""Broken proofs to repair: correct originals, mutants of them, and proofs broken by hand."""
