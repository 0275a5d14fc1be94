"""Files the program writes: each is replaced only when the new one is complete.

A record beside the files (``.reportgen.json``) keeps a fingerprint of each DOCX written
last, so that one somebody edited by hand since is recognised and kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, TypeAlias

import msgspec
from msgspec import Struct

from reportgen.problems import EnvironmentProblem, system_reason

RECORD_FILE = ".reportgen.json"
MAX_NAME_BYTES = 200
_EDITABLE = ".docx"
_DIRECTORY = 1 << 18
"""Bytes at the end of a DOCX that hold its ZIP directory, of up to some 2,000 parts."""
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')

FileWriter: TypeAlias = Callable[[BinaryIO], object]
"""What writes a file to a stream that it may also seek in."""


class Written(Struct, frozen=True):
    """A file that was written, and the copy kept of a hand-edited one it replaced."""

    path: Path
    backup: Path | None = None


def safe_name(title: str) -> str:
    """Return *title* as a file name that Windows and Linux accept."""
    name = _FORBIDDEN.sub("_", title).strip(" .")
    while len(name.encode("utf-8")) > MAX_NAME_BYTES:
        name = name[:-1].rstrip(" .")
    return name or "报告"


def write_files(folder: Path, files: Mapping[str, FileWriter]) -> list[Written]:
    """Let each of *files* (by name) be written in *folder*.

    Each goes to a temporary file first, so none is held in memory; none takes its name
    before all are complete.  A ``.docx`` edited by hand is renamed to ``….bak-<n>.docx``.
    Raises EnvironmentProblem when the folder or a file cannot be written, and whatever a
    writer raises.
    """
    _make_folder(folder)
    record = _read_record(folder)
    temporary: dict[str, Path] = {}
    written: list[Written] = []
    try:
        for name, write in files.items():
            temporary[name] = _write_temporary(folder, write)
        for name in files:
            written.append(_replace(folder / name, temporary[name], record))
            del temporary[name]
    finally:
        for path in temporary.values():
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        if written:
            _write_record(folder, record)
    return written


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = system_reason(error)
        raise EnvironmentProblem(
            f"无法建立输出目录 {folder}：{reason}", "换一个输出目录"
        ) from error


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace the file *path* by *data* in one step; OSError when that fails."""
    temporary = _new_file(path.parent, lambda stream: stream.write(data), mode)
    try:
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _write_temporary(folder: Path, write: FileWriter) -> Path:
    try:
        return _new_file(folder, write)
    except OSError as error:
        reason = system_reason(error)
        raise EnvironmentProblem(
            f"无法写入 {folder}：{reason}", "检查磁盘空间和写入权限"
        ) from error


def _new_file(folder: Path, write: FileWriter, mode: int = 0o644) -> Path:
    """Return a new file in *folder* after *write*; it is gone again when that fails."""
    path, stream = _open_new(folder)
    try:
        with stream:
            write(stream)
        path.chmod(mode)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _open_new(folder: Path) -> tuple[Path, BinaryIO]:
    """Return a file in *folder* that nobody had before, open for its owner alone.

    As ``tempfile`` does it, which takes longer to load than a report's text to set.
    """
    number = 0
    while True:
        path = folder / f".reportgen-{os.getpid()}-{number}.tmp"
        try:
            return path, open(path, "xb", opener=_private)
        except FileExistsError:  # left behind by a run that was killed
            number += 1


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _replace(path: Path, temporary: Path, record: dict[str, str]) -> Written:
    """Give *temporary* the name *path*; of a file that people edit note what was written."""
    try:
        if path.suffix != _EDITABLE:
            temporary.replace(path)
            return Written(path)
        digest = _digest(temporary)
        backup = _keep_edited(path, digest, record)
        temporary.replace(path)
    except OSError as error:
        raise EnvironmentProblem(
            f"无法替换 {path.name}，它可能正被 Word、WPS 等程序打开", "关闭该文件后再运行一次"
        ) from error
    record[path.name] = digest
    return Written(path, backup)


def _keep_edited(path: Path, digest: str, record: Mapping[str, str]) -> Path | None:
    """Move a hand-edited file out of the way of one with *digest*; return where it went."""
    if not path.exists() or _digest(path) in (record.get(path.name), digest):
        return None
    number = 1
    while (backup := path.with_name(f"{path.stem}.bak-{number}{path.suffix}")).exists():
        number += 1
    path.rename(backup)
    return backup


def _digest(path: Path) -> str:
    """Return what tells one DOCX from another: a hash of its length and its last bytes.

    A ZIP file ends with a directory of length and CRC of all it holds; the pictures before
    it need not be read to know whether anybody has saved the file since.
    """
    with path.open("rb") as stream:
        length = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, length - _DIRECTORY))
        return hashlib.sha256(b"%d\n%b" % (length, stream.read())).hexdigest()


def _read_record(folder: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode((folder / RECORD_FILE).read_bytes(), type=dict[str, str])
    except (OSError, ValueError):
        return {}


def _write_record(folder: Path, record: Mapping[str, str]) -> None:
    with contextlib.suppress(OSError):  # without it the next run only keeps one copy too many
        data = msgspec.json.format(msgspec.json.encode(record, order="sorted"), indent=1)
        (folder / RECORD_FILE).write_bytes(data + b"\n")
