"""A folder with many report folders, made once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.unit.batch.folders import MANY, make_report


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of many reports, the last with a broken picture; not to be written to."""
    root = tmp_path_factory.mktemp("many")
    for number in range(MANY):
        make_report(root / f"单位{number:02}", number)
    (root / f"单位{MANY - 1:02}" / "images" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    return root


@pytest.fixture
def root(many: Path, tmp_path: Path) -> Path:
    """Return a copy of the many reports that a test may build in."""
    return Path(shutil.copytree(many, tmp_path / "全县"))
