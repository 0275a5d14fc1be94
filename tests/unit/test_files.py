"""Tests of writing files atomically, keeping hand-edited files, and the cache."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import BinaryIO

import pytest

from reportgen import files
from reportgen.files import (
    MAX_NAME_BYTES,
    RECORD_FILE,
    Cache,
    FileTooLargeError,
    FileWriter,
    Written,
    cannot_replace,
    content_key,
    file_digest,
    is_inside,
    open_file,
    read_file,
    remove_leftovers,
    safe_name,
    write_files,
    write_whole,
)
from reportgen.problems import EnvironmentProblem


def holding(data: bytes) -> FileWriter:
    """Return a writer of *data* that writes the second half first."""

    def write(stream: BinaryIO) -> None:
        stream.write(bytes(len(data[:1])) + data[1:])
        stream.seek(0)
        stream.write(data[:1])

    return write


def failing(error: BaseException) -> FileWriter:
    """Return a writer that writes a few bytes and raises *error*."""

    def write(stream: BinaryIO) -> None:
        stream.write(b"begun")
        raise error

    return write


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != RECORD_FILE)


def test_files_are_written_and_the_folder_made(tmp_path: Path) -> None:
    folder = tmp_path / "深" / "output"
    written = write_files(folder, {"报告.docx": holding(b"1"), "报告.pdf": holding(b"2")})
    assert written == [Written(folder / "报告.docx"), Written(folder / "报告.pdf")]
    assert (folder / "报告.docx").read_bytes() == b"1"
    assert names(folder) == ["报告.docx", "报告.pdf"]


def test_unedited_file_is_replaced_silently(tmp_path: Path) -> None:
    write_files(tmp_path, {"报告.docx": holding(b"1")})
    assert write_files(tmp_path, {"报告.docx": holding(b"2")}) == [Written(tmp_path / "报告.docx")]
    assert names(tmp_path) == ["报告.docx"]


def test_hand_edited_docx_is_kept_and_told(tmp_path: Path) -> None:
    write_files(tmp_path, {"报告.docx": holding(b"1")})
    (tmp_path / "报告.docx").write_bytes(b"edited")
    (written,) = write_files(tmp_path, {"报告.docx": holding(b"2")})
    assert written.backup == tmp_path / "报告.bak-1.docx"
    assert written.backup.read_bytes() == b"edited"
    assert (tmp_path / "报告.docx").read_bytes() == b"2"


def test_every_edited_docx_is_kept_under_its_own_number(tmp_path: Path) -> None:
    for edit in (b"a", b"b"):
        write_files(tmp_path, {"报告.docx": holding(b"new" + edit)})
        (tmp_path / "报告.docx").write_bytes(edit)
    write_files(tmp_path, {"报告.docx": holding(b"3")})
    assert names(tmp_path) == ["报告.bak-1.docx", "报告.bak-2.docx", "报告.docx"]
    assert (tmp_path / "报告.bak-1.docx").read_bytes() == b"a"
    assert (tmp_path / "报告.bak-2.docx").read_bytes() == b"b"


def test_docx_of_unknown_origin_is_kept(tmp_path: Path) -> None:
    (tmp_path / "报告.docx").write_bytes(b"somebody's")
    (written,) = write_files(tmp_path, {"报告.docx": holding(b"1")})
    assert written.backup == tmp_path / "报告.bak-1.docx"


def test_docx_equal_to_the_new_one_needs_no_copy(tmp_path: Path) -> None:
    (tmp_path / "报告.docx").write_bytes(b"1")
    assert write_files(tmp_path, {"报告.docx": holding(b"1")}) == [Written(tmp_path / "报告.docx")]


def test_edited_pdf_is_not_kept(tmp_path: Path) -> None:
    write_files(tmp_path, {"报告.pdf": holding(b"1")})
    (tmp_path / "报告.pdf").write_bytes(b"edited")
    write_files(tmp_path, {"报告.pdf": holding(b"2")})
    assert names(tmp_path) == ["报告.pdf"]


@pytest.mark.parametrize("record", ["", "[1]", "{", '{"报告.docx": 5}'])
def test_broken_record_costs_one_copy_too_many(tmp_path: Path, record: str) -> None:
    write_files(tmp_path, {"报告.docx": holding(b"1")})
    (tmp_path / RECORD_FILE).write_text(record, encoding="utf-8")
    (written,) = write_files(tmp_path, {"报告.docx": holding(b"2")})
    assert written.backup is not None


def test_failure_leaves_the_old_file_and_no_rubbish(tmp_path: Path) -> None:
    write_files(tmp_path, {"报告.docx": holding(b"1")})
    (tmp_path / "报告.pdf" / "occupied").mkdir(parents=True)
    with pytest.raises(EnvironmentProblem, match=r"报告\.pdf"):
        write_files(tmp_path, {"报告.pdf": holding(b"2"), "报告.docx": holding(b"2")})
    assert (tmp_path / "报告.docx").read_bytes() == b"1"
    assert names(tmp_path) == ["报告.docx", "报告.pdf"]


def test_file_replaced_before_a_failure_is_not_taken_for_edited(tmp_path: Path) -> None:
    blocked = tmp_path / "报告.pdf"
    (blocked / "occupied").mkdir(parents=True)
    with pytest.raises(EnvironmentProblem):
        write_files(tmp_path, {"报告.docx": holding(b"1"), "报告.pdf": holding(b"1")})
    (written,) = write_files(tmp_path, {"报告.docx": holding(b"2")})
    assert written.backup is None


@pytest.mark.parametrize(
    "error", [EnvironmentProblem("图片不见了"), KeyError(), KeyboardInterrupt()]
)
def test_a_writer_that_fails_replaces_nothing_and_leaves_no_rubbish(
    tmp_path: Path, error: BaseException
) -> None:
    write_files(tmp_path, {"报告.docx": holding(b"1"), "报告.pdf": holding(b"1")})
    (tmp_path / "报告.docx").write_bytes(b"edited")
    with pytest.raises(type(error)):
        write_files(tmp_path, {"报告.docx": holding(b"2"), "报告.pdf": failing(error)})
    assert (tmp_path / "报告.docx").read_bytes() == b"edited"
    assert (tmp_path / "报告.pdf").read_bytes() == b"1"
    assert names(tmp_path) == ["报告.docx", "报告.pdf"]


def test_a_full_disk_is_an_environment_problem(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "no space")
    with pytest.raises(EnvironmentProblem, match="磁盘已满"):
        write_files(tmp_path, {"报告.pdf": failing(full)})
    assert names(tmp_path) == []


def zipped(text: str) -> bytes:
    """Return a ZIP file that begins with *text* and ends with what is not compressed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(zipfile.ZipInfo("word/document.xml"), text)
        archive.writestr(zipfile.ZipInfo("word/media/image1.png"), bytes(2 << 18))
    return stream.getvalue()


@pytest.mark.parametrize(("found", "kept"), [("件", False), ("伴", True)])
def test_an_edit_far_from_the_end_of_a_large_file_is_seen(
    tmp_path: Path, found: str, kept: bool
) -> None:
    write_files(tmp_path, {"报告.docx": holding(zipped("件"))})
    (tmp_path / "报告.docx").write_bytes(zipped(found))
    (written,) = write_files(tmp_path, {"报告.docx": holding(zipped("三"))})
    assert bool(written.backup) is kept


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


def test_output_folder_that_is_a_file_is_an_environment_problem(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("", encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="output"):
        write_files(tmp_path / "output", {"报告.docx": holding(b"1")})


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes everywhere")
def test_folder_that_may_not_be_written_is_an_environment_problem(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(EnvironmentProblem, match="无法写入"):
        write_files(tmp_path, {"报告.docx": holding(b"1")})


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("某局2024年报告", "某局2024年报告"),
        ('甲/乙\\丙:丁*戊?"己"<庚>|', "甲_乙_丙_丁_戊__己__庚__"),
        ("一\n二\t三\x00", "一_二_三_"),
        (" . 甲. ", "甲"),
        ("..", "报告"),
        ("", "报告"),
    ],
)
def test_name_holds_nothing_a_file_system_forbids(title: str, name: str) -> None:
    assert safe_name(title) == name


def test_a_name_that_is_no_text_is_made_one() -> None:
    """Linux hands over bytes of a name that are no UTF-8 as surrogates."""
    assert safe_name("图\udcff.png") == "图_.png"


def test_long_name_is_cut_between_characters_and_never_ends_in_a_blank() -> None:
    name = safe_name("汉" * 65 + " . . 字字字")
    assert name == "汉" * 65
    assert len(safe_name("汉" * 300).encode("utf-8")) <= MAX_NAME_BYTES


def test_a_name_that_cannot_be_taken_leaves_no_file_behind(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    with pytest.raises(OSError):
        write_whole(tmp_path / "whole", b"new")
    assert names(tmp_path) == ["whole"]


def test_a_file_that_differs_only_in_its_middle_was_edited(tmp_path: Path) -> None:
    zeros = bytes(1 << 21)
    write_files(tmp_path, {"报告.docx": holding(zeros)})
    (tmp_path / "报告.docx").write_bytes(b"1" + zeros[1:])
    (written,) = write_files(tmp_path, {"报告.docx": holding(zeros)})
    assert written.backup == tmp_path / "报告.bak-1.docx"


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


@pipes
def test_a_pipe_in_place_of_an_output_or_of_the_record_is_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "报告.docx")
    os.mkfifo(tmp_path / RECORD_FILE)
    assert write_files(tmp_path, {"报告.docx": holding(b"1")}) == [Written(tmp_path / "报告.docx")]
    assert (tmp_path / "报告.docx").read_bytes() == b"1"
    assert write_files(tmp_path, {"报告.docx": holding(b"2")}) == [Written(tmp_path / "报告.docx")]


def test_a_file_larger_than_any_output_is_kept_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_MAX_OUTPUT", 10)
    (tmp_path / "报告.docx").write_bytes(bytes(11))
    written = write_files(tmp_path, {"报告.docx": holding(b"1")})
    assert written[0].backup == tmp_path / "报告.bak-1.docx"


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


def test_a_folder_of_output_is_rid_of_leftovers(tmp_path: Path) -> None:
    (tmp_path / ".reportgen-999999999-a.tmp").touch()
    write_files(tmp_path, {"报告.pdf": lambda stream: stream.write(b"1")})
    assert names(tmp_path) == ["报告.pdf"]


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
