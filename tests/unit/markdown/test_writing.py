"""A narrative written as Markdown reads back as it was."""

from __future__ import annotations

import pytest

from reportgen.markdown.writing import write_narrative
from reportgen.model.report import Narrative, NarrativeParagraph
from reportgen.text import Run, plain_text
from tests.unit.markdown.reading import read


@pytest.mark.parametrize(
    "text",
    [
        "本机关2024年主动公开信息30条。",
        "# 一、总体情况\n\n正文。\n\n## （一）主动公开\n\n更多。",
        "# 总体情况",
        "- 甲\n- 乙\n\n1. 丙\n2. 丁",
        "甲**加粗**乙*倾斜*丙",
        "见[专栏](https://example.gov.cn/a_(1))。",
        "| 项 | 数 |\n| --- | ---: |\n| 甲 | 1 |\n{横排}",
        "![网站截图](images/甲 乙.png){宽=80%}",
        "字面的\\*星号\\*、\\{\\{ 申请 \\}\\}与\\[方括号\\]",
    ],
)
def test_what_was_read_is_written_and_read_again(text: str) -> None:
    narrative, found = read(text)
    assert found == []
    again, found = read(write_narrative(narrative))
    assert found == []
    assert again == narrative


@pytest.mark.parametrize(
    "text",
    [
        "# 不是标题",
        "1. 不是列表",
        "> 不是引文",
        "| 不是表格 |",
        "{{ 申请 }}",
        "<!-- 不是注释 -->",
        "甲\\",
    ],
)
def test_text_that_looks_like_markdown_stays_text(text: str) -> None:
    narrative = Narrative((NarrativeParagraph((Run(text),)),))
    again, found = read(write_narrative(narrative))
    assert found == []
    (paragraph,) = again.opening
    assert isinstance(paragraph, NarrativeParagraph)
    assert plain_text(paragraph.runs) == text


def test_two_lists_one_after_the_other_stay_two() -> None:
    narrative, _ = read("- 甲\n\n* 乙")
    assert len(narrative.opening) == 2
    assert read(write_narrative(narrative))[0] == narrative
