"""Bookmarks from the places of the headings (ISO 32000-1, 12.3.3)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from reportgen.layout.items import Destination, Page
from reportgen.writers.pdf.objects import PdfFile, Token, name, ref
from reportgen.writers.pdf.sheet import view_from

OPEN_TO = 1  # headings down to this level show theirs in a fresh viewer


class _Entry(Struct, eq=False):
    level: int
    title: str
    target: list[Token]
    number: int
    kids: list[_Entry] = field(default_factory=list)


def add_outline(
    file: PdfFile, destinations: Sequence[Destination], pages: Sequence[Page], numbers: list[int]
) -> int | None:
    """Write bookmarks nested by level; return the root's object number, None without headings.

    *numbers* are the object numbers of *pages*.
    """
    if not destinations:
        return None
    by_number = {page.number: index for index, page in enumerate(pages)}
    root = _Entry(-1, "", [], file.reserve())
    path = [root]
    for place in destinations:
        index = by_number[place.page]
        view = view_from(pages[index], place.y)
        target: list[Token] = [ref(numbers[index]), name("XYZ"), *view, b"null"]
        level = place.heading.level
        entry = _Entry(level, place.heading.text, target, file.reserve())
        while path[-1].level >= level:
            path.pop()
        path[-1].kids.append(entry)
        path.append(entry)
    shown = _write_kids(root, file)
    entries: dict[str, Token] = {
        "Type": name("Outlines"),
        "First": ref(root.kids[0].number),
        "Last": ref(root.kids[-1].number),
        "Count": shown,
    }
    return file.add(entries, root.number)


def _write_kids(parent: _Entry, file: PdfFile) -> int:
    """Write the entries below *parent*; return how many show when it is open."""
    shown = 0
    for index, entry in enumerate(parent.kids):
        entries: dict[str, Token] = {
            "Title": entry.title,
            "Parent": ref(parent.number),
            "Dest": entry.target,
        }
        if index:
            entries["Prev"] = ref(parent.kids[index - 1].number)
        if index + 1 < len(parent.kids):
            entries["Next"] = ref(parent.kids[index + 1].number)
        shown += 1
        if entry.kids:
            below = _write_kids(entry, file)
            opened = entry.level <= OPEN_TO
            entries["First"] = ref(entry.kids[0].number)
            entries["Last"] = ref(entry.kids[-1].number)
            entries["Count"] = below if opened else -below
            shown += below if opened else 0
        file.add(entries, entry.number)
    return shown
