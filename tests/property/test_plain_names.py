"""Placeholders that are only names: looked up without Jinja2, they read as with it."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from reportgen.markdown.inline import escape_markdown
from reportgen.placeholders.engine import fill_in_names
from reportgen.placeholders.rendered import Names
from reportgen.placeholders.rendering import Rendering
from reportgen.source import SourceFile

NAMES = {
    "单位": "某市*某局*",
    "年度": 2024,
    "空": "",
    "内部": "一\ufdd0二",
    "行": "两\n行",
    "是": True,
    "无": None,
    "小数": Decimal("1.50"),
    "太大": 10**60,
    "非数": Decimal("nan"),
    "函数": len,
    "items": 1,
    "申请": {"本年新收": {"总计": 3, "自然 人": 2, "items": 4}, "（一）予以公开": 5},
}
PIECES = [
    *NAMES, "申请.本年新收.总计", "申请.本年新收.自然人", "申请.予以公开", "申请.items",
    "本年新收.items", "申请.无此项", "无此项", "none", "True", "not", "range", "同比",
    "self", "loop", "__out", "__names", "1", "²", "a.1", "年 度", "{", "{{", "}", "}}", "{%", "{#",
    "-", "|", "(", "\n", "\t", " ", "\u3000", "文字", "。",
]  # fmt: skip
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.sampled_from([p for p in PIECES if "{" not in p]).map(lambda name: f"{{{{ {name} }}}}"),
        st.sampled_from(list(NAMES)).map(lambda name: f"{{{{{name}}}}}"),
    ),
    max_size=8,
).map("".join)


@given(TEXTS)
@example("{{{ 年度 }}")
@example("{{ 年度 }}}{{空}}末")
@example("{{ 年度 -}} 末")
def test_a_name_looked_up_reads_as_jinja2_renders_it(text: str) -> None:
    source = SourceFile("正文.md", text)
    plain = fill_in_names(source, Names(NAMES), escape_markdown)
    if plain is not None and "{{" in text:
        assert ([], plain) == Rendering(source, Names(NAMES), escape_markdown).run()[::-1]


def test_names_of_every_depth_are_looked_up() -> None:
    text = "{{ 单位 }}{{年度}}年收到{{ 申请.本年新收.自然人 }}件"
    plain = fill_in_names(SourceFile("正文.md", text), Names(NAMES), str)
    assert plain is not None
    assert plain.text == "某市*某局*2024年收到2件"


def test_anything_but_a_name_that_is_there_is_left_to_jinja2() -> None:
    for text in (
        "{{ 年度 + 1 }}",
        "{{ 无此项 }}",
        "{% if 年度 %}{% endif %}",
        "{{ 无 }}",
        "{{ 申请 }}",
    ):
        assert fill_in_names(SourceFile("正文.md", text), Names(NAMES), str) is None
