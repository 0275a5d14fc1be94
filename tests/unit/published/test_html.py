"""What saved web pages show, whatever their markup."""

from __future__ import annotations

import base64
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from reportgen.published import read_bytes
from reportgen.published.found import FoundFile, FoundParagraph, FoundPicture
from reportgen.published.html import MAX_NODES, read_html
from tests.unit.published.blocks import shown

NUMBERS = "<table><tr><td>规章<td>1<td>2</tr><tr><td>罚<td>3<td>4</tr><tr><td>强<td>5<td>6</table>"
PIXEL = base64.b64encode(b"\x89PNG pixel").decode()


def page(body: str, folder: Path | None = None) -> FoundFile:
    return read_html(f"<html><body>{body}".encode(), "年报.html", folder)


@pytest.mark.parametrize(
    "markup",
    [
        "<table><tr><td>规章<td>1<td>2<tr><td>罚<td>3<td>4</table>",
        "<table><td>规章<td>1<td>2<tr><td>罚<td>3<td>4</table>",
        "<table><tbody><tr><div><td>规章</td><td>1</td></div><td>2</td></tr>"
        "<tr><td>罚</td><td>3</td><td>4</td></tr>",
        "<table><tr><th><p>规</p><p>章</p></th><td>1<br></td><td><span>2</span></td></tr>"
        "<tr><th>罚<td>3<td>4",
    ],
)
def test_rows_and_cells_are_repaired_as_browsers_do(markup: str) -> None:
    assert shown(page(markup)) == ["规章|1|2", "罚|3|4"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("12<sup>1</sup>", "12¹"),
        ("12<sub>1</sub>", "12₁"),
        ("<del>5</del>6", "6"),
        ("<s>5</s><ins>6</ins>", "6"),
        ("<span style='text-decoration:underline line-through'>5</span>6", "6"),
        ("<span style='font-size:0'>5</span>6", "6"),
        ("<span style='font-size:0.9em'>5</span>6", "56"),
        ("<input value=6>", "6"),
        ("<input type=hidden value=5>6", "6"),
        ("<input type=button value=5>6", "6"),
    ],
)
def test_a_cell_holds_what_is_seen_in_it(markup: str, text: str) -> None:
    rows = f"<tr><td>规章<td>{markup}</td><td>1</td></tr><tr><td>罚<td>2<td>3</tr>"
    assert shown(page(f"<table>{rows}</table>")) == [f"规章|{text}|1", "罚|2|3"]


def test_tabs_that_a_script_shows_are_read_and_copies_are_not() -> None:
    other = NUMBERS.replace("<td>1", "<td>7")
    hidden = "<div style='display:none'>{}</div>"
    assert shown(page(NUMBERS + hidden.format(NUMBERS))) == ["规章|1|2", "罚|3|4", "强|5|6"]
    assert shown(page(NUMBERS + hidden.format(f"<p>正文</p>{other}"))) == [
        "规章|1|2", "罚|3|4", "强|5|6", "正文", "规章|7|2", "罚|3|4", "强|5|6",
    ]  # fmt: skip


def test_a_table_that_frames_the_page_vanishes_and_leaves_its_text() -> None:
    article = "<p>正文第一段。</p>" + NUMBERS + "<p>正文第二段。</p>"
    found = page(f"<table><tr><td>首页</td><td>{article}</td></tr></table>")
    lines = ["首页", "正文第一段。", "规章|1|2", "罚|3|4", "强|5|6", "正文第二段。"]
    assert shown(found) == lines


def test_a_table_within_a_cell_of_numbers_is_a_table_of_its_own() -> None:
    inner = "<table><tr><td>内<td>9</table>"
    found = page(f"<table><tr><td>规章<td>1<td>2<td>{inner}<tr><td>罚<td>3<td>4<td>5</table>")
    assert shown(found) == ["规章|1|2|", "罚|3|4|5", "内|9"]


def test_lines_in_a_label_are_one_word_and_lines_of_numbers_are_not_one_number() -> None:
    found = page("<table><tr><td>本年新<br>制作数量<td>3<br>5<tr><td>甲<td>1</table>")
    assert shown(found) == ["本年新制作数量|3 5", "甲|1"]


def test_what_a_browser_does_not_show_is_left_out() -> None:
    hidden = (
        "<script>var a</script><nav>导航</nav><p style='display: none'>暗</p>"
        "<p hidden>暗</p><span class='sr-only'>暗</span><select><option>暗</select>"
    )
    assert shown(page(hidden + "<p>明</p>")) == ["明"]


def test_a_line_break_parts_paragraphs_but_not_titles() -> None:
    found = page("<h1>某局<br>2024年年度报告</h1><p>一、总体情况<br>　　全年公开。</p>")
    assert shown(found) == ["# 某局2024年年度报告", "一、总体情况", "全年公开。"]


def test_bold_is_told_from_tags_and_from_styles() -> None:
    found = page("<p>甲<b>乙</b><span style='font-weight: 700'>丙</span><strong>丁</strong>戊</p>")
    (block,) = found.blocks
    assert isinstance(block, FoundParagraph)
    assert [(run.text, run.bold) for run in block.runs] == [
        ("甲", False),
        ("乙丙丁", True),
        ("戊", False),
    ]


def test_pictures_come_from_the_page_and_from_its_own_folder_alone(tmp_path: Path) -> None:
    folder = tmp_path / "年报_files"
    folder.mkdir()
    (folder / "b.png").write_bytes(b"beside")
    (tmp_path.parent / "secret.png").write_bytes(b"secret")
    markup = (
        f"<img src='data:image/png;base64,{PIXEL}' alt='图一'><img src='年报_files/b.png?v=1'>"
        "<img src='../secret.png'><img src='/etc/hostname'><img src='http://a.cn/c.jpg'>"
        "<img src='file:///etc/hostname'><img src='年报_files/b.png' width=16>"
    )
    found = page(markup, tmp_path)
    pictures = [block for block in found.blocks if isinstance(block, FoundPicture)]
    assert [(item.name, item.alt) for item in pictures[:2]] == [("图.png", "图一"), ("b.png", "")]
    assert [item.data for item in pictures] == [b"\x89PNG pixel", b"beside", b"", b"", b"", b""]


def test_pictures_inside_the_page_are_read_however_they_are_written() -> None:
    escaped = PIXEL.replace("=", "%3D")
    broken = f"{PIXEL[:6]}&#10;\n {PIXEL[6:]}"
    sources = (
        f"'data:image/png;base64,{PIXEL}'",
        f'"DATA:image/png;charset=utf-8;BASE64,{escaped}"',
        f'"data:image/png;base64,{broken}"',
        f"data:image/png;base64,{PIXEL}",
        "'data:image/png;base64,#7'",
        "'data:image/png;base64,A'",
    )
    found = page("".join(f"<p>{n}</p><img src={text}>" for n, text in enumerate(sources)))
    pictures = [block.data for block in found.blocks if isinstance(block, FoundPicture)]
    assert pictures[:4] == [b"\x89PNG pixel"] * 4
    assert [data[:4] for data in pictures[4:]] == [b"", b""]
    unclosed = page(f"<p>甲</p><img src='data:image/png;base64,{PIXEL}><p>乙</p>")
    assert shown(unclosed)[0] == "甲"


def archive(html: str, charset: str = "utf-8") -> bytes:
    """Return *html* as browsers save it with a picture in one file."""
    page = MIMEText(html, "html", charset)
    page["Content-Location"] = "https://a.cn/年报.html"
    named, numbered = (MIMEImage(b"\x89PNG " + name, "png") for name in (b"a", b"b"))
    named["Content-Location"] = "https://a.cn/x/a.png?v=1"
    numbered["Content-ID"] = "<b@a>"
    whole = MIMEMultipart("related", type="text/html")
    whole["From"] = "<Saved by Blink>"
    whole["Subject"] = "=?utf-8?Q?=E5=B9=B4=E6=8A=A5?="
    for part in (page, named, numbered):
        whole.attach(part)
    return whole.as_bytes()


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
@pytest.mark.parametrize("suffix", [".mht", ".mhtml", ".doc", ""])
def test_a_page_saved_as_one_file_is_read_with_its_pictures(suffix: str, charset: str) -> None:
    images = "<img src='https://a.cn/x/a.png?v=1'><img src='cid:b@a'><img src='https://a.cn/c.png'>"
    html = f"<html><title>年报</title><body><p>一、总体情况</p>{NUMBERS}{images}"
    found = read_bytes(archive(html, charset), "年报", suffix)
    assert found.title == "年报"
    assert shown(found)[:2] == ["一、总体情况", *shown(page(NUMBERS))[:1]]
    pictures = [block for block in found.blocks if isinstance(block, FoundPicture)]
    assert [item.data for item in pictures] == [b"\x89PNG a", b"\x89PNG b", b""]


def test_an_archive_without_a_page_or_nested_too_deep_is_refused() -> None:
    with pytest.raises(ValueError, match="没有网页"):
        read_bytes(archive("").replace(b"text/html;", b"text/css;"), "年报.mht", ".mht")
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number)
        for number in range(5_000)
    )
    with pytest.raises(ValueError, match="嵌套过深"):
        read_bytes(deep, "年报.mht", ".mht")


def test_captions_stand_where_they_stood() -> None:
    found = page("<figure><img src='a.png' alt='甲'><figcaption>图 1 甲</figcaption></figure>")
    assert shown(found) == ["[a.png 甲]", "图注 图 1 甲"]


def test_the_part_around_the_tables_is_known_from_the_frame_of_the_page() -> None:
    article = f"<div id=zoom><p>一、总体情况</p>{NUMBERS}<p>完。</p></div>"
    found = page(f"<div>返回首页</div>{article}<p>备案号</p>")
    assert found.body is not None
    start, end = found.body
    assert shown(found)[0] == "返回首页"
    assert [type(block).__name__ for block in found.blocks[start:end]] == [
        "FoundParagraph",
        "FoundTable",
        "FoundParagraph",
    ]
    assert end == len(found.blocks) - 1


@pytest.mark.parametrize(
    "data",
    [
        '<meta charset="gb2312"><p>规章〇</p>'.encode("gb18030"),
        "<p>规章〇</p>".encode("gb18030"),
        "<p>规章〇</p>".encode("utf-16"),
        "<meta charset=hex><p>规章〇</p>".encode(),
    ],
)
def test_any_encoding_is_read(data: bytes) -> None:
    assert shown(read_html(data, "a.html")) == ["规章〇"]


def test_a_cell_keeps_the_name_that_our_own_page_gives_it() -> None:
    found = page("<table><tr><th>规章<td data-cell='甲/乙'>1</table>")
    assert [cell.name for cell in next(found.tables).rows[0]] == ["", "甲/乙"]


@pytest.mark.parametrize(
    "body",
    ["<div>" * 5_000, "<table><tr><td>" * 5_000, "<span><div></span>" * 5_000, "<b>x" * MAX_NODES],
)
def test_a_page_that_nests_or_holds_too_much_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match="不像一份年度报告"):
        page(body)


def test_many_elements_one_after_the_other_are_no_depth() -> None:
    body = "<p>甲<br><li>乙<font color=red>丙<b>丁</font></b>" * 500
    assert len(page(body).blocks) >= 1000


def test_items_of_a_list_keep_their_numbers() -> None:
    found = page(
        "<ol start=3><li>甲<li><p>乙<p>续</p><li value=7>丙</ol>"
        '<ul><li>丁</ul><ol><li value="2"><span>2.</span>戊</li></ol>'
    )
    assert shown(found) == ["3. 甲", "4. 乙", "续", "7. 丙", "• 丁", "2. 戊"]


def test_raised_text_without_raised_characters_is_told() -> None:
    found = page("<p>公开10<sup>2</sup>件，某某<sup>TM</sup>系统。</p>")
    assert found.flattened == ("TM",)


@pytest.mark.parametrize("tag", ["del", "s", "strike", "span style='text-decoration:line-through'"])
def test_text_struck_through_is_left_out_and_told(tag: str) -> None:
    found = page(f"<p>公开<{tag}>24<b>件</b></{tag.split()[0]}>25件。</p>")
    assert shown(found) == ["公开25件。"]
    assert found.struck == ("24件",)
