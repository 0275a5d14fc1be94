"""Rebuilding the draft after each save, for the page that ``preview --watch`` shows.

The draft is built in this process, so that forms, fonts and compiled templates stay in memory.
If the report cannot be read or the output cannot be written, the page shows the problem and keeps
the last draft.

Changes are detected by polling, which works on every system and on network drives, and is fast
for the few dozen files of a report.  Editors may save a file in several steps (truncate and
write, or write another file and rename it), so a change is only reported when two successive
polls give the same result.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from msgspec.structs import replace

from reportgen.diagnostics import MOST_SHOWN, Diagnostic, left_out, most_grave
from reportgen.files import Cache, resolved
from reportgen.findings_text import ShownFinding, other_places, show_finding, summary_line
from reportgen.launchers import launcher_files
from reportgen.pictures import PICTURE_SUFFIXES
from reportgen.preview.marks import cell_tips, finding_marks
from reportgen.preview.preview import Previewed, preview_folder
from reportgen.preview.server import Board, State, own_ports, serve
from reportgen.problems import EnvironmentProblem
from reportgen.readers import (
    DATA_FILE,
    OUTPUT_FOLDER,
    WORKBOOK_FILE,
    input_files,
    previous_name,
)

POLL_SECONDS = 0.2
UNREADABLE = "报告读不出来"


class Preview:
    """Builds the draft of the report in *folder* to *out* and posts it on ``board``.

    *now* returns the time of day as it is to be shown; *system_fonts*, *cache* and *key* are as
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
        key: bytes = b"",
    ) -> None:
        self.folder = folder
        self._out = out
        self._system_fonts = system_fonts
        self._cache = cache
        self._key = key
        self._now = now
        self._watch = InputWatch(folder, out)
        self.board = Board(resolved(folder).name)

    def build(self) -> State:
        """Build the draft and return the new state of the page.

        Raises EnvironmentProblem like :func:`.preview_folder`.
        """
        self.board.post(is_building=True)
        made = preview_folder(
            self.folder,
            self._out,
            system_fonts=self._system_fonts,
            cache=self._cache,
            key=self._key,
        )
        built = made.built
        count = len(built.diagnostics)
        numbered = enumerate(most_grave(built.diagnostics), 1)  # as the draft numbers them
        shown = [self._shown(item, number) for number, item in numbered]
        told = {
            "is_building": False,
            "summary": summary_line(built.diagnostics) + left_out(count - MOST_SHOWN),
            "findings": tuple(sorted(shown, key=lambda item: item.severity.rank)),
            "built_at": self._now(),
            **_places(made),
            **self._left_over(made),
        }
        if not built.written:
            hint = "改正下面列出的错误，再保存"
            return self.board.post(trouble=UNREADABLE, hint=hint, **told)
        pdf = built.written[0].path.read_bytes()
        return self.board.post_draft(pdf, trouble="", hint="", **told)

    def _shown(self, item: Diagnostic, number: int) -> ShownFinding:
        """Return *item* as the page lists it: its other places are not marked in the draft."""
        shown = show_finding(item, self.folder, number)
        return replace(shown, notes=(*other_places(item, self.folder), *shown.notes))

    def _left_over(self, made: Previewed) -> dict[str, object]:
        """Return the files that the draft takes nothing from; none while that is not known."""
        report = made.checked.report if made.checked else None
        if report is None or report.narrative.unread:
            return {"unused_pictures": (), "unread_files": ()}
        read = {
            self.folder / DATA_FILE,
            self.folder / WORKBOOK_FILE,
            Path(report.narrative_path),
            self.folder / previous_name(self.folder),
            *(shot.path for shot in report.screenshots.values() if shot.path),
        }
        unused = list(unread_files(self.folder, self._out, read))
        pictures = [name for name in unused if Path(name).suffix.lower() in PICTURE_SUFFIXES]
        others = [name for name in unused if name not in pictures]
        return {"unused_pictures": tuple(pictures), "unread_files": tuple(others)}

    def rebuild(self) -> State:
        """Build the draft like :meth:`build`; an exception is shown on the page."""
        try:
            return self.build()
        except EnvironmentProblem as problem:
            return self._failed(problem.message, problem.hint)
        except Exception as error:  # the next save may succeed
            return self._failed(f"程序内部出错（{type(error).__name__}：{error}）", "改动后再保存")

    def _failed(self, message: str, hint: str) -> State:
        told = {"trouble": message, "hint": hint, "summary": "", "findings": ()}
        return self.board.post(is_building=False, built_at=self._now(), **told)

    def poll(self) -> State | None:
        """Build the draft again if the inputs have changed; return None if they have not."""
        return self.rebuild() if self._watch.has_changed() else None

    def follow(self, ended: Callable[[], bool]) -> Iterator[State]:
        """Wait for changes until *ended*, and yield the state of the page after each."""
        while not ended():
            time.sleep(POLL_SECONDS)
            if state := self.poll():
                yield state


def _places(made: Previewed) -> dict[str, object]:
    """Return where the pages show the findings and the cells with a number of last year."""
    pages, checked = made.built.pagination, made.checked
    if pages is None or checked is None or checked.report is None or checked.form is None:
        return {"marks": (), "cells": ()}
    cells = tuple(cell_tips(pages, checked.report, checked.form))
    return {"marks": tuple(finding_marks(pages)), "cells": cells}


@contextlib.contextmanager
def open_preview(preview: Preview, port: int) -> Iterator[tuple[str, State]]:
    """Build the first draft and serve the page within the ``with`` block.

    Yields the address of the page and its state.  Raises EnvironmentProblem if *port* (0 for that
    of the folder, or the next free one) cannot be used, or if the first draft cannot be built
    because of the environment.
    """
    ports = (port,) if port else own_ports(preview.folder)
    with serve(preview.board, ports) as url:
        yield url, preview.build()


_SCRATCH_STARTS = (".", "~$", "#")
_SCRATCH_ENDS = ("~", ".tmp", ".bak", ".part")
_DRAFT = ".pdf"  # never an input, but with ``-o`` it may be in the report folder

_Stamp: TypeAlias = tuple[int, int, int]


class InputWatch:
    """Watches the inputs of the report in *folder*, whose output folder is *out*.

    Changes are counted from the creation of the watch.
    """

    def __init__(self, folder: Path, out: Path | None) -> None:
        self._folder = folder
        self._out = out or folder / OUTPUT_FOLDER
        self._data: _Stamp | None = None
        self._previous = ""
        self._reported = self._seen = self._look()

    def has_changed(self) -> bool:
        """Return whether the inputs have changed; each change is reported once.

        It is to be called every few tenths of a second.  A change is reported when two successive
        calls find the same files.
        """
        before, self._seen = self._seen, self._look()
        if self._seen != before or self._seen == self._reported:
            return False
        self._reported = self._seen
        return True

    def _look(self) -> dict[Path, _Stamp]:
        """Return the stamp of each input, which changes when the file is saved."""
        stamps = {}
        for path in self._inputs():
            if stamp := _stamp(path):
                stamps[path] = stamp
        return stamps

    def _inputs(self) -> Iterator[Path]:
        yield from _watched(self._folder, self._out)
        data = _stamp(self._folder / DATA_FILE)
        if data != self._data:  # read the path of last year's report only after a save
            self._data, self._previous = data, previous_name(self._folder)
        if self._previous:
            place = self._folder / self._previous
            is_folder = _stamp(place / DATA_FILE)
            yield from _watched(place, self._out) if is_folder else (place,)


def _watched(folder: Path, out: Path) -> Iterator[Path]:
    return (path for path in input_files(folder, out) if not _is_scratch(path.name))


def unread_files(folder: Path, out: Path | None, read: Collection[Path]) -> Iterator[str]:
    """Yield the files of the report in *folder* that are not *read*, by their paths in it.

    Forms and fonts of the folder, and what programs make there, are left out.
    """
    known, launchers = set(map(resolved, read)), launcher_files()
    for path in _watched(folder, out or folder / OUTPUT_FOLDER):
        name = path.relative_to(folder)
        is_known = name.parts[0] in ("templates", "fonts") or str(name) in launchers
        if not is_known and resolved(path) not in known:
            yield name.as_posix()


def _stamp(path: Path) -> _Stamp | None:
    """Return time, size and inode of the file *path*; None if there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _is_scratch(name: str) -> bool:
    """Return whether *name* is a temporary file of an editor or office program, or a draft."""
    return name.startswith(_SCRATCH_STARTS) or name.lower().endswith((*_SCRATCH_ENDS, _DRAFT))
