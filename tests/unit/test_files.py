"""Tests of reading files within bounds, writing them atomically, and the cache."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from reportgen import files
from reportgen.files import (
    INVENTORY,
    Cache,
    FileTooLargeError,
    added_folder,
    cannot_replace,
    content_key,
    file_digest,
    is_inside,
    is_plain_text,
    new_place,
    open_file,
    read_file,
    remove_leftovers,
    why_no_folder,
    write_whole,
)


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
    monkeypatch.setattr(files, "_MOST", 4)
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


def test_a_name_that_cannot_be_taken_leaves_no_file_behind(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    with pytest.raises(OSError):
        write_whole(tmp_path / "whole", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["whole"]


pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
devices = pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no /dev")


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_file(tmp_path / "a", 5) == b"12345"
    with open_file(tmp_path / "a") as stream:
        assert stream.read(2) == b"12"
    assert read_file(tmp_path / "a", 1_000) == b"12345"


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    for read in (read_file, file_digest):
        with pytest.raises(FileTooLargeError):
            read(tmp_path / "a", 4)


def test_a_file_of_holes_is_refused_without_reading_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "a").open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(FileTooLargeError):
        read_file(tmp_path / "a", 1_000)


class Growing(io.BytesIO):
    """A file that is longer than it says, as one that another program is writing to."""

    def fileno(self) -> int:
        """Return a file of three bytes."""
        return self._short.fileno()

    def __init__(self, short: BinaryIO, data: bytes) -> None:
        super().__init__(data)
        self._short = short


@pytest.mark.parametrize(("size", "is_read"), [(3, True), (10, True), (11, False), (5_000, False)])
def test_a_growing_file_is_read_up_to_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, is_read: bool
) -> None:
    (tmp_path / "a").write_bytes(b"123")
    with (tmp_path / "a").open("rb") as short:
        growing = Growing(short, bytes(size))
        monkeypatch.setattr(files, "open_file", lambda path: growing)
        if is_read:
            assert read_file(tmp_path / "a", 10) == bytes(size)
        else:
            with pytest.raises(FileTooLargeError):
                read_file(tmp_path / "a", 10)


@pipes
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")
    for read in (open_file, file_digest):
        with pytest.raises(OSError, match="No such device") as caught:
            read(tmp_path / "a")
        assert caught.value.errno == errno.ENXIO


@pipes
def test_a_pipe_put_in_place_of_a_file_is_refused_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").touch()
    before = (tmp_path / "a").stat()
    os.mkfifo(tmp_path / "b")
    monkeypatch.setattr(Path, "stat", lambda self: before)
    with pytest.raises(OSError, match="No such device"):
        open_file(tmp_path / "b")


@devices
def test_a_device_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("/dev/zero")
    with pytest.raises(OSError, match="No such device"):
        open_file(tmp_path / "a")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        open_file(tmp_path)


def test_leftovers_of_killed_runs_are_removed_and_those_of_running_ones_stay(
    tmp_path: Path,
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    ours = f".reportgen-{os.getpid()}-abc.tmp"
    gone = (f".reportgen-{ended.pid}-abc.tmp", ".reportgen-abc.tmp", ".reportgen-999999999-a.tmp")
    others = (".reportgen-9999999999-a.tmp", "报告.tmp", ".reportgen-.tmp", "a.reportgen-1-a.tmp")
    for name in (ours, *gone, *others):
        (tmp_path / name).touch()
    remove_leftovers(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {ours, *others}
    remove_leftovers(tmp_path / "没有")


def test_rights_that_a_file_system_does_not_know_are_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", refuse)
    write_whole(tmp_path / "a", b"1")
    assert (tmp_path / "a").read_bytes() == b"1"


@pytest.mark.skipif(sys.platform == "win32", reason="links")
def test_what_lies_inside_is_told_with_links_followed(tmp_path: Path) -> None:
    folder = tmp_path / "甲"
    folder.mkdir()
    (folder / "out").symlink_to("..")
    (folder / "in").symlink_to("out/甲")
    (folder / "loop").symlink_to("loop")
    assert is_inside(folder / "a", folder)
    assert is_inside(folder / "in" / "a", folder)
    assert not is_inside(folder / "out", folder)
    assert not is_inside(folder / "out" / "a", folder)
    assert not is_inside(folder / ".." / "乙", folder)
    assert not is_inside(folder / "loop" / "a", folder)
    assert not is_inside(folder / "\0", folder)


@pytest.mark.parametrize(
    ("number", "told"),
    [(errno.EACCES, "可能正被 Word、WPS"), (errno.ENOSPC, "磁盘已满"), (errno.EIO, "读写出错")],
)
def test_why_a_file_cannot_be_replaced_is_told(number: int, told: str) -> None:
    assert told in cannot_replace(Path("报告.docx"), OSError(number, "no")).message


def test_a_file_in_a_folder_that_may_not_be_written_is_not_said_to_be_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    problem = cannot_replace(Path("pictures/01.png"), PermissionError(errno.EACCES, "no"))
    assert "Word" not in problem.message
    assert "写入权限" in problem.hint


def test_a_folder_that_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    with new_place(tmp_path) as place:
        (place / "a").mkdir()
        (place / "a" / "b").write_bytes(b"x")
        remove_leftovers(tmp_path)
        assert place.is_dir()
    assert not list(tmp_path.iterdir())
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = tmp_path / f".reportgen-{dead.pid}-abc.tmp"
    (left / "a").mkdir(parents=True)
    (tmp_path / ".reportgen-1-link.tmp").symlink_to(tmp_path)
    remove_leftovers(tmp_path)
    assert not left.exists()
    assert tmp_path.is_dir()


@pytest.mark.skipif(sys.platform != "linux", reason="proc")
def test_what_a_killed_process_left_goes_before_anybody_has_taken_note_of_its_end(
    tmp_path: Path,
) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        left = tmp_path / f".reportgen-{process.pid}-abc.tmp"
        left.touch()
        remove_leftovers(tmp_path)
        assert left.exists()
        process.send_signal(signal.SIGKILL)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it stays as it is
        remove_leftovers(tmp_path)
        assert not left.exists()


def test_what_is_added_to_a_bundle_lies_beside_its_launcher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "python"))
    assert added_folder("fonts") == tmp_path / "python" / "share" / "reportgen" / "fonts"
    (tmp_path / INVENTORY).parent.mkdir()
    (tmp_path / INVENTORY).touch()
    assert added_folder("fonts") == tmp_path / "fonts"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("单位: 某局\n".encode(), True),
        ("单位：某局\r\n".encode("gb18030"), True),
        (("中" * 5000).encode(), True),  # its first bytes end inside a character
        (b"PK\x03\x04\x14\x00", False),
        (b"\xff\xfe\xff\xff", False),
        (b"", False),
    ],
)
def test_plain_text_is_known_by_its_beginning(data: bytes, expected: bool) -> None:
    assert is_plain_text(data) is expected


def test_what_stands_in_the_way_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("", encoding="utf-8")
    with pytest.raises(FileExistsError) as raised:
        (tmp_path / "output").mkdir()
    assert why_no_folder(tmp_path / "output", raised.value) == "这个名称已经是文件，不是目录"
    denied = PermissionError(13, "")
    assert why_no_folder(tmp_path / "new", denied) == "没有权限"
    assert why_no_folder(Path(os.devnull), denied) == "这个名称已经是设备，不是目录"
