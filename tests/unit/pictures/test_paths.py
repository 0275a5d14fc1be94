"""Tests of pictures given as bytes: they are found and validated like files."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import pytest
from PIL import Image

from reportgen.files import NO_CACHE
from reportgen.pictures import Damaged, GivenPictures, PictureFolder, TooLarge
from reportgen.pictures.files import MAX_BYTES


def saved(kind: str = "PNG", mode: str = "RGB") -> bytes:
    stream = io.BytesIO()
    Image.new(mode, (30, 20)).save(stream, kind)
    return stream.getvalue()


@pytest.mark.parametrize(
    "target",
    [
        "images/é.png",
        "./images/é.png",
        "images//é.png",
        unicodedata.normalize("NFD", "images/é.png"),
    ],
)
def test_a_picture_is_found_by_its_name(target: str) -> None:
    located = GivenPictures({"images/é.png": saved()}).locate(target)
    assert located.path == Path("images/é.png")


@pytest.mark.parametrize(
    ("target", "trouble"),
    [
        ("images/b.png", "missing"),
        ("images/A.png", "missing"),
        ("", "missing"),
        ("../a.png", "missing"),
        ("https://a.example/a.png", "url"),
        ("/images/a.png", "absolute"),
        ("C:/a.png", "absolute"),
    ],
)
def test_what_was_not_given_is_not_found(target: str, trouble: str) -> None:
    located = GivenPictures({"images/a.png": saved()}).locate(target)
    assert (located.path, located.trouble) == (None, trouble)


def test_the_nearest_name_is_suggested() -> None:
    pictures = GivenPictures({"images/专栏.png": b"", "images/公示.png": b""})
    assert pictures.suggestion("专栏.png") == "images/专栏.png"
    assert pictures.suggestion("专栏.jpg") == "images/专栏.png"
    assert not pictures.suggestion("x")


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("BMP", "RGB")])
def test_bytes_are_judged_and_made_printable_like_a_file(
    kind: str, mode: str, tmp_path: Path
) -> None:
    data = saved(kind, mode)
    (tmp_path / "a").write_bytes(data)
    given = GivenPictures({"a": data}).open(Path("a"), NO_CACHE)
    file = PictureFolder(tmp_path).open(tmp_path / "a", NO_CACHE)
    assert (given.digest, given.verdict) == (file.digest, file.verdict)
    assert given.read() == file.read()
    assert given.read_opaque() == file.read_opaque()


def test_bytes_that_are_no_picture_are_refused() -> None:
    with pytest.raises(Damaged):
        GivenPictures({"a": b"x"}).open(Path("a"), NO_CACHE)
    with pytest.raises(TooLarge):
        GivenPictures({"a": bytes(MAX_BYTES + 1)}).open(Path("a"), NO_CACHE)


def test_a_given_picture_does_not_show_its_bytes() -> None:
    assert len(repr(GivenPictures({"a": saved()}).open(Path("a"), NO_CACHE))) < 300
