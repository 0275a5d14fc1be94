"""Console transcripts: the commands in ``tests/commands/*.md`` are run and their output compared.

How a transcript is written says :mod:`tests.transcripts`.  It runs in a folder of its own with
copies of the samples and, as ``报告``, of the valid report of the error gallery.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reportgen import cli
from tests.conftest import Golden
from tests.errors.gallery import BASE
from tests.transcripts import BLOCK, read_steps, replayed

HERE = Path(__file__).parent
TRANSCRIPTS = sorted((HERE / "commands").glob("*.md"))
SAMPLES = HERE.parent / "samples"
PICKED = ("broken-2024", "fuyang-emergency-2020", "yunxi-market-2024")


@pytest.fixture
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay out the folder a transcript runs in, and go there."""
    for name in PICKED:
        shutil.copytree(SAMPLES / name, tmp_path / "samples" / name)
    shutil.copytree(BASE, tmp_path / "报告")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINES", "40")
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.usefixtures("_desk")
@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda path: path.stem)
def test_transcript_is_what_the_program_says(transcript: Path, golden: Golden) -> None:
    text = transcript.read_text(encoding="utf-8")
    golden(transcript, BLOCK.sub(lambda found: f"```console\n{replayed(found[1])}```", text))


def test_every_command_has_a_transcript() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in TRANSCRIPTS)
    steps = [step for block in BLOCK.finditer(texts) for step in read_steps(block[1])]
    for name in cli.program.commands:
        codes = {step.code for step in steps if step.command.startswith(f"reportgen {name}")}
        assert 0 in codes, f"no good call of {name}"
        assert codes - {0}, f"no bad call of {name}"
    assert "reportgen --help" in {step.command for step in steps}
