"""What the page of ``preview --watch`` shows, and how the threads that need it share it."""

from __future__ import annotations

import hashlib
import threading
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reportgen.findings_text import ShownFinding
from reportgen.preview.page_pictures import PagePictures, can_draw

_QUICK = 1  # zlib's fastest: a page shown once need not be small


class State(Struct, frozen=True):
    """Everything the page shows but the draft itself.

    ``revision`` grows with every change.  ``draft`` names the draft by its content, empty
    when there is none yet; ``pages`` are its pages as far as they can be shown as pictures,
    else 0.  ``trouble`` says why the last attempt gave no draft, empty when it did.
    """

    revision: int = 0
    name: str = ""
    draft: str = ""
    pages: int = 0
    is_building: bool = False
    trouble: str = ""
    hint: str = ""
    summary: str = ""
    findings: tuple[ShownFinding, ...] = ()
    built_at: str = ""


class Board:
    """The current state and draft; safe to use from several threads."""

    def __init__(self, name: str) -> None:
        self._changed = threading.Condition()
        self._drawing = threading.Lock()  # PDFium is not made for threads
        self._state = State(name=name)
        self._pdf = b""
        self._pictures: PagePictures | None = None
        self._is_closed = False

    @property
    def pdf(self) -> bytes:
        """The last draft, empty before the first."""
        with self._changed:
            return self._pdf

    def page(self, number: int) -> bytes:
        """Return page *number* (from 1) of the last draft as PNG, empty when there is none."""
        with self._drawing:
            if self._pictures and 1 <= number <= self._pictures.count:
                return self._pictures.png(number, compression=_QUICK)
            return b""

    def post(self, **changes: Any) -> State:
        """Change these fields of the state, tell whoever waits, and return the new state."""
        with self._changed:
            state = replace(self._state, revision=self._state.revision + 1, **changes)
            self._state = state
            self._changed.notify_all()
        return state

    def post_draft(self, pdf: bytes, **changes: Any) -> State:
        """Put up *pdf* as the draft, and change these fields of the state."""
        digest = hashlib.sha256(pdf).hexdigest()[:16]
        with self._drawing:
            if self._pictures:
                self._pictures.close()
            self._pictures = PagePictures(pdf) if can_draw() else None
            pages = self._pictures.count if self._pictures else 0
        with self._changed:
            self._pdf = pdf
            return self.post(draft=digest, pages=pages, **changes)

    def wait(self, known: int, seconds: float) -> State:
        """Return the state once its revision is not *known*, at the latest after *seconds*."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_closed or self._state.revision != known, timeout=seconds
            )
            return self._state

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
