"""Functions that build values for tests in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from msgspec import Struct

from reportgen.diagnostics import Diagnostic, Finding, Severity
from reportgen.document.nodes import Document
from reportgen.files import resource_folder
from reportgen.fonts.faces import Face, FontSet
from reportgen.forms.form import Form
from reportgen.forms.library import Library
from reportgen.forms.rule_files import RuleFile, build_rule
from reportgen.forms.rules import Rule
from reportgen.layout.boxes import place_document
from reportgen.layout.fitting import break_titles, fit_tables
from reportgen.layout.items import Pagination
from reportgen.layout.pages import paint_pages
from reportgen.located import Node, parse_yaml, yaml_text
from reportgen.model.report import (
    CellPath,
    Narrative,
    NarrativeBlock,
    NarrativeParagraph,
    Quantity,
    Report,
    Section,
)
from reportgen.readers.tables import TableReader
from reportgen.shapes import read_shape
from reportgen.source import SourceFile, Span
from reportgen.text import Run

T = TypeVar("T")
S = TypeVar("S", bound=Struct)
DATA = Path(__file__).parent / "data"
LIBRARY = Library((resource_folder("templates"),))
FORMS: dict[str, Form] = {form.id: form for form in LIBRARY.forms("disclosure")}
APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
SECTION_TITLES = tuple(spec.title for spec in FORMS["2021"].sections)


def worded(found: Iterable[Finding]) -> list[Diagnostic]:
    """Return *found* in the words of the shipped rules."""
    return FORMS["2021"].rulebook.word_all(found)


class Held(Struct, frozen=True):
    """A picture source that holds its bytes."""

    data: bytes

    def read(self) -> bytes:
        """Return the bytes."""
        return self.data

    def read_opaque(self) -> bytes:
        """Return the bytes."""
        return self.data


NO_PICTURE = Held(b"")


def source(text: str, path: str = "report.yaml") -> SourceFile:
    """Return *text* as a source file."""
    return SourceFile(path, text)


def span_of(text: str, part: str, path: str = "report.yaml") -> Span:
    """Return the span of the first *part* in *text*."""
    start = text.index(part)
    return SourceFile(path, text).span(start, start + len(part))


def parse(text: str) -> Node:
    """Return the tree of the YAML *text*, which must be valid."""
    root, found = parse_yaml(source(text))
    assert root is not None, found
    assert found == []
    return root


def shaped(data: Mapping[str, Any], shape: type[S]) -> S:
    """Return *data*, written as YAML and read again, in its *shape*."""
    return read_shape(parse(yaml_text(data)), shape)


def rules_of(*specs: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Return the rules that *specs*, entries of a ``checks.yaml``, describe."""
    return tuple(map(build_rule, shaped({"checks": specs}, RuleFile).checks or ()))


def read_table(form: str, key: str, text: str) -> TableReader:
    """Return a reader that has read *text* as the table *key* of *form*."""
    reader = TableReader(FORMS[form])
    grid = next(grid for grid in FORMS[form].tables.values() if grid.key == key)
    reader.read(grid, parse(text))
    return reader


Named: TypeAlias = Mapping[str, T] | Mapping[CellPath, T]
"""Values by cells, which are paths or their texts."""


def at(name: str) -> CellPath:
    """Return the path of the cell that messages call *name*."""
    return CellPath.parse(name)


def quantities(numbers: Named[int | Decimal]) -> dict[CellPath, Quantity]:
    """Return *numbers* as cells that were typed without signs or units."""
    return {at(name): Quantity(number, str(number)) for name, number in numbers.items()}


def zeros(form: str) -> dict[str, int | Decimal]:
    """Return 0 for every cell of *form*: the smallest balanced report."""
    return {str(path): 0 for path in FORMS[form].value_cells}


def paragraph(text: str) -> NarrativeParagraph:
    """Return a paragraph of plain text with its source position."""
    return NarrativeParagraph((Run(text, span=span_of(text, text, "正文.md")),))


def section(title: str, *blocks: NarrativeBlock, number: int | None = None) -> Section:
    """Return a section of the narrative."""
    return Section(title, number, blocks, span_of(title, title, "正文.md"))


def narrative(*titles: str) -> Narrative:
    """Return a narrative of the sections *titles* (all six if none), a sentence in each."""
    chosen = titles or SECTION_TITLES
    return Narrative(sections=tuple(section(title, paragraph("已公开。")) for title in chosen))


def report(
    form: str = "2021",
    cells: Named[Quantity] | None = None,
    *,
    text: Narrative | None = None,
    year: int = 2024,
) -> Report:
    """Return a report of *form* without errors, except those made by the arguments."""
    return Report(
        organ="某市某局",
        year=year,
        title=f"某市某局{year}年政府信息公开工作年度报告",
        kind="本机关",
        form=form,
        cells=quantities(zeros(form))
        if cells is None
        else {at(name): cell for name, cell in cells.items()},
        narrative=narrative() if text is None else text,
    )


def errors(found: Iterable[Diagnostic]) -> list[str]:
    """Return the codes of the findings in *found* that are errors."""
    return [item.code for item in found if item.severity is Severity.ERROR]


def codes(found: list[Diagnostic] | tuple[Diagnostic, ...]) -> list[str]:
    """Return the codes of *found* in order."""
    return [item.code for item in found]


def paginate(document: Document, fonts: FontSet) -> Pagination:
    """Return *document* laid out on pages."""
    document = fit_tables(break_titles(document, fonts), fonts)
    return paint_pages(document, fonts, place_document(document, fonts))


def write_damaged_font(path: Path, table: str, *, length: int) -> Face:
    """Write the shipped Latin font to *path*, its *table* cut to *length* bytes, and return it.

    Font files begin with a directory: a tag, a checksum, an offset and a length of each table.
    """
    data = bytearray((resource_folder("fonts") / "LiberationSerif-Regular.ttf").read_bytes())
    entry = data.index(table.encode("ascii"), 12)
    data[entry + 12 : entry + 16] = length.to_bytes(4, "big")
    path.write_bytes(data)
    return Face("user:own", "西文", "Own", path)
