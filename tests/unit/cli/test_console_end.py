"""A command ends at once, and loses nothing by it."""

from __future__ import annotations

import subprocess
import sys

import pytest

BEGIN = "import sys; from reportgen.cli.console import end_process; "


def ended(program: str) -> tuple[str, int]:
    """Return what *program* prints, and the exit code of its process."""
    words = [sys.executable, "-X", "utf8", "-c", BEGIN + program]
    run = subprocess.run(words, capture_output=True)
    return run.stdout.decode().strip(), run.returncode


@pytest.mark.parametrize("before", ["", "import multiprocessing; ", "sys.stderr.close(); "])
@pytest.mark.parametrize("code", [0, 1, 2])
def test_the_end_loses_no_output_and_tells_the_code(before: str, code: int) -> None:
    program = f"{before}sys.stdout.write('报告'); end_process({code})"
    assert ended(program) == ("报告", code)


def test_at_the_end_nothing_is_taken_apart() -> None:
    kind = "type('Kept', (), {'__del__': lambda self: print('freed', flush=True)})"
    assert ended(f"kept = {kind}(); print('made'); end_process(0)") == ("made", 0)
