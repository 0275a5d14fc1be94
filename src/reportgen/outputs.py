"""The output folder: writing files, the record of what was written, files of earlier builds.

A record beside the written files (``.reportgen.json``) holds a hash of each file as it was last
written, and of which report in which state it was made.  With its help,

- an editable file (a DOCX, a list or comparison) that somebody has changed is kept under another
  name;
- files that an earlier state of the report left behind are told after a build, and removed if
  that is asked for.

The record lies in a folder that may come from somebody else.  An entry is therefore sealed with a
key that only the user has, and no file is removed whose entry is not genuine or that has changed.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reportgen.characters import OBEYED
from reportgen.files import (
    FileTooLargeError,
    FileWriter,
    cannot_replace,
    content_key,
    file_digest,
    new_file,
    read_file,
    remove_leftovers,
    resolved,
    why_no_folder,
    write_whole,
)
from reportgen.formats import EDITABLE_SUFFIXES
from reportgen.problems import EnvironmentProblem, system_reason

RECORD_FILE = ".reportgen.json"
RESULT_SUFFIXES = EDITABLE_SUFFIXES | {
    ".xlsx",
    ".html",
    ".htm",
    ".json",
    ".yaml",
    ".yml",
    ".txt",
    ".csv",
}
"""The suffixes of lists and comparisons, in which a reader writes remarks."""
MAX_NAME_BYTES = 200
_FORBIDDEN = re.compile(rf'[\\/:*?"<>|\x00-\x1f]|{OBEYED.pattern}')
_MAX_RECORD = 10_000_000
_MAX_OUTPUT = 500_000_000


class Written(Struct, frozen=True):
    """A file that was written."""

    path: Path
    backup: Path | None = None
    """The new path of the hand-edited file that was replaced; None if there was none."""


class Maker(Struct, frozen=True):
    """Whose files are written."""

    origin: str = ""
    """The report: the hash of the way from the output folder to the report folder, so that both
    may be moved together.  Empty for a report without a folder."""
    state: str = ""
    """The hash of what the report holds."""
    key: bytes = b""
    """The user's key for the record; entries that are made without one prove nothing."""


NOBODY = Maker()


class Entry(Struct, frozen=True, omit_defaults=True):
    """What the record says of a file."""

    digest: str
    """The SHA-256 of the file as it was last written."""
    origin: str = ""
    state: str = ""
    seal: str = ""
    """The HMAC of the file's name and of the other fields."""

    def sealed(self, name: str, key: bytes) -> Entry:
        """Return the entry of the file *name* with its HMAC by *key*; unsealed without a key."""
        if not key:
            return replace(self, seal="")
        words = msgspec.json.encode((name, self.digest, self.origin, self.state))
        return replace(self, seal=hmac.new(key, words, "sha256").hexdigest())

    def is_genuine(self, name: str, key: bytes) -> bool:
        """Return whether the entry was sealed with *key* for the file *name*."""
        return bool(key) and hmac.compare_digest(self.seal, self.sealed(name, key).seal)


def origin_of(folder: Path, out: Path) -> str:
    """Return the ``origin`` of files of the report in *folder* that are written to *out*."""
    target = resolved(folder)
    try:
        way = os.path.relpath(target, resolved(out))
    except ValueError:  # on another drive
        way = str(target)
    return content_key(Path(way).as_posix().encode("utf-8", "surrogatepass"))


def safe_name(title: str) -> str:
    """Return *title* as a file name that is valid on Windows and Linux."""
    sound = title.encode("utf-8", "replace").decode()  # a name that is no text has surrogates
    name = _FORBIDDEN.sub("_", sound).strip(" .")
    name = (
        name.encode()[:MAX_NAME_BYTES].decode(errors="ignore").rstrip(" .")
    )  # without half a character at its end
    return f"_{name}" if _DEVICE.match(name) else name or "报告"


_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?: *\.|$)", re.IGNORECASE)
"""Names that Windows takes for devices, with any suffix."""


def write_files(
    folder: Path,
    files: Mapping[str, FileWriter],
    maker: Maker = NOBODY,
    *,
    editable: Container[str] | None = None,
) -> list[Written]:
    """Write *files*, a mapping of names to writers, to *folder*, and return what was written.

    A name may have one folder before it, which is made, as in ``pictures/01.png``.
    Each file is written to a temporary file first, so none is held in memory, and no existing
    file is replaced before all are complete, nor before those in a folder, which it shows, are in
    their place.  A hand-edited file whose suffix is one of *editable*, EDITABLE_SUFFIXES if not
    given, is renamed to ``….bak-<n>.docx`` instead of being overwritten: lists and comparisons are
    written with RESULT_SUFFIXES.  The record says that *maker* has written them.
    Raises EnvironmentProblem if the folder or a file cannot be written, which names the files that
    are replaced already, and whatever a writer raises.
    """
    _make_folder(folder)
    remove_leftovers(folder)
    record = _read_record(folder)
    kept = EDITABLE_SUFFIXES if editable is None else editable
    temporary: dict[str, Path] = {}
    written: dict[str, Written] = {}
    try:
        for name, write in files.items():
            temporary[name] = _write_temporary(folder, write)
            if not _is_direct(name):
                _make_subfolder(folder, name)
        for name in sorted(files, key=_is_direct):
            digest = file_digest(temporary[name])
            last = record.get(name)
            backup = None
            with _telling(written):
                if Path(name).suffix.lower() in kept:
                    backup = _keep_edited(folder / name, digest, last.digest if last else None)
                _replace(folder / name, temporary[name])
            written[name] = Written(folder / name, backup)
            entry = Entry(digest, maker.origin, maker.state)
            record[name] = entry.sealed(name, maker.key)
            del temporary[name]
    finally:
        for path in temporary.values():
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        if written:
            _write_record(folder, record)
    return [written[name] for name in files]


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentProblem(
            f"无法建立输出目录 {folder}：{why_no_folder(folder, error)}",
            "换一个输出目录，或者把占用这个名称的移走、改名",
        ) from error


def _is_direct(name: str) -> bool:
    """Return whether the file *name* lies in the output folder itself."""
    return Path(name).name == name


def _is_own_place(folder: Path, name: str) -> bool:
    """Return whether *name* is that of a file in *folder*, or in a real folder within it."""
    parts = Path(name).parts
    if len(parts) == 2 and parts[0] != "..":
        return "/".join(parts) == name and not (folder / parts[0]).is_symlink()
    return _is_direct(name)


def _make_subfolder(folder: Path, name: str) -> None:
    """Make the folder within *folder* in which the file *name* is to lie."""
    target = (folder / name).parent
    if target.is_symlink():
        raise EnvironmentProblem(f"{target} 是链接，不往里面写", "删去这个链接，或者换一个输出目录")
    _make_folder(target)


def _write_temporary(folder: Path, write: FileWriter) -> Path:
    try:
        return new_file(folder, write)
    except OSError as error:
        reason = system_reason(error)
        raise EnvironmentProblem(
            f"无法写入 {folder}：{reason}", "检查磁盘空间和写入权限"
        ) from error


@contextlib.contextmanager
def _telling(written: Iterable[str]) -> Iterator[None]:
    """Add what is *written* already to an EnvironmentProblem: it and the rest are of two states."""
    try:
        yield
    except EnvironmentProblem as problem:
        names = dict.fromkeys(Path(name).parts[0] for name in written)
        if not names:
            raise
        message = f"{problem.message}；已经换成新的：{'、'.join(names)}"
        raise EnvironmentProblem(message, problem.hint) from problem


def _replace(path: Path, temporary: Path) -> None:
    try:
        temporary.replace(path)
    except OSError as error:
        raise cannot_replace(path, error) from error


def _keep_edited(path: Path, digest: str, last: str | None) -> Path | None:
    """Rename the file *path* if it was edited by hand, and return its new path.

    Returns None if there is no such file, or if its hash is that of the one *last* written or the
    *digest* of the one about to be written.
    """
    try:
        if not path.is_file() or _digest(path) in (digest, last):
            return None
        number = 1
        while (backup := path.with_name(f"{path.stem}.bak-{number}{path.suffix}")).exists():
            number += 1
        path.rename(backup)
    except OSError as error:
        raise cannot_replace(path, error) from error
    return backup


def _digest(path: Path) -> str:
    """Return the hash of the file *path*; empty if it is larger than anything written here."""
    try:
        return file_digest(path, _MAX_OUTPUT)
    except FileTooLargeError:
        return ""


def _read_record(folder: Path) -> dict[str, Entry]:
    """Return the record in *folder*, empty if there is none or it is damaged.

    An older record has only the hash of each file.
    """
    try:
        data = read_file(folder / RECORD_FILE, _MAX_RECORD)
        found = msgspec.json.decode(data, type=dict[str, Entry | str])
    except (OSError, ValueError):
        return {}
    return {name: Entry(item) if isinstance(item, str) else item for name, item in found.items()}


def _write_record(folder: Path, record: Mapping[str, Entry]) -> None:
    # Without the record the next run keeps an unnecessary copy, which is harmless.
    with contextlib.suppress(OSError):
        data = msgspec.json.format(msgspec.json.encode(record, order="sorted"), indent=1)
        write_whole(folder / RECORD_FILE, data + b"\n")


def written_for(folder: Path, origins: Iterable[str], key: bytes) -> set[str]:
    """Return the names of the files in *folder* that this user's program made of *origins*.

    Files that were changed since are not among them.
    """
    record = _read_record(folder)
    makers = [Maker(origin, key=key) for origin in origins] if record and key else []
    return {
        name
        for name, entry in record.items()
        if any(_is_own(folder, name, entry, maker) for maker in makers)
    }


class EarlierFile(Struct, frozen=True):
    """A file that an earlier build of a report has left in the output folder."""

    path: Path
    is_removable: bool
    """Whether the program wrote it for this user, and nobody has changed it since."""
    is_current: bool
    """Whether it was made of the report in its present state."""
    folder: Path
    """The output folder, whose record has it."""


def earlier_files(
    folder: Path, maker: Maker, written: Collection[str] = (), names: Iterable[str] = ()
) -> list[EarlierFile]:
    """Return the files in *folder* that earlier builds of the report of *maker* left there.

    Files *written* now are left out.  Files called one of *names* belong to the report even if the
    record does not know them.
    """
    record = _read_record(folder)
    own = {name for name, entry in record.items() if maker.origin and entry.origin == maker.origin}
    found = []
    for name in sorted({*own, *names} - set(written)):
        entry = record.get(name)
        path = folder / name
        if _is_own_place(folder, name) and path.is_file():
            is_own = entry is not None and _is_own(folder, name, entry, maker)
            is_current = entry is not None and bool(maker.state) and entry.state == maker.state
            found.append(EarlierFile(path, is_own, is_current, folder))
    return found


def _is_own(folder: Path, name: str, entry: Entry, maker: Maker) -> bool:
    """Return whether the file *name* is exactly the one that *maker* wrote, as *entry* says."""
    path = folder / name
    if entry.origin != maker.origin or not entry.is_genuine(name, maker.key):
        return False
    with contextlib.suppress(OSError):
        return not path.is_symlink() and _digest(path) == entry.digest
    return False


def remove_earlier(files: Iterable[EarlierFile]) -> list[Path]:
    """Remove those of *files* that may be removed, and return their paths.

    Raises EnvironmentProblem if one cannot be removed.
    """
    removed = []
    for file in files:
        if not file.is_removable:
            continue
        try:
            file.path.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_replace(file.path, error) from error
        record = _read_record(file.folder)
        if record.pop(file.path.relative_to(file.folder).as_posix(), None):
            _write_record(file.folder, record)
        if file.path.parent != file.folder:
            with contextlib.suppress(OSError):  # other files are in it
                file.path.parent.rmdir()
        removed.append(file.path)
    return removed
