"""What goes out of the office says nothing about the machine, the author or the rest of a file."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from reportgen.api import Built, build_folder
from reportgen.published import read_file
from tests.trouble.machine import SMALL, copied

FORMATS = ("docx", "pdf", "ofd", "html", "json")
LINKS = {
    "javascript:alert(1)": False,
    "JavaScript:alert(1)": False,
    "file:///C:/Windows/System32/calc.exe": False,
    "smb://attacker/x": False,
    "ms-msdt:/id": False,
    "data:text/html,hello": False,
    "vbscript:hello": False,
    "ftp://example.cn/a": False,
    "//example.cn/a": False,
    "https:evil": False,
    "../../etc/passwd": False,
    "https://example.cn/a?b=1": True,
    "HTTP://example.cn/c": True,
    "mailto:a@example.cn": True,
    "tel:0551-1234567": True,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(SMALL, tmp_path)


def add(folder: Path, text: str) -> None:
    """Put *text* at the end of the narrative."""
    path = folder / "正文.md"
    path.write_text(path.read_text(encoding="utf-8") + f"\n\n{text}\n", encoding="utf-8")


def built(folder: Path, *, draft: bool = False) -> tuple[Built, dict[str, bytes]]:
    """Return what building *folder* gives, and each file whole, of a package its parts as well."""
    result = build_folder(folder, formats=FORMATS, draft=draft)
    files = {item.path.suffix[1:]: item.path.read_bytes() for item in result.written}
    return result, {kind: _unpacked(data) for kind, data in files.items()}


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return b"\n".join([data, *map(package.read, package.namelist())])


@pytest.mark.parametrize("link", LINKS)
def test_only_links_to_the_web_a_mail_box_or_a_telephone_go_out(folder: Path, link: str) -> None:
    add(folder, f"[这里]({link})")
    result, files = built(folder)
    told = any(item.slug == "markdown-unsupported" for item in result.diagnostics)
    assert told != LINKS[link]
    assert (b'<a href="' in files["html"]) == LINKS[link]
    assert (b"/URI (" in files["pdf"]) == LINKS[link]
    assert (b"<ofd:URI " in files["ofd"]) == LINKS[link]
    assert (b"relationships/hyperlink" in files["docx"]) == LINKS[link]
    if not LINKS[link]:
        assert not [kind for kind in ("docx", "pdf", "ofd", "html") if link.encode() in files[kind]]


@pytest.mark.parametrize(
    "expression",
    [
        "同比",
        "同比 ~ ''",
        "申请.本年新收 ~ ''",
        "[占比]|join",
        "[申请.本年新收]|join('、')",
        "同比|trim",
        "申请.items() ~ ''",
        "申请.get ~ ''",
        "[申请.items]|join",
        "单位.strip ~ ''",
        "[[1]]|join",
        "None ~ ''",
    ],
)
def test_what_is_no_text_and_no_number_is_not_printed(folder: Path, expression: str) -> None:
    add(folder, f"{{{{ {expression} }}}}")
    result, files = built(folder, draft=True)
    assert any(item.slug == "placeholder-failed" for item in result.diagnostics)
    shown = files["html"].decode()
    assert not re.search(
        r"0x[0-9a-f]{6}|<function|&lt;function|Names\(|dict_items|bound method", shown
    )


def test_texts_and_numbers_put_together_are_printed_as_they_are_alone(folder: Path) -> None:
    add(
        folder,
        "{{ 申请.本年新收.总计 ~ '件' }}，{{ [1, 2.50, 单位]|join('、') }}，{{ ' 甲 '|trim }}。",
    )
    result, files = built(folder)
    assert not any(item.slug == "placeholder-failed" for item in result.diagnostics)
    assert "8件，1、2.5、示例镇人民政府，甲。" in files["html"].decode()


def test_no_output_says_where_the_folder_lies(folder: Path, tmp_path: Path) -> None:
    previous = tmp_path / "去年"
    previous.mkdir()
    (previous / "report.yaml").write_text("单位: 甲\n年度: 2023\n", encoding="utf-8")
    data = folder / "report.yaml"
    data.write_text(data.read_text(encoding="utf-8") + "\n上年: ../去年\n坏: 1\n", encoding="utf-8")
    add(folder, "![图](images/没有.png)")
    result, files = built(folder, draft=True)
    slugs = {item.slug for item in result.diagnostics}
    assert {"previous-has-errors", "unknown-key", "picture-missing"} <= slugs
    for kind, content in files.items():
        assert str(tmp_path).encode() not in content, kind
        assert str(tmp_path).encode("utf-16-be") not in content, kind


def test_the_same_folder_elsewhere_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    add(folder, "![图](images/没有.png)")
    first = built(folder, draft=True)[1]
    folder.rename(tmp_path / "别处")
    assert built(tmp_path / "别处", draft=True)[1] == first


def _picture(kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((600, 300)).convert("RGB").save(buffer, kind, **options)
    return buffer.getvalue()


def segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes((marker,)) + (len(body) + 2).to_bytes(2, "big") + body


def _marked_jpeg() -> bytes:
    data = _picture("JPEG", icc_profile=b"MARK" * 20, comment=b"MARK")
    foreign = segment(0xE0, b"JFXX\0\x10MARK") + segment(0xEE, b"MARK") + segment(0xED, b"MARK")
    return data[:2] + foreign + data[2:] + b"MARK"


def _marked_png() -> bytes:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "MARK")
    info.add_itxt("Comment", "MARK", zip=False)
    return _picture("PNG", pnginfo=info, icc_profile=b"MARK" * 20) + b"MARK"


@pytest.mark.parametrize("data", [_marked_jpeg(), _marked_png()], ids=["jpeg", "png"])
def test_of_a_picture_only_the_picture_goes_out(folder: Path, data: bytes) -> None:
    (folder / "a.png").write_bytes(data)
    add(folder, "![图](a.png)")
    _, files = built(folder)
    assert "docx" in files
    assert not [kind for kind, content in files.items() if b"MARK" in content]
    written = next((folder / "output").glob("*.docx"))
    assert read_file(written)


def _damaged() -> dict[str, bytes]:
    from reportgen.pictures.formats import PngColour, make_png, png_header

    def png(packed: bytes, depth: int = 8, *more: tuple[bytes, bytes], colour: int = 2) -> bytes:
        head = png_header(500, 500, depth, PngColour(colour))
        return make_png(((b"IHDR", head), *more, (b"IDAT", packed), (b"IEND", b"")))

    import zlib

    rows = bytes(500 * 1501)
    jpeg = _picture("JPEG")
    scan = jpeg.index(b"\xff\xda")
    return {
        "garbage": png(b"garbage not zlib"),
        "no rows": png(b""),
        "too few rows": png(zlib.compress(rows[:-1501])),
        "a filter that is none": png(zlib.compress(b"\x09" + rows[1:])),
        "a depth that is none": png(zlib.compress(rows), 3),
        "a palette of nothing": png(zlib.compress(rows), 8, (b"PLTE", b""), colour=3),
        "a scan of garbage": jpeg[: scan + 14] + b"garbage" + b"\xff\xd9",
        "a scan of nothing": jpeg[: scan + 14] + b"\xff\xd9",
    }


@pytest.mark.parametrize("name", _damaged())
def test_a_damaged_picture_is_found_before_it_goes_out(folder: Path, name: str) -> None:
    (folder / "a.png").write_bytes(_damaged()[name])
    add(folder, "![图](a.png)")
    result, files = built(folder)
    assert [item.slug for item in result.diagnostics if item.severity.value == "error"] == [
        "picture-damaged"
    ]
    assert files == {}


def test_what_was_cut_off_a_picture_is_not_passed_on(folder: Path) -> None:
    import zlib

    from reportgen.pictures.formats import PngColour, make_png, png_header

    rows = zlib.compress(bytes(500 * 1501)) + b"MARK" * 50
    head = png_header(500, 500, 8, PngColour.RGB)
    (folder / "a.png").write_bytes(make_png(((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))))
    add(folder, "![图](a.png)")
    _, files = built(folder)
    assert files
    assert not [kind for kind, content in files.items() if b"MARK" in content]
