"""`prover init`: a new Lean repository from the template, which is also the worked example.

Copies `lean_project/` (from the checkout, or from inside the installed package) and makes the first commit. Called by
the CLI.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import git

from prover.errors import ProjectError

_HERE = Path(__file__).parent


def template() -> Path:
    """The folder of the worked example."""
    installed = _HERE / "worked_example"
    return installed if installed.is_dir() else _HERE.parent / "lean_project"


def create(folder: Path) -> Path:
    """Makes `folder` a git repository with the worked example; raises ProjectError when something is there already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProjectError(f"{folder} is not empty", "choose a new folder")
    try:
        shutil.copytree(template(), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".prover", ".lake"))
    except OSError as error:
        raise ProjectError(
            f"cannot write {folder}: {error.strerror or error}",
            "choose a folder with room that you may write",
        ) from error
    repository = git.Repo.init(folder, initial_branch="main")
    repository.git.add("--all")
    someone = git.Actor("Lemmaworks", "lemmaworks@localhost")
    repository.index.commit("The worked example", author=someone, committer=someone, skip_hooks=True)
    return folder
