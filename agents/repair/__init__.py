"""Compiler-guided repair of one proof, at a bench: what fails is isolated, mended, automated, and asked for."""
