"""Building a draft PDF regardless of findings, and rendering its pages (pypdfium2)."""

from __future__ import annotations

import importlib.util
import io
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct

from reportgen.api import Built, Checked, check_folder
from reportgen.files import Cache, FileWriter
from reportgen.outputs import earlier_files, remove_earlier, write_files
from reportgen.problems import EnvironmentProblem
from reportgen.readers import own_output

MOST_PICTURES = 40
"""The most pages drawn as pictures: each takes a tenth of a second."""


class Previewed(Struct, frozen=True):
    """A draft, and what was drawn of it."""

    built: Built
    """The result of the build."""
    pictures: tuple[Path, ...] = ()
    """The picture of each page, from the first one on."""
    undrawn: int = 0
    """How many more pages the draft has, which were not drawn."""
    checked: Checked | None = None
    """The report that the draft shows."""


def preview_folder(
    folder: Path,
    out: Path | None,
    *,
    png: bool = False,
    system_fonts: Sequence[Path] = (),
    cache: Cache,
    key: bytes = b"",
) -> Previewed:
    """Build a draft PDF of *folder* and, with *png*, a picture of each page beside it.

    Of a draft with more than ``MOST_PICTURES`` pages only these are drawn.  Pictures that a draft
    with more pages has left there are removed.  *system_fonts* are folders that are searched for
    official fonts; *cache* and *key* are as in :func:`.check_folder`.
    Raises EnvironmentProblem if *png* is true and pypdfium2 is not installed, or if a picture
    cannot be written.
    """
    checked = check_folder(folder, cache=cache, key=key)
    place = out or own_output(folder)
    built = checked.build(place, formats=("pdf",), draft=True, system_fonts=system_fonts)
    if not png or not built.written:
        return Previewed(built, checked=checked)
    pictures, undrawn = _render(built)
    return Previewed(built, pictures, undrawn, checked)


def _render(built: Built) -> tuple[tuple[Path, ...], int]:
    """Draw the first pages of the draft *built*, and remove the pictures of further pages.

    Returns the pictures and how many pages were not drawn.
    """
    pdf = built.written[0].path
    pages = PagePictures(pdf.read_bytes())
    drawn = min(pages.count, MOST_PICTURES)
    writers: dict[str, FileWriter] = {
        f"{pdf.stem}-{number:02d}.png": partial(_write_page, pages, number)
        for number in range(1, drawn + 1)
    }
    written = write_files(pdf.parent, writers, built.maker)
    undrawn = pages.count - drawn
    pages.close()
    is_page = re.compile(re.escape(pdf.stem) + r"-\d{2,}\.png").fullmatch
    others = earlier_files(pdf.parent, built.maker, writers)
    remove_earlier(item for item in others if is_page(item.path.name))
    return tuple(item.path for item in written), undrawn


def _write_page(pages: PagePictures, number: int, stream: BinaryIO) -> None:
    stream.write(pages.png(number))


PNG_DPI = 120
_POINTS_PER_INCH = 72


def can_draw() -> bool:
    """Return whether pypdfium2 is installed."""
    return importlib.util.find_spec("pypdfium2") is not None


class PagePictures:
    """Renders the pages of a PDF; not safe for use from several threads at a time.

    Raises EnvironmentProblem if pypdfium2 is not installed.
    """

    def __init__(self, pdf: bytes) -> None:
        try:
            import pypdfium2
        except ImportError as error:
            raise EnvironmentProblem(
                "导出图片需要 pypdfium2", "运行 pip install pypdfium2 后再试"
            ) from error
        self._document: Any = pypdfium2.PdfDocument(pdf)
        self.count = len(self._document)

    def png(self, number: int, *, compression: int = 6) -> bytes:
        """Return page *number* (from 1) as a PNG of ``PNG_DPI``; *compression* is zlib's level."""
        page = self._document[number - 1]
        picture = page.render(scale=PNG_DPI / _POINTS_PER_INCH).to_pil()
        page.close()
        stream = io.BytesIO()
        picture.save(stream, "PNG", compress_level=compression)
        return stream.getvalue()

    def close(self) -> None:
        """Close the PDF; no page can be rendered afterwards."""
        self._document.close()
