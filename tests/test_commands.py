"""Console transcripts: the commands in ``tests/commands/*.md`` are run and their output compared.

A ``console`` block holds commands (``$ …``), their output on both streams, and the exit code
(``? 1``) unless it is 0.  ``…`` stands for anything.  A transcript runs in a folder of its own with
copies of the samples and, as ``报告``, of the valid report of the error gallery.  Commands of
reportgen run in this process, others in a shell.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from reportgen import cli
from tests.conftest import Golden
from tests.errors.gallery import BASE

HERE = Path(__file__).parent
TRANSCRIPTS = sorted((HERE / "commands").glob("*.md"))
SAMPLES = HERE.parent / "samples"
PICKED = ("broken-2024", "fuyang-emergency-2020", "yunxi-market-2024")
OWN_PROCESS = ("batch", "aggregate")  # starts processes itself, and listens to signals
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.S | re.M)
_NEVER = ("Traceback", "程序内部出错")


@dataclass(frozen=True)
class Step:
    """A command line, what it is to print, and its exit code."""

    command: str
    output: str
    code: int

    def matches(self, other: Step) -> bool:
        """Return whether *other* is what this step says, ``…`` standing for anything."""
        pattern = ".*".join(map(re.escape, self.output.split("…")))
        return self.code == other.code and bool(re.fullmatch(pattern, other.output, re.S))

    def text(self) -> str:
        """Return the step as it stands in a transcript."""
        exit_line = f"? {self.code}\n" if self.code else ""
        return f"$ {self.command}\n{self.output}{exit_line}"


def read_steps(block: str) -> list[Step]:
    """Return the steps of the ``console`` block *block*."""
    steps = []
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, rest = part.partition("\n")
        found = re.search(r"^\? (\d+)\n\Z", rest, re.M)
        output = rest[: found.start()] if found else rest
        steps.append(Step(command, output, int(found[1]) if found else 0))
    return steps


def perform(command: str) -> Step:
    """Run *command* in the working directory and return what came of it."""
    words = shlex.split(command)
    if words[0] != "reportgen":
        return _in_process_of_its_own(["sh", "-c", command], command)
    if words[1:2] and words[1] in OWN_PROCESS:
        return _in_process_of_its_own([sys.executable, "-m", "reportgen", *words[1:]], command)
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        code = cli.run(words[1:])
    return Step(command, _ended(stream.getvalue()), code)


def _in_process_of_its_own(words: list[str], command: str) -> Step:
    ran = subprocess.run(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False
    )
    return Step(command, _ended(ran.stdout), ran.returncode)


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


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
    def replay(block: re.Match[str]) -> str:
        return "```console\n" + "".join(map(_replayed, read_steps(block[1]))) + "```"

    text = transcript.read_text(encoding="utf-8")
    golden(transcript, _BLOCK.sub(replay, text))


def _replayed(step: Step) -> str:
    """Return *step* when the program does what it says, else what the program does."""
    done = perform(step.command)
    assert not any(word in done.output for word in _NEVER), done.text()
    return step.text() if step.matches(done) else done.text()


def test_every_command_has_a_transcript() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in TRANSCRIPTS)
    steps = [step for block in _BLOCK.finditer(texts) for step in read_steps(block[1])]
    for name in cli.program.commands:
        codes = {step.code for step in steps if step.command.startswith(f"reportgen {name}")}
        assert 0 in codes, f"no good call of {name}"
        assert codes - {0}, f"no bad call of {name}"
    assert "reportgen --help" in {step.command for step in steps}
