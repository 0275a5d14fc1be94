"""What a replaced template may print: a page with its policy, a fragment of harmless tags."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.api import build_folder
from reportgen.files import resource_folder
from reportgen.problems import EnvironmentProblem
from reportgen.writers.html.guard import guarded, safe_fragment
from tests.errors.gallery import BASE

SHIPPED = (resource_folder("templates") / "page.html.j2").read_text(encoding="utf-8")
OPENING = SHIPPED[SHIPPED.index("<!DOCTYPE") : SHIPPED.index('<meta name="viewport"')]


def page(*pieces: str) -> str:
    return "".join(guarded([OPENING, *pieces], "page.html.j2"))


def refused(*pieces: str) -> str:
    with pytest.raises(EnvironmentProblem) as caught:
        page(*pieces)
    return caught.value.message


def test_a_page_of_nothing_is_refused() -> None:
    for pieces in ([], [""], ["", "\n"]):
        with pytest.raises(EnvironmentProblem, match="网页开头"):
            list(guarded(pieces, "page.html.j2"))


def test_a_harmless_page_passes_unchanged() -> None:
    rest = ["<meta ", 'name="SiteName" content="某', '局">\n<p>&lt;script', "&gt;</p>\n", "尾"]
    assert page(*rest) == OPENING + "".join(rest)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<SCRIPT src=x>",
        '<link rel="dns-prefetch" href="//example.com">',
        '<meta http-equiv="refresh" content="0;url=https://example.com">',
        '<meta name="a" http-equiv="refresh" content="0">',
        "<meta\nhttp-equiv=refresh>",
        "<meta/http-equiv=refresh>",
        '<meta name="a" content="b" http-equiv="refresh">',
        '<base href="https://example.com">',
        "<iframe src=x>",
        "<object data=x>",
        '<form action="https://example.com">',
    ],
)
def test_a_tag_that_the_policy_does_not_reach_is_refused(text: str) -> None:
    assert refused(f"<p>文</p>\n{text}\n").startswith("page.html.j2 模板有误：网页里不能有“<")


def test_a_tag_in_pieces_is_refused_wherever_it_is_cut() -> None:
    tag = "<script>"
    for cut in range(1, len(tag)):
        refused("长" * 3000, tag[:cut], tag[cut:], "\n")
        refused("长" * 3000 + "\n", "长" * 3000 + tag[:cut], tag[cut:])


@pytest.mark.parametrize(
    "opening",
    [
        "",
        OPENING.replace("'none'", "*"),
        f"<p>{OPENING}",
        OPENING.replace("<head>", "<head><script>alert(1)</script>"),
        f"<!-- {OPENING}",
        OPENING.splitlines()[0],
    ],
)
def test_a_page_without_its_policy_at_the_head_is_refused(opening: str) -> None:
    with pytest.raises(EnvironmentProblem, match="开头的几行与随程序提供的不同"):
        list(guarded([opening, "<p>文</p>\n" * 300], "page.html.j2"))


def fragment(*pieces: str) -> str:
    return "".join(safe_fragment(pieces, "fragment.html.j2"))


@pytest.mark.parametrize(
    "text",
    [
        "<p>好<br>的 &lt;script&gt; 3 > 2</p>",
        '<h2 id="a" style="color:#000;background:linear-gradient(90deg,#fff,#0005)">一</h2>',
        '<a href="https://www.gov.cn/" title="首页">一</a><a href="#a">二</a>',
        '<div\n  role="region"\n  aria-label="表"><table><tr><td rowspan="2">1</td></tr></table>'
        "</div>",
        '<img src="data:image/png;base64,iVBORw0KGgo=" alt="图" width="40">',
        "<hr><hr/><hr />",
    ],
)
def test_a_fragment_of_text_tables_and_pictures_passes_unchanged(text: str) -> None:
    assert fragment(text) == text
    for cut in range(len(text)):
        assert fragment(text[:cut], text[cut:]) == text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src="https://example.com/a.png">',
        '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
        '<img src="data:image/png;base64,iVBO" onerror="alert(1)">',
        "<img src=data:image/png;base64,iVBO>",
        "<p onclick='alert(1)'>一</p>",
        '<p/onclick="alert(1)">一</p>',
        '<P ONCLICK="alert(1)">一</P>',
        '<a href="javascript:alert(1)">一</a>',
        '<a href="java&#115;cript:alert(1)">一</a>',
        '<a href="//example.com">一</a>',
        '<p style="background:URL(https://example.com)">一</p>',
        '<p style="background:u&#114;l(https://example.com)">一</p>',
        '<p style="background:u\\72l(https://example.com)">一</p>',
        '<p style="background:image-set(&#34;https://example.com&#34; 1x)">一</p>',
        '<p style="position:fixed">一</p>',
        "<style>p { color: red }</style>",
        "<svg></svg>",
        "<math></math>",
        "<iframe></iframe>",
        "<form></form>",
        "<input>",
        '<meta http-equiv="refresh" content="0">',
        "<!-- 一",
        "<!-- 一 -->",
        "<![CDATA[",
        "<?xml",
        "<textarea>",
        "<plaintext>",
        "</html>",
        "</div>",
        "<div>",
        "<p><b>一</p></b>",
        "<p",
        '<p title="',
        "3 < 2",
        "<",
    ],
)
def test_a_fragment_with_anything_else_is_refused_wherever_it_is_cut(text: str) -> None:
    for cut in range(len(text)):
        with pytest.raises(EnvironmentProblem, match="模板有误：片段里不能有“<"):
            fragment("<p>一</p>\n", text[:cut], text[cut:])


@pytest.mark.parametrize("more", ["", '<img src="https://example.com/a.png">'])
def test_the_fragment_of_a_folders_own_template_is_looked_at(tmp_path: Path, more: str) -> None:
    for name in ("report.yaml", "正文.md"):
        (tmp_path / name).write_bytes((BASE / name).read_bytes())
    shipped = (resource_folder("templates") / "fragment.html.j2").read_text(encoding="utf-8")
    (tmp_path / "templates").mkdir()
    own = tmp_path / "templates" / "fragment.html.j2"
    own.write_text(f"{shipped}<p>本站</p>\n{more}", encoding="utf-8")
    if not more:
        assert build_folder(tmp_path, formats=("html",), html_shape="fragment").written
        return
    with pytest.raises(EnvironmentProblem, match="片段里不能有“<img src="):
        build_folder(tmp_path, formats=("html",), html_shape="fragment")
