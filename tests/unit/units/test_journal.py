"""Tests of the journal of a sum."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from reportgen.diagnostics import Severity
from reportgen.units.journal import JOURNAL_FILE, Journal, merge
from reportgen.units.reading import Head, Tally, Told, UnitReport, UnitResult, Unread

KEY = b"the user's own"


def result(name: str, *numbers: int) -> UnitResult:
    head = Head("甲局", 2024, "本机关", "a/1", {"新收": Decimal("1.20")}, "digest")
    told = Tally(1, 0, (Told(Severity.ERROR, "T1", "不对", "report.yaml:1:1"),))
    report = UnitReport(name, head, (*numbers, Decimal("3.50"), None, Unread("一")), told)
    return UnitResult(name, f"inputs of {name}", report)


def test_what_was_added_is_read_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "汇总", KEY)
    assert journal.read() == {}
    results = [result("甲", 1), result("乙", 2)]
    for item in results:
        journal.add(item)
    journal.add(UnitResult("丙", "", UnitReport("丙")))  # nothing to recognise it by
    assert Journal(tmp_path / "汇总", KEY).read() == {item.name: item for item in results}
    journal.rewrite(results[1:])
    assert list(Journal(tmp_path / "汇总", KEY).read()) == ["乙"]


def test_lines_that_are_cut_changed_or_of_another_key_are_not_believed(tmp_path: Path) -> None:
    journal = Journal(tmp_path, KEY)
    for name in ("甲", "乙", "丙"):
        journal.add(result(name, 1))
    journal.close()
    path = tmp_path / JOURNAL_FILE
    first, second, third = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join((first, second.replace(b"[1,", b"[9,"), third[:-9])))
    assert list(Journal(tmp_path, KEY).read()) == ["甲"]
    assert Journal(tmp_path, b"another").read() == {}
    assert Journal(tmp_path, b"").read() == {}


def test_without_a_key_or_a_place_nothing_is_kept_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    Journal(tmp_path, b"").add(result("甲", 1))
    Journal(tmp_path / "文件", KEY).add(result("甲", 1))
    Journal(tmp_path / "没有", KEY).rewrite([result("甲", 1)])
    assert [entry.name for entry in tmp_path.iterdir()] == ["文件"]


def test_a_known_result_stands_for_an_unchanged_report() -> None:
    known = result("甲", 1)
    assert merge(UnitResult("甲", known.inputs, None), {"甲": known}) == known
    assert merge(result("甲", 2), {"甲": known}) == result("甲", 2)


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes")
def test_nothing_is_written_through_a_link_or_into_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    makers: list[Callable[[Path], None]] = [
        lambda path: path.symlink_to(tmp_path / "precious"),
        os.mkfifo,
    ]
    for number, make in enumerate(makers):
        path = tmp_path / str(number) / JOURNAL_FILE
        path.parent.mkdir()
        make(path)
        journal = Journal(path.parent, KEY)
        assert journal.read() == {}
        journal.add(result("甲", 1))
        journal.close()
        assert list(Journal(path.parent, KEY).read()) == ["甲"]
    assert (tmp_path / "precious").read_bytes() == b"precious"


def test_what_follows_a_line_that_was_cut_is_kept(tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        journal = Journal(tmp_path, KEY)
        assert list(journal.read()) == (["甲"] if name == "乙" else [])
        journal.add(result(name, 1))
        journal.close()
        with (tmp_path / JOURNAL_FILE).open("ab") as stream:
            stream.write(b"cut")
    assert list(Journal(tmp_path, KEY).read()) == ["甲", "乙"]
