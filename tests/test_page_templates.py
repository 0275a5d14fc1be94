"""Tests of page templates in a report folder, which override the shipped ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from reportgen.api import build_folder
from reportgen.files import resource_folder
from reportgen.problems import EnvironmentProblem

SAMPLE = Path(__file__).parents[1] / "samples" / "rare-characters-2024"
PAGE = (resource_folder("templates") / "page.html.j2").read_text(encoding="utf-8")
MAIN = "<main>\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "报告"))


def override(folder: Path, text: str, name: str = "page.html.j2") -> None:
    path = folder / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def page_of(folder: Path) -> str:
    (written,) = build_folder(folder, formats=("html",)).written
    return written.path.read_text(encoding="utf-8")


def refused(folder: Path, added: str) -> str:
    override(folder, PAGE.replace(MAIN, f"{MAIN}{added}"))
    with pytest.raises(EnvironmentProblem) as caught:
        build_folder(folder, formats=("html",))
    assert not list(folder.glob("output/*.html"))
    return caught.value.message


def test_a_page_of_the_folder_takes_the_place_of_the_shipped_one(folder: Path) -> None:
    usual = page_of(folder)
    override(folder, PAGE.replace(MAIN, f"{MAIN}<nav>{{{{ meta.author }}}}</nav>\n"))
    assert page_of(folder) == usual.replace(MAIN, f"{MAIN}<nav>示例镇人民政府</nav>\n")


def test_a_style_sheet_alone_can_be_replaced(folder: Path) -> None:
    override(
        folder,
        "{% for style in styles %}.{{ style.class }}{color:red}\n{% endfor %}",
        "page.css.j2",
    )
    page = page_of(folder)
    assert "<style>\n.s-title{color:red}\n" in page
    assert '<p class="s-body">' in page


def test_the_nearest_template_is_taken(folder: Path) -> None:
    override(folder, "每种报告的", "page.css.j2")
    override(folder, "这种报告的", "disclosure/page.css.j2")
    assert "<style>\n这种报告的</style>" in page_of(folder)
    override(folder, "这个版式的", "disclosure/2021/page.css.j2")
    assert "<style>\n这个版式的</style>" in page_of(folder)


def test_a_page_can_include_further_files_beside_it(folder: Path) -> None:
    override(folder, "<footer>{{ meta.date }}</footer>\n", "foot.html.j2")
    override(folder, PAGE.replace(MAIN, MAIN + '{% include "foot.html.j2" %}'))
    assert "<main>\n<footer>20" in page_of(folder)


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ("{{ ''.__class__ }}", "没有名为“__class__”"),
        ("{{ blocks.__class__ }}", "没有名为“__class__”"),
        ("{{ styles[0].size.hex() }}", "没有名为“hex”"),
        ("{% include '../../report.yaml' %}", "没有找到它引用的文件“../../report.yaml”"),
        ("{% include '/etc/passwd' %}", "没有找到它引用的文件“/etc/passwd”"),
        ("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", "已停止"),
        ("{% for a in range(9999) %}" + "长" * 9999 + "{% endfor %}", "已停止"),
        ("{{ styles }}", "不是文字或数字"),
        ("{{ loop_of ~ range }}", "没有名为“loop_of”"),
        ("{{ range ~ '' }}", "不是文字或数字"),
        ("{{ [range]|join }}", "不是文字或数字"),
        ("{{ range|trim }}", "写法不受支持"),
        ("{{ 缺 }}", "没有名为“缺”"),
        ("{% if %}", "写法有误"),
    ],
)
def test_a_wrong_template_is_refused_with_its_file_and_line(
    folder: Path, added: str, message: str
) -> None:
    line = PAGE[: PAGE.index(MAIN)].count("\n") + 2
    told = refused(folder, added)
    assert told.startswith(f"{folder / 'templates' / 'page.html.j2'}:{line} 模板有误：")
    assert message in told


def test_a_template_that_would_run_something_is_refused(folder: Path) -> None:
    assert "不能有“<script…”" in refused(folder, "<{{ 'script' }}>alert(1)</script>")


ROWS = "{{ table_rows(block.body) }}"
PARAGRAPH = (
    '<p class="{{ block.class }}{% if block.ragged %} ragged{% endif %}"'
    '{% if block.rtl %} dir="rtl"{% endif %}>'
)


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        (ROWS, "", "表“主动公开政府信息情况”"),
        (ROWS, f"<!-- {ROWS} -->", "表“主动公开政府信息情况”"),
        ("{{ text(item.runs) }}", "", "甲项；"),
        ("<img src=", "<span data-source=", "1 幅图片"),
        (f"{PARAGRAPH}{{{{ text(block.runs) }}}}", PARAGRAPH, "文字“根据《中华"),
        ("{% for block in blocks %}", "{% for block in blocks if false %}", " 等 "),
        ("<main>", "{% if false %}<main>", "标题“示例镇人民政府2024年"),
    ],
)
def test_a_page_that_leaves_something_out_is_refused(
    folder: Path, old: str, new: str, missing: str
) -> None:
    Image.new("RGB", (40, 30)).save(folder / "图.png")
    with (folder / "正文.md").open("a", encoding="utf-8") as stream:
        stream.write("\n- 甲项；\n- 乙项。\n\n![图](图.png)\n")
    assert old in PAGE
    page = PAGE.replace(old, new)
    override(folder, page.replace("</main>", "{% endif %}") if "{% if false" in new else page)
    with pytest.raises(EnvironmentProblem, match="没有印出") as caught:
        build_folder(folder, formats=("html",))
    assert missing in caught.value.message
    assert "page.html.j2" in caught.value.message
    assert not list(folder.glob("output/*.html"))


def test_a_page_may_show_more_than_the_report(folder: Path) -> None:
    heading = '{% if block.kind == "heading" %}{{ text(block.runs) }}{% endif %}'
    contents = f"{{% for block in blocks %}}{heading}{{% endfor %}}"
    rows = "<tr><td>第一行之前</td></tr>"
    override(folder, PAGE.replace(MAIN, MAIN + f"<nav>{contents}</nav>").replace(ROWS, rows + ROWS))
    assert page_of(folder).count("一、总体情况") > 1


def test_a_template_in_another_encoding_is_refused(folder: Path) -> None:
    override(folder, PAGE)
    (folder / "templates" / "page.css.j2").write_bytes("样式".encode("gb18030"))
    with pytest.raises(EnvironmentProblem, match=r"page\.css\.j2 不是 UTF-8 编码"):
        build_folder(folder, formats=("html",))


def test_a_report_is_checked_without_looking_at_the_page(folder: Path) -> None:
    override(folder, "{{ 缺 }}")
    assert build_folder(folder, formats=("json",)).written
