"""``grow_tables.py FOLDER FACTOR OUT``: a report's tables many times over, through layout and PDF.

A report has its three tables and no more, so this goes below the command: the report is
read and composed as ever, then its tables are repeated in the document.
"""

from __future__ import annotations

import sys
from pathlib import Path

from msgspec.structs import replace

from reportgen.api import check_folder
from reportgen.document.compose import compose_document
from reportgen.document.nodes import Table
from reportgen.fonts.faces import load_fonts, missing_characters
from reportgen.layout.boxes import place_document
from reportgen.layout.pages import paint_pages
from reportgen.writers.pdf import write_pdf


def main(folder: Path, factor: int, out: Path) -> None:
    """Write the report in *folder* with every table *factor* times."""
    checked = check_folder(folder)
    assert checked.report  # noqa: S101 - the benchmark made the folder
    assert checked.form  # noqa: S101
    document = compose_document(checked.report, checked.form)
    blocks = []
    for block in document.blocks:
        copies = factor if isinstance(block, Table) else 1
        blocks += [replace(block) for _ in range(copies)]
    document = replace(document, blocks=tuple(blocks))
    fonts = load_fonts()
    missing_characters(document, fonts)
    flows = place_document(document, fonts)
    with out.open("wb") as stream:
        write_pdf(document, paint_pages(document, fonts, flows), fonts, stream)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
