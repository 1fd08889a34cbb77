"""What a suite wants of a machine, and whether it is there: its Lean, and what its statements import.

Asks no Lean: a module that can be imported is a file. Called by `prover bench doctor`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from prover.bench.problem import Suite
from prover.lean.doctor import Row
from prover.lean.source import imports
from prover.lean.store import PARTS
from prover.lean.toolchain import Toolchain

_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.\d+)?")
_PACKAGES = ("Mathlib", "Batteries", "Aesop", "Qq", "ProofWidgets", "Std")


async def examine(suite: Suite, toolchain: Toolchain, packages: Sequence[Path]) -> list[Row]:
    """A row per question; `packages` are folders of compiled modules in the layout of LEAN_PATH. Never raises."""
    return [_statements(suite), _version(suite, toolchain), *_imports(suite, [toolchain.library, *packages])]


def _statements(suite: Suite) -> Row:
    apart = f"; {len(suite.unusable)} cannot be used" if suite.unusable else ""
    count = len(suite.problems)
    return Row(f"{suite.name}, {count} {'statement' if count == 1 else 'statements'}{apart}")


def _version(suite: Suite, toolchain: Toolchain) -> Row:
    """Never a problem of its own: what does not elaborate under another version is counted apart, not failed."""
    here = f"{toolchain.name} is Lean {toolchain.version}"
    wanted, present = _VERSION.search(suite.wants), _VERSION.search(toolchain.version)
    if wanted is None or present is None:
        return Row(f"{here}; nobody says for which one {suite.name} was written")
    if wanted.groups() == present.groups():
        return Row(f"{here}, as {suite.name} wants it")
    ages = [tuple(map(int, version.groups())) for version in (present, wanted)]
    age = "newer" if ages[0] > ages[1] else "older"
    return Row(f"{here}, {age} than {suite.wants}, for which {suite.name} was written")


def _imports(suite: Suite, folders: Sequence[Path]) -> Iterator[Row]:
    """A row for each module that headers import, with how many statements do."""
    asking: Counter[str] = Counter()
    headers = Counter(problem.header for problem in suite.problems)
    for header, count in headers.items():
        asking.update(dict.fromkeys(imports(header), count))
    for module, count in asking.most_common():
        subject = f"{module}, which {count} of {len(suite.problems)} statements import"
        there = any(_file(folder, module).is_file() for folder in folders)
        yield Row(subject) if there else Row(subject, "it is not there", _remedy(module, suite.wants))


def _file(folder: Path, module: str) -> Path:
    return folder.joinpath(*module.split(".")).with_name(module.rpartition(".")[2] + PARTS[0])


def _remedy(module: str, wanted: str) -> str:
    package = module.partition(".")[0]
    if package not in _PACKAGES:
        return f"build the project that has {package}, and give its folder"
    lean = f" for {wanted}" if wanted else ""
    return f"use a native Lean and a project in which {package} is built{lean}"
