"""A finding the author has looked at and stands by (``检查:`` in report.yaml)."""

from __future__ import annotations

from reportgen.records import Placed
from reportgen.source import Span


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
