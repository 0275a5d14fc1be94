"""The cache: what it gives back, and that it may fail in any way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reportgen import files as module
from reportgen.files import Cache, content_key


def test_what_was_put_comes_back(tmp_path: Path) -> None:
    Cache(tmp_path).put("pictures", "a1", b"one\ntwo")
    assert Cache(tmp_path).get("pictures", "a1") == b"one\ntwo"


def test_kinds_do_not_meet(tmp_path: Path) -> None:
    Cache(tmp_path).put("pictures", "a1", b"one")
    assert Cache(tmp_path).get("forms", "a1") is None


def test_without_a_folder_nothing_is_kept() -> None:
    cache = Cache()
    cache.put("pictures", "a1", b"one")
    assert cache.get("pictures", "a1") is None


@pytest.mark.parametrize("times", [0, 2])
def test_a_damaged_result_is_no_result(tmp_path: Path, times: int) -> None:
    Cache(tmp_path).put("pictures", "a1", b"one")
    path = tmp_path / "pictures" / "a1"
    path.write_bytes(path.read_bytes() * times)
    assert Cache(tmp_path).get("pictures", "a1") is None


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    cache = Cache(tmp_path / "file")
    cache.put("pictures", "a1", b"one")
    assert cache.get("pictures", "a1") is None


def test_the_older_half_goes_when_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST", 4)
    cache = Cache(tmp_path)
    for number in range(4):
        cache.put("pictures", str(number), b"one")
        os.utime(tmp_path / "pictures" / str(number), (number, number))
    cache.put("pictures", "4", b"one")
    assert sorted(path.name for path in (tmp_path / "pictures").iterdir()) == ["2", "3", "4"]


def test_caches_of_one_folder_are_one_and_that_of_none_is_empty(tmp_path: Path) -> None:
    assert Cache(tmp_path) == Cache(tmp_path)
    assert hash(Cache(tmp_path)) == hash(Cache(tmp_path))
    assert Cache(tmp_path) != Cache()
    assert bool(Cache(tmp_path))
    assert not Cache()


def test_keys_tell_where_one_part_ends_and_the_next_begins() -> None:
    assert content_key(b"ab", b"c") != content_key(b"a", b"bc")
