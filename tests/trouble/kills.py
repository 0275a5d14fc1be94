"""Runs killed at any moment: no file is half written, no hand edit lost, the next run goes on.

    python -m tests.trouble.kills --builds 200 --batches 50 --others 20

A run is killed as a machine that loses its power would end it (SIGKILL).  Afterwards every output
file is either absent or as a run that is left alone writes it, what somebody edited by hand is
there under some name, and the next run ends well and leaves nothing but outputs and its records.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from reportgen import check_folder
from reportgen.compare import open_folder, verify_file
from reportgen.forms import Form
from reportgen.units import JOURNAL_FILE
from tests.builders import FORMS
from tests.roundtrip.edits import (
    Way,
    change_caption,
    change_date,
    change_figure,
    change_word,
    edited,
    replace_picture,
)
from tests.trouble.machine import PICTURES, SMALL, command, copied

UNITS = (SMALL, PICTURES)
EDITED = b"edited by hand"
_KEPT = frozenset({".reportgen.json", ".reportgen-batch.json", JOURNAL_FILE})


class Wrong(Exception):  # noqa: N818 - what a run must not leave behind
    """A killed run left something it must not leave."""


def kill_builds(times: int, chance: Random) -> Iterator[float]:
    """Kill *times* builds at random moments; yield when each was killed, in seconds.

    Raises Wrong.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = copied(PICTURES, Path(place))
        words = ("build", folder, "--to", "docx,pdf,html,json")
        seconds, whole = _left_alone(words, folder / "output")
        for _ in range(times):
            out = folder / "output"
            shutil.rmtree(out, ignore_errors=True)
            if chance.random() < 0.5:
                _edit_by_hand(out, words)
            moment = _killed(words, chance.uniform(0, seconds))
            _check(out, whole)
            _finish(words, out, whole)
            yield moment


def kill_batches(times: int, chance: Random) -> Iterator[float]:
    """Kill *times* batches at random moments; yield when each was killed.  Raises Wrong."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        for sample in UNITS:
            copied(sample, root)
        words = ("batch", root, "--jobs", "2")
        seconds, _ = _left_alone(words, root / UNITS[0] / "output")
        outs = [root / sample / "output" for sample in UNITS]
        wholes = [_files(out) for out in outs]
        for _ in range(times):
            for out in outs:
                shutil.rmtree(out, ignore_errors=True)
            moment = _killed(words, chance.uniform(0, seconds))
            for out, whole in zip(outs, wholes, strict=True):
                _check(out, whole)
            _run(words)
            for out, whole in zip(outs, wholes, strict=True):
                _nothing_else(out, whole)
            yield moment


def kill_imports(times: int, chance: Random) -> Iterator[float]:
    """Kill *times* imports at random moments; yield when each was killed.  Raises Wrong."""
    with tempfile.TemporaryDirectory() as place:
        folder = copied(PICTURES, Path(place))
        _run(("build", folder, "--to", "docx"))
        (document,) = (folder / "output").glob("*.docx")
        out = Path(place) / "报告"
        yield from _kill_anew(("import", document, "-o", out), out, times, chance)


def kill_aggregates(times: int, chance: Random) -> Iterator[float]:
    """Kill *times* sums at random moments; yield when each was killed.  Raises Wrong."""
    with tempfile.TemporaryDirectory() as place:
        units = Path(place) / "各单位"
        for sample in UNITS:
            copied(sample, units)
        out = Path(place) / "汇总"
        words = ("aggregate", units, "--organ", "某县人民政府", "-o", out, "--jobs", "2")
        yield from _kill_anew(words, out, times, chance, _SUMMED)


_SUMMED = (0, 1)
"""How a sum ends whose reports have warnings."""


def _kill_anew(
    words: Sequence[str | Path],
    out: Path,
    times: int,
    chance: Random,
    fine: Sequence[int] = (0,),
) -> Iterator[float]:
    """Kill runs that write the new folder *out*: it is whole, or the next run makes it so."""
    seconds, whole = _left_alone(words, out, fine)
    for _ in range(times):
        shutil.rmtree(out)
        moment = _killed(words, chance.uniform(0, seconds))
        _check(out, whole)
        if _files(out) != whole:
            _run(words, fine)
            if left := list(out.parent.glob("*.tmp")):
                raise Wrong(f"the next run left {left}")
        _nothing_else(out, whole)
        yield moment


def kill_pulls(times: int, chance: Random) -> Iterator[float]:
    """Kill *times* runs of ``verify --pull`` at random moments; yield when each was killed.

    Numbers, words and a picture of the Word file were changed.  Raises Wrong.
    """
    with tempfile.TemporaryDirectory() as place:
        original = copied(PICTURES, Path(place))
        file = Path(place) / "改过.docx"
        file.write_bytes(_changed_by_hand(original))
        folder = Path(place) / "某局"
        words = ("verify", file, "--against", folder, "--pull")
        shutil.copytree(original, folder)
        before = _files(folder)
        seconds, after = _left_alone(words, folder)
        for _ in range(times):
            shutil.rmtree(folder)
            shutil.copytree(original, folder)
            moment = _killed(words, chance.uniform(0, seconds))
            found = _files(folder)
            for name, digest in before.items():
                if found.get(name) not in (digest, after[name]):
                    raise Wrong(f"{name} is half written or lost")
                if digest not in found.values():
                    raise Wrong(f"what {name} was is lost")
            _run(words)
            now = _files(folder)
            if {name: now[name] for name in before} != {name: after[name] for name in before}:
                raise Wrong("the next run did not write back what the killed one had not")
            if left := [*folder.glob(".reportgen*"), *folder.parent.glob(".reportgen*")]:
                raise Wrong(f"the next run left {left}")
            yield moment


def _changed_by_hand(folder: Path) -> bytes:
    """Return the Word file of the report in *folder* with single things changed."""
    (data,) = check_folder(folder).build(formats=["docx"]).files.values()
    form = check_folder(folder).form
    for way in (change_figure, change_word, change_caption, replace_picture, change_date):
        data = _edited(data, way, FORMS[form.id if form else ""], folder)
    return data


def _edited(data: bytes, way: Way, form: Form, folder: Path) -> bytes:
    """Return *data* with an edit of the sort *way* that can be written back."""
    for seed in range(100):
        changed, _ = edited(data, way, form, Random(seed))
        verified = verify_file(changed, open_folder(folder))
        if all(not placement.reason for _, placement in verified.changes):
            return changed
    raise Wrong(f"nothing to edit: {way}")


def _run(words: Sequence[str | Path], fine: Sequence[int] = (0,)) -> None:
    ended = subprocess.run(command(words), stdin=subprocess.DEVNULL, capture_output=True)
    if ended.returncode not in fine:
        raise Wrong(f"the run after a killed one ended with {ended.returncode}: {ended.stderr!r}")


def _left_alone(
    words: Sequence[str | Path], out: Path, fine: Sequence[int] = (0,)
) -> tuple[float, dict[str, str]]:
    """Return how long a run takes that is left alone, and the files it writes to *out*."""
    begun = time.monotonic()
    _run(words, fine)
    return time.monotonic() - begun, _files(out)


def _files(out: Path) -> dict[str, str]:
    """Return the digest of each file in *out* but records."""
    if not out.is_dir():
        return {}
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in out.rglob("*")
        if path.is_file() and path.name not in _KEPT
    }


def _edit_by_hand(out: Path, words: Sequence[str | Path]) -> None:
    _run(words)
    for path in out.glob("*.docx"):
        path.write_bytes(EDITED)


def _killed(words: Sequence[str | Path], moment: float) -> float:
    """Kill a run and all it has begun after *moment* seconds; return the moment."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command(words), stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    ) as process:
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGKILL)
    return moment


def _check(out: Path, whole: dict[str, str]) -> None:
    """Raise Wrong when *out* has a file that is neither whole nor what somebody edited."""
    edited = hashlib.sha256(EDITED).hexdigest()
    for name, digest in _files(out).items():
        if not name.endswith(".tmp") and digest not in (whole.get(name), edited):
            raise Wrong(f"{name} is half written")


def _finish(words: Sequence[str | Path], out: Path, whole: dict[str, str]) -> None:
    """Run again: everything is there, and so is what somebody edited by hand."""
    had_edit = hashlib.sha256(EDITED).hexdigest() in _files(out).values()
    _run(words)
    _nothing_else(out, whole)
    if had_edit and hashlib.sha256(EDITED).hexdigest() not in _files(out).values():
        raise Wrong("what was edited by hand is lost")


def _nothing_else(out: Path, whole: dict[str, str]) -> None:
    """Raise Wrong unless *out* holds what a run writes, besides kept copies, and nothing else."""
    files = {name: value for name, value in _files(out).items() if ".bak-" not in name}
    if files != whole:
        raise Wrong(f"the next run left {sorted(files)} in {out}")


def main() -> int:
    """Read how often is to be killed, and do so."""
    parser = argparse.ArgumentParser(description="runs killed at any moment")
    parser.add_argument("--builds", type=int, default=20)
    parser.add_argument("--batches", type=int, default=5)
    parser.add_argument("--others", type=int, default=3, help="of each other command that writes")
    parser.add_argument("--seed", type=int, default=0)
    words = parser.parse_args()
    chance = Random(words.seed)
    builds = sum(1 for _ in kill_builds(words.builds, chance))
    batches = sum(1 for _ in kill_batches(words.batches, chance))
    kinds = (kill_imports, kill_aggregates, kill_pulls)
    others = sum(1 for kind in kinds for _ in kind(words.others, chance))
    told = f"{builds} builds, {batches} batches and {others} imports, sums and pulls"
    print(f"{told} killed, nothing lost", file=sys.stderr)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
