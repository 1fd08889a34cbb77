"""Lemmaworks: open Lean declarations in, proved and merged ones out."""
