"""Tools that come as Python packages, found without importing them."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path


def packaged(package: str, *path: str) -> Path | None:
    """The executable at `path` inside the installed Python package; None where it is not there."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    folders = spec.submodule_search_locations or ()
    found = (Path(folder, *path) for folder in folders)
    return next((file for file in found if os.access(file, os.X_OK)), None)
