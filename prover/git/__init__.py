"""Git, and nothing about Lean: the repository, one command, what a killed one leaves."""
