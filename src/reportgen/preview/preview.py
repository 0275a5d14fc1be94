"""``preview``: a draft PDF whatever the findings, and its pages as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportgen.api import Built, build_folder
from reportgen.files import Cache
from reportgen.preview.page_pictures import PagePictures


def preview_folder(
    folder: Path,
    out: Path | None,
    *,
    png: bool = False,
    system_fonts: Sequence[Path] = (),
    cache: Cache,
) -> tuple[Built, list[Path]]:
    """Build a draft PDF of *folder*; with *png* also one picture per page beside it.

    *system_fonts* are the folders to look for official fonts in; *cache* is as in
    :func:`.check_folder`.
    Raises EnvironmentProblem when pictures are asked for and pypdfium2 is not installed.
    """
    built = build_folder(
        folder, out, formats=("pdf",), draft=True, system_fonts=system_fonts, cache=cache
    )
    pictures = _render(built.written[0].path) if png and built.written else []
    return built, pictures


def _render(pdf: Path) -> list[Path]:
    pages = PagePictures(pdf.read_bytes())
    paths = []
    for number in range(1, pages.count + 1):
        path = pdf.with_name(f"{pdf.stem}-{number:02d}.png")
        path.write_bytes(pages.png(number))
        paths.append(path)
    pages.close()
    return paths
