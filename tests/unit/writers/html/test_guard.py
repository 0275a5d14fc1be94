"""No template can make a page that runs, loads or opens something by itself."""

from __future__ import annotations

import pytest

from reportgen.files import resource_folder
from reportgen.problems import EnvironmentProblem
from reportgen.writers.html.page import guarded

SHIPPED = (resource_folder("templates") / "page.html.j2").read_text(encoding="utf-8")
OPENING = SHIPPED[SHIPPED.index("<!DOCTYPE") : SHIPPED.index('<meta name="viewport"')]


def page(*pieces: str) -> str:
    return "".join(guarded([OPENING, *pieces], "page.html.j2"))


def refused(*pieces: str) -> str:
    with pytest.raises(EnvironmentProblem) as caught:
        page(*pieces)
    return caught.value.message


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
