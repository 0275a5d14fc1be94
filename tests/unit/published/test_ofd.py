"""Tests of the reader of OFD files: our own, those of other programs, and hostile ones."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from reportgen.api import build_folder
from reportgen.published import FoundFile, read_bytes
from reportgen.published.found import FoundParagraph, FoundPicture, FoundTable
from reportgen.published.ofd_package import MAX_OBJECTS
from tests.drawn import page_of_text, saved

SAMPLE = Path(__file__).parents[3] / "samples" / "yunxi-market-2024"
HEAD = 'xmlns:ofd="http://www.ofdspec.org/2016"'
ENTRY = (
    f'<ofd:OFD {HEAD} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
    "<ofd:Title>年度报告</ofd:Title></ofd:DocInfo>"
    "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
)
BOX = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
CONTENT = "Doc_0/Pages/Page_0/Content.xml"


def document(common: str = "", more: str = "", count: int = 1) -> str:
    """Return ``Document.xml`` with *count* pages, all of them the same part."""
    page = '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
    return (
        f"<ofd:Document {HEAD}><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID>{BOX}{common}"
        f"</ofd:CommonData><ofd:Pages>{page * count}</ofd:Pages>{more}</ofd:Document>"
    )


def page(*objects: str, before: str = "") -> str:
    shown = "".join(objects)
    return (
        f'<ofd:Page {HEAD}>{before}<ofd:Content><ofd:Layer ID="2">{shown}</ofd:Layer>'
        "</ofd:Content></ofd:Page>"
    )


def text(
    shown: str, y: float = 50, delta: str = "g 99 5", more: str = "", box: str = "20 0 170 297"
) -> str:
    """Return a text object whose base line is *y* mm below its boundary."""
    code = f'<ofd:TextCode X="0" Y="{y}" DeltaX="{delta}">{shown}</ofd:TextCode>'
    return (
        f'<ofd:TextObject ID="3" Font="4" Size="5" Boundary="{box}" {more}>{code}</ofd:TextObject>'
    )


def rule(x0: float, y0: float, x1: float, y1: float) -> str:
    return (
        '<ofd:PathObject ID="5" Boundary="0 0 210 297">'
        f"<ofd:AbbreviatedData>M {x0} {y0} L {x1} {y1}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def package(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return stream.getvalue()


def file_of(
    *objects: str,
    before: str = "",
    common: str = "",
    more: str = "",
    parts: dict[str, str | bytes] | None = None,
) -> bytes:
    made: dict[str, str | bytes] = {
        "OFD.xml": ENTRY,
        "Doc_0/Document.xml": document(common, more),
        CONTENT: page(*objects, before=before),
    }
    return package({**made, **(parts or {})})


def read(data: bytes) -> FoundFile:
    return read_bytes(data, "年报.ofd")


def paragraphs(data: bytes) -> list[str]:
    return [block.text for block in read(data).blocks if isinstance(block, FoundParagraph)]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    out = tmp_path_factory.mktemp("ofd")
    (written,) = build_folder(SAMPLE, out, formats=("ofd",), attach="data").written
    return written.path.read_bytes()


def test_our_own_file_has_its_title_tables_and_pictures(own: bytes) -> None:
    found = read(own)
    assert found.title == "云溪市市场监督管理局2024年政府信息公开工作年度报告"
    # Table two has four parts, table three goes on over a page.
    assert sum(isinstance(block, FoundTable) for block in found.blocks) >= 3
    pictures = [block for block in found.blocks if isinstance(block, FoundPicture)]
    assert pictures
    assert all(picture.data.startswith((b"\x89PNG", b"\xff\xd8")) for picture in pictures)


def test_the_data_that_our_own_file_carries_are_read_exactly(own: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(own)) as opened:
        data = json.loads(opened.read("Doc_0/Attachs/attachment_1.json"))
    attached = read(own).attached
    assert attached is not None
    assert attached.stated["单位"] == (data["单位"],)


def test_lines_become_paragraphs_and_pages_are_numbered() -> None:
    line = "全年受理申请三件" * 4
    data = file_of(text(line, 50), text("都已经办结", 60), text("　　另起一段", 70))
    assert paragraphs(data) == [line + "都已经办结", "另起一段"]


def test_a_table_is_read_by_its_rules() -> None:
    rules = [rule(20, y, 120, y) for y in (40, 50, 60)] + [
        rule(x, 40, x, 60) for x in (20, 70, 120)
    ]
    cells = [
        text("本年新收", box="25 0 40 297", y=47),
        text("12", box="80 0 40 297", y=47, delta="2.5"),
        text("上年结转", box="25 0 40 297", y=57),
        text("3", box="80 0 40 297", y=57),
    ]
    (table,) = read(file_of(*rules, *cells)).blocks
    assert isinstance(table, FoundTable)
    shown = [[cell.text for cell in row] for row in table.rows]
    assert shown == [["本年新收", "12"], ["上年结转", "3"]]


@pytest.mark.parametrize(
    ("delta", "shown"),
    [
        ("5 5 5", "甲乙丙丁"),
        ("g 3 5", "甲乙丙丁"),
        ("5 g 2 5", "甲乙丙丁"),
        ("g 999999 5", "甲乙丙丁"),
        ("", "甲乙丙丁"),  # then each is as wide as its character
    ],
)
def test_distances_may_be_repeated_or_missing(delta: str, shown: str) -> None:
    assert paragraphs(file_of(text(shown, delta=delta))) == [shown]


def test_digits_that_stand_apart_are_not_one_number() -> None:
    assert paragraphs(file_of(text("1234", delta="2.5 2.5 30"))) != ["1234"]
    assert paragraphs(file_of(text("1234", delta="2.5 2.5 2.5"))) == ["1234"]


def test_positions_go_through_all_transformations() -> None:
    doubled = 'CTM="2 0 0 2 10 20"'
    below = text("在后", y=30, box="20 100 170 100")
    above = text("在前", y=10, more=doubled, delta="5", box="20 10 170 100")  # at 10 + 20 + 2·10
    assert "".join(paragraphs(file_of(below, above))) == "在前在后"


def test_text_in_templates_blocks_and_composite_objects_is_read() -> None:
    template = '<ofd:TemplatePage ID="7" BaseLoc="Tpls/T.xml"/>'
    unit = (
        f'<ofd:Res {HEAD} BaseLoc="Res"><ofd:CompositeGraphicUnits>'
        '<ofd:CompositeGraphicUnit ID="8" Width="9" Height="9"><ofd:Content>'
        f"{text('复合', 80)}</ofd:Content></ofd:CompositeGraphicUnit>"
        "</ofd:CompositeGraphicUnits></ofd:Res>"
    )
    data = file_of(
        f'<ofd:PageBlock ID="6">{text("成组", 60)}</ofd:PageBlock>',
        '<ofd:CompositeObject ID="9" ResourceID="8" Boundary="0 0 210 297"/>',
        before='<ofd:Template TemplateID="7"/>',
        common=f"<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>{template}",
        parts={"Doc_0/Tpls/T.xml": page(text("模板", 40)), "Doc_0/DocumentRes.xml": unit},
    )
    assert "".join(paragraphs(data)) == "模板成组复合"


@pytest.mark.parametrize(
    "hidden",
    [
        text("看不见", more='Visible="false"'),
        text("草稿", more='CTM="0.7071 -0.7071 0.7071 0.7071 0 0"'),
        f'<ofd:PageBlock ID="6" Visible="false">{text("看不见")}</ofd:PageBlock>',
    ],
)
def test_hidden_and_slanted_texts_are_left_out(hidden: str) -> None:
    assert paragraphs(file_of(hidden, text("看得见", 60))) == ["看得见"]


def test_a_chart_of_ours_is_read_as_what_it_says() -> None:
    named = rule(0, 0, 60, 0).replace("0 0 210 297", "20 90 60 9")
    named = named.replace("<ofd:PathObject", '<ofd:PathObject Name="申请：3 件"')
    block = f'<ofd:PageBlock ID="6">{named}{text("3", 95)}</ofd:PageBlock>'
    assert paragraphs(file_of(text("正文"), block)) == ["正文3"]  # of another program
    ours = ENTRY.replace("</ofd:DocInfo>", "<ofd:Creator>reportgen</ofd:Creator></ofd:DocInfo>")
    first, second = read(file_of(text("正文"), block, parts={"OFD.xml": ours})).blocks
    assert isinstance(first, FoundParagraph)
    assert first.text == "正文"
    assert isinstance(second, FoundPicture)
    assert (second.alt, second.data) == ("申请：3 件", b"")


@pytest.mark.parametrize("ctm", ["0 1 -1 0 100 0", "0 -1 1 0 100 200"])
def test_a_page_that_stands_on_end_is_turned(ctm: str) -> None:
    shown = "横排的页面立着放"
    assert paragraphs(file_of(text(shown, more=f'CTM="{ctm}"'))) == [shown]


@pytest.mark.parametrize("ctm", ["0 1 -1 0 {} 0", "0 -1 1 0 {} 200"])
@pytest.mark.parametrize(("across", "expected"), [(15, []), (90, ["—12—"])])
def test_a_page_number_on_end_in_the_margin_is_no_text(
    ctm: str, across: int, expected: list[str]
) -> None:
    turn = f'CTM="{ctm.format(across)}"'
    number = text("—12—", 0, "5 2.5 2.5", more=turn, box="0 0 210 297")
    found = paragraphs(file_of(text("正文在中间。", 150), number))
    assert sorted(found) == [*expected, "正文在中间。"]


def test_a_picture_has_its_bytes() -> None:
    png = saved(page_of_text(200, 100, 20))
    media = (
        f'<ofd:Res {HEAD} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="7" Type="Image">'
        "<ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    picture = '<ofd:ImageObject ID="6" ResourceID="7" Boundary="30 60 80 40" CTM="80 0 0 40 0 0"/>'
    data = file_of(
        text("文字"),
        picture,
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
        parts={"Doc_0/DocumentRes.xml": media, "Doc_0/Res/a.png": png},
    )
    (found,) = (block for block in read(data).blocks if isinstance(block, FoundPicture))
    assert found.data == png


def test_paths_of_other_programs_and_their_prefix_are_understood() -> None:
    parts = {
        "OFD.xml": ENTRY.replace("Doc_0/Document.xml", "/Doc_0\\Document.xml"),
        "Doc_0/Document.xml": document().replace(
            "Pages/Page_0/Content.xml", "/doc_0/pages/page_0/content.xml"
        ),
        CONTENT: page(text("文字"))
        .replace("ofd:", "")
        .replace("xmlns:ofd", "xmlns")
        .replace('xmlns:="', 'xmlns="'),
    }
    assert paragraphs(package(dict(parts))) == ["文字"]


def test_folders_in_the_package_do_not_matter() -> None:
    folders: dict[str, str | bytes] = {"Doc_0/": "", "Doc_0/Pages/": "", "Doc_0/Res/": ""}
    assert paragraphs(file_of(text("文字"), parts=folders)) == ["文字"]


def test_missing_resources_and_attachments_do_not_matter() -> None:
    data = file_of(
        text("文字"),
        '<ofd:ImageObject ID="6" ResourceID="7" Boundary="30 60 80 40" CTM="80 0 0 40 0 0"/>',
        before='<ofd:Template TemplateID="7"/>',
        common='<ofd:PublicRes>No.xml</ofd:PublicRes><ofd:TemplatePage ID="7" BaseLoc="No.xml"/>',
        more="<ofd:Attachments>No.xml</ofd:Attachments>",
    )
    assert paragraphs(data) == ["文字"]


@pytest.mark.parametrize(
    "parts",
    [
        {"OFD.xml": "<ofd"},
        {"OFD.xml": "<a/>"},
        {"OFD.xml": ENTRY.replace("Doc_0/", "Doc_1/")},
        {"Doc_0/Document.xml": document().replace("Page_0", "Page_7")},
        {"Doc_0/Document.xml": document().replace("0 0 210 297", "0 0 -210 297")},
        {"Doc_0/Document.xml": document().replace("0 0 210 297", "0 0 nan 297")},
        {CONTENT: b"\x93\x01encrypted"},
        {CONTENT: page(text("文字", box="0 0 x 9"))},
        {CONTENT: page(text("文字", box="0 0 1e300 9"))},
        {CONTENT: page(text("文字", more='CTM="1 0 0"'))},
        {CONTENT: page(text("文字", delta="g"))},
        {CONTENT: page(text("文字", delta="g 2"))},
        {CONTENT: page(text("文字", delta="g nan 5"))},
        {CONTENT: page(rule(0, 0, 9, 9).replace("L", "X"))},
        {CONTENT: page(rule(0, 0, 9, 9).replace("M 0 0", "M 0"))},
    ],
)
def test_a_damaged_file_is_refused(parts: dict[str, str | bytes]) -> None:
    with pytest.raises(ValueError, match="这个 OFD 已损坏或已加密，无法读取"):
        read(file_of(text("文字"), parts=parts))


def test_a_file_without_pages_is_refused() -> None:
    with pytest.raises(ValueError, match="没有一页"):
        read(file_of(parts={"Doc_0/Document.xml": document(count=0)}))


def test_glyphs_without_characters_are_told() -> None:
    with pytest.raises(ValueError, match="没有编码"):
        read(file_of(text("¤" * 9), text("页码", 90)))


def test_scans_are_told() -> None:
    media = (
        f'<ofd:Res {HEAD} BaseLoc="."><ofd:MultiMedias><ofd:MultiMedia ID="7" Type="Image">'
        "<ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    picture = (
        '<ofd:ImageObject ID="6" ResourceID="7" Boundary="0 0 210 297" CTM="210 0 0 297 0 0"/>'
    )
    data = file_of(
        picture,
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
        parts={"Doc_0/DocumentRes.xml": media, "Doc_0/a.png": saved(page_of_text(200, 100, 20))},
    )
    with pytest.raises(ValueError, match="扫描件"):
        read(data)


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("秘密", encoding="utf-8")
    kinds = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "展开">]>'
    data = file_of(parts={CONTENT: kinds + page(text("前&x;&y;", delta="5"), text("后", 60))})
    shown = "".join(paragraphs(data))
    assert "秘密" not in shown
    assert "展开" not in shown


def test_units_within_units_end() -> None:
    inner = '<ofd:CompositeObject ID="9" ResourceID="8" Boundary="0 0 9 9"/>' * 40
    unit = (
        f'<ofd:Res {HEAD} BaseLoc="Res"><ofd:CompositeGraphicUnits>'
        '<ofd:CompositeGraphicUnit ID="8" Width="9" Height="9"><ofd:Content>'
        f"{inner}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    )
    data = file_of(
        inner,
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
        parts={"Doc_0/DocumentRes.xml": unit},
    )
    with pytest.raises(ValueError, match="内容过于复杂"):
        read(data)


@pytest.mark.parametrize(
    "part",
    [
        page(text("字" * (MAX_OBJECTS + 1), delta="")),
        page("".join(["<ofd:PageBlock/>"] * (MAX_OBJECTS + 1))),
        page(rule(0, 0, 9, 9).replace("L 9 9", "L 9 9 " * (MAX_OBJECTS + 1))),
    ],
    ids=["characters", "objects", "segments"],
)
def test_more_than_a_report_has_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="不像一份年度报告"):
        read(file_of(parts={CONTENT: part}))


def test_pages_beyond_the_limit_are_refused() -> None:
    with pytest.raises(ValueError, match="不像一份年度报告"):
        read(file_of(text("字"), parts={"Doc_0/Document.xml": document(count=301)}))
