"""Tests of the output folder: files are replaced whole, hand-edited and earlier ones are known."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import zipfile
from pathlib import Path
from typing import BinaryIO

import msgspec
import pytest
from msgspec.structs import replace

from reportgen import outputs
from reportgen.files import FileWriter
from reportgen.outputs import (
    MAX_NAME_BYTES,
    RECORD_FILE,
    RESULT_SUFFIXES,
    Entry,
    Maker,
    Written,
    earlier_files,
    origin_of,
    remove_earlier,
    safe_name,
    write_files,
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


def test_hand_edited_list_is_kept_only_where_readers_write_remarks(tmp_path: Path) -> None:
    for _ in range(2):  # an unedited one is replaced
        write_files(tmp_path, {"对照.xlsx": holding(b"1")}, editable=RESULT_SUFFIXES)
    (tmp_path / "对照.xlsx").write_bytes(b"remarks")
    (written,) = write_files(tmp_path, {"对照.xlsx": holding(b"2")}, editable=RESULT_SUFFIXES)
    assert written.backup == tmp_path / "对照.bak-1.xlsx"
    assert written.backup.read_bytes() == b"remarks"
    assert (tmp_path / "对照.xlsx").read_bytes() == b"2"


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


def test_a_file_held_by_another_program_tells_which_files_are_new_already(tmp_path: Path) -> None:
    (tmp_path / "报告.pdf" / "occupied").mkdir(parents=True)
    new = holding(b"1")
    files = {"报告.docx": new, "报告.pdf": new, "pictures/01.png": new, "pictures/02.png": new}
    told = r"报告\.pdf.*；已经换成新的：pictures、报告\.docx$"
    with pytest.raises(EnvironmentProblem, match=told):
        write_files(tmp_path, files)


def test_a_first_file_held_by_another_program_tells_of_no_new_ones(tmp_path: Path) -> None:
    (tmp_path / "报告.docx" / "occupied").mkdir(parents=True)
    with pytest.raises(EnvironmentProblem) as caught:
        write_files(tmp_path, {"报告.docx": holding(b"1"), "报告.pdf": holding(b"1")})
    assert "已经换成新的" not in caught.value.message


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
        ("CON", "_CON"),
        ("nul.2024", "_nul.2024"),
        ("COM1 .a", "_COM1 .a"),
        ("CONTROL", "CONTROL"),
        ("\u202ecod.局\u2066", "_cod.局_"),
        ("\x1b[31m\x85", "_[31m_"),
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
    assert safe_name("a" + "汉" * 300) == "a" + "汉" * 66
    assert len(safe_name("汉" * 400_000).encode("utf-8")) <= MAX_NAME_BYTES


def test_a_file_that_differs_only_in_its_middle_was_edited(tmp_path: Path) -> None:
    zeros = bytes(1 << 21)
    write_files(tmp_path, {"报告.docx": holding(zeros)})
    (tmp_path / "报告.docx").write_bytes(b"1" + zeros[1:])
    (written,) = write_files(tmp_path, {"报告.docx": holding(zeros)})
    assert written.backup == tmp_path / "报告.bak-1.docx"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_in_place_of_an_output_or_of_the_record_is_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "报告.docx")
    os.mkfifo(tmp_path / RECORD_FILE)
    assert write_files(tmp_path, {"报告.docx": holding(b"1")}) == [Written(tmp_path / "报告.docx")]
    assert (tmp_path / "报告.docx").read_bytes() == b"1"
    assert write_files(tmp_path, {"报告.docx": holding(b"2")}) == [Written(tmp_path / "报告.docx")]


def test_a_file_larger_than_any_output_is_kept_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputs, "_MAX_OUTPUT", 10)
    (tmp_path / "报告.docx").write_bytes(bytes(11))
    written = write_files(tmp_path, {"报告.docx": holding(b"1")})
    assert written[0].backup == tmp_path / "报告.bak-1.docx"


def test_a_folder_of_output_is_rid_of_leftovers(tmp_path: Path) -> None:
    (tmp_path / ".reportgen-999999999-a.tmp").touch()
    write_files(tmp_path, {"报告.pdf": lambda stream: stream.write(b"1")})
    assert names(tmp_path) == ["报告.pdf"]


# Files of earlier builds


KEY = b"key of the user"
OLD, NEW = (Maker("the report", state, KEY) for state in ("old", "new"))


def put(folder: Path, name: str, data: bytes = b"1", maker: Maker = OLD) -> Path:
    (written,) = write_files(folder, {name: holding(data)}, maker)
    return written.path


def left(folder: Path, maker: Maker = NEW, *written: str) -> dict[str, tuple[bool, bool]]:
    """Return whether each earlier file may be removed, and whether it is current."""
    found = earlier_files(folder, maker, written)
    return {item.path.name: (item.is_removable, item.is_current) for item in found}


def test_files_of_an_earlier_state_are_told(tmp_path: Path) -> None:
    put(tmp_path, "报告.html")
    put(tmp_path, "报告.docx")
    put(tmp_path, "报告.docx", maker=NEW)
    assert left(tmp_path, NEW, "报告.docx") == {"报告.html": (True, False)}
    put(tmp_path, "报告.html", maker=NEW)
    assert left(tmp_path, NEW, "报告.docx") == {"报告.html": (True, True)}


def test_files_of_another_report_in_the_same_folder_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path, "甲.pdf", maker=Maker("another report", "old", KEY))
    write_files(tmp_path, {"乙.pdf": holding(b"1")})
    (tmp_path / "丙.pdf").write_bytes(b"1")
    assert left(tmp_path) == {}


def test_a_name_that_the_report_uses_is_told_whoever_wrote_the_file(tmp_path: Path) -> None:
    (tmp_path / "报告.html").write_bytes(b"1")
    (found,) = earlier_files(tmp_path, NEW, (), ("报告.html", "报告.pdf"))
    assert (found.path.name, found.is_removable) == ("报告.html", False)


def test_what_was_changed_or_is_not_the_user_s_is_never_removed(tmp_path: Path) -> None:
    paths = {name: put(tmp_path, name) for name in ("a.pdf", "b.pdf", "c.docx", "d.pdf")}
    paths["a.pdf"].write_bytes(b"changed")
    put(tmp_path, "b.pdf", maker=replace(OLD, key=b"of another user"))
    paths["d.pdf"].unlink()
    paths["d.pdf"].symlink_to(paths["c.docx"])
    assert {name for name, (may, _) in left(tmp_path).items() if may} == {"c.docx"}
    removed = list(remove_earlier(earlier_files(tmp_path, NEW)))
    assert [path.name for path in removed] == ["c.docx"]
    assert names(tmp_path) == ["a.pdf", "b.pdf", "d.pdf"]
    assert "c.docx" not in (tmp_path / RECORD_FILE).read_text("utf-8")


def test_without_a_key_nothing_is_removed(tmp_path: Path) -> None:
    keyless = replace(OLD, key=b"")
    put(tmp_path, "报告.pdf", maker=keyless)
    assert left(tmp_path, keyless) == {"报告.pdf": (False, True)}
    assert left(tmp_path) == {"报告.pdf": (False, False)}


def test_a_forged_record_leads_to_no_other_file(tmp_path: Path) -> None:
    """Whoever made the folder could write the record, but not seal it."""
    folder, letter = tmp_path / "output", tmp_path / "信.docx"
    letter.write_bytes(b"1")
    put(folder, "报告.pdf")
    record = msgspec.json.decode((folder / RECORD_FILE).read_bytes())
    (folder / "信.docx").write_bytes(b"1")
    for name in ("../信.docx", str(letter), "信.docx"):
        record[name] = record["报告.pdf"]
    (folder / RECORD_FILE).write_bytes(msgspec.json.encode(record))
    assert {name for name, (may, _) in left(folder).items() if may} == {"报告.pdf"}
    list(remove_earlier(earlier_files(folder, NEW)))
    assert letter.exists()
    assert (folder / "信.docx").exists()


@pytest.mark.parametrize("field", ["digest", "origin", "state", "seal"])
def test_an_entry_that_was_altered_is_not_genuine(tmp_path: Path, field: str) -> None:
    put(tmp_path, "报告.pdf")
    record = msgspec.json.decode((tmp_path / RECORD_FILE).read_bytes(), type=dict[str, Entry])
    entry = record["报告.pdf"]
    assert entry.is_genuine("报告.pdf", KEY)
    assert not entry.is_genuine("别的.pdf", KEY)
    assert not replace(entry, **{field: "0" * 64}).is_genuine("报告.pdf", KEY)


def test_the_record_of_an_older_version_is_read(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"1").hexdigest()
    (tmp_path / "报告.docx").write_bytes(b"1")
    (tmp_path / RECORD_FILE).write_bytes(msgspec.json.encode({"报告.docx": digest}))
    (written,) = write_files(tmp_path, {"报告.docx": holding(b"2")}, NEW)
    assert written.backup is None
    assert left(tmp_path) == {"报告.docx": (True, True)}


def test_an_edited_file_that_was_set_aside_is_no_earlier_file(tmp_path: Path) -> None:
    put(tmp_path, "报告.docx").write_bytes(b"edited")
    put(tmp_path, "报告.docx", b"2", NEW)
    assert names(tmp_path) == ["报告.bak-1.docx", "报告.docx"]
    assert left(tmp_path, NEW, "报告.docx") == {}


def test_report_and_output_may_be_moved_together(tmp_path: Path) -> None:
    first, second = tmp_path / "甲" / "报告", tmp_path / "乙" / "报告"
    assert origin_of(first, first / "output") == origin_of(second, second / "output")
    assert origin_of(first, first.parent / "报送") == origin_of(second, second.parent / "报送")
    other = first.parent / "另一份"
    assert origin_of(first, first.parent / "报送") != origin_of(other, first.parent / "报送")
    assert "报告" not in origin_of(first, tmp_path)


def test_a_file_in_a_folder_of_its_own_is_recorded_and_removed_with_it(tmp_path: Path) -> None:
    maker = Maker("origin", "state", b"key")
    name = "pictures/01.png"
    (written,) = write_files(tmp_path, {name: holding(b"1")}, maker)
    assert written.path.read_bytes() == b"1"
    later = Maker("origin", "another state", b"key")
    (earlier,) = earlier_files(tmp_path, later)
    assert earlier.is_removable
    assert not earlier.is_current
    assert remove_earlier([earlier]) == [written.path]
    assert not written.path.parent.exists()
    assert not earlier_files(tmp_path, later)


def test_a_folder_with_a_file_of_the_users_stays(tmp_path: Path) -> None:
    maker = Maker("origin", "state", b"key")
    write_files(tmp_path, {"pictures/01.png": holding(b"1")}, maker)
    (tmp_path / "pictures" / "own.png").write_bytes(b"2")
    remove_earlier(earlier_files(tmp_path, maker))
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == ["own.png"]


def test_no_file_is_written_or_removed_through_a_link(tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    maker = Maker("origin", "state", b"key")
    write_files(out, {"pictures/01.png": holding(b"1")}, maker)
    (out / "pictures").rename(other)
    (out / "pictures").symlink_to(other)
    assert not earlier_files(out, maker)
    with pytest.raises(EnvironmentProblem, match="链接"):
        write_files(out, {"pictures/02.png": holding(b"2")}, maker)
    assert [path.name for path in other.iterdir()] == ["01.png"]


@pytest.mark.parametrize("name", ["../a.png", "a/b/c.png", "/a.png", "./a.png"])
def test_a_recorded_file_elsewhere_is_none_of_an_earlier_build(tmp_path: Path, name: str) -> None:
    out = tmp_path / "a" / "b"
    out.mkdir(parents=True)
    (tmp_path / "a" / "a.png").write_bytes(b"1")
    entry = {"digest": "d", "origin": "origin"}
    (out / RECORD_FILE).write_text(json.dumps({name: entry}), encoding="utf-8")
    assert not earlier_files(out, Maker("origin", "state", b"key"))


def test_a_picture_that_somebody_blotted_is_kept_and_told(tmp_path: Path) -> None:
    name = "pictures/01-0a.png"
    write_files(tmp_path, {"a.html": holding(b"page"), name: holding(b"picture")})
    (tmp_path / name).write_bytes(b"blotted")
    files = {"a.html": holding(b"page"), name: holding(b"picture")}
    page, picture = write_files(tmp_path, files)
    assert page.backup is None
    assert picture.backup == tmp_path / "pictures" / "01-0a.bak-1.png"
    assert picture.backup.read_bytes() == b"blotted"


def test_a_page_is_not_replaced_before_the_pictures_that_it_shows(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.html": holding(b"old page")})
    (tmp_path / "pictures" / "01-0a.png").mkdir(parents=True)
    files = {"a.html": holding(b"new page"), "pictures/01-0a.png": holding(b"picture")}
    with pytest.raises(EnvironmentProblem, match="它是目录"):
        write_files(tmp_path, files)
    assert (tmp_path / "a.html").read_bytes() == b"old page"
    assert names(tmp_path) == ["a.html", "pictures"]
