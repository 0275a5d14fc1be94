"""Tests of the public Python API."""

from __future__ import annotations

import datetime
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import reportgen
from reportgen import (
    Built,
    Cache,
    Checked,
    EnvironmentProblem,
    Severity,
    build_folder,
    check_folder,
    check_report,
    shipped_library,
)
from reportgen.source import Span
from tests.errors.gallery import BASE

SAMPLES = Path(__file__).parents[2] / "samples"
SOUND = SAMPLES / "rare-characters-2024"
BROKEN = SAMPLES / "broken-2024"
PUBLIC = {
    "Aggregated",
    "Built",
    "Cache",
    "Checked",
    "Diagnostic",
    "Difference",
    "EarlierFile",
    "EnvironmentProblem",
    "Form",
    "Library",
    "Quantity",
    "ReadBack",
    "Report",
    "ReportDiff",
    "Severity",
    "Verified",
    "Written",
    "__version__",
    "aggregate_sources",
    "build_folder",
    "check_folder",
    "check_report",
    "diff_sources",
    "read_published",
    "shipped_library",
    "verify_files",
}
SHORT = 300
NARRATIVE = """\
2024年度报告如下。

# 一、总体情况

全年新收申请{{ 申请.本年新收.总计 }}件。

# 二、主动公开政府信息情况

# 三、收到和处理政府信息公开申请情况

# 四、政府信息公开行政复议、行政诉讼情况

# 五、存在的主要问题及改进情况

存在的主要问题是更新不及时。2025年将按季度检查。

# 六、其他需要报告的事项

2024年没有收取信息处理费。
"""


def data(**entries: object) -> dict[str, object]:
    """Return the data of a report in which every number is 0, but for *entries*."""
    empty: dict[str, object] = {"主动公开": {}, "申请": {}, "复议诉讼": {}}
    return {"单位": "某市某局", "年度": 2024, "缺省": 0, **empty, **entries}


def codes(outcome: Checked | Built) -> set[str]:
    return {item.code for item in outcome.diagnostics}


def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (800, 400), "navy").save(stream, "PNG")
    return stream.getvalue()


class Place(os.PathLike[str]):
    """A path that is neither text nor a Path."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __fspath__(self) -> str:
        return str(self._path)


def test_what_is_public_is_listed() -> None:
    assert set(reportgen.__all__) == PUBLIC
    assert set(dir(reportgen)) == PUBLIC
    named = {name: getattr(reportgen, name) for name in PUBLIC - {"__version__"}}
    assert [name for name, value in named.items() if not value.__doc__] == []


def test_a_name_that_is_not_public_is_not_there() -> None:
    with pytest.raises(AttributeError, match="Pipeline"):
        getattr(reportgen, "Pipeline")  # noqa: B009 - a type checker knows that it is not there


@pytest.mark.parametrize("wrap", [str, Place, Path])
def test_a_path_is_text_or_an_object(wrap: Any, tmp_path: Path) -> None:
    checked = check_folder(wrap(SOUND))
    assert checked.report
    fonts = (wrap(tmp_path),)
    built = build_folder(wrap(SOUND), wrap(tmp_path), formats=("json",), system_fonts=fonts)
    assert [item.path.parent for item in built.written] == [tmp_path]
    assert shipped_library().for_folder(wrap(tmp_path)).roots[0] == tmp_path / "templates"


def test_a_report_made_of_values_equals_that_of_a_folder(tmp_path: Path) -> None:
    made = check_report(
        data(
            成文日期=datetime.date(2025, 1, 20),
            联系方式={"部门": "办公室", "电话": "0000-0000000"},
            主动公开={"行政事业性收费": {"本年收费金额": Decimal("12.60")}},
            申请={"本年新收": [3, 0, 0, 0, 0, 0], "予以公开": (3, 0, 0, 0, 0, 0)},
        ),
        NARRATIVE,
    )
    for source in made.sources:
        (tmp_path / source.path).write_text(source.text, encoding="utf-8")
    read = check_folder(tmp_path)
    assert made.report == read.report
    assert made.data == read.data
    assert made.data["申请"]["本年新收"]["总计"] == 3
    kinds = ("docx", "pdf", "html", "json")
    assert made.build(formats=kinds).files == read.build(formats=kinds).files
    drafts = made.build(formats=kinds, draft=True).files
    assert drafts == read.build(formats=kinds, draft=True).files
    assert all("（草稿）" in name for name in drafts)


def test_a_broken_sample_has_the_same_findings_as_values(tmp_path: Path) -> None:
    folder = check_folder(BROKEN)
    (tmp_path / "report.yaml").write_text(folder.sources[0].text, encoding="utf-8")
    made = check_report(plain_data(folder), folder.sources[1].text, pictures=BROKEN)
    assert codes(folder) - codes(made) == {"I102"}  # a mapping has no key twice


def plain_data(checked: Checked) -> Mapping[str, Any]:
    """Return the data of *checked* as a program that parses YAML gets it, all as text."""
    import yaml

    loaded: Mapping[str, Any] = yaml.load(checked.sources[0].text, yaml.BaseLoader)  # noqa: S506
    return loaded


def test_findings_point_into_the_data_as_yaml() -> None:
    checked = check_report(data(申请={"本年新收": ["三", 0, 0, 0, 0, 0]}), NARRATIVE)
    (found,) = [item for item in checked.diagnostics if item.code == "I105"]
    assert found.path == "report.yaml"
    assert found.span
    assert found.span.text == "三"
    assert checked.sources[0].path == "report.yaml"
    line = checked.sources[0].text.splitlines()[found.span.line - 1]
    assert line == "  本年新收: [三, 0, 0, 0, 0, 0]"


def test_the_narrative_is_named_like_its_file() -> None:
    checked = check_report(data(), NARRATIVE.replace("新收.总计", "新收.合计"))
    (found,) = [item for item in checked.diagnostics if item.code == "N202"]
    assert found.path == "正文.md"


def test_a_value_that_no_report_has_is_refused_with_its_place() -> None:
    with pytest.raises(TypeError, match=r"申请/本年新收.*set"):
        check_report(data(申请={"本年新收": {1, 2}}))
    endless: dict[str, object] = {}
    endless["申请"] = endless
    with pytest.raises(ValueError, match="嵌套过深"):
        check_report(endless)


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_a_narrative_that_is_no_text_is_a_finding(text: str) -> None:
    assert "I110" in codes(check_report(data(), text))


def test_an_empty_mapping_is_a_report_that_lacks_everything() -> None:
    checked = check_report({})
    assert checked.has_errors
    assert "I115" in codes(checked)


def test_pictures_are_given_by_name_or_found_in_a_folder(tmp_path: Path) -> None:
    text = NARRATIVE.replace("全年新收", "![专栏页面](images/专栏.png)\n\n全年新收")
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "专栏.png").write_bytes(picture())
    given = check_report(data(), text, pictures={"images/专栏.png": picture()})
    found = check_report(data(), text, pictures=tmp_path)
    assert given.diagnostics == found.diagnostics
    assert given.build().files == found.build().files
    assert given.report
    assert given.report.screenshots["images/专栏.png"].width == 800


def test_a_picture_that_was_not_given_is_a_finding() -> None:
    text = NARRATIVE.replace("全年新收", "![专栏页面](images/专拦.png)\n\n全年新收")
    checked = check_report(data(), text, pictures={"images/专栏.png": picture()})
    (found,) = [item for item in checked.diagnostics if item.code == "F101"]
    assert "images/专栏.png" in found.hint
    assert "F101" in codes(check_report(data(), text))


def test_last_year_is_a_report_or_a_folder(tmp_path: Path) -> None:
    last = check_report(data(年度=2023, 申请={"结转下年度": [2, 0, 0, 0, 0, 0]}), NARRATIVE)
    for source in last.sources:
        (tmp_path / source.path).write_text(source.text, encoding="utf-8")
    this = data(申请={"上年结转": [1, 0, 0, 0, 0, 0]})
    given = check_report(this, NARRATIVE, previous=last)
    read = check_report({**this, "上年": tmp_path}, NARRATIVE)
    for checked in (given, read):
        assert checked.report
        assert checked.report.previous == last.report
        assert codes(checked) > codes(check_report(this, NARRATIVE))


def test_last_year_with_errors_is_told() -> None:
    last = check_report(data(年度=2023, 申请={"本年新收": "三"}), NARRATIVE)
    assert last.has_errors
    (found,) = [
        item
        for item in check_report(data(), NARRATIVE, previous=last).diagnostics
        if item.code == "I114"
    ]
    assert "2023" in found.message
    assert "check" not in found.hint


def test_with_errors_there_are_no_files_but_drafts() -> None:
    checked = check_report(data(申请={"本年新收": [1, 0, 0, 0, 0, 0]}), NARRATIVE)
    assert checked.has_errors
    built = checked.build()
    assert built.has_errors
    assert not built.files
    assert {Path(name).suffix for name in checked.build(draft=True).files} == {".docx", ".pdf"}


def test_warnings_refuse_when_strict() -> None:
    checked = check_report(data(成文日期="2024-01-20"), NARRATIVE)
    assert {item.severity for item in checked.diagnostics} >= {Severity.WARNING}
    assert not checked.has_errors
    assert checked.build(formats=("json",)).files
    assert not checked.build(formats=("json",), strict=True).files


@pytest.mark.parametrize("wrong", [{"formats": ("odt",)}, {"profile": "odt"}])
def test_a_format_or_profile_that_is_not_known_is_told(wrong: Any) -> None:
    with pytest.raises(EnvironmentProblem, match="odt") as caught:
        check_report(data(), NARRATIVE).build(**wrong)
    assert "pdf" in caught.value.hint or "a-3a" in caught.value.hint


def test_a_folder_that_is_not_there_is_told() -> None:
    with pytest.raises(EnvironmentProblem, match="没有找到报告目录"):
        check_folder("没有")


def test_files_are_written_when_a_folder_is_named(tmp_path: Path) -> None:
    checked = check_report(data(), NARRATIVE)
    built = checked.build(tmp_path / "报送")
    assert not built.files
    assert {item.path.name: item.path.read_bytes() for item in built.written} == (
        checked.build().files
    )


NOTHING_WRITTEN = """\
import os, sys
from reportgen import check_folder, check_report

def watch(event, arguments):
    if event == "open" and (
        set(str(arguments[1])) & set("wax+")
        or arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    ):
        raise SystemExit(f"opened for writing: {arguments}")

sys.addaudithook(watch)
checked = check_folder(sys.argv[1])
built = checked.build(formats=("docx", "pdf", "html", "json"))
assert len(built.files) == 4
made = check_report({"年度": 2024}, "", pictures={}).build(draft=True)
assert len(made.files) == 2
"""


def test_bytes_are_made_without_writing_to_the_disk() -> None:
    result = subprocess.run(
        [sys.executable, "-B", "-c", NOTHING_WRITTEN, str(SAMPLES / "yunxi-market-2024")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def test_reprs_are_short() -> None:
    checked = check_folder(BROKEN)
    assert checked.report
    assert checked.form
    values = [
        checked,
        checked.report,
        checked.form,
        checked.library,
        checked.build(draft=True),
        Cache(Path("x")),
        *checked.diagnostics,
        *checked.sources,
        *checked.report.cells.values(),
    ]
    assert [repr(value) for value in values if len(repr(value)) > SHORT] == []


def test_reprs_name_what_they_stand_for() -> None:
    checked = check_folder(BROKEN)
    assert "乌有镇人民政府 2024" in repr(checked)
    assert "disclosure/2019" in repr(checked.form)
    assert any("error T303" in repr(item) for item in checked.diagnostics)
    assert "report.yaml" in repr(checked.sources[0])


@pytest.mark.parametrize(
    ("entries", "narrative"),
    [
        ({}, NARRATIVE.replace("更新不及时", "更新不及时😀")),
        (
            {},
            NARRATIVE.replace("没有收取", "| 甲 | 乙😀 |\n| --- | --- |\n| 丙 | 丁 |\n\n没有收取"),
        ),
        ({}, NARRATIVE.replace("# 一、总体情况", "# 一、总体情况\n\n## 主动公开😀")),
        ({"标题": "某局😀2024年政府信息公开工作年度报告"}, NARRATIVE),
        ({"单位": "某市某局😀"}, NARRATIVE),
    ],
)
def test_the_check_finds_each_character_that_the_build_refuses(
    entries: dict[str, object], narrative: str
) -> None:
    checked = check_report(data(**entries), narrative)
    assert [item.slug for item in checked.diagnostics].count("missing-glyph") == 1
    assert checked.build(formats=("pdf",)).diagnostics == checked.diagnostics


def test_a_font_of_the_system_may_have_what_the_check_misses(tmp_path: Path) -> None:
    checked = check_report(data(), NARRATIVE.replace("更新不及时", "更新不及时😀"))
    built = checked.build(formats=("json",), system_fonts=[tmp_path])
    assert [item.slug for item in built.diagnostics].count("missing-glyph") == 1
    assert built.diagnostics == checked.diagnostics


def test_tables_of_nothing_but_zeros_are_doubted_when_the_text_counts_something() -> None:
    written = NARRATIVE.replace("全年新收", "全年公开信息12件，新收")
    told = check_report(data(), written).diagnostics
    found = [item.span for item in told if item.slug == "all-zero"]
    assert [span.text for span in found if isinstance(span, Span)] == ["12件"]
    filled = {"主动公开": {"行政许可": {"本年处理决定数量": 12}}}
    told = check_report(data(**filled), written).diagnostics
    assert "all-zero" not in {item.slug for item in told}


def test_a_number_that_the_form_gives_is_no_gap_behind_a_section_not_typed() -> None:
    tables = ("# 二、主动公开政府信息情况\n\n", "# 三、收到和处理政府信息公开申请情况\n\n")
    text = NARRATIVE.replace(tables[0], "").replace(tables[1], "")
    checked = check_report(data(), text)
    told = {item.slug for item in checked.diagnostics}
    assert not told & {"missing-section", "numbering-gap"}
    html = checked.build(formats=("html",)).files
    (page,) = html.values()
    assert "二、主动公开政府信息情况" in page.decode()


def earlier(built: Built) -> list[str]:
    return [item.path.name for item in built.earlier]


def test_files_of_another_state_are_told_and_those_of_the_same_are_not(tmp_path: Path) -> None:
    folder, out = tmp_path / "报告", tmp_path / "报告" / "output"
    shutil.copytree(BASE, folder)
    (web,) = build_folder(folder, formats=("html",)).written
    name = web.path.stem
    assert earlier(build_folder(folder, formats=("docx",))) == []
    draft = build_folder(folder, formats=("pdf",), draft=True)
    assert earlier(draft) == []
    told = build_folder(folder, formats=("docx",))
    assert earlier(told) == [f"{name}（草稿）.pdf"]  # a draft beside what is filed
    data = folder / "report.yaml"
    data.write_text(data.read_text("utf-8").replace(": 308", ": 309"), "utf-8")
    assert earlier(build_folder(folder, formats=("docx",))) == [
        f"{name}.html",
        f"{name}（草稿）.pdf",
    ]
    assert earlier(build_folder(folder, formats=("docx",), draft=True)) == [f"{name}（草稿）.pdf"]
    assert (out / f"{name}.html").exists()


def test_files_of_another_title_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "报告"
    shutil.copytree(BASE, folder)
    (old,) = build_folder(folder, formats=("html",)).written
    data = folder / "report.yaml"
    title = "青禾县财政局2024年政府信息公开工作年度报告（修订）"
    data.write_text(f"{data.read_text('utf-8')}\n标题: {title}\n", "utf-8")
    built = build_folder(folder, formats=("html",))
    assert built.written[0].path.name != old.path.name
    assert earlier(built) == [old.path.name]


def test_after_a_refusal_all_earlier_files_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "报告"
    shutil.copytree(BASE, folder)
    written = build_folder(folder, formats=("docx", "html")).written
    (folder / "report.yaml").write_text("单位: [", "utf-8")
    refused = build_folder(folder)
    assert refused.written == ()
    assert earlier(refused) == sorted(item.path.name for item in written)
    assert build_folder(folder, tmp_path / "别处").earlier == ()


def test_a_character_without_a_font_is_told_at_the_entry_it_was_typed_in() -> None:
    (found,) = (
        d for d in check_report(data(单位="某市𠮷局"), NARRATIVE).diagnostics if d.code == "G101"
    )
    assert found.span is not None
    assert found.span.text.startswith("单位")
