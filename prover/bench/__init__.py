"""`prover bench`: suites of statements, run through the one path and counted as the field counts."""
