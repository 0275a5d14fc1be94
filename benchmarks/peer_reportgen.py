"""``reportgen`` itself, warm: ``peer_reportgen.py KINDS OUT FOLDER…`` builds each folder.

As a worker of ``reportgen batch`` does, though without the cache.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import Path

from common import measured

from reportgen.api import build_folder


def call(kinds: list[str], out: Path, folder: Path) -> Callable[[], None]:
    """Return the build of *folder*; it must succeed."""

    def build() -> None:
        built = build_folder(folder, out / folder.name, formats=kinds)
        if len(built.written) != len(kinds):
            raise SystemExit(f"{folder} was not built: {built.diagnostics}")
        gc.collect(0)  # as a worker of a batch does after each report

    return build


if __name__ == "__main__":
    gc.set_threshold(500_000)
    _kinds, _out, *_folders = sys.argv[1:]
    measured([call(_kinds.split(","), Path(_out), Path(folder)) for folder in _folders])
