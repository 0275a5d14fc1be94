"""What is known of the units of a sum, kept on disk so that a run goes on where it stopped.

The journal (``.reportgen-sum.jsonl``) is a file of lines, one for each report read, in the folder
of the sum.  Each line is sealed with a key that only the user has, because the folder may have
come from somebody else.  A line that is incomplete or not sealed is as good as missing.
"""

from __future__ import annotations

import contextlib
import hmac
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec

from reportgen import __version__
from reportgen.files import read_file, write_whole
from reportgen.units.reading import UnitResult

JOURNAL_FILE = ".reportgen-sum.jsonl"
_MAX_BYTES = 500_000_000
_FORMAT = 3
"""To be raised when a result means something else than before; older lines are then missing."""
_SEAL = 64
"""The characters of a seal: a SHA-256 in hexadecimal digits."""


class Journal:
    """The journal in a folder; without a key nothing is kept."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._path = folder / JOURNAL_FILE
        self._key = key + f"{__version__} {_FORMAT}".encode() if key else b""
        self._stream: BinaryIO | None = None
        self._sealed: list[bytes] = []

    def read(self) -> dict[str, UnitResult]:
        """Return the results by the names of their reports."""
        try:
            data = read_file(self._path, _MAX_BYTES) if self._key else b""
        except OSError:
            return {}
        found = {}
        self._sealed = []
        for line in data.splitlines():
            text = line[_SEAL:]
            if hmac.compare_digest(line[:_SEAL], self._seal(text)):
                self._sealed.append(line + b"\n")
                with contextlib.suppress(msgspec.MsgspecError):
                    result = msgspec.json.decode(text, type=UnitResult)
                    found[result.name] = result
        return found

    def add(self, result: UnitResult) -> None:
        """Append *result*; an error is ignored, because the report is then just read again.

        Before the first one the file is replaced by what was read of it, so that nothing is
        appended to what a link points at.
        """
        if not (self._key and result.inputs and result.report):
            return
        with contextlib.suppress(OSError):
            if self._stream is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                write_whole(self._path, b"".join(self._sealed))
                self._stream = self._path.open("ab")
            self._stream.write(self._line(result))
            self._stream.flush()

    def rewrite(self, results: Iterable[UnitResult]) -> None:
        """Replace the journal by *results*, without what earlier runs have left."""
        self.close()
        lines = b"".join(self._line(item) for item in results if item.inputs and item.report)
        with contextlib.suppress(OSError):
            if self._key:
                write_whole(self._path, lines)

    def close(self) -> None:
        """Close the file."""
        if self._stream:
            with contextlib.suppress(OSError):
                self._stream.close()
            self._stream = None

    def _line(self, result: UnitResult) -> bytes:
        text = msgspec.json.encode(result)
        return self._seal(text) + text + b"\n"

    def _seal(self, text: bytes) -> bytes:
        return hmac.new(self._key, text, "sha256").hexdigest().encode()


def merge(result: UnitResult, known: Mapping[str, UnitResult]) -> UnitResult:
    """Return *result*, or the one *known* if its inputs are the same."""
    return result if result.report else known[result.name]
