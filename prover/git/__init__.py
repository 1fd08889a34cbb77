"""Git, and nothing about Lean: the repository, one command, what a killed one leaves."""

import os

# GitPython would start git when it is imported, and not be importable where there is none: we say that ourselves.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
