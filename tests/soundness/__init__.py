"""The corpus of attacks on the judge and of honest attempts, and what reads it."""
