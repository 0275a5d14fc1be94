"""Console transcripts in Markdown: commands with their output, run and compared.

A ``console`` block holds commands (``$ …``), their output on both streams, and the exit code
(``? 1``) unless it is 0.  ``…`` stands for anything.  Commands of reportgen run in this process,
others in a shell.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass

from reportgen import cli

OWN_PROCESS = ("batch", "aggregate")  # starts processes itself, and listens to signals
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.S | re.M)
"""A ``console`` block; its first group is what it holds."""
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


def replayed(block: str) -> str:
    """Return the ``console`` block *block* as its commands, run now, print it.

    A command that does what its step says is returned as it stands, with its ellipses.
    AssertionError if a command shows a traceback.
    """
    return "".join(map(_replayed, read_steps(block)))


def _replayed(step: Step) -> str:
    done = perform(step.command)
    assert not any(word in done.output for word in _NEVER), done.text()
    return step.text() if step.matches(done) else done.text()
