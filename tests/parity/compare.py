"""How far two prints of one document agree: pages, ends of lines, cells of tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate

from tests.parity.printed import Printed, Shown

LEAST_SHARE = 0.99
"""The share of line ends of either print that the other must have too."""


@dataclass(frozen=True, slots=True)
class Parity:
    """The comparison of our PDF with the DOCX as LibreOffice prints it.

    ``lines`` counts the places where a line ends in either print, ``same_ends`` those where one
    ends in both.  ``dealt`` cells run over a page break: the PDF prints such a label again on each
    page, a word processor lets its lines run on.
    """

    sample: str
    pages: int
    office_pages: int
    lines: int
    same_ends: int
    same_pages: int
    cells: int
    same_cells: int
    dealt: int
    differing: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share of line ends that both prints have."""
        return self.same_ends / self.lines if self.lines else 1.0

    @property
    def agrees(self) -> bool:
        """Whether the sample is above every threshold."""
        return (
            self.pages == self.office_pages
            and self.share >= LEAST_SHARE
            and self.same_cells == self.cells
        )

    def as_json(self) -> dict[str, object]:
        """Return the result for ``results.json``."""
        return {**asdict(self), "share": round(self.share, 4), "agrees": self.agrees}


def compare(sample: str, ours: Printed, office: Printed) -> Parity:
    """Return how *office*, the DOCX printed by LibreOffice, agrees with *ours*."""
    ends, office_ends = line_ends(ours.lines), line_ends(office.lines)
    same = ends.keys() & office_ends.keys()
    whole, dealt, cells_differ = compare_cells(ours.cells, office.cells)
    lines_differ = [
        f"line of the {kind}: …{lines[place][1][-12:]}"
        for kind, lines in (("PDF", ends), ("DOCX", office_ends))
        for place in sorted(lines.keys() - same)
    ]
    return Parity(
        sample=sample,
        pages=ours.pages,
        office_pages=office.pages,
        lines=len(ends.keys() | office_ends.keys()),
        same_ends=len(same),
        same_pages=sum(ends[place][0] == office_ends[place][0] for place in same),
        cells=len(ours.cells),
        same_cells=whole + dealt,
        dealt=dealt,
        differing=(*lines_differ, *cells_differ),
    )


def line_ends(lines: Sequence[tuple[int, str]]) -> dict[int, tuple[int, str]]:
    """Return the page and text of each line by the place in the whole text where it ends."""
    places = accumulate(len(text) for _, text in lines)
    return dict(zip(places, lines, strict=True))


def compare_cells(
    ours: Sequence[Shown], office: Sequence[Shown]
) -> tuple[int, int, tuple[str, ...]]:
    """Return how many cells are the same, how many are dealt over pages, and the others.

    Cells are compared in order; so many cells must be on so many pages.
    """
    if [cell.page for cell in ours] != [cell.page for cell in office]:
        return 0, 0, (f"cells: {len(ours)} in the PDF, {len(office)} in the DOCX, or moved",)
    columns: dict[int, list[tuple[Shown, Shown]]] = defaultdict(list)
    for mine, other in zip(ours, office, strict=True):
        columns[mine.left].append((mine, other))
    dealt, differing = 0, []
    for column in columns.values():
        unlike = [(mine, other) for mine, other in column if mine.text != other.text]
        if _is_continued(column):
            dealt += len(unlike)
        else:
            differing += [f"cell: {mine.text} | {other.text}" for mine, other in unlike]
    return len(ours) - dealt - len(differing), dealt, tuple(differing)


def _is_continued(column: Sequence[tuple[Shown, Shown]]) -> bool:
    """Return whether *column* shows the same text, but for labels repeated on a further page."""
    odd = {mine.text for mine, other in column if mine.text != other.text}
    texts: list[str] = []
    for mine, _ in column:
        if mine.text not in odd or mine.text not in texts:
            texts.append(mine.text)
    return "".join(texts) == "".join(other.text for _, other in column)
