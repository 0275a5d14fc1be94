"""Single edits of a finished DOCX, as somebody makes them in Word, with what must be found.

Each edit changes the XML of the document through python-docx and returns what it did; it raises
LookupError when the document has nothing of the sort to change.
"""

from __future__ import annotations

import copy
import io
import random
import re
from collections.abc import Callable, Sequence
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from msgspec import Struct

from reportgen.compare import Difference
from reportgen.forms import Form
from tests.roundtrip.random_reports import picture, sentence

SETTLED, MOVED = "printed-unsettled", "printed-text-moved"


class Edit(Struct, frozen=True):
    """What was done: the kind of the difference, what stood there, what stands there now."""

    kind: str
    before: str
    after: str
    cell: str = ""
    both_ways: bool = False
    """Whether the two texts changed places, so that either may be found to have moved."""
    is_tracked: bool = False
    slug: str = ""
    """The rule that must be broken, if not any of the kind will do."""
    most: int = 1
    """How many differences it may be found as, each of which fits."""

    def fits(self, item: Difference) -> bool:
        """Return whether *item* is this edit, at its place."""
        if item.kind != self.kind or (self.cell and item.cell != self.cell):
            return False
        if self.slug and item.finding.slug != self.slug:
            return False
        if self.kind == "picture":
            return item.data.place is not None and item.document.place is not None
        said = squeezed(item.data.value or ""), squeezed(item.document.value or "")
        if self.both_ways:
            return said[0] in (squeezed(self.before), squeezed(self.after))
        return said == (squeezed(self.before), squeezed(self.after))


def squeezed(text: str) -> str:
    """Return *text* without blanks, line ends and what parts the cells of a row."""
    return "".join(text.split()).replace("｜", "")


Way = Callable[[Any, Form, random.Random], Edit]


def edited(data: bytes, way: Way, form: Form, chance: random.Random) -> tuple[bytes, Edit]:
    """Return the DOCX *data* with one edit of the sort *way*, and what it was."""
    document = docx.Document(io.BytesIO(data))
    edit = way(document, form, chance)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue(), edit


# Tables


def _official(document: Any, form: Form) -> list[tuple[Any, Any]]:
    """Return the official tables of *document*, each with its grid."""
    grids = [form.tables[spec.table] for spec in form.sections if spec.table]
    found: list[tuple[Any, Any]] = []
    for table in document.tables:
        rows, grid = table._tbl.tr_lst, grids[len(found)] if len(found) < len(grids) else None
        last = len(rows) - 1
        wide = grid and sum(c.row <= last < c.row + c.row_span for c in grid.cells())
        if grid and len(rows) == len(grid.rows) and len(rows[-1].tc_lst) == wide:
            found.append((table._tbl, grid))
    return found


def _cells(document: Any, form: Form, *, values: bool) -> list[tuple[Any, Any]]:
    """Return the cells with values, or with labels, that begin in their row: element and grid's."""
    found = []
    for table, grid in _official(document, form):
        every = list(grid.cells())
        for number, row in enumerate(table.tr_lst):
            here = [c for c in every if c.row <= number < c.row + c.row_span]
            here.sort(key=lambda c: c.column)
            for element, cell in zip(row.tc_lst, here, strict=True):
                if cell.row == number and (cell.role == "value") == values:
                    found.append((element, cell))
    return found


def _text_of(element: Any) -> str:
    return "".join(node.text or "" for node in element.iter(qn("w:t")))


def _write(element: Any, text: str) -> None:
    """Put *text* in place of everything that *element* says."""
    nodes = list(element.iter(qn("w:t")))
    nodes[0].text = text
    for node in nodes[1:]:
        node.text = ""
    for node in list(element.iter(qn("w:br"))):
        node.getparent().remove(node)


def change_number(document: Any, form: Form, chance: random.Random) -> Edit:
    """Write another number into a cell, perhaps of a total."""
    element, cell = chance.choice(_cells(document, form, values=True))
    before = _text_of(element)
    after = before
    while after == before:
        after = str(chance.randrange(3000)) + before.lstrip("+-.0123456789")
    _write(element, after)
    return Edit("cell", before, after, cell.path)


def blank_number(document: Any, form: Form, chance: random.Random) -> Edit:
    """Empty a cell, which does not make it 0."""
    element, cell = chance.choice(_cells(document, form, values=True))
    before = _text_of(element)
    _write(element, "")
    return Edit("cell", before, "", cell.path)


def change_label(document: Any, form: Form, chance: random.Random) -> Edit:
    """Change a word in a label or head."""
    labels = [e for e, _ in _cells(document, form, values=False) if len(_text_of(e)) > 1]
    element = chance.choice(labels)
    before = _text_of(element)
    place = chance.randrange(len(before))
    after = before[:place] + chance.choice("甲乙丙丁") + before[place + 1 :]
    _write(element, after)
    return Edit("label", before, after)


def delete_row(document: Any, form: Form, chance: random.Random) -> Edit:
    """Take a row out of an official table."""
    table, grid = chance.choice(_official(document, form))
    every = list(grid.cells())
    rows = [
        n for n in range(len(grid.rows)) if any(c.row == n and c.role == "value" for c in every)
    ]
    number = chance.choice(rows)
    row = table.tr_lst[number]
    before = "".join(
        _text_of(element)
        for element, cell in zip(
            row.tc_lst,
            sorted(
                (c for c in every if c.row <= number < c.row + c.row_span), key=lambda c: c.column
            ),
            strict=True,
        )
        if cell.row == number
    )
    table.remove(row)
    return Edit("cell", before, "")


def _own_rows(document: Any, form: Form) -> list[Any]:
    """Return the rows below the heads of the tables that the author made."""
    tables = [table._tbl for table in document.tables]
    own = [table for table in tables if _text_of(table.tr_lst[0]) == "名称数量"]
    return [row for table in own for row in table.tr_lst[1:]]


def change_own_cell(document: Any, form: Form, chance: random.Random) -> Edit:
    """Change the text of a cell, or a word of the head, in a table of the author."""
    row = chance.choice(_own_rows(document, form))
    if chance.random() < 0.3:
        row = row.getparent().tr_lst[0]
        element = chance.choice(row.tc_lst)
        before = _text_of(element)
        _write(element, before + "（改）")
        return Edit("label", before, before + "（改）")
    element = chance.choice(row.tc_lst)
    before, after = _text_of(element), f"改{chance.randrange(1000)}"
    _write(element, after)
    return Edit("cell", before, after)


def blank_own_cell(document: Any, form: Form, chance: random.Random) -> Edit:
    """Empty a cell in a table of the author."""
    element = chance.choice(chance.choice(_own_rows(document, form)).tc_lst)
    before = _text_of(element)
    _write(element, "")
    return Edit("cell", before, "")


def delete_own_row(document: Any, form: Form, chance: random.Random) -> Edit:
    """Take a row out of a table of the author."""
    row = chance.choice(_own_rows(document, form))
    row.getparent().remove(row)
    return Edit("cell", _text_of(row), "")


def add_own_row(document: Any, form: Form, chance: random.Random) -> Edit:
    """Put a row into a table of the author."""
    row = chance.choice(_own_rows(document, form))
    made = copy.deepcopy(row)
    texts = [f"新增栏目{chance.randrange(1000)}", f"约{chance.randrange(1000)}次"]
    for element, text in zip(made.tc_lst, texts, strict=True):
        _write(element, text)
    row.addnext(made)
    return Edit("cell", "", "".join(texts))


# Texts


def _styled(document: Any, *words: str) -> list[Any]:
    """Return the paragraphs with a text whose style has one of *words* in its name."""
    return [
        item._p
        for item in document.paragraphs
        if any(word in (item.style.name or "").lower() for word in words) and _text_of(item._p)
    ]


def change_caption(document: Any, form: Form, chance: random.Random) -> Edit:
    """Change a caption."""
    paragraph = chance.choice(_styled(document, "caption", "题注"))
    before = _shown(paragraph)
    after = f"{before}（{chance.choice(('首页', '专栏*', '[新]'))}）"
    _write(paragraph, after)
    return Edit("paragraph", before, after)


def change_heading(document: Any, form: Form, chance: random.Random) -> Edit:
    """Change the words of a heading of the author."""
    found = [item for item in _styled(document, "heading 2") if _shown(item).startswith("（")]
    paragraph = chance.choice(found)
    before = _shown(paragraph)
    after = f"{before[:4]}等{before[4:]}"
    _write(paragraph, after)
    return Edit("paragraph", before, after)


def _items(document: Any) -> list[Any]:
    return [item for item in _styled(document, "list") if _shown(item).startswith("·")]


def add_item(document: Any, form: Form, chance: random.Random) -> Edit:
    """Put one more item into a list."""
    item = chance.choice(_items(document))
    made = copy.deepcopy(item)
    text = "·另外，" + sentence(chance).replace("**", "")
    _write(made, text)
    item.addnext(made)
    return Edit("paragraph", "", text)


def delete_item(document: Any, form: Form, chance: random.Random) -> Edit:
    """Take an item out of a list."""
    item = chance.choice(_items(document))
    item.getparent().remove(item)
    return Edit("paragraph", _shown(item), "")


def change_date(document: Any, form: Form, chance: random.Random) -> Edit:
    """Change the day in the signature."""
    found = [
        item
        for item in document.element.body.iterchildren(qn("w:p"))
        if re.fullmatch(r"20\d\d年\d+月\d+日", _shown(item))
    ]
    before = _shown(found[-1])
    after = re.sub(r"月\d+日", f"月{chance.randrange(1, 10)}日", before)
    _write(found[-1], after)
    return Edit("paragraph", before, after)


def _paragraphs(document: Any, least: int = 8) -> list[Any]:
    """Return the paragraphs of the body with that many characters at least, and no picture."""
    return [
        item
        for item in document.element.body.iterchildren(qn("w:p"))
        if len(_text_of(item)) >= least
        and not list(item.iter(qn("w:drawing")))
        and not list(item.iter(qn("w:br")))
    ]


def _shown(paragraph: Any) -> str:
    return _text_of(paragraph)


def change_word(document: Any, form: Form, chance: random.Random) -> Edit:
    """Change a word in a paragraph."""
    paragraph = chance.choice(_paragraphs(document))
    before = _shown(paragraph)
    nodes = [node for node in paragraph.iter(qn("w:t")) if len((node.text or "").strip()) > 2]
    node = chance.choice(nodes)
    text = node.text
    place = chance.randrange(len(text) - 1)
    node.text = text[:place] + chance.choice(("天地", "玄", "黄宇宙", "")) + text[place + 2 :]
    if squeezed(_shown(paragraph)) == squeezed(before):
        raise LookupError
    return Edit("paragraph", before, _shown(paragraph))


def change_figure(document: Any, form: Form, chance: random.Random) -> Edit:
    """Change a digit in a paragraph."""
    nodes = [
        (item, node)
        for item in _paragraphs(document)
        for node in item.iter(qn("w:t"))
        if any(char.isdigit() and char.isascii() for char in node.text or "")
    ]
    paragraph, node = chance.choice(nodes)
    before = _shown(paragraph)
    text = node.text
    place = chance.choice([n for n, char in enumerate(text) if char in "0123456789"])
    digit = str((int(text[place]) + chance.randrange(1, 10)) % 10)
    node.text = text[:place] + digit + text[place + 1 :]
    return Edit("paragraph", before, _shown(paragraph))


def delete_paragraph(document: Any, form: Form, chance: random.Random) -> Edit:
    """Take out a paragraph or caption."""
    paragraph = chance.choice(_paragraphs(document, 3))
    paragraph.getparent().remove(paragraph)
    return Edit("paragraph", _shown(paragraph), "")


def add_paragraph(document: Any, form: Form, chance: random.Random) -> Edit:
    """Put in a paragraph."""
    paragraph = chance.choice(_paragraphs(document)[1:])
    made = copy.deepcopy(paragraph)
    text = "另外，" + sentence(chance).replace("**", "")
    _write(made, text)
    paragraph.addnext(made)
    return Edit("paragraph", "", text)


def swap_paragraphs(document: Any, form: Form, chance: random.Random) -> Edit:
    """Swap two neighbouring paragraphs."""
    neighbours = [
        (one, other)
        for one in _paragraphs(document)
        if (other := one.getnext()) is not None
        and other.tag == qn("w:p")
        and len(_text_of(other)) >= 8
        and not list(other.iter(qn("w:drawing"), qn("w:br")))
        and squeezed(_text_of(one)) != squeezed(_text_of(other))
    ]
    one, other = chance.choice(neighbours)
    other.addnext(one)
    return Edit("paragraph", _shown(one), _shown(other), both_ways=True, slug=MOVED)


def exchange_paragraphs(document: Any, form: Form, chance: random.Random) -> Edit:
    """Let two paragraphs change places, whatever stands between them."""
    styles = {item._p: (item.style.name or "").lower() for item in document.paragraphs}
    found = [
        item
        for item in _paragraphs(document)
        if not any(word in styles[item] for word in ("heading", "title", "caption", "list"))
        and not re.fullmatch(r"20\d\d年\d+月\d+日", _shown(item))
    ]
    signature = 1  # the name above the date
    one, other = chance.sample(found[:-signature], 2)
    if squeezed(_shown(one)) == squeezed(_shown(other)):
        raise LookupError
    marker: Any = OxmlElement("w:p")
    one.addprevious(marker)
    other.addprevious(one)
    marker.addprevious(other)
    marker.getparent().remove(marker)
    return Edit("paragraph", _shown(one), _shown(other), both_ways=True, slug=MOVED, most=2)


def track_change(document: Any, form: Form, chance: random.Random) -> Edit:
    """Put in words, or take some out, while changes are tracked."""
    paragraph = chance.choice(_paragraphs(document))
    before = _shown(paragraph)
    run = chance.choice(
        [r for r in paragraph.iterchildren(qn("w:r")) if len(_text_of(r).strip()) > 1]
    )
    marked = OxmlElement("w:ins" if chance.random() < 0.5 else "w:del")
    marked.set(qn("w:id"), "9001")
    marked.set(qn("w:author"), "某人")
    if marked.tag == qn("w:ins"):
        made = copy.deepcopy(run)
        _write(made, "补充两字")
        marked.append(made)
        run.addnext(marked)
    else:
        run.addprevious(marked)
        marked.append(run)
        for node in list(run.iter(qn("w:t"))):
            node.tag = qn("w:delText")
    after = _shown(paragraph)
    if not squeezed(after).strip("·.0123456789"):  # a marker alone is an item without a text
        return Edit("paragraph", before, "", is_tracked=True)
    return Edit("paragraph", before, after, is_tracked=True)


# Pictures


def replace_picture(document: Any, form: Form, chance: random.Random) -> Edit:
    """Replace a picture."""
    parts = [
        rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/image")
    ]
    if not parts:
        raise LookupError
    chance.choice(parts)._blob = picture(chance)
    return Edit("picture", "", "")


def _with_pictures(document: Any) -> list[Any]:
    """Return the paragraphs with a picture between those of the text."""
    found = document.element.body.iterchildren(qn("w:p"))
    return [item for item in found if list(item.iter(qn("w:drawing")))]


def move_picture(document: Any, form: Form, chance: random.Random) -> Edit:
    """Move a picture behind another paragraph, without its caption."""
    moved = chance.choice(_with_pictures(document))
    styles = {item._p: (item.style.name or "").lower() for item in document.paragraphs}
    texts = [p for p in _paragraphs(document) if "caption" not in styles[p]]
    parent = list(moved.getparent())
    at = parent.index(moved)
    before = [p for p in texts if parent.index(p) < at][-1]
    chance.choice([p for p in texts if p is not before]).addnext(moved)
    return Edit("picture", "", "", slug="printed-picture-differs")


def delete_picture(document: Any, form: Form, chance: random.Random) -> Edit:
    """Take out a picture, without its caption."""
    paragraph = chance.choice(_with_pictures(document))
    paragraph.getparent().remove(paragraph)
    return Edit("picture", "", "")


WAYS: tuple[Way, ...] = (
    change_number,
    change_number,
    change_number,
    blank_number,
    change_label,
    delete_row,
    change_word,
    change_word,
    change_figure,
    change_figure,
    delete_paragraph,
    add_paragraph,
    swap_paragraphs,
    track_change,
    replace_picture,
    exchange_paragraphs,
    move_picture,
    delete_picture,
    change_own_cell,
    blank_own_cell,
    delete_own_row,
    add_own_row,
    change_caption,
    change_heading,
    add_item,
    delete_item,
    change_date,
)


def explained(found: Sequence[Difference], edit: Edit) -> str:
    """Return why *found* is not *edit* alone, empty if it is."""
    items = [item for item in found if item.finding.slug != SETTLED]
    if not 1 <= len(items) <= edit.most:
        told = [(item.kind.value, item.data.value, item.document.value) for item in items]
        return f"{len(items)} differences: {told[:4]}"
    if other := next((item for item in items if not edit.fits(item)), None):
        return f"found {other.kind.value}, {other.data}, {other.document}"
    if (len(found) > len(items)) != edit.is_tracked:
        return "tracked changes are not told"
    return ""
