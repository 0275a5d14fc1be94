"""Tests of pictures in the outputs: one is in memory at a time, conversions are cached."""

from __future__ import annotations

import shutil
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar
from zipfile import ZipFile

import pdfplumber
import pytest
from PIL import Image

from reportgen.api import build_folder
from reportgen.cli import run
from reportgen.compare import verify_files
from reportgen.files import NO_CACHE, Cache
from reportgen.pictures import PictureKind, conversion
from reportgen.pictures import files as printable
from reportgen.pictures.files import PictureFile
from tests.drawn import opened, page_of_text, photograph, saved

SAMPLE = Path(__file__).parents[1] / "samples" / "yunxi-market-2024"
PICTURE = "政府信息公开专栏.png"
KINDS = ("docx", "pdf", "html")
FAILED = 2


class Held(bytes):
    """The bytes of a picture; the class knows how many are in memory."""

    alive: ClassVar[int] = 0

    def __init__(self, _: bytes) -> None:
        Held.alive += 1

    def __del__(self) -> None:
        Held.alive -= 1


def built(out: Path, cache: Cache = NO_CACHE) -> dict[str, bytes]:
    """Return the files made of the sample, by their ends."""
    written = build_folder(SAMPLE, out, formats=KINDS, cache=cache).written
    return {item.path.suffix: item.path.read_bytes() for item in written}


def test_no_output_holds_two_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch, seen = PictureFile._bytes, []

    def watched(picture: PictureFile) -> bytes:
        assert Held.alive == 0
        seen.append(picture.path.name)
        return Held(fetch(picture))

    monkeypatch.setattr(PictureFile, "_bytes", watched)
    built(tmp_path)
    assert len(seen) == len(KINDS) * len(set(seen))
    assert PICTURE in seen
    assert Held.alive == 0


def test_what_was_kept_gives_the_same_files_and_spares_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh, cache = built(tmp_path), Cache(tmp_path / "cache")
    assert built(tmp_path, cache) == fresh
    for name in ("_look_at_pixels", "treat"):
        monkeypatch.setattr(printable, name, None)
    monkeypatch.setattr("reportgen.pictures.files.treat", None)
    assert built(tmp_path, cache) == fresh


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_taken_away_meanwhile_stops_the_build_in_one_line(
    tmp_path: Path,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder, out = tmp_path / "报告", tmp_path / "out"
    shutil.copytree(SAMPLE, folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    fetch = PictureFile._bytes

    def taken(picture: PictureFile) -> bytes:
        (folder / "images" / PICTURE).unlink(missing_ok=True)
        return fetch(picture)

    monkeypatch.setattr(PictureFile, "_bytes", taken)
    assert run(["build", str(folder), "-o", str(out), "--to", kind]) == FAILED
    shown = capsys.readouterr().err
    assert f"{PICTURE} 在生成过程中被改动或移走了" in shown
    assert "Traceback" not in shown
    assert list(out.iterdir()) == []


PHONE_MAKER = b"SECRETCAM"


def folder_with(tmp_path: Path, text: str, pictures: dict[str, bytes]) -> Path:
    """Return the sample with *pictures*, and *text* at the end of its narrative."""
    folder = tmp_path / "报告"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("output"))
    for name, data in pictures.items():
        (folder / "images" / name).write_bytes(data)
    narrative = folder / "正文.md"
    narrative.write_text(f"{narrative.read_text('utf-8')}\n{text}\n", "utf-8")
    return folder


def phone_photo(turn: int) -> bytes:
    """Return a photograph of 12 million pixels that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = PHONE_MAKER.decode()
    exif.get_ifd(0x8825)[1] = "N"
    picture = photograph(4000, 3000).rotate(90 * turn, expand=True)
    return saved(picture, "JPEG", quality=95, exif=exif)


def media(docx: Path) -> list[bytes]:
    """Return the pictures in *docx*."""
    with ZipFile(docx) as package:
        names = [name for name in package.namelist() if name.startswith("word/media/")]
        return [package.read(name) for name in names]


def test_photos_are_reduced_in_every_output_and_say_nothing_of_their_maker(tmp_path: Path) -> None:
    photos = {f"{turn}.jpg": phone_photo(turn) for turn in range(3)}
    text = "\n\n".join(f"![照片{name}](images/{name})" for name in photos)
    folder = folder_with(tmp_path, text, photos)
    built = build_folder(folder, tmp_path / "小", formats=KINDS)
    (note,) = built.notes
    assert note.startswith("3 张照片已缩到印刷用的大小（每英寸不少于 220 像素）")
    data = folder / "report.yaml"
    data.write_text(f"{data.read_text('utf-8')}\n图片: 原样\n", "utf-8")
    whole = build_folder(folder, tmp_path / "原样", formats=KINDS)
    assert whole.notes == ()
    for small, large in zip(built.written, whole.written, strict=True):
        assert small.path.stat().st_size < large.path.stat().st_size / 4
        for item in (small, large):
            written = item.path.read_bytes()
            assert PHONE_MAKER not in written
            assert b64encode(PHONE_MAKER)[2:-2] not in written
    for picture in (*media(built.written[0].path), *media(whole.written[0].path)):
        assert PHONE_MAKER not in picture
        assert not opened(picture).getexif()


def test_a_reduced_photo_and_a_part_are_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = {"0.jpg": phone_photo(0), "长.png": saved(page_of_text(800, 4000, 30))}
    text = "\n\n".join(f"![图{name}](images/{name})" for name in pictures)
    folder = folder_with(tmp_path, text, pictures)
    cache, out = Cache(tmp_path / "cache"), tmp_path / "out"
    made = []
    render = conversion.render

    def counted(data: bytes, kind: PictureKind, *rest: Any) -> bytes:
        made.append(kind)
        return render(data, kind, *rest)

    monkeypatch.setattr(conversion, "render", counted)
    for _ in range(2):
        build_folder(folder, out, formats=KINDS, cache=cache)
    assert sorted(made) == ["jpeg", "png", "png"]


def test_a_long_page_is_cut_on_pages_and_whole_on_the_web(tmp_path: Path) -> None:
    folder = folder_with(
        tmp_path, "![办事指南](images/长.png)", {"长.png": saved(page_of_text(1080, 6000, 44))}
    )
    docx, pdf, html = (item.path for item in build_folder(folder, tmp_path, formats=KINDS).written)
    assert sum(opened(data).size[0] == 1080 for data in media(docx)) == 2
    page = html.read_text("utf-8")
    assert page.count('alt="办事指南"') == 1
    assert "部分，共" not in page
    words = "办事指南（第 {} 部分，共 2 部分）"
    with ZipFile(docx) as package:
        body = package.read("word/document.xml").decode()
    for number in (1, 2):
        assert body.count(words.format(number)) == 1
    assert body.count(">办事指南<") == 1
    tree = figures_of(pdf)
    assert [alt for alt in tree if alt.startswith("办事指南")] == [
        words.format(1),
        words.format(2),
    ]


def test_a_long_page_in_a_file_is_the_one_of_the_folder(tmp_path: Path) -> None:
    pages = [saved(page_of_text(1080, 6000, size)) for size in (44, 60)]
    folder = folder_with(tmp_path, "![办事指南](images/长.png)", {"长.png": pages[0]})
    files = [item.path for item in build_folder(folder, tmp_path, formats=KINDS).written]
    assert all(one.is_equal for one in verify_files(files, folder))
    (folder / "images" / "长.png").write_bytes(pages[1])
    for one in verify_files(files, folder):
        assert {told.code for told in one.diagnostics} == {"V107"}


def figures_of(pdf: Path) -> list[str]:
    """Return the alternative texts of the figures in the structure tree of *pdf*."""
    with pdfplumber.open(pdf) as file:
        return list(_alternatives(file.structure_tree))


def _alternatives(elements: list[dict[str, Any]]) -> Iterator[str]:
    for element in elements:
        if element.get("type") == "Figure":
            yield element["alt_text"]
        yield from _alternatives(element.get("children", []))
