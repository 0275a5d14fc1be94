"""The command line run on a machine that is in trouble.

A fault is either real (limits, closed streams, another user, missing folders) or put into the
process before the command line begins: an audit hook lets the system refuse what the command asks
of it (https://docs.python.org/3/library/audit_events.html).
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
SMALL = "rare-characters-2024"
PICTURES = "yunxi-market-2024"
SECONDS = 100
"""A command that takes longer hangs."""

BEGIN = """\
import sys
{trouble}
from reportgen.cli import main
main()
"""
_REFUSE = """\
import os
class _Refusal:
    left = {after}
    def __call__(self, event, words):
        if event != {event!r} or not any({part!r} in os.fsdecode(w) for w in words
                                         if isinstance(w, (str, bytes))):
            return
        if event == "open" and bool({writing}) != bool(words[2] & (os.O_WRONLY | os.O_RDWR)):
            return
        if self.left:
            self.left -= 1
            return
        raise OSError({number}, "refused for the test")
sys.addaudithook(_Refusal())
"""
_PLACES = re.compile(r"\s*(?:-->|\||\d+ \||=|\^)")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_OUR_NAMES = re.compile(r"\[[A-Z]\d{3}\]|\d+/\d+")


class Ended(Struct, frozen=True):
    """How a command ended."""

    code: int
    out: str
    err: str

    def foreign_lines(self) -> list[str]:
        """Return the lines on standard error that a user who reads Chinese cannot read."""
        lines = (line for line in self.err.splitlines() if line.strip())
        return [
            line
            for line in lines
            if not (_CHINESE.search(line) or _PLACES.match(line) or _OUR_NAMES.search(line))
        ]


def refuse(event: str, part: str, reason: str, *, after: int = 0, writing: bool = False) -> str:
    """Return what makes the system refuse *event* on paths with *part* in them.

    *event* is the name of an audit event, *reason* of an error number.  The first *after* times
    are let through.  With *writing* only files opened to be written are refused, else only
    those to be read.
    """
    number = getattr(errno, reason)
    return _REFUSE.format(event=event, part=part, number=number, after=after, writing=writing)


def limit(name: str, most: int) -> str:
    """Return what sets the limit *name* of the module resource."""
    return f"import resource; resource.setrlimit(resource.{name}, ({most}, {most}))"


def copied(sample: str, to: Path) -> Path:
    """Return a copy of *sample* in the folder *to*."""
    folder = to / sample
    shutil.copytree(SAMPLES / sample, folder, ignore=shutil.ignore_patterns("output"))
    return folder


def command(
    words: Sequence[str | Path], *, trouble: str = "", safe: bool = False
) -> list[str | Path]:
    """Return the command line that runs ``reportgen`` with *words* after *trouble*."""
    begin = BEGIN.format(trouble=trouble)
    return [sys.executable, "-X", "utf8", *["-P"] * safe, "-c", begin, *words]


def ended(
    *words: str | Path,
    trouble: str = "",
    environment: Mapping[str, str | None] | None = None,
    at: Path | None = None,
    streams: str = "",
    before: Sequence[str] = (),
) -> Ended:
    """Run ``reportgen`` with *words* in *trouble* and return how it ended.

    *environment* changes variables (None removes one), *at* is the working folder, *streams* a
    redirection of the shell, *before* a command that runs the whole.
    """
    line = [*before, *command(words, trouble=trouble)]
    if streams:
        line = ["sh", "-c", f'exec "$@" {streams}', "sh", *line]
    changed = {**os.environ, **(environment or {})}
    run = subprocess.run(
        line,
        cwd=at or ROOT,
        env={name: value for name, value in changed.items() if value is not None},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
    )
    out, err = (stream.decode("utf-8", "surrogateescape") for stream in (run.stdout, run.stderr))
    return Ended(run.returncode, out, err)
