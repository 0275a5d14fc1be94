"""Tests of pictures in the outputs: one is in memory at a time, conversions are cached."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import ClassVar

import pytest

from reportgen.api import build_folder
from reportgen.cli import run
from reportgen.files import NO_CACHE, Cache
from reportgen.pictures import files as printable
from reportgen.pictures.files import PictureFile

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
