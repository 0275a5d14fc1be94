"""Golden files: what a sample becomes at each stage, as text for reading in a diff.

``doctree.txt`` is the document, ``pages.txt`` the items on the pages with their positions (in
points, to one decimal), ``document.xml`` the body of the DOCX, ``first_page.xml`` the first page of
the OFD, ``report.html`` the page without the data of its pictures, ``report.json`` the canonical
data.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from reportgen.api import build_folder
from reportgen.document.nodes import Document
from reportgen.layout.items import Pagination
from reportgen.writers import pdf
from reportgen.writers.dump import dump_document, dump_pages
from tests.conftest import GOLDEN, Golden
from tests.wide_report import write_wide_report

SAMPLES = Path(__file__).parents[1] / "samples"
SOUND = ("fuyang-emergency-2020", "yunxi-market-2024")
BROKEN = "broken-2024"
WIDE = "wide-tables"
MAX_BYTES = 1_500_000
_DATA = re.compile(r"(data:[\w/+.-]+;base64,)([A-Za-z0-9+/=]+)")


@dataclass(frozen=True)
class Stages:
    """What one build made, the values between its stages included."""

    document: Document
    pagination: Pagination
    files: dict[str, bytes]


def build(name: str, out: Path, kinds: tuple[str, ...], *, draft: bool = False) -> Stages:
    """Build sample *name*, or a folder, into *out*; keep what the PDF writer was given."""
    given: list[Any] = []
    write = pdf.write_pdf

    def watched(document: Document, pagination: Pagination, *rest: Any, **options: Any) -> None:
        given.extend((document, pagination))
        write(document, pagination, *rest, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "write_pdf", watched)
        patch.chdir(SAMPLES)
        built = build_folder(Path(name), out, formats=kinds, draft=draft)
    files = {item.path.suffix.lstrip("."): item.path.read_bytes() for item in built.written}
    return Stages(given[0], given[1], files)


@pytest.fixture(scope="module", params=SOUND)
def sample(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Stages]]:
    """Return the name of a sample and what it becomes."""
    out = tmp_path_factory.mktemp("golden")
    yield request.param, build(request.param, out, ("docx", "pdf", "ofd", "html", "json"))


def test_document(sample: tuple[str, Stages], golden: Golden) -> None:
    name, stages = sample
    golden(f"{name}/doctree.txt", dump_document(stages.document))


def test_pages(sample: tuple[str, Stages], golden: Golden) -> None:
    name, stages = sample
    golden(f"{name}/pages.txt", dump_pages(stages.pagination))


def test_docx(sample: tuple[str, Stages], golden: Golden) -> None:
    name, stages = sample
    golden(f"{name}/document.xml", document_xml(stages.files["docx"]))


def test_ofd(sample: tuple[str, Stages], golden: Golden) -> None:
    name, stages = sample
    golden(
        f"{name}/first_page.xml", indented(stages.files["ofd"], "Doc_0/Pages/Page_0/Content.xml")
    )


def test_html(sample: tuple[str, Stages], golden: Golden) -> None:
    name, stages = sample
    golden(f"{name}/report.html", without_data(stages.files["html"].decode("utf-8")))


def test_json(sample: tuple[str, Stages], golden: Golden) -> None:
    name, stages = sample
    golden(f"{name}/report.json", stages.files["json"].decode("utf-8"))


def test_draft_of_a_broken_report(tmp_path: Path, golden: Golden) -> None:
    stages = build(BROKEN, tmp_path, ("pdf",), draft=True)
    golden(f"{BROKEN}/doctree.txt", dump_document(stages.document))


def test_tables_across_the_page(tmp_path: Path, golden: Golden) -> None:
    """Only the landscape pages are kept: the others are like those of any sample."""
    folder = write_wide_report(tmp_path / "report")
    pages = build(str(folder), tmp_path / "out", ("pdf",)).pagination.pages
    golden(f"{WIDE}/pages.txt", dump_pages(Pagination(tuple(p for p in pages if p.landscape), ())))


def test_golden_files_are_small_and_none_is_left_over() -> None:
    files = [path for path in GOLDEN.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MAX_BYTES
    assert {path.parent.name for path in files} == {*SOUND, BROKEN, WIDE}


def document_xml(docx: bytes) -> str:
    """Return the body part of *docx*, one element a line."""
    return indented(docx, "word/document.xml")


def indented(data: bytes, part: str) -> str:
    """Return the XML *part* of the package *data*, one element a line."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        root = etree.fromstring(package.read(part))
    etree.indent(root, " ")
    return etree.tostring(root, encoding="unicode") + "\n"


def without_data(text: str) -> str:
    """Return *text* with a short hash in place of each embedded file."""

    def hashed(found: re.Match[str]) -> str:
        return found[1] + hashlib.sha256(base64.b64decode(found[2])).hexdigest()[:12]

    return _DATA.sub(hashed, text)
