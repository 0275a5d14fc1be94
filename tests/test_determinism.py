"""Tests that the same folder gives the same bytes, regardless of place, time and user."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.outputs import RECORD_FILE
from tests.errors.gallery import BASE

SAMPLES = Path(__file__).parents[1] / "samples"
KINDS = ("docx", "pdf", "ofd", "html", "json")
FINE, PROBLEMS = 0, 1
OTHER = {
    "PYTHONHASHSEED": "2",
    "TZ": "America/New_York",
    "LC_ALL": "C.UTF-8",
    "SOURCE_DATE_EPOCH": "1",
    "RL_pdfMultiLine": "1",  # reportlab's settings; nobody's settings count
    "RL_pdfComments": "1",
    "RL_pageCompression": "0",
    "RL_canvas_baseColor": "(1,0,0)",
    "RL_documentLang": "en",
}


def start(
    folder: str, out: Path, cwd: Path, draft: bool, **variables: str
) -> subprocess.Popen[str]:
    """Start a build of *folder*, as seen from *cwd*, into *out*."""
    command = [sys.executable, "-m", "reportgen", "build", folder, "-o", str(out)]
    options = ["--to", ",".join(KINDS), *(["--draft"] if draft else [])]
    return subprocess.Popen(
        [*command, *options],
        cwd=cwd,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("name", "draft", "code"),
    [("yunxi-market-2024", False, FINE), ("broken-2024", True, PROBLEMS)],
)
def test_two_builds_give_equal_bytes(tmp_path: Path, name: str, draft: bool, code: int) -> None:
    folder = SAMPLES / name
    first, second = tmp_path / "甲", tmp_path / "b" / "乙"
    elsewhere = BASE
    builds = [
        start(str(folder), first, elsewhere, draft, PYTHONHASHSEED="1", TZ="Asia/Shanghai"),
        start(".", second, folder, draft, **OTHER),
    ]
    for build in builds:
        _, said = build.communicate(timeout=100)
        assert build.returncode == code, said
    # The record is about these files on this machine, and sealed with the user's key.
    made = (path for path in first.iterdir() if path.name != RECORD_FILE)
    files = {path.name: path.read_bytes() for path in made}
    assert {Path(name).suffix.lstrip(".") for name in files} == set(KINDS)
    different = [name for name in files if (second / name).read_bytes() != files[name]]
    assert different == []
