"""A document, a workbook and pictures become a report folder; which files of a folder are read."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from reportgen.api import check_folder
from reportgen.problems import EnvironmentProblem
from reportgen.workflows import import_report
from reportgen.workflows.importing import Collected, collect
from reportgen.writers.form_workbook import fill_workbook
from tests.builders import FORMS, SECTION_TITLES, at

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
TITLE = "某市某局2024年政府信息公开工作年度报告"


@pytest.fixture
def materials(tmp_path: Path) -> Path:
    """Return a folder with a text, a workbook and two pictures, one of them named in the text."""
    folder = tmp_path / "材料"
    folder.mkdir()
    sections = "".join(f"{title}\n已公开。\n" for title in SECTION_TITLES[1:])
    text = (
        f"{TITLE}\n总体情况\n页面如下。\n（此处插入图片：公开专栏）\n图1 公开专栏页面\n{sections}"
    )
    (folder / "年报.txt").write_text(text, encoding="utf-8")
    sheets = openpyxl.Workbook()
    for grid in FORMS["2021"].tables.values():
        sheet = sheets.create_sheet(grid.key)
        for cell in grid.cells():
            received = "本年新收" in cell.keys or "结转下年度" in cell.keys
            number = 3 * (received and cell.keys[-1] in ("自然人", "总计"))
            value = number if cell.role == "value" else cell.label
            sheet.cell(cell.row + 1, cell.column + 1, value)
            sheet.merge_cells(
                start_row=cell.row + 1,
                end_row=cell.row + cell.row_span,
                start_column=cell.column + 1,
                end_column=cell.column + cell.column_span,
            )
    sheets.save(folder / "表.xlsx")
    for name, colour in (("公开专栏.png", "red"), ("照片.jpeg", "blue")):
        Image.new("RGB", (600, 400), colour).save(folder / name)
    return folder


def test_tables_come_from_the_workbook_and_pictures_stand_where_the_text_names_them(
    materials: Path, tmp_path: Path
) -> None:
    made = import_report([materials], tmp_path / "报告")
    assert [item.code for item in made.diagnostics] == []
    assert made.notes == (
        "还没有放进正文的图片：images/照片.jpeg；放在哪里，就在哪里写 ![说明](路径)",
    )
    text = (tmp_path / "报告" / "正文.md").read_text(encoding="utf-8")
    assert "页面如下。\n\n![图1 公开专栏页面](images/公开专栏.png)\n\n# " in text
    report = check_folder(tmp_path / "报告").report
    assert report is not None
    assert report.cells[at("申请/本年新收/总计")].number == 3
    assert {path.name for path in (tmp_path / "报告" / "images").iterdir()} == {
        "公开专栏.png", "照片.jpeg",
    }  # fmt: skip


def test_placeholders_in_a_text_stay_placeholders_and_are_told(
    materials: Path, tmp_path: Path
) -> None:
    file = materials / "年报.txt"
    draft = file.read_text(encoding="utf-8")
    sentence = "收到{{ 申请.本年新收.总计 }}件、{{ 申请.没有这行.总计 }}件。"
    file.write_text(draft.replace("页面如下。", sentence), encoding="utf-8")
    made = import_report([materials], tmp_path / "报告")
    assert made.notes[0].startswith("文中的 {{ … }} 有 2 处")
    assert sentence in (tmp_path / "报告" / "正文.md").read_text(encoding="utf-8")
    found = [item.code for item in check_folder(tmp_path / "报告").diagnostics]
    assert found.count("N202") == 1


def test_how_to_fill_in_a_workbook_is_no_text_of_the_report(
    materials: Path, tmp_path: Path
) -> None:
    (materials / "表.xlsx").write_bytes(fill_workbook(FORMS["2021"], {}))
    import_report([materials], tmp_path / "报告")
    text = (tmp_path / "报告" / "正文.md").read_text(encoding="utf-8")
    assert "灰色的格是合计" not in text


def test_a_year_and_an_organ_that_nobody_states_are_left_blank(
    materials: Path, tmp_path: Path
) -> None:
    file = materials / "年报.txt"
    file.write_text(file.read_text(encoding="utf-8").replace(TITLE + "\n", ""), encoding="utf-8")
    made = import_report([materials], tmp_path / "报告")
    assert {item.slug for item in made.diagnostics} == {"organ-not-found", "year-not-found"}
    data = (tmp_path / "报告" / "report.yaml").read_text(encoding="utf-8")
    assert '单位: ""\n年度: \n版式: "2021"\n' in data
    slugs = {item.slug for item in check_folder(tmp_path / "报告").diagnostics}
    assert "missing-key" in slugs


def test_nothing_is_written_over(materials: Path, tmp_path: Path) -> None:
    import_report([materials], tmp_path / "报告")
    before = {path: path.read_bytes() for path in (tmp_path / "报告").rglob("*") if path.is_file()}
    with pytest.raises(EnvironmentProblem, match="已经存在"):
        import_report([materials], tmp_path / "报告")
    assert before == {path: path.read_bytes() for path in before}


def test_of_two_pictures_of_one_name_none_is_lost_in_silence(
    materials: Path, tmp_path: Path
) -> None:
    other = tmp_path / "另存" / "照片.jpeg"
    other.parent.mkdir()
    Image.new("RGB", (600, 400), "green").save(other)
    files = [materials / "年报.txt", materials / "照片.jpeg", other]
    with pytest.raises(EnvironmentProblem, match=r"两张图片都叫 照片\.jpeg"):
        import_report(files, tmp_path / "报告")
    assert not (tmp_path / "报告").exists()


def test_a_picture_that_is_too_large_or_gone_is_named(materials: Path, tmp_path: Path) -> None:
    with (materials / "照片.jpeg").open("r+b") as stream:
        stream.truncate(50_000_000)
    with pytest.raises(EnvironmentProblem, match=r"照片\.jpeg 超过 40 MB"):
        import_report([materials], tmp_path / "报告")
    with pytest.raises(EnvironmentProblem, match=r"没有\.png 无法读取"):
        import_report([materials / "年报.txt", tmp_path / "没有.png"], tmp_path / "报告")
    assert not (tmp_path / "报告").exists()


def test_pictures_that_are_too_large_together_are_refused(
    materials: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.workflows.importing.MAX_PICTURES", 1_000_000)
    for number in range(3):
        with (materials / f"图{number}.png").open("wb") as stream:
            stream.truncate(400_000)
    with pytest.raises(EnvironmentProblem, match="图片合起来超过 1 MB"):
        import_report([materials], tmp_path / "报告")
    assert not (tmp_path / "报告").exists()


def folder_of(place: Path, *names: str) -> Path:
    for name in names:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(b"-")
    return place


def names(files: tuple[Path, ...]) -> list[str]:
    return [file.name for file in files]


def shown(found: Collected) -> tuple[list[str], list[str], list[str]]:
    return names(found.documents), names(found.pictures), names(found.unused)


def test_a_folder_gives_its_document_workbooks_and_pictures(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path, "三张表.xlsx", "年报.DOCX", "~$年报.docx", ".DS_Store", "备忘.txt", "1.JPG",
        "图片/2.png", "图片/更多/3.png",
    )  # fmt: skip
    assert shown(collect([folder])) == (
        ["年报.DOCX", "三张表.xlsx"], ["1.JPG", "2.png"], ["备忘.txt"],
    )  # fmt: skip


def test_a_plain_text_is_the_document_where_there_is_no_other(tmp_path: Path) -> None:
    assert shown(collect([folder_of(tmp_path, "年报.txt", "备忘.rtf")])) == (
        ["年报.txt"], [], ["备忘.rtf"],
    )  # fmt: skip


def test_a_picture_alone_is_the_report(tmp_path: Path) -> None:
    assert shown(collect([folder_of(tmp_path, "年报.png")])) == (["年报.png"], [], [])


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "材料", "年报.docx")
    folder_of(tmp_path, "别处/图.png")
    (folder / "图.png").symlink_to(tmp_path / "别处" / "图.png")
    (folder / "图片").symlink_to(tmp_path / "别处")
    assert shown(collect([folder])) == (["年报.docx"], [], [])


def test_whoever_names_files_means_them(tmp_path: Path) -> None:
    folder_of(tmp_path, "年报.docx", "三张表.xls", "图.png", "没有后缀")
    files = [tmp_path / name for name in ("图.png", "三张表.xls", "年报.docx", "没有后缀")]
    assert shown(collect(files)) == (["年报.docx", "没有后缀", "三张表.xls"], ["图.png"], [])


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["report.yaml", "正文.md"], "已经是报告目录"),
        (["年报.docx", "年报.pdf"], "里有 2 份文件：年报.docx、年报.pdf"),
        (["说明.rtf"], "里没有报告"),
    ],
)
def test_what_is_unclear_is_refused(tmp_path: Path, files: list[str], message: str) -> None:
    with pytest.raises(EnvironmentProblem, match=message):
        collect([folder_of(tmp_path, *files)])


def test_two_reports_are_not_put_together(tmp_path: Path) -> None:
    for sample in ("yunxi-market-2024", "qinghe-county-2023"):
        (data,) = check_folder(SAMPLES / sample).build(formats=["docx"]).files.values()
        (tmp_path / f"{sample}.docx").write_bytes(data)
    files = [tmp_path / "yunxi-market-2024.docx", tmp_path / "qinghe-county-2023.docx"]
    with pytest.raises(EnvironmentProblem, match=r"云溪市.*2024年度的报告，.*青禾县"):
        import_report(files, tmp_path / "合")
    assert not (tmp_path / "合").exists()


def test_one_report_in_two_formats_is_not_taken_twice(tmp_path: Path) -> None:
    built = check_folder(SAMPLES / "yunxi-market-2024").build(formats=["docx", "html"])
    for name, data in built.files.items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(EnvironmentProblem) as caught:
        import_report([tmp_path / name for name in built.files], tmp_path / "合")
    assert caught.value.hint == "一次导入一份：只写其中一个文件，和属于它的图片、工作簿"
