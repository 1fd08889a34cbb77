"""Suites of statements, read from where they are published; `opening` is the way in."""
