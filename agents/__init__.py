"""Who proposes proofs."""
