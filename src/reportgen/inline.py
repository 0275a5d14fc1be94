"""Text with its character-level markup, shared by the narrative and the document tree."""

from __future__ import annotations

from reportgen.records import Placed
from reportgen.source import Span


class Run(Placed, frozen=True):
    r"""A stretch of text set alike.

    ``text`` never holds a line feed except the single run ``"\\n"``, a forced
    line break.  ``span`` is where the text was typed, None for fixed wording.
    ``notes`` are the numbers of the findings about the text: in a draft only.
    """

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None
    span: Span | None = None
    notes: tuple[int, ...] = ()


def plain_text(runs: tuple[Run, ...]) -> str:
    """Return the text of *runs* without markup."""
    return "".join(run.text for run in runs)
