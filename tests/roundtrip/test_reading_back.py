"""Every sample and random reports, built to each format and read back."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.api import build_folder
from reportgen.compare import open_folder, verify_file
from reportgen.finished import read_published
from reportgen.forms import Form
from reportgen.published import read_bytes, recognise
from reportgen.writers.form_workbook import fill_workbook
from tests.builders import FORMS, SECTION_TITLES
from tests.roundtrip.reading import LEAST_TEXT, read_back
from tests.strategies import Numbers, balanced_numbers, table_yaml
from tests.visual.samples import SAMPLES, build_sample, sound_samples

TEXT = "工作正常，无收取信息处理费情况。"
FORMATS = ("docx", "pdf", "ofd", "html", "json")


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", sound_samples())
def test_a_sample_comes_back_whole(name: str, kind: str) -> None:
    found = read_back(name, build_sample(name, kind), f"年报.{kind}")
    assert found.wrong_cells == ()
    assert found.findings == ()
    assert found.text >= LEAST_TEXT
    assert found.head or kind == "json"  # which has no date


@st.composite
def reports(draw: st.DrawFn) -> tuple[Form, Numbers, str]:
    """Draw a form, balanced numbers for it, and the ``report.yaml`` that states them."""
    form = draw(st.sampled_from(list(FORMS.values())))
    numbers = draw(balanced_numbers(form.id))
    head = f"单位: 某市某局\n年度: {form.first_year}\n"
    return form, numbers, head + draw(table_yaml(form.id, numbers))


EXAMPLES = int(os.environ.get("ROUND_TRIPS", "12"))
"""Random reports of one run; each is written to every format and read back."""


@given(reports())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.timeout(3600)
def test_a_random_report_comes_back_from_every_format(report: tuple[Form, Numbers, str]) -> None:
    form, numbers, typed = report
    text = "\n\n".join(f"# {title}\n\n{form.first_year}年，{TEXT}" for title in SECTION_TITLES)
    with TemporaryDirectory() as folder:
        Path(folder, "report.yaml").write_text(typed, encoding="utf-8")
        Path(folder, "正文.md").write_text(text, encoding="utf-8")
        built = build_folder(Path(folder), formats=FORMATS)
        assert built.written, [item.message for item in built.diagnostics]
        files = [(item.path.suffix, item.path.read_bytes()) for item in built.written]
    for suffix, content in files:
        found = recognise(read_bytes(content, "年报", suffix), list(FORMS.values()))
        assert found is not None
        assert found.form is form
        assert found.findings == ()
        assert {name: q.number for name, q in found.report.cells.items()} == numbers
        workbook = fill_workbook(form, found.report.cells)
        again = recognise(read_bytes(workbook, "数据", ".xlsx"), [form], form.first_year)
        assert again is not None
        assert {name: q.number for name, q in again.report.cells.items()} == numbers


def test_a_number_changed_in_an_ofd_is_found() -> None:
    data = build_sample("yunxi-market-2024", "ofd")
    assert verify_file(data, open_folder(SAMPLES / "yunxi-market-2024")).is_equal
    changed = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as before, ZipFile(changed, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b">18642<", b">18624<"))
    found = verify_file(changed.getvalue(), open_folder(SAMPLES / "yunxi-market-2024"))
    # In the sentence and in the table.
    assert [item.cell for item in found.differences] == ["", "主动公开/行政许可/本年处理决定数量"]


SCRIPTS = {
    "减少CO~2~排放12吨，PM~2.5~下降": "减少CO₂排放12吨，PM₂.₅下降",
    "SO~4~^2-^、Ca(OH)~2~，面积1500m^2^": "SO₄²⁻、Ca(OH)₂，面积1500m²",
    "共10^6^个，NO~x~、CO₂、m²、⅓": "共10⁶个，NOₓ、CO₂、m²、⅓",
    "2~3个月，1~12月": "2~3个月，1~12月",
}
"""Texts as typed, and as they are read in any output."""


@pytest.mark.parametrize("kind", ["docx", "pdf", "ofd", "html"])
def test_superscripts_and_subscripts_come_back_as_such(kind: str, tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "yunxi-market-2024", tmp_path / "报告")
    narrative = tmp_path / "报告" / "正文.md"
    table = "| 面积（m^2^） | CO~2~ |\n|---|---|\n| 12 | 3 |"
    parts = (narrative.read_text("utf-8"), *SCRIPTS, table, "")
    narrative.write_text("\n\n".join(parts), encoding="utf-8")
    (written,) = build_folder(tmp_path / "报告", formats=(kind,)).written
    file = written.path.read_bytes()
    assert verify_file(file, open_folder(tmp_path / "报告")).is_equal
    text = read_published(file).data["正文"]["六、其他需要报告的事项"]
    assert [shown for shown in SCRIPTS.values() if shown not in text] == []
