"""附件说明 and 附注 around the 落款, in every output and read back."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pdfplumber
import pytest

from reportgen import check_folder, read_published
from reportgen.compare import open_folder, verify_file
from reportgen.published.pdf_lines import lines_of

SAMPLE = Path(__file__).parents[2] / "samples" / "yunxi-market-2024"
NAMES = ["政府信息公开指南", "主动公开的2024年行政规范性文件目录及其解读材料、办事指南汇编"]


@pytest.fixture(scope="module", params=[1, 2], ids=["one", "several"])
def names(request: pytest.FixtureRequest) -> list[str]:
    return NAMES[-request.param :]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> Path:
    """Return a sample with attachments and a remark."""
    place = tmp_path_factory.mktemp("末尾") / "报告"
    shutil.copytree(SAMPLE, place, ignore=shutil.ignore_patterns("output"))
    path = place / "report.yaml"
    added = "".join(f"\n  - {name}" for name in names)
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n附件:{added}\n附注: 此件公开发布\n", encoding="utf-8")
    return place


@pytest.mark.parametrize("suffix", ["docx", "pdf", "html", "ofd", "json"])
def test_a_finished_file_has_them_and_gives_them_back(
    folder: Path, names: list[str], suffix: str, tmp_path: Path
) -> None:
    (data,) = check_folder(folder).build(formats=[suffix]).files.values()
    path = tmp_path / f"成品.{suffix}"
    path.write_bytes(data)
    assert verify_file(path, open_folder(folder)).differences == ()
    report = read_published(path).report
    assert report is not None
    assert [name.text for name in report.attachments] == names
    assert report.remark is not None
    assert report.remark.text == "此件公开发布"
    assert "附件" not in str(report.narrative.sections[-1].blocks[-1])


def test_a_changed_remark_of_data_is_told(folder: Path, tmp_path: Path) -> None:
    (data,) = check_folder(folder).build(formats=["json"]).files.values()
    path = tmp_path / "成品.json"
    path.write_text(data.decode().replace("此件公开发布", "此件不公开"), encoding="utf-8")
    (difference,) = verify_file(path, open_folder(folder)).differences
    assert "不公开" in str(difference)


def test_the_lines_of_a_name_begin_below_its_first_character(folder: Path) -> None:
    (data,) = check_folder(folder).build(formats=["pdf"]).files.values()
    with pdfplumber.open(io.BytesIO(data)) as document:
        chars = document.pages[-1].chars
    lines = lines_of(chars, 1)
    (begin,) = [line for line in lines if "主动公开的2024年" in line.text]
    (rest,) = [line for line in lines if line.text.endswith("汇编")]
    own = [char for char in chars if begin.top < char["bottom"] - 1 <= begin.bottom]
    assert rest.left == pytest.approx(next(c["x0"] for c in own if c["text"] == "主"), abs=0.5)
    (date,) = [line for line in lines if line.text.endswith("20日")]
    (remark,) = [line for line in lines if line.text == "（此件公开发布）"]
    assert date.top < remark.top
