"""What `benchmarks.repair` measures: broken proofs repaired without a model, and goals asked of a fallible one."""
