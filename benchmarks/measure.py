"""Runs a process and says what it took; imports nothing heavy, so that it adds nothing itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from common import FONTS, HERE, ROOT, WORK

PYTHON = sys.executable
REPORTGEN = str(Path(sys.executable).with_name("reportgen"))
OUT = WORK / "out"
FOLDERS, CONTENT = WORK / "reports", WORK / "content"
# Byte code is written as in any installation; the warm-up round leaves it for all.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}
SUFFIX = {"docxtpl": ".docx", "python_docx": ".docx"}
EMPTY = " (empty cache)"
"""Ends the name of a case that starts as on the first run of a new installation."""
EDITED = " (edited)"
"""Ends the name of a case whose text has got a character since its last run that it never had."""
_CACHE = WORK / "cache"
_LEVEL_TWO = 3500  # of the table of standard characters


@dataclass(frozen=True)
class Run:
    """What a process took: seconds on the wall and of CPU, peak MiB, and what it printed."""

    wall: float
    cpu: float
    peak: float
    printed: str


def run(command: Sequence[str], *, cached: bool = False) -> Run:
    """Run *command* to its end; it must succeed.

    CPU seconds include those of children it waited for; the peak is the largest process's.
    The user's cache is what earlier runs left if *cached*, else an empty folder.
    """
    with (
        tempfile.TemporaryFile() as printed,
        tempfile.TemporaryFile() as errors,
        tempfile.TemporaryDirectory() as empty,
    ):
        cache = str(_CACHE) if cached else empty
        environment = {**ENVIRONMENT, "XDG_CACHE_HOME": cache}
        started = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=printed, stderr=errors, cwd=ROOT, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{errors.read().decode()}")
        printed.seek(0)
        cpu = usage.ru_utime + usage.ru_stime
        return Run(wall, cpu, usage.ru_maxrss / 1024, printed.read().decode())


def cold(name: str, what: str = "report-000") -> list[str]:
    """Return the command that makes the report *what* with *name*: a peer or ``reportgen …``."""
    if name.startswith("reportgen "):
        kinds = _bare(name).removeprefix("reportgen ").replace("+", ",")
        what = "edited-000" if name.endswith(EDITED) else what
        out = str(_folder_of(name))
        return [REPORTGEN, "build", str(FOLDERS / what), "-o", out, "--to", kinds]
    out = str(OUT / f"{name}{SUFFIX.get(name, '.pdf')}")
    return [PYTHON, str(HERE / f"peer_{name}.py"), out, str(CONTENT / f"{what}.json")]


def _folder_of(name: str) -> Path:
    """Return where the case ``reportgen …`` writes."""
    return OUT / _bare(name).replace(" ", "-")


def _bare(name: str) -> str:
    """Return *name* without what ends it."""
    return name.removesuffix(EMPTY).removesuffix(EDITED)


def forget() -> None:
    """Empty the cache that runs leave to later ones."""
    shutil.rmtree(_CACHE, ignore_errors=True)


def edit(number: int) -> None:
    """Put the less usual character *number* into the report of the cases that are edited."""
    folder = FOLDERS / "edited-000"
    shutil.copytree(FOLDERS / "report-000", folder, dirs_exist_ok=True)
    table = (FONTS / "standard-characters.txt").read_text(encoding="utf-8").splitlines()
    less_usual = "".join(line for line in table if not line.startswith("#"))[_LEVEL_TWO:]
    text = (folder / "正文.md").read_text(encoding="utf-8")
    (folder / "正文.md").write_text(
        text.replace("。", f"（{less_usual[number]}）。", 1), encoding="utf-8"
    )


def warm(name: str, reports: int) -> list[str]:
    """Return the command that makes *reports* different reports in one process."""
    names = [f"report-{number:03}" for number in range(reports)]
    if name.startswith("reportgen "):
        kinds = name.removeprefix("reportgen ").replace("+", ",")
        folders = [str(FOLDERS / name) for name in names]
        return [PYTHON, str(HERE / "peer_reportgen.py"), kinds, str(OUT / "warm"), *folders]
    contents = [str(CONTENT / f"{name}.json") for name in names]
    return [PYTHON, str(HERE / f"peer_{name}.py"), cold(name)[2], *contents]


def per_report(printed: str) -> Mapping[str, list[float]]:
    """Return the wall and CPU seconds of each report of a warm batch."""
    found: Mapping[str, list[float]] = json.loads(printed.rpartition("\n")[2])
    return found


def size_of(name: str) -> int:
    """Return the bytes of what *name* wrote last."""
    if name.startswith("reportgen "):
        files = _folder_of(name).glob("[!.]*")
        return sum(path.stat().st_size for path in files)
    return Path(cold(name)[2]).stat().st_size


def pages_of(name: str) -> int | None:
    """Return the pages of the PDF that *name* wrote last, None when there is none to count."""
    try:
        import pypdfium2
    except ImportError:
        return None
    if name.startswith("reportgen "):
        found = next(_folder_of(name).glob("*.pdf"), None)
    else:
        found = Path(cold(name)[2])
    if found is None or found.suffix != ".pdf":
        return None
    document = pypdfium2.PdfDocument(found)
    try:
        return len(document)
    finally:
        document.close()
