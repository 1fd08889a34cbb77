"""How we talk to Lean; no opinions about what it says."""
