"""A DOCX whose headings and lists the word processor numbers reads like one with typed numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import check_folder, read_published
from reportgen.compare import open_folder, verify_file

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.mark.parametrize("name", ["qinghe-county-2023", "yunxi-market-2024"])
def test_counted_numbers_are_those_of_the_folder(name: str, tmp_path: Path) -> None:
    folder = SAMPLES / name
    found = []
    for numbering in ("typed", "auto"):
        (data,) = check_folder(folder).build(formats=["docx"], numbering=numbering).files.values()
        path = tmp_path / f"{numbering}.docx"
        path.write_bytes(data)
        assert not verify_file(path, open_folder(folder)).differences
        report = read_published(path).report
        assert report is not None
        found.append(report.narrative)
    assert found[0] == found[1]
