"""What is said of a file or a disk that fails."""

from __future__ import annotations

import errno
import os

from reportgen.problems import refused, system_reason


def test_common_reasons_are_told_in_chinese() -> None:
    assert system_reason(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))) == "磁盘已满"
    assert system_reason(PermissionError(errno.EACCES, "denied")) == "没有权限"


def test_an_unusual_reason_is_told_as_the_system_words_it() -> None:
    assert system_reason(OSError(errno.EPIPE, "Broken pipe")) == "系统不允许（Broken pipe）"
    assert system_reason(OSError("no number")) == "系统不允许（no number）"


def test_the_file_that_was_refused_is_named() -> None:
    problem = refused(OSError(errno.EIO, "I/O error", "表.xlsx"))
    assert problem.message == "无法读写文件 表.xlsx：磁盘或网络盘读写出错"
    assert problem.hint
