"""Stand-ins for a toolchain whose `lean` is a real process: `tests/fake_lean.py` instead of Lean."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prover.lean.process import Command

FAKE_LEAN = Path(__file__).with_name("fake_lean.py")


@dataclass(frozen=True)
class FakeToolchain:
    """Starts the fake in one of its modes; `program` is what runs it."""

    mode: str = "well"
    program: str = sys.executable

    name = "fake"
    version = "0"
    library = Path("/")
    lake = None
    packages: tuple[Path, ...] = ()

    def command(
        self,
        arguments: Sequence[str | Path],
        *,
        lean_path: Sequence[Path] = (),
        reads: Sequence[Path] = (),
        writes: Sequence[Path] = (),
        cwd: Path | None = None,
    ) -> Command:
        return Command((self.program, "-I", "-S", str(FAKE_LEAN), self.mode, *map(str, arguments)), {}, cwd)
