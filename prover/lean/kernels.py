"""Which kernel can be asked again for a toolchain: the embedded Lean's own, or a native one's `leanchecker`.

Called by the judge, the certificate and the doctor.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from prover.errors import ToolchainError
from prover.lean.embedded.kernel import EmbeddedKernel
from prover.lean.embedded.lean import Embedded
from prover.lean.leanchecker import NativeKernel
from prover.lean.native import Native
from prover.lean.replay import MEMORY, SECONDS, Kernel, Replay
from prover.lean.toolchain import Toolchain

NO_KERNEL = "{} ships no leanchecker, so no kernel can be asked again about what it has compiled"
NO_KERNEL_REMEDY = 'choose a newer Lean, or say `replay = "optional"` in prover.toml'


def kernel_for(
    toolchain: Toolchain, reads: Sequence[Path], *, seconds: float = SECONDS, memory: int = MEMORY
) -> Kernel | None:
    """The kernel of that toolchain, for modules whose parts are below the folders `reads`; None when it ships none.

    `seconds` is the wall limit of one replay, `memory` how many resident bytes a warm process may keep.
    """
    if isinstance(toolchain, Embedded):
        return EmbeddedKernel(toolchain, reads, seconds=seconds, memory=memory)
    if isinstance(toolchain, Native) and (checker := toolchain.sysroot / "bin" / "leanchecker").is_file():
        return NativeKernel(toolchain, checker, seconds=seconds)
    return None


def kernel_as_wanted(toolchain: Toolchain, reads: Sequence[Path], replay: Replay) -> Kernel | None:
    """`kernel_for`, where a replay is optional; where it is required, raises ToolchainError instead of None."""
    kernel = kernel_for(toolchain, reads)
    if kernel is None and replay == "required":
        raise ToolchainError(NO_KERNEL.format(toolchain.name), NO_KERNEL_REMEDY)
    return kernel
