"""``preview --watch``: a page in the browser that shows the draft and follows each save.

The draft is made in this process, which keeps what it has learned: forms, fonts, compiled
texts.  A report that cannot be read, or a disk that cannot be written, is told on the page,
where the last draft stays.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from reportgen.files import Cache
from reportgen.findings_text import show_finding, summary_line
from reportgen.preview.input_watch import InputWatch
from reportgen.preview.preview import preview_folder
from reportgen.preview.server import serve
from reportgen.preview.state import Board, State
from reportgen.problems import EnvironmentProblem

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
