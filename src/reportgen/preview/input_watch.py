"""Notices that somebody has saved a file a report is made from.

By looking again and again: that works on every system and on network drives, and is soon
done for the few dozen files of a report.  An editor may save in several steps (cut the file
off and write it, or write another and rename it); a change counts when it lies still.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from reportgen.readers import DATA_FILE, OUTPUT_FOLDER, input_files, previous_name

_SCRATCH_STARTS = (".", "~$", "#")
_SCRATCH_ENDS = ("~", ".tmp", ".bak", ".part")
_DRAFT = ".pdf"  # never an input; with ``-o`` it may lie among them

_Stamp: TypeAlias = tuple[int, int, int]


class InputWatch:
    """Watches the inputs of the report in ``folder``, which is written to ``out``.

    What is there when the watch begins is no change.
    """

    def __init__(self, folder: Path, out: Path | None) -> None:
        self._folder = folder
        self._out = out or folder / OUTPUT_FOLDER
        self._data: _Stamp | None = None
        self._previous = ""
        self._reported = self._seen = self._look()

    def has_changed(self) -> bool:
        """Return, once for each change, whether the inputs differ from those last reported.

        To be asked every few tenths of a second: a change is told when two answers in a row
        rest on the same files.
        """
        before, self._seen = self._seen, self._look()
        if self._seen != before or self._seen == self._reported:
            return False
        self._reported = self._seen
        return True

    def _look(self) -> dict[Path, _Stamp]:
        """Return what tells one saved state of each input from another."""
        stamps = {}
        for path in self._inputs():
            if stamp := _stamp(path):
                stamps[path] = stamp
        return stamps

    def _inputs(self) -> Iterator[Path]:
        yield from _watched(self._folder, self._out)
        data = _stamp(self._folder / DATA_FILE)
        if data != self._data:  # read for last year's name once a save
            self._data, self._previous = data, previous_name(self._folder)
        if self._previous:
            place = self._folder / self._previous
            is_folder = _stamp(place / DATA_FILE)
            yield from _watched(place, self._out) if is_folder else (place,)


def _watched(folder: Path, out: Path) -> Iterator[Path]:
    return (path for path in input_files(folder, out) if not _is_scratch(path.name))


def _stamp(path: Path) -> _Stamp | None:
    """Return time, size and identity of the file *path*, None when there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _is_scratch(name: str) -> bool:
    """Return whether *name* is what an editor or office program keeps for itself, or a draft."""
    return name.startswith(_SCRATCH_STARTS) or name.lower().endswith((*_SCRATCH_ENDS, _DRAFT))
