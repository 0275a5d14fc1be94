"""Files the program writes: each is replaced only when the new one is complete.

A record beside the files (``.reportgen.json``) keeps a fingerprint of each editable file (a
DOCX) written last, so that one somebody edited by hand since is recognised and kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, TypeAlias

import msgspec
from msgspec import Struct

from reportgen.formats import EDITABLE_SUFFIXES
from reportgen.problems import EnvironmentProblem, system_reason

RECORD_FILE = ".reportgen.json"
MAX_NAME_BYTES = 200
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
    before all are complete.  A DOCX that somebody edited by hand is renamed to
    ``….bak-<n>.docx``, like any file of an editable format.
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
        if path.suffix not in EDITABLE_SUFFIXES:
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


_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


def resource_folder(name: str) -> Path:
    """Return the shipped folder *name* (``templates`` or ``fonts``).

    Raises EnvironmentProblem when the installation has lost it.
    """
    for candidate in (_PACKAGE / "data" / name, _CHECKOUT / name):
        if candidate.is_dir():
            return candidate
    raise EnvironmentProblem(f"安装不完整：缺少 {name} 目录", "请重新安装 reportgen")


def system_font_folders(
    environment: Mapping[str, str], home: Path, root: Path = Path("/")
) -> tuple[Path, ...]:
    """Return the folders in which the system keeps fonts, those that exist.

    On Windows they are named by *environment*; elsewhere they lie in *home* and below
    *root*, with one level of folders in them.
    """
    places = []
    if "LOCALAPPDATA" in environment:
        places.append(Path(environment["LOCALAPPDATA"], "Microsoft", "Windows", "Fonts"))
    if "WINDIR" in environment:
        places.append(Path(environment["WINDIR"], "Fonts"))
    if places:
        return tuple(place for place in places if place.is_dir())
    places = [home / ".local/share/fonts", home / ".fonts"]
    places += [root / "usr/local/share/fonts", root / "usr/share/fonts"]
    found = []
    for place in places:
        with contextlib.suppress(OSError):  # not there, or closed to us
            found += [place, *sorted(inner for inner in place.iterdir() if inner.is_dir())]
    return tuple(found)


Stamp: TypeAlias = tuple[int, int]
"""Size of a file and the time it was last written, in nanoseconds."""

PICTURES, VERDICTS = "pictures", "picture-verdicts"
OF_ONE_REPORT = (PICTURES, VERDICTS)
"""Kinds of results that hardly any other report asks for."""

_MOST = 512
"""Results of one kind; with more, the older half goes."""


class Cache:
    """Byte strings on disk, by kind and key; without a folder it keeps nothing.

    The kinds in ``aside`` it does not keep: what will hardly be asked for again.  The name of
    a file is its key, its first line the hash of the rest: a file cut off is no result.
    """

    def __init__(self, folder: Path | None = None, aside: frozenset[str] = frozenset()) -> None:
        self._folder = folder
        self._aside = aside

    def __bool__(self) -> bool:
        """Whether anything can be kept."""
        return self._folder is not None

    def __eq__(self, other: object) -> bool:
        """Whether *other* keeps the same results in the same folder."""
        return isinstance(other, Cache) and other._identity == self._identity

    def __hash__(self) -> int:
        """Return a hash of the folder and of what is not kept in it."""
        return hash(self._identity)

    @property
    def _identity(self) -> tuple[Path | None, frozenset[str]]:
        return self._folder, self._aside

    def without(self, *kinds: str) -> Cache:
        """Return the same cache, which neither gives nor takes results of *kinds*."""
        return Cache(self._folder, self._aside | frozenset(kinds))

    def _place(self, kind: str) -> Path | None:
        """Return the folder for results of *kind*, None when they are not kept."""
        return None if self._folder is None or kind in self._aside else self._folder / kind

    def get(self, kind: str, key: str) -> bytes | None:
        """Return what was put under *key*, None when it is not there or not whole."""
        place = self._place(kind)
        if place is None:
            return None
        try:
            digest, _, data = (place / key).read_bytes().partition(b"\n")
        except OSError:
            return None
        return data if digest == _hash_line(data) else None

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keep *data* under *key*, a file name of hexadecimal digits, if that can be done."""
        place = self._place(kind)
        if place is None:
            return
        from reportgen.files import write_whole  # most runs find everything kept

        with contextlib.suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            _make_room(place)
            write_whole(place / key, _hash_line(data) + b"\n" + data, mode=0o600)


NO_CACHE = Cache()
"""What keeps nothing."""


def cache_folder(environment: Mapping[str, str], home: Path) -> Path:
    """Return where the user's programs keep what may be lost, our part of it.

    ``LOCALAPPDATA`` on Windows, else ``XDG_CACHE_HOME`` or ``~/.cache`` (XDG Base Directory
    Specification 0.8); relative values do not count, as it says.
    """
    for name in ("LOCALAPPDATA", "XDG_CACHE_HOME"):
        place = Path(environment.get(name, ""))
        if place.is_absolute():
            return place / "reportgen"
    return home / ".cache" / "reportgen"


def content_key(*parts: bytes) -> str:
    """Return the key of a result made from *parts*."""
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big"))
        hashed.update(part)
    return hashed.hexdigest()


def stamp_of(status: os.stat_result) -> Stamp:
    """Return what tells, within one process, that a file was written again."""
    return status.st_size, status.st_mtime_ns


def _hash_line(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode("ascii")


def _make_room(place: Path) -> None:
    """Delete the older half of the files in *place* when there are too many."""
    files = list(_files(place))
    if len(files) >= _MOST:
        for _, path in sorted(files)[: len(files) // 2]:
            path.unlink(missing_ok=True)


def _files(place: Path) -> Iterator[tuple[float, Path]]:
    with os.scandir(place) as entries:
        for entry in entries:
            yield entry.stat().st_mtime, Path(entry.path)
