"""A PDF that carries its data or sources: what is attached is read, and what is printed counts."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from reportgen.api import check_folder
from reportgen.finished import read_published
from reportgen.formats import ATTACHED
from reportgen.published import AttachedSources, read_bytes, recognise
from reportgen.workflows import import_report
from tests.builders import FORMS, at
from tests.visual.samples import SAMPLES, sound_samples


@cache
def built(name: str, attach: str) -> bytes:
    """Return the PDF of the sample *name* with its data or sources attached."""
    (pdf,) = check_folder(SAMPLES / name).build(formats=("pdf",), attach=attach).files.values()
    return pdf


@pytest.mark.parametrize("attach", ATTACHED)
@pytest.mark.parametrize("name", sound_samples())
def test_the_data_comes_back_to_the_last_line_break(name: str, attach: str) -> None:
    read = read_published(built(name, attach))
    assert read.diagnostics == ()
    assert json.dumps(read.data) == json.dumps(dict(check_folder(SAMPLES / name).data))


@pytest.mark.parametrize("name", sound_samples())
def test_an_import_takes_the_sources_as_they_are(name: str, tmp_path: Path) -> None:
    (tmp_path / "年报.pdf").write_bytes(built(name, "sources"))
    made = import_report([tmp_path / "年报.pdf"], tmp_path / "报告")
    assert made.diagnostics == ()
    ours, theirs = check_folder(SAMPLES / name), check_folder(tmp_path / "报告")
    assert theirs.data == ours.data
    assert theirs.report is not None
    assert ours.report is not None
    assert theirs.report.kind == ours.report.kind
    assert theirs.report.contact == ours.report.contact
    text = (tmp_path / "报告" / "正文.md").read_text(encoding="utf-8")
    assert text.count("{{") == (SAMPLES / name / "正文.md").read_text("utf-8").count("{{")
    assert len(theirs.report.screenshots) == len(ours.report.screenshots)


def test_sources_that_do_not_say_what_is_printed_are_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = read_bytes(built("yunxi-market-2024", "sources"), "年报.pdf")
    assert found.sources is not None
    text = found.sources.narrative.replace("食品安全抽检结果每周公布", "食品安全抽检结果每日公布")
    assert text != found.sources.narrative
    changed = replace(found, sources=replace(found.sources, narrative=text))
    monkeypatch.setattr("reportgen.published.read_file", lambda *_: changed)
    import_report([tmp_path / "年报.pdf"], tmp_path / "报告")
    narrative = (tmp_path / "报告" / "正文.md").read_text(encoding="utf-8")
    assert "每周公布" in narrative
    assert "{{" not in narrative


def test_a_new_folder_takes_contacts_of_the_sources(tmp_path: Path) -> None:
    (tmp_path / "年报.pdf").write_bytes(built("yunxi-market-2024", "sources"))
    read = read_published(tmp_path / "年报.pdf").report
    ours = check_folder(SAMPLES / "yunxi-market-2024").report
    assert read is not None
    assert ours is not None
    assert read.contact == ours.contact


def test_sources_are_texts_of_the_folder() -> None:
    sources = read_bytes(built("yunxi-market-2024", "sources"), "年报.pdf").sources
    assert sources is not None
    assert sources.data.startswith("单位: 云溪市市场监督管理局")
    assert "{{ 申请" in sources.narrative


def test_a_number_printed_otherwise_is_said() -> None:
    found = read_bytes(built("yunxi-market-2024", "data"), "年报.pdf")
    assert found.attached is not None
    stated = recognise(found.attached, list(FORMS.values()))
    assert stated is not None
    cell = at("申请/本年新收/自然人")
    other = replace(stated.report.cells[cell], number=987)
    source = replace(stated.report, cells={**stated.report.cells, cell: other})
    read = recognise(found, list(FORMS.values()), source=source)
    assert read is not None
    assert read.report.cells[cell].number != 987
    assert [(item.slug, item.cells) for item in read.findings] == [
        ("attached-data-differs", (cell,))
    ]


@pytest.mark.parametrize(
    "sources",
    [
        AttachedSources("", ""),
        AttachedSources("单位: [", "{{ 10 ** 10 }}"),
        AttachedSources("单位: 某局\n年度: 2024\n上年: /etc/passwd\n正文: /etc/passwd\n", "# 无"),
    ],
)
def test_sources_of_another_make_harm_nothing_and_lead_nowhere(
    sources: AttachedSources, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = built("yunxi-market-2024", "data")
    found = replace(read_bytes(pdf, "年报.pdf"), sources=sources, attached=None)
    monkeypatch.setattr("reportgen.published.read_bytes", lambda *_: found)
    read = read_published(b"")
    assert read.report is not None
    assert not any(cell.invalid for cell in read.report.cells.values())
    assert "root:" not in json.dumps(read.data)
