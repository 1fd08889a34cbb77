"""Suites, reports and measurements."""
