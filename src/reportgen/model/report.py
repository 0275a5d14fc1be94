"""A report: one organ's data and narrative of one year."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import ClassVar

from msgspec import field

from reportgen.model.narrative import Narrative, Screenshot
from reportgen.model.tables import CellPath, Quantity
from reportgen.source import Place, Placed, Span
from reportgen.text import shortened


class Report(Placed, frozen=True):
    """What was read from a report folder, or made of values.

    ``cells`` holds the numbers by their cells.
    ``spans`` says where each key of ``report.yaml`` was typed, ``gaps`` where the number
    of a cell left blank in a workbook belongs.  ``narrative_path`` is the narrative's
    file as messages name it.  ``screenshots`` maps a picture's target as written in
    the narrative to the opened file.  ``accepted`` are the findings the author stands by.
    """

    aside: ClassVar[frozenset[str]] = frozenset({"narrative_path", "spans", "gaps"})

    organ: str
    year: int
    title: str
    kind: str
    form: str
    contact: Mapping[str, str] = field(default_factory=dict)
    date: datetime.date | None = None
    cells: Mapping[CellPath, Quantity] = field(default_factory=dict)
    narrative: Narrative = field(default_factory=Narrative)
    screenshots: Mapping[str, Screenshot] = field(default_factory=dict)
    previous: Report | None = None
    accepted: tuple[Acceptance, ...] = ()
    narrative_path: str = ""
    spans: Mapping[str, Span] = field(default_factory=dict)
    gaps: Mapping[CellPath, Place] = field(default_factory=dict)

    def __repr__(self) -> str:
        head = f"{shortened(self.organ)} {self.year}, form {self.form}"
        sections, pictures = len(self.narrative.sections), len(self.screenshots)
        parts = f"{len(self.cells)} cells, {sections} sections, {pictures} pictures"
        return f"<Report {head}: {parts}>"


class Acceptance(Placed, frozen=True):
    """The finding meant and why it stays: rule code or slug, reason, and what tells it apart.

    ``cell`` is a cell of the finding, ``text`` the words it points at, ``actual``
    the value it complains about; an empty one is not asked for.
    """

    rule: str
    reason: str
    cell: str = ""
    text: str = ""
    actual: str = ""
    span: Span | None = None
