"""Ways of writing Markdown that are not supported are reported."""

from __future__ import annotations

import pytest

from tests.unit.markdown.reading import codes, read


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("公开100条［^1］。", "脚注"),
        ("公开100条[^1 2]。", "脚注"),
        ("甲~~删去的话~~乙", "删除线"),
        ("详见[专栏][zl]。", "另写一处"),
        ("详见[专栏][]。", "另写一处"),
        ("[zl]: https://example.gov.cn", "另写一处"),
        ("- [ ] 待办事项", "方框"),
        ("- [x] 办完的", "方框"),
        ("[专栏]（https://example.gov.cn）", "括号不是半角"),
        ("==重点==", "照原样"),
        ("[[另一页]]", "照原样"),
        ("面积3平方米^注^", "照原样"),
        ("第1~3~5项", "不是上标、下标"),
        ("x^th^", "不是上标、下标"),
        ("[参见](附件一)", "不是网址"),
        ("[参见](附件/一.docx)", "不是网址"),
        ("[专栏](www.example.gov.cn)", "不是网址"),
    ],
)
def test_markdown_that_is_not_supported_is_reported(text: str, wording: str) -> None:
    (found,) = read(text)[1]
    assert found.code == "N123"
    assert wording in found.message


@pytest.mark.parametrize(
    "text",
    [
        "![图][tu]",
        "![[images/p.png]]",
        "！【专栏】（images/甲.png）",
        "! [专栏](images/甲.png)",
        "【专栏】（images/甲.PNG）",
        "[专栏](images/甲.png)",
        "【图：images/甲.png】",
    ],
)
def test_what_was_meant_as_a_picture_is_reported(text: str) -> None:
    assert [code for code, *_ in codes(text)] == ["N112"]


@pytest.mark.parametrize(
    "text",
    [
        "| 项目 | 数量 |\n|——|——|\n| 甲 | 1 |",
        "｜ 项目 ｜ 数量 ｜\n｜ --- ｜ --- ｜\n｜ 乙 ｜ 2 ｜",
        "项目\t数量\n丙\t3",
        "项目\t数量\t比例\n丙\t3\t4",
        "项目│数量\n丙│3",
        "| 项目 | 数量 |\n| 甲 | 1 |",
        "| 甲 | 1 |",
        "+-----+-----+\n| 甲 | 乙 |\n+-----+-----+",
        "+-----+\n甲",
    ],
)
def test_what_was_meant_as_a_table_is_reported(text: str) -> None:
    assert [code for code, *_ in codes(text)] == ["N119"]


@pytest.mark.parametrize(
    "text",
    [
        "国办公开办函[2021]30号、川府发〔2024〕5号。",
        "申请~办理约20~30天，5~10件，3~5件。",
        "联系电话：0700-5551234\t传真：0700-5551235",
        "`[^1]` 与 `~~x~~`",
        "\\[^1\\]、\\~~甲\\~~",
        "[专栏](https://example.gov.cn/甲.png)",
        "甲！【注】（附件）"[:5],
        "局|办",
        "效率=质量，A==B",
    ],
)
def test_ordinary_text_is_not_taken_for_markdown(text: str) -> None:
    assert codes(text) == []
