"""Typst through its PyPI binding (the same engine as its command): a tagged PDF/A from the content.

One report is one call.  A batch keeps one ``Compiler``, as Typst's documentation has it, which
holds the fonts and whatever its memoisation remembers.
"""

from __future__ import annotations

import sys
from pathlib import Path

import typst
from common import FONTS, HERE, Content, main

TEMPLATE = HERE / "peer_typst.typ"
_STANDARD = "a-3a"


def one(source: Path, out: Path) -> None:
    """Compile the content file *source*."""
    typst.compile(
        TEMPLATE,
        output=out,
        root="/",
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"content": str(source.resolve())},
        pdf_standards=[_STANDARD],
    )


class Warm:
    """A compiler that is kept; each content goes through a file, which is how Typst reads it."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(
            TEMPLATE, root="/", font_paths=[FONTS], ignore_system_fonts=True
        )

    def render(self, content: Content, out: Path) -> None:
        """Write *content* to *out*."""
        self._compiler.compile(
            TEMPLATE,
            output=out,
            sys_inputs={"content": content["path"]},
            pdf_standards=[_STANDARD],
        )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        one(Path(sys.argv[2]), Path(sys.argv[1]))
    else:
        main(Warm().render)
