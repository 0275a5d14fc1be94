"""Text with its character-level markup, shared by the narrative and the document tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from reportgen.source import Span


@dataclass(frozen=True, slots=True)
class Run:
    r"""A stretch of text set alike.

    ``text`` never holds a line feed except the single run ``"\\n"``, a forced
    line break.  ``span`` is where the text was typed, None for fixed wording.
    ``notes`` are the numbers of the findings about the text: in a draft only.
    """

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None
    span: Span | None = field(default=None, compare=False)
    notes: tuple[int, ...] = ()


def plain_text(runs: tuple[Run, ...]) -> str:
    """Return the text of *runs* without markup."""
    return "".join(run.text for run in runs)
