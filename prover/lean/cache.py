"""Where everything is kept that can be made again: toolchains and compiled modules. Called by both."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def folder(name: str) -> Path:
    """The folder `name` of the user's cache; the environment variable LEMMAWORKS_CACHE moves the whole cache."""
    chosen = os.environ.get("LEMMAWORKS_CACHE")
    return (Path(chosen) if chosen else platformdirs.user_cache_path("lemmaworks")) / name
