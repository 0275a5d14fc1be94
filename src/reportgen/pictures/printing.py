"""How a picture is printed: its size on the page, in which resolution, whole or in parts.

A photograph has many more pixels than print can show, and makes a report too large to be sent.
It is therefore reduced to the resolution of the style sheet at the size at which it is printed.
Screenshots are not: their text would become blurred, and they are small files.

A screenshot of a long page, reduced to the height of the page, would be an illegible strip.  It
is cut into parts, between two lines of text, which are printed side by side or on several pages.

Lengths are points.
"""

from __future__ import annotations

from math import ceil

from msgspec import Struct

from reportgen.pictures.files import JudgedPicture, PictureSource, PictureView
from reportgen.pictures.kinds import PictureKind
from reportgen.styles import PT_PER_INCH, FigureLook, PageGeometry, StyleSheet

PT_PER_PIXEL = PT_PER_INCH / 96
"""The size of a pixel in points, at 96 dpi."""
BULKY = 300_000
"""Files of fewer bytes are left as they are: a report has room for many of them."""
_WORTHWHILE = 1.25
"""How many times the resolution a photograph must have to be reduced."""
_THRIFTY = 1.0
"""The most bytes a pixel takes in the PNG file of a screenshot; a photograph takes about two."""
_FLAT = 0.5
"""The least share of pixels of a screenshot that equal their neighbour; a photograph has noise."""

_LARGEST_SCREEN = 3840 * 2160
"""The most pixels of a screen: a JPEG with more is not looked at, which takes long."""
_TEXT_CHANGE = 8
"""How much a row of a line of text differs from the row above, in grey levels; the noise that
JPEG leaves beside text is weaker."""
_JOINED = 2
"""The most rows without change within a line of text, such as between the strokes of 二."""
_LINE_HEIGHTS = range(6, 201)
"""The heights in pixels that are taken for those of lines of text."""
_FEWEST_LINES = 5
"""The fewest lines by which a picture is taken for one of text."""
_NARROWEST = 200
"""The least width in pixels of a picture whose rows are examined."""
_LEAST_WIDTH = 18.0
"""The least width of a part."""
_TOLERANCE, _ROUNDING = 1e-6, 0.01
_CAPTION_LINES = 3
"""The lines of the grid that are kept free for the caption below a part."""
_FILLED = 0.97
"""How much of the height at hand parts of equal height may fill; the rest is for moving cuts."""
_REACH = 0.06
"""How far a cut is moved to a gap between lines, as a share of the part's height."""


def natural_size(
    pixels: tuple[int, int], share: float | None, text_width: float, max_height: float
) -> tuple[float, float]:
    """Return width and height of a picture of *pixels* if it is alone in its row.

    The width is the *share* of the type area that the author requested or, by default, that of
    the pixels at 96 dpi.  The picture is reduced to *text_width* and *max_height* if necessary.
    """
    columns, lines = pixels
    width = min(columns * PT_PER_PIXEL, text_width)
    if share is not None:
        width = share * text_width
    width = min(width, text_width, max_height * columns / lines)
    return width, width * lines / columns


def part_height(page: PageGeometry) -> float:
    """Return the height that a part of a picture may have on *page*, with room for a caption."""
    return page.text_height - _CAPTION_LINES * page.line_pitch


class PrintedPicture(Struct, frozen=True):
    """A picture, or a part of one, as it is written to the outputs."""

    picture: PictureSource
    kind: PictureKind
    """PNG or JPEG."""
    pixels: tuple[int, int]
    """Width and height from which the size on the page follows."""
    digest: str
    """What identifies equal pictures."""


class Cut(Struct, frozen=True):
    """How a long picture is cut into parts."""

    columns: int
    """The most parts side by side."""
    width: float
    """The width of each part."""
    rows: int
    """The most rows of pixels of a part."""
    count: int
    """The number of parts."""

    @property
    def pages(self) -> int:
        """The number of pages that the parts take."""
        return ceil(self.count / self.columns)


class Print(Struct, frozen=True):
    """How one picture of a report is printed."""

    whole: PrintedPicture
    parts: tuple[PrintedPicture, ...] = ()
    """The parts in reading order; empty for a picture that is printed whole.  A single one is the
    whole picture, which may be as high as a page."""
    share: float | None = None
    """The width of each part as a share of the type area."""
    is_reduced: bool = False
    """Whether the picture has fewer pixels than its file."""


def plan_print(
    picture: JudgedPicture, share: float | None, sheet: StyleSheet, *, original: bool = False
) -> Print:
    """Return how *picture* is printed with the *share* of the type area requested for it.

    With *original* it keeps its pixels; a long one is cut all the same.
    """
    verdict = picture.verdict
    pixels = (verdict.width, verdict.height)
    whole = PrintedPicture(picture, verdict.printed_kind, pixels, picture.digest)
    cut = plan_cut(picture, share, sheet)
    if cut and cut.pages <= sheet.figure.most_pages:
        views = [picture.view(rows) for rows in cut_rows(picture.row_changes(), cut)]
        parts = tuple(PrintedPicture(view, view.kind, view.size, view.digest) for view in views)
        gap = sheet.figure.gap
        return Print(
            whole,
            parts if cut.count > 1 else (whole,),
            (cut.width + gap) / (sheet.page.text_width + gap),
        )
    view = None if original else _reduced(picture, share, sheet)
    if view is None:
        return Print(whole)
    reduced = PrintedPicture(view, view.kind, pixels, view.digest)
    return Print(reduced, is_reduced=True)


def _reduced(picture: JudgedPicture, share: float | None, sheet: StyleSheet) -> PictureView | None:
    """Return *picture* in the resolution of print; None if it is used as it is."""
    if picture.file_size < BULKY:
        return None
    verdict, look = picture.verdict, sheet.figure
    pixels = (verdict.width, verdict.height)
    width, _ = natural_size(pixels, share, sheet.page.text_width, look.max_height)
    scale = width / PT_PER_INCH * look.resolution / verdict.width
    if verdict.kind is PictureKind.JPEG:
        if scale * _WORTHWHILE > 1:
            return None
    elif not is_photograph(picture):
        return None
    size = pixels
    if scale * _WORTHWHILE <= 1:
        size = (ceil(verdict.width * scale), ceil(verdict.height * scale))
    return picture.view((0, verdict.height), size, PictureKind.JPEG)


def is_photograph(picture: JudgedPicture) -> bool:
    """Return whether *picture* is a photograph and not a screenshot."""
    verdict = picture.verdict
    pixels = verdict.width * verdict.height
    if verdict.kind is PictureKind.JPEG:
        return pixels > _LARGEST_SCREEN or picture.flatness() < _FLAT
    is_thrifty = picture.file_size < _THRIFTY * pixels
    if verdict.kind is PictureKind.PNG and is_thrifty:
        return False
    return picture.flatness() < _FLAT


def printed_text(picture: JudgedPicture, width: float) -> float | None:
    """Return the height of the text in *picture* printed *width* wide; None without text."""
    height = text_height(picture.row_changes())
    return height * width / picture.verdict.width if height else None


def is_wide(picture: JudgedPicture, look: FigureLook) -> bool:
    """Return whether *picture* is so wide that its text may be illegible."""
    return picture.verdict.width >= look.long * picture.verdict.height


def plan_cut(picture: JudgedPicture, share: float | None, sheet: StyleSheet) -> Cut | None:
    """Return how *picture* is cut if it is long and its text would be too small otherwise.

    *share* is the width of a part that the author requested, as a share of the type area.
    """
    look, page = sheet.figure, sheet.page
    pixels = picture.verdict.width, picture.verdict.height
    if pixels[0] < _NARROWEST or pixels[1] < look.long * pixels[0]:
        return None
    whole, _ = natural_size(pixels, share, page.text_width, look.max_height)
    text = printed_text(picture, whole)
    if text is None or text >= look.least_text:
        return None
    room = page.text_width + look.gap
    if share is None:
        columns, width = _columns(pixels, look.least_text * whole / text, sheet)
    else:
        columns, width = int(1 / share + _TOLERANCE), max(share * room - look.gap, _LEAST_WIDTH)
    rows = int(part_height(page) * pixels[0] / width)
    count = ceil(pixels[1] / (_FILLED * rows) - _ROUNDING)
    return Cut(columns, width, rows, count)


def _columns(pixels: tuple[int, int], least: float, sheet: StyleSheet) -> tuple[int, float]:
    """Return into how many columns a picture of *pixels* is cut, and how wide they are.

    As few as show it on one page at least *least* wide, so that its text is legible; if none
    do, as many as are so wide.
    """
    page, gap = sheet.page, sheet.figure.gap
    columns, widest = 1, page.text_width
    while True:
        width = min(widest, columns * _FILLED * part_height(page) * pixels[0] / pixels[1])
        if width >= least:
            return columns, width
        narrower = (page.text_width + gap) / (columns + 1) - gap
        if narrower < least:
            return columns, widest
        columns, widest = columns + 1, narrower


def text_height(changes: bytes) -> int:
    """Return the usual height in pixels of the lines of text in a picture; 0 if there are none.

    *changes* is how much each row differs from the row above.
    """
    # The row below a line differs from the line's last row.
    heights = [end - start - 1 for start, end in _stretches(changes)]
    lines = [height for height in heights if height in _LINE_HEIGHTS]
    if len(lines) < _FEWEST_LINES:
        return 0
    from statistics import median_low

    return median_low(lines)


def _stretches(changes: bytes) -> list[tuple[int, int]]:
    """Return the first row of each stretch of changing rows, and the row behind its last one."""
    found: list[tuple[int, int]] = []
    for row, change in enumerate(changes):
        if change < _TEXT_CHANGE:
            continue
        if found and row - found[-1][1] <= _JOINED:
            found[-1] = (found[-1][0], row + 1)
        else:
            found.append((row, row + 1))
    return found


def cut_rows(changes: bytes, cut: Cut) -> tuple[tuple[int, int], ...]:
    """Return the first row of each part, and the row behind its last one, as *cut* says.

    The parts on the last page are about equally high, those before fill their page.  A picture
    is cut in the middle of the highest stretch without change near by or, if there is none,
    where a row differs least from the row above.
    """
    total, on_last = len(changes), cut.count - (cut.pages - 1) * cut.columns
    cuts = [0]
    for left in range(cut.count, 1, -1):
        even = (total - cuts[-1]) // left if left <= on_last else int(_FILLED * cut.rows)
        reach = int(even * _REACH)
        first = max(cuts[-1] + even - reach, total - (left - 1) * cut.rows)
        last = min(cuts[-1] + even + reach, cuts[-1] + cut.rows)
        cuts.append(_quietest(changes, first, last))
    return tuple(zip(cuts, [*cuts[1:], total], strict=True))


def _quietest(changes: bytes, first: int, last: int) -> int:
    """Return the row from *first* to *last* before which a picture is cut best."""
    best, start = (0, first), None
    for row in range(first, last + 2):
        if row <= last and changes[row] < _TEXT_CHANGE:
            start = row if start is None else start
        elif start is not None:
            best = max(best, (row - start, (start + row) // 2), key=lambda gap: gap[0])
            start = None
    if best[0]:
        return best[1]
    return min(range(first, last + 1), key=lambda row: changes[row])
