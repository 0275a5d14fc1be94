"""Tests of validated pictures, which are read when they are used."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from reportgen.files import NO_CACHE, Cache
from reportgen.pictures import files as printable
from reportgen.pictures import parse_png
from reportgen.pictures.files import PictureFile, open_picture
from reportgen.pictures.formats import make_png
from reportgen.problems import EnvironmentProblem


def saved(path: Path, mode: str, colour: tuple[int, ...], **options: Any) -> Path:
    Image.new(mode, (30, 20), colour).save(path, **options)
    return path


def plain(folder: Path) -> Path:
    """Return a picture that needs no conversion."""
    return saved(folder / "图.png", "RGB", (1, 2, 3))


def described(folder: Path) -> Path:
    """Return a picture with metadata."""
    return saved(folder / "图.png", "RGB", (1, 2, 3), dpi=(96, 96))


def opaque(folder: Path) -> Path:
    """Return a picture with an opaque alpha channel."""
    return saved(folder / "图.png", "RGBA", (1, 2, 3, 255))


def see_through(folder: Path) -> Path:
    """Return a picture with transparent pixels."""
    return saved(folder / "图.png", "RGBA", (1, 2, 3, 4))


Maker = Callable[[Path], Path]
MAKERS = (plain, described, opaque, see_through)
READS = (PictureFile.read, PictureFile.read_opaque)


def alter(path: Path, data: bytes) -> None:
    """Write *data* to *path* without changing its modification time."""
    status = path.stat()
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_a_file_is_read_again_only_when_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = plain(tmp_path)
    before = open_picture(path, NO_CACHE)
    with monkeypatch.context() as patch:
        patch.setattr(printable, "read_file", lambda path, _: pytest.fail(f"{path} was read"))
        assert open_picture(path, NO_CACHE) == before
    saved(path, "RGB", (3, 2, 1), dpi=(96, 96))
    assert open_picture(path, NO_CACHE) != before


def test_a_picture_holds_nothing_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "图.bmp"
    Image.effect_noise((900, 900), 50).save(path)
    assert path.stat().st_size > 800_000
    assert len(repr(open_picture(path, NO_CACHE))) < 1_000


def test_the_digest_is_of_the_whole_file(tmp_path: Path) -> None:
    first = open_picture(plain(tmp_path), NO_CACHE)
    assert open_picture(plain(tmp_path), NO_CACHE).digest == first.digest
    assert open_picture(described(tmp_path), NO_CACHE).digest != first.digest


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("make", MAKERS)
def test_a_picture_changed_since_is_told(
    tmp_path: Path, make: Maker, read: Callable[[PictureFile], bytes]
) -> None:
    path = make(tmp_path)
    picture = open_picture(path, NO_CACHE)
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))
    with pytest.raises(EnvironmentProblem, match=r"图\.png 在生成过程中被改动") as caught:
        read(picture)
    assert caught.value.hint


def test_a_picture_gone_since_is_told(tmp_path: Path) -> None:
    path = plain(tmp_path)
    picture = open_picture(path, NO_CACHE)
    path.unlink()
    with pytest.raises(EnvironmentProblem, match="移走"):
        picture.read()


def test_a_picture_that_became_a_folder_is_told(tmp_path: Path) -> None:
    path = plain(tmp_path)
    picture = open_picture(path, NO_CACHE)
    path.unlink()
    path.mkdir()
    with pytest.raises(EnvironmentProblem, match=r"图\.png 无法读取：.+"):
        picture.read()


@pytest.mark.parametrize("make", [described, opaque, see_through])
def test_damage_that_left_no_trace_is_told_where_the_bytes_are_looked_at(
    tmp_path: Path, make: Maker
) -> None:
    path = make(tmp_path)
    picture = open_picture(path, NO_CACHE)
    alter(path, path.read_bytes()[:-20] + bytes(20))
    with pytest.raises(EnvironmentProblem, match="改动"):
        picture.read_opaque()


@pytest.mark.parametrize("make", [opaque, see_through])
def test_what_was_made_once_is_kept_and_the_same(tmp_path: Path, make: Maker) -> None:
    path, cache = make(tmp_path), Cache(tmp_path / "cache")
    fresh = open_picture(path, NO_CACHE).read_opaque()
    picture = open_picture(path, cache)
    assert picture.read_opaque() == fresh
    alter(path, path.read_bytes()[:-20] + bytes(20))
    assert picture.read_opaque() == fresh


def test_the_verdict_on_pixels_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path / "cache")
    first = [open_picture(make(tmp_path), cache).verdict for make in (opaque, see_through)]
    monkeypatch.setattr(printable, "_look_at_pixels", None)
    again = [open_picture(make(tmp_path), cache).verdict for make in (opaque, see_through)]
    assert again == first
    assert [verdict.see_through for verdict in again] == [False, True]


def test_other_code_makes_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path / "cache")
    open_picture(opaque(tmp_path), cache)
    monkeypatch.setattr(printable, "MAKER", b"another")
    monkeypatch.setattr(printable, "_look_at_pixels", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        open_picture(opaque(tmp_path), cache)


def test_only_the_verdict_is_kept_of_what_passes_as_it_is(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    for make in (plain, described):
        open_picture(make(tmp_path), cache).read_opaque()
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["picture-verdicts"]


def test_what_is_kept_needs_no_imaging_library(tmp_path: Path) -> None:
    path, cache = opaque(tmp_path), tmp_path / "cache"
    open_picture(path, Cache(cache)).read_opaque()
    program = (
        "import sys; from pathlib import Path; from reportgen.files import Cache; "
        "from reportgen.pictures.files import open_picture; "
        f"open_picture(Path({str(path)!r}), Cache(Path({str(cache)!r}))).read_opaque(); "
        "sys.exit('PIL' in sys.modules or 'zlib_ng' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    "kept",
    [b"", b"\xff\xfe", b"{}", b"null", b'{"kind":"gif","width":1,"height":1,"treatment":"nothing"}',
     b'{"kind":"png","width":-1,"height":20,"treatment":"convert"}'],
)  # fmt: skip
def test_a_damaged_verdict_is_dropped(tmp_path: Path, kept: bytes) -> None:
    path, cache = see_through(tmp_path), Cache(tmp_path / "cache")
    before = open_picture(path, cache)
    (file,) = (tmp_path / "cache" / "picture-verdicts").iterdir()
    cache.put("picture-verdicts", file.name, kept)
    printable._picture.cache_clear()
    assert open_picture(path, cache) == before
    printable._picture.cache_clear()
    assert open_picture(path, cache) == before


@pytest.mark.parametrize("kept", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_a_damaged_picture_is_made_again(tmp_path: Path, kept: bytes) -> None:
    path, cache = see_through(tmp_path), Cache(tmp_path / "cache")
    picture = open_picture(path, cache)
    before = picture.read()
    (file,) = (tmp_path / "cache" / "pictures").iterdir()
    cache.put("pictures", file.name, kept)
    assert picture.read() == before


@pytest.mark.parametrize("tail", [b"hidden", b"\0" * 100])
def test_what_lies_behind_the_pixels_is_not_passed_on(tmp_path: Path, tail: bytes) -> None:
    for make in (plain, opaque):
        path = make(tmp_path)
        file = parse_png(path.read_bytes())
        packed = b"".join(file.packed) + tail
        chunks = [(name, body) for name, body in file.chunks if name == b"IHDR"]
        path.write_bytes(make_png([*chunks, (b"IDAT", packed), (b"IEND", b"")]))
        picture = open_picture(path, NO_CACHE)
        assert tail not in picture.read() + picture.read_opaque()
