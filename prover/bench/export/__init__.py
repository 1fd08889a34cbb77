"""What leaves a run for other people's programs: proofs, submissions, training data."""
