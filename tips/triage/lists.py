"""The data files beside the code, each read once. Pure."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@cache
def read(name: str) -> Any:
    """Return what a .toml of this folder holds."""
    with (_HERE / name).open("rb") as file:
        return tomllib.load(file)
