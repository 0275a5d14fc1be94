"""Reading files within bounds, writing them atomically, the shipped folders, the cache on disk.

Every file of a report folder is opened here (:func:`open_file`, :func:`read_file`), because its
name may lead to a pipe, a device or a file without end.
"""

from __future__ import annotations

import codecs
import contextlib
import copy
import datetime
import errno
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, TypeAlias
from zipfile import BadZipFile, ZipFile, ZipInfo

from msgspec import Struct

from reportgen.problems import EnvironmentProblem, IrregularFileError, system_reason

_CHUNK = 1 << 20
_TEXT_HEAD = 4096
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
"""Bytes that are in no text: control characters other than blanks and ends of lines."""
_LEFTOVER = re.compile(r"\.reportgen-(?:(\d{1,9})-)?\w+\.tmp")

_OPEN_FLAGS = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY", "O_NOINHERIT"):
    _OPEN_FLAGS |= getattr(os, _flag, 0)  # each system knows some of them
MAX_TEMPLATE_BYTES = 1_000_000
"""The largest file of templates, far above what one needs."""


class FileTooLargeError(OSError):
    """A file holds more than its reader takes."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EFBIG, os.strerror(errno.EFBIG), str(path))


def open_file(path: Path) -> BinaryIO:
    """Return the regular file *path* opened for reading.

    Raises OSError for anything else (a pipe, a socket, a device, a folder), without waiting for
    a program at its other end.
    """
    _refuse_irregular(path.stat(), path)  # opening a device can already do something
    number = os.open(path, _OPEN_FLAGS)
    try:
        _refuse_irregular(os.fstat(number), path)  # it may have been replaced in between
        return os.fdopen(number, "rb")
    except BaseException:
        os.close(number)
        raise


def _refuse_irregular(status: os.stat_result, path: Path) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise IrregularFileError(path, _KINDS.get(stat.S_IFMT(status.st_mode), "别的东西"))


_KINDS = {
    stat.S_IFIFO: "管道",
    stat.S_IFSOCK: "套接字",
    stat.S_IFCHR: "设备",
    stat.S_IFBLK: "设备",
}


def why_no_folder(path: Path, error: OSError) -> str:
    """Return why the folder *path* cannot be made, which ended with *error*, in Chinese."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return system_reason(error)
    if stat.S_ISDIR(mode):
        return system_reason(error)
    return f"这个名称已经是{_KINDS.get(stat.S_IFMT(mode), '文件')}，不是目录"


def refusal(path: Path) -> str:
    """Return why the file *path* cannot be opened, in Chinese; empty if it can be, or is not there.

    A link that leads nowhere is there.
    """
    try:
        open_file(path).close()
    except FileNotFoundError:
        return "它是链接，指向的地方没有文件" if os.path.lexists(path) else ""
    except OSError as error:
        return system_reason(error)
    return ""


def read_file(path: Path, limit: int) -> bytes:
    """Return the content of the regular file *path*, at most *limit* bytes.

    Raises FileTooLargeError when it is larger, whatever its size is said to be, and OSError as
    :func:`open_file`.
    """
    with open_file(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        data = stream.read(size + 1) if size <= limit else b""
        if size < len(data) <= limit:  # it is growing, or the system does not know its size
            data += stream.read(limit + 1 - len(data))
    if max(size, len(data)) > limit:
        raise FileTooLargeError(path)
    return data


class PlainTextError(ValueError):
    """A file called like a document is plain text; worded for the user."""

    def __init__(self, suffix: str) -> None:
        super().__init__(f"这是纯文本文件，只是名称以 {suffix} 结尾；把名称改成以 .txt 结尾再试")


def is_plain_text(data: bytes) -> bool:
    """Return whether *data* begins like a text in UTF-8 or GB 18030."""
    head = data[:_TEXT_HEAD]
    if not head or _BINARY.search(head):
        return False
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            codecs.getincrementaldecoder(encoding)().decode(head)  # its end may be in a character
            return True
    return False


def unpack_entry(package: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    """Yield what *entry* of the ZIP file *package* holds, never more than the size it declares.

    Raises ``zipfile.BadZipFile`` when it holds more or something else, and what ``zipfile`` and
    ``zlib`` raise on damage.  ``ZipFile.read`` inflates all there is before it looks at the size.
    """
    larger = copy.copy(entry)
    larger.file_size += 1  # so that one byte too many is seen, before any other is inflated
    left = entry.file_size
    with package.open(larger) as stream:
        while chunk := stream.read(min(_CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise BadZipFile(f"{entry.filename} is larger than it says")
            yield chunk


def read_template(path: Path) -> str:
    """Return the text of the template *path*, shipped or a report folder's, line ends as LF.

    Raises UnicodeDecodeError when it is not UTF-8, and OSError as :func:`read_file`.
    """
    text = read_file(path, MAX_TEMPLATE_BYTES).decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def file_digest(path: Path, limit: int | None = None) -> str:
    """Return the SHA-256 of the regular file *path*, read in chunks.

    Raises OSError as :func:`open_file`, and FileTooLargeError for more than *limit* bytes.
    """
    total, size = hashlib.sha256(), 0
    with open_file(path) as stream:
        bound = os.fstat(stream.fileno()).st_size if limit is None else limit
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > bound:
                raise FileTooLargeError(path)
            total.update(chunk)
    return total.hexdigest()


def resolved(path: Path) -> Path:
    """Return *path* in full with links followed, as far as they lead somewhere.

    ``Path.resolve`` raises RuntimeError for a circle of links before Python 3.13.
    """
    return Path(os.path.realpath(path))


def is_inside(path: Path, folder: Path) -> bool:
    """Return whether *path* lies in *folder* once links are followed, whether it exists or not."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # no path at all, or a circle of links
        return False


def refuse_way_out(out: Path, folder: Path, name: str) -> None:
    """Raise EnvironmentProblem if *out* is a place in *folder* by its name, but a link leads out.

    *name* is what *folder* is called.  Whoever made the folder does not say which files of this
    machine are replaced.
    """
    place, home = (Path(os.path.normpath(path.absolute())) for path in (out, folder))
    is_named = place.is_relative_to(home)
    if is_named and not resolved(out).is_relative_to(resolved(folder)):
        message = f"{out} 是链接，指向{name}以外"
        raise EnvironmentProblem(message, "删去这个链接，或写明要写到的目录")


def refuse_foreign(part: Path, folder: Path) -> None:
    """Raise EnvironmentProblem unless *part* of a report *folder* is a folder, or is not there.

    It is raised too if a link in *part* leads out of *folder*: the author of the report could
    otherwise have files printed that only the user can read.
    """
    if os.path.lexists(part) and not part.is_dir():
        reason = refusal(part) or "它是文件，不是目录"
        raise EnvironmentProblem(f"{part} 没有用上：{reason}", "删去它，或换成目录")
    for place, folders, names in os.walk(part):
        entries = [Path(place), *(Path(place, name) for name in (*folders, *names))]
        links = (entry for entry in entries if entry.is_symlink() or entry.is_dir())
        if outside := next((entry for entry in links if not is_inside(entry, folder)), None):
            message = f"{outside} 是链接，指向报告目录以外"
            raise EnvironmentProblem(message, "换成文件本身，或删去这个链接")


@contextlib.contextmanager
def new_place(folder: Path) -> Iterator[Path]:
    """Make a temporary folder in *folder*, and delete it with what is left in it at the end."""
    place = Path(tempfile.mkdtemp(prefix=_own_prefix(), suffix=".tmp", dir=folder))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def remove_leftovers(folder: Path) -> None:
    """Delete the temporary files and folders in *folder* that killed processes have left.

    Each belongs to the process whose id is in its name; those of running processes stay.
    """
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = _LEFTOVER.fullmatch(entry.name)
            if found and not (found[1] and _is_running(int(found[1]))):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                    continue
                with contextlib.suppress(OSError):
                    Path(entry.path).unlink()


def _is_running(process: int) -> bool:
    """Return whether a process with the id *process* exists and has not ended.

    One that was killed keeps its id until the system's first process takes note of it.
    """
    if sys.platform == "win32":
        import ctypes

        synchronise = 0x0010_0000  # the access right SYNCHRONIZE
        handle = ctypes.windll.kernel32.OpenProcess(synchronise, False, process)
        return bool(handle and ctypes.windll.kernel32.CloseHandle(handle))
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # a process of another user
        return True
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:  # no Linux
        return True
    return state.rpartition(") ")[2][:1] not in ("Z", "X")  # proc(5)


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace the content of the file *path* by *data* atomically; raises OSError on failure."""
    temporary = new_file(path.parent, writer_of(data), mode)
    try:
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


FileWriter: TypeAlias = Callable[[BinaryIO], object]
"""A function that writes a file to a binary stream, which is seekable."""


def writer_of(data: bytes) -> FileWriter:
    """Return the function that writes *data*."""
    return lambda stream: stream.write(data)


def new_file(folder: Path, write: FileWriter, mode: int = 0o644) -> Path:
    """Create a temporary file in *folder* with *write* and return its path.

    The file is deleted if *write* raises.
    """
    number, name = tempfile.mkstemp(prefix=_own_prefix(), suffix=".tmp", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(number, "w+b") as stream:
            write(stream)
        with contextlib.suppress(OSError):  # not every file system knows rights
            path.chmod(mode)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _own_prefix() -> str:
    """Return how the name of a temporary file or folder of this process begins."""
    return f".reportgen-{os.getpid()}-"


def cannot_replace(path: Path, error: OSError) -> EnvironmentProblem:
    """Return the exception to raise when the file *path* cannot be replaced or removed."""
    held = error.errno in (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY)
    if held and os.access(path.parent, os.W_OK):
        message = f"无法替换 {path.name}，它可能正被 Word、WPS 等程序打开"
        return EnvironmentProblem(message, "关闭该文件后再运行一次")
    reason = system_reason(error)
    return EnvironmentProblem(f"无法替换 {path}：{reason}", "检查磁盘空间和写入权限")


_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent
_IN_CHECKOUT = {"manual": "docs/manual/pages"}
"""Where a shipped folder lies in a checkout, unless it is at the top under its own name."""


def resource_folder(name: str) -> Path:
    """Return the shipped folder *name* (``templates``, ``fonts`` or ``manual``).

    Raises EnvironmentProblem when the installation is incomplete.
    """
    for candidate in (_PACKAGE / "data" / name, _CHECKOUT / _IN_CHECKOUT.get(name, name)):
        if candidate.is_dir():
            return candidate
    raise EnvironmentProblem(f"安装不完整：缺少 {name} 目录", "请重新安装 reportgen")


def system_font_folders(
    environment: Mapping[str, str], home: Path, root: Path = Path("/")
) -> tuple[Path, ...]:
    """Return the existing font folders of the operating system.

    On Windows they are found by variables of *environment*; elsewhere they are in *home* and
    below *root*, and one level of subfolders is included.
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
        with contextlib.suppress(OSError):  # missing, or not readable
            found += [place, *sorted(inner for inner in place.iterdir() if inner.is_dir())]
    return tuple(found)


INVENTORY = Path("licenses", "清单.txt")
"""The list of the parts of a bundle, within its folder."""


def added_folder(name: str) -> Path:
    """Return the folder for what a user adds to the shipped folder *name*; it need not exist.

    In a bundle it is beside the launcher, elsewhere where this Python keeps the data of programs:
    it belongs to the installation, for all of its reports.
    """
    python = Path(sys.prefix)
    if (python.parent / INVENTORY).is_file():
        return python.parent / name
    return python / "share" / "reportgen" / name


Stamp: TypeAlias = tuple[int, int]
"""The size of a file in bytes and its modification time in nanoseconds."""

PICTURES, VERDICTS = "pictures", "picture-verdicts"
"""The kinds of results that several modules use."""

_MOST = 512
"""The most results of one kind; above it, the older half is deleted."""
_MAX_RESULT = 500_000_000


class Cache(Struct, frozen=True):
    """Byte strings on disk in ``folder``, by kind and key; without a folder it stores nothing.

    A file is named by its key.  Its first line is the hash of kind, key and the rest, so that a
    truncated or misplaced file is not taken for a result.
    """

    folder: Path | None = None

    def __repr__(self) -> str:
        return f"Cache({str(self.folder)!r})" if self else "Cache()"

    def __bool__(self) -> bool:
        """Return whether results can be stored."""
        return self.folder is not None

    def get(self, kind: str, key: str) -> bytes | None:
        """Return the result stored under *key*; None if there is none or it is damaged."""
        if self.folder is None:
            return None
        try:
            digest, _, data = read_file(self.folder / kind / key, _MAX_RESULT).partition(b"\n")
        except OSError:
            return None
        return data if digest == _hash_line(kind, key, data) else None

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Store *data* under *key*, a string of hexadecimal digits; errors are ignored."""
        if self.folder is None:
            return
        place = self.folder / kind
        with contextlib.suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            _make_room(place)
            write_whole(place / key, _hash_line(kind, key, data) + b"\n" + data, mode=0o600)


NO_CACHE = Cache()
"""A cache that stores nothing."""


def content_key(*parts: bytes) -> str:
    """Return the cache key of a result computed from *parts*."""
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big"))
        hashed.update(part)
    return hashed.hexdigest()


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the stamp of a file, by which one process notices that the file has changed."""
    return status.st_size, status.st_mtime_ns


def _hash_line(kind: str, key: str, data: bytes) -> bytes:
    return content_key(kind.encode(), key.encode(), data).encode("ascii")


def _make_room(place: Path) -> None:
    """Delete leftovers, and the older half of the files in *place* if there are too many."""
    remove_leftovers(place)
    files = list(_files(place))
    if len(files) >= _MOST:
        for _, path in sorted(files)[: len(files) // 2]:
            path.unlink(missing_ok=True)


def _files(place: Path) -> Iterator[tuple[float, Path]]:
    with os.scandir(place) as entries:
        for entry in entries:
            yield entry.stat().st_mtime, Path(entry.path)


def changed_at(path: Path) -> str:
    """Return when *path* was last changed, as a clock in China shows it; empty if unknown.

    So the words about a folder do not depend on where the machine stands.
    """
    try:
        when = datetime.datetime.fromtimestamp(path.stat().st_mtime, _CHINA)
    except (OSError, ValueError, OverflowError):
        return ""
    return f"{when:%Y-%m-%d %H:%M}"


_CHINA = datetime.timezone(datetime.timedelta(hours=8))
