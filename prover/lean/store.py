"""Compiled modules on disk, by content: what was compiled once is never compiled again.

An entry is a folder named by its key, with the module's files and a manifest of their digests; it appears whole or
not at all, and a damaged one counts as absent. A tree is a folder of hard links in the layout of LEAN_PATH: the sandbox
follows no symbolic links. Called by the build.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from hashlib import sha256
from pathlib import Path

from prover.errors import ProjectError

MANIFEST = "manifest.json"
# What `lean -o` writes: the parts of a module, in the order in which they are read, its compiled code, its index.
PARTS = (".olean", ".olean.server", ".olean.private")
CODE, INDEX = ".ir", ".ilean"
STEM = "module"


def parts_in(folder: Path) -> tuple[Path, ...]:
    """The parts of the module that was compiled into this folder."""
    return tuple(path for suffix in PARTS if (path := folder / f"{STEM}{suffix}").exists())


class Store:
    """Entries and trees below one folder. Raises ProjectError when the disk refuses."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for one compilation, gone at the end unless it was kept."""
        with _disk(self._folder):
            parent = self._folder / "scratch"
            parent.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(dir=parent))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def find(self, key: str) -> Path | None:
        """The entry's folder, if it is there and every file is what was written."""
        entry = self._entry(key)
        try:
            manifest = json.loads((entry / MANIFEST).read_bytes())
            whole = bool(manifest) and all(_digest(entry / name) == digest for name, digest in manifest.items())
        except (OSError, ValueError, AttributeError):
            return None
        return entry if whole else None

    def keep(self, scratch: Path, key: str) -> Path:
        """Makes the scratch folder the entry; when another process was faster, its entry stays."""
        entry = self._entry(key)
        with _disk(self._folder):
            manifest = {path.name: _digest(path) for path in sorted(scratch.iterdir())}
            (scratch / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
            entry.parent.mkdir(parents=True, exist_ok=True)
            if self.find(key) is None:
                shutil.rmtree(entry, ignore_errors=True)
                try:
                    scratch.rename(entry)
                except OSError:
                    if self.find(key) is None:
                        raise
        return entry

    def tree(self, digest: str) -> Path:
        """The folder for a tree of this digest."""
        folder = self._folder / "trees" / digest
        with _disk(self._folder):
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    def place(self, entry: Path, tree: Path, module: str) -> None:
        """Links the entry's files into the tree, as module `module`; what stood there is replaced."""
        with _disk(self._folder):
            target = tree.joinpath(*module.split("."))
            target.parent.mkdir(parents=True, exist_ok=True)
            for source in entry.glob(f"{STEM}.*"):
                _link(source, target.with_name(target.name + source.name.removeprefix(STEM)))

    def _entry(self, key: str) -> Path:
        return self._folder / "modules" / key[:2] / key


def take(folder: Path, stem: str, out: Path) -> None:
    """Copies the module `stem` that was compiled in `folder` to `out`: plain files only, so that no link leads out.

    Whatever process could write to `folder` has no way to the copies, should it have outlived the compiler.
    """
    for file in folder.glob(f"{escape(stem)}.*"):
        if file.is_file() and not file.is_symlink():
            with _disk(out):
                shutil.copyfile(file, out / f"{STEM}{file.name.removeprefix(stem)}")


def _link(source: Path, target: Path) -> None:
    if target.exists() and source.samefile(target):
        return
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    os.link(source, fresh)
    fresh.replace(target)


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = f"cannot write compiled modules to {folder}: {error.strerror}"
        raise ProjectError(reason, "free some space, or set LEMMAWORKS_CACHE to a folder with room") from error
