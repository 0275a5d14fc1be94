"""``preview --watch``: a page in the browser that shows the draft and follows each save.

The draft is made in this process, which keeps what it has learned: forms, fonts, compiled
texts.  A report that cannot be read, or a disk that cannot be written, is told on the page,
where the last draft stays.

A save is noticed by looking again and again: that works on every system and on network
drives, and is soon done for the few dozen files of a report.  An editor may save in several
steps (cut the file off and write it, or write another and rename it); a change counts when it
lies still.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from reportgen.files import Cache
from reportgen.findings_text import show_finding, summary_line
from reportgen.preview.preview import preview_folder
from reportgen.preview.server import Board, State, serve
from reportgen.problems import EnvironmentProblem
from reportgen.readers import DATA_FILE, OUTPUT_FOLDER, input_files, previous_name

POLL_SECONDS = 0.2
UNREADABLE = "报告读不出来"


class Preview:
    """The draft of the report in ``folder``, written to ``out`` and put up on ``board``.

    ``now`` tells the time of day, as it is to be shown; ``system_fonts`` and ``cache`` are as
    in :func:`.preview_folder`.
    """

    def __init__(
        self,
        folder: Path,
        out: Path | None,
        *,
        system_fonts: Sequence[Path] = (),
        cache: Cache,
        now: Callable[[], str],
    ) -> None:
        self._folder = folder
        self._out = out
        self._system_fonts = system_fonts
        self._cache = cache
        self._now = now
        self._watch = InputWatch(folder, out)
        self.board = Board(folder.resolve().name)

    def build(self) -> State:
        """Make the draft and return what the page shows now.

        Raises EnvironmentProblem as :func:`.preview_folder` does.
        """
        self.board.post(is_building=True)
        built, _ = preview_folder(
            self._folder, self._out, system_fonts=self._system_fonts, cache=self._cache
        )
        found = sorted(built.diagnostics, key=lambda item: item.severity.rank)
        told = {
            "is_building": False,
            "summary": summary_line(found),
            "findings": tuple(show_finding(item, self._folder) for item in found),
            "built_at": self._now(),
        }
        if not built.written:
            hint = "改正下面列出的错误，再保存"
            return self.board.post(trouble=UNREADABLE, hint=hint, **told)
        pdf = built.written[0].path.read_bytes()
        return self.board.post_draft(pdf, trouble="", hint="", **told)

    def rebuild(self) -> State:
        """Make the draft as :meth:`build` does; whatever goes wrong is told on the page."""
        try:
            return self.build()
        except EnvironmentProblem as problem:
            return self._failed(problem.message, problem.hint)
        except Exception as error:  # the next save may well be fine
            return self._failed(f"程序内部出错（{type(error).__name__}：{error}）", "改动后再保存")

    def _failed(self, message: str, hint: str) -> State:
        told = {"trouble": message, "hint": hint, "summary": "", "findings": ()}
        return self.board.post(is_building=False, built_at=self._now(), **told)

    def poll(self) -> State | None:
        """Make the draft again if a save has come to rest since; None when there was none."""
        return self.rebuild() if self._watch.has_changed() else None

    def follow(self) -> Iterator[State]:
        """Wait for saves, for ever, and yield what the page shows after each."""
        while True:
            time.sleep(POLL_SECONDS)
            if state := self.poll():
                yield state


@contextlib.contextmanager
def open_preview(preview: Preview, port: int) -> Iterator[tuple[str, State]]:
    """Make the first draft and serve the page while the context lasts.

    Yields its address and what it shows.  Raises EnvironmentProblem when *port* cannot be had
    (0 stands for any free one) or the first draft cannot be made for want of a folder, a font,
    a disk.
    """
    with serve(preview.board, port) as url:
        yield url, preview.build()


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
