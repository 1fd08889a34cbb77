"""Judges a file that claims to prove what another file states, outside of any project.

Both are compiled as the same module of a project of one file, each in a fresh process, and go through the same gate as
an attempt inside a project; the one difference is that the attempt may declare what it likes beside its theorem.
Called by `prover judge` and by the benchmarks.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from prover.errors import ConfigError, ProjectError
from prover.judge.gate import Gate, refusal
from prover.judge.lexical import objections
from prover.lean.build import Build
from prover.lean.declarations import declarations
from prover.model import Kind, Verdict

MODULE = "Attempt"  # private names have the module's name in them, so both files must be the same one
LARGEST = 4 << 20  # bytes of a source


async def judge_file(
    gate: Gate, target: Path, attempt: Path, name: str | None = None, *, lexical: bool = True
) -> tuple[str, Verdict]:
    """The declaration that was judged, and the verdict on it.

    `name` says which declaration of the target; by default its one theorem that is open. Without `lexical` the text
    is not looked at first, so that data alone decides. Raises ProjectError when the target does not compile or a
    file cannot be read, ConfigError when it is not clear what is to be proved, LeanError when Lean fails on the target.
    """
    stated, claimed = _text(target), _text(attempt)
    with tempfile.TemporaryDirectory(prefix="judge-") as folder:
        root = Path(folder)
        (root / "prover.toml").touch()
        before = await _build(gate, root, stated, target)
        goal = await asyncio.to_thread(_goal, before, target, name)
        refused = refusal(objections(claimed, stated)) if lexical else None
        if refused is not None:
            return goal, refused
        _write(root, claimed)
        judgement = await gate.judge([goal], before, root, free=True)
        return goal, judgement.verdicts[goal]


async def _build(gate: Gate, root: Path, text: str, target: Path) -> Build:
    _write(root, text)
    try:
        return await gate.builder.build(root)
    except ProjectError as error:
        raise ProjectError(f"the target {target} does not compile: {error}", "a target states, with `sorry`") from error


def _goal(before: Build, target: Path, name: str | None) -> str:
    found = declarations(before.environment)
    if name is not None:
        if name not in found:
            raise ConfigError(f"{target} has no {name}", f"it has {', '.join(found) or 'no declaration'}")
        return name
    theorems = [name for name, declaration in found.items() if declaration.kind is Kind.THEOREM]
    goals = [name for name in theorems if found[name].hole] or theorems
    if len(goals) != 1:
        said = f"{len(goals)} open theorems: {', '.join(sorted(goals))}" if goals else "no theorem"
        raise ConfigError(f"{target} has {said}", "say which one is to be proved with --decl")
    return goals[0]


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise ProjectError(f"{path} is larger than {LARGEST >> 20} MiB", "no proof by hand or machine needs that")
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"cannot read {path}: {error}", "Lean sources are UTF-8 text") from error


def _write(root: Path, text: str) -> None:
    (root / f"{MODULE}.lean").write_bytes(text.encode())
