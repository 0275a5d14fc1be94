"""A copy of the shipped templates that a test may change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reportgen.files import resource_folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a copy of the shipped templates that a test may spoil."""
    return Path(shutil.copytree(resource_folder("templates"), tmp_path / "templates"))
