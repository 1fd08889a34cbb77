"""The installed embedded Lean: where it is, what belongs to it, and whether it is whole.

    <cache>/toolchains/embedded-4.28.0-pre/    bin/lean.js lean.wasm lean.symbols   lib/lean/*.olean   manifest.json

A folder that is there was complete when it got its name (`install` sees to that), so what is checked here is what
happened since. Called by `install`, by the toolchain's search, and by the doctor.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from prover.errors import ToolchainBroken
from prover.lean import cache
from prover.lean.embedded import loader
from prover.lean.embedded.lean import Embedded
from prover.lean.embedded.package import PINNED

MANIFEST = "manifest.json"
REPAIR = "run `prover toolchain install --force`"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an installation consists of: Lean's version, who derived the loader, size and SHA-256 of each file."""

    version: str
    loader: str
    sizes: dict[str, int]
    digests: dict[str, str]

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps(asdict(self)), encoding="utf-8")


def home(lean_version: str = PINNED.lean_version) -> Path:
    """The folder of the embedded Lean of that version, whether it is there or not."""
    return cache.folder("toolchains") / f"embedded-{lean_version}"


def find(folder: Path) -> Embedded | None:
    """The embedded Lean in `folder`, or None where there is none. Looks at sizes only: a few milliseconds.

    Raises ToolchainBroken when files are missing or have another size than when they were installed.
    """
    if not folder.is_dir():
        return None
    manifest = read_manifest(folder)
    if manifest.loader != loader.fingerprint():
        raise ToolchainBroken(f"{folder} was installed by another version of Lemmaworks", REPAIR)
    for name, size in manifest.sizes.items():
        if (found := _size(folder / name)) != size:
            raise ToolchainBroken(f"{folder / name} has {found} bytes instead of {size}", REPAIR)
    return Embedded(manifest.version, folder)


def damaged(folder: Path) -> list[str]:
    """The files whose content is not what was installed: reads all of them, about a second."""
    digests = read_manifest(folder).digests
    return [name for name, digest in digests.items() if _digest(folder / name) != digest]


def describe(folder: Path, version: str) -> Manifest:
    """The manifest of what is in `folder` now."""
    files = sorted(f for f in folder.rglob("*") if f.is_file())
    names = [f.relative_to(folder).as_posix() for f in files]
    return Manifest(
        version,
        loader.fingerprint(),
        {name: f.stat().st_size for name, f in zip(names, files, strict=True)},
        {name: _digest(f) for name, f in zip(names, files, strict=True)},
    )


def read_manifest(folder: Path) -> Manifest:
    """Raises ToolchainBroken when it is missing or unreadable."""
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ToolchainBroken(f"{folder} has no readable {MANIFEST}", REPAIR) from error


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _digest(file: Path) -> str:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return ""
