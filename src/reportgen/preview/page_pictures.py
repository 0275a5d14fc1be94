"""The pages of a PDF as pictures: the only module that knows pypdfium2."""

from __future__ import annotations

import importlib.util
import io
from typing import Any

from reportgen.problems import EnvironmentProblem

PNG_DPI = 120
_POINTS_PER_INCH = 72


def can_draw() -> bool:
    """Return whether pypdfium2 is installed."""
    return importlib.util.find_spec("pypdfium2") is not None


class PagePictures:
    """The pages of a PDF, each drawn when it is asked for, by one thread at a time.

    Raises EnvironmentProblem when pypdfium2 is not installed.
    """

    def __init__(self, pdf: bytes) -> None:
        try:
            import pypdfium2
        except ImportError as error:
            raise EnvironmentProblem(
                "导出图片需要 pypdfium2", '运行 pip install "reportgen[png]" 后再试'
            ) from error
        self._document: Any = pypdfium2.PdfDocument(pdf)
        self.count = len(self._document)

    def png(self, number: int, *, compression: int = 6) -> bytes:
        """Return page *number* (from 1) as PNG of ``PNG_DPI``, packed with zlib's *compression*."""
        page = self._document[number - 1]
        picture = page.render(scale=PNG_DPI / _POINTS_PER_INCH).to_pil()
        page.close()
        stream = io.BytesIO()
        picture.save(stream, "PNG", compress_level=compression)
        return stream.getvalue()

    def close(self) -> None:
        """Give the PDF back; no page can be drawn after that."""
        self._document.close()
