"""What a report is made of, as one hash: equal hashes, equal files.

The hash covers every file of the report folder except what the program wrote,
last year's folder if the report names one, the shipped templates and fonts,
the version of the program and the options of the build.  A file that a reader would read
counts by its content, within bounds, any other by its size and when it was last written.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from reportgen import __version__, files
from reportgen.located import Mapping, parse_yaml
from reportgen.outputs import RECORD_FILE
from reportgen.pictures import PICTURE_SUFFIXES
from reportgen.readers.files import DATA_FILE, read_source
from reportgen.readers.settings import PREVIOUS_KEY, read_entries

OUTPUT_FOLDER = "output"
SUMMARY_FILES = ("汇总结果.csv", "汇总结果.xlsx")
SUM_FILE = "汇总明细.xlsx"
"""The workbook of a sum over many reports, beside its report folder's other files."""
UNIT_RECORD = ".reportgen-batch.json"
SCHEMA_FILE = "report.schema.json"
"""What editors read beside ``report.yaml``."""
OWN_FOLDERS = frozenset({"templates", "fonts", "images"})
"""The folders of a report folder, in which no other report lies."""
NOT_INPUT = frozenset(
    {
        *SUMMARY_FILES,
        SUM_FILE,
        SCHEMA_FILE,
        UNIT_RECORD,
        RECORD_FILE,
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
    }
)
_KEPT = re.compile(r"(.+)\.bak-\d+(\.\w+)")
"""What a file is called that was kept because somebody had edited it."""
_READ_SUFFIXES = frozenset({".yaml", ".md", ".docx", ".xlsx", *PICTURE_SUFFIXES})
_MAX_HASHED_BYTES = 300_000_000
_VERSION_CONTROL = frozenset({".git", ".svn"})
OFFICE_LOCKS = ("~$", ".~")


def is_own_file(name: str) -> bool:
    """Return whether the program wrote the file *name* beside reports, or the system did."""
    kept = _KEPT.fullmatch(name)
    return (kept[1] + kept[2] if kept else name) in NOT_INPUT


def own_output(folder: Path) -> Path:
    """Return the folder of output in the report *folder*; it need not be there yet.

    Raises EnvironmentProblem when it leads out of *folder*.
    """
    out = folder / OUTPUT_FOLDER
    files.refuse_way_out(out, folder, "报告目录")
    return out


def hash_inputs(folder: Path, out: Path, options: Sequence[str]) -> str:
    """Return the hash of everything the report in *folder*, written to *out*, depends on."""
    total = hashlib.sha256()
    for part in (__version__, shipped_hash(), *options):
        total.update(f"{part}\0".encode())
    _add_tree(total, folder, out)
    name = previous_name(folder)
    previous = folder / name
    if name and hash_file(previous / DATA_FILE):
        _add_tree(total, previous, out)
    elif name:
        _add_file(total, name, previous)
    return total.hexdigest()


@lru_cache(maxsize=1)
def shipped_hash() -> str:
    """Return the hash of the shipped templates and fonts; a font counts by its size."""
    total = hashlib.sha256()
    templates, fonts = files.resource_folder("templates"), files.resource_folder("fonts")
    for path in sorted(path for path in templates.rglob("*") if path.is_file()):
        _add_file(total, path.relative_to(templates).as_posix(), path)
    for path in sorted(path for path in fonts.iterdir() if path.is_file()):
        if path.suffix in (".yaml", ".txt"):
            _add_file(total, path.name, path)
        else:
            total.update(f"{path.name}\0{path.stat().st_size}\0".encode())
    return total.hexdigest()


def hash_file(path: Path, limit: int | None = None) -> str:
    """Return the hash of the file *path*, empty when it cannot be read or exceeds *limit* bytes."""
    try:
        return files.file_digest(path, limit)
    except (OSError, ValueError):  # ValueError: a name no file can have
        return ""


def _add_tree(total: hashlib._Hash, folder: Path, out: Path) -> None:
    """Add the report in *folder*, of the contents that would be read at most a bounded sum."""
    budget = _MAX_HASHED_BYTES
    for path in input_files(folder, out):
        name = path.relative_to(folder)
        stamp = _stamp(path)
        if stamp and stamp[0] <= budget and _is_read(name):
            budget -= stamp[0]
            _add_file(total, name.as_posix(), path)
        else:
            total.update(f"{name.as_posix()}\0{stamp}\0".encode("utf-8", "surrogatepass"))
    total.update(b"\0\0")


def _is_read(name: Path) -> bool:
    """Return whether a reader may read the file at *name* below a report folder.

    Text, numbers and pictures lie at the top or in the folders of a report; what else the
    data can name is told by its suffix.
    """
    return name.parts[0] in OWN_FOLDERS or name.suffix.lower() in _READ_SUFFIXES


def _stamp(path: Path) -> files.Stamp | None:
    """Return size and time of the regular file *path*; None when it is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return files.stamp_of(status) if stat.S_ISREG(status.st_mode) else None


def _add_file(total: hashlib._Hash, name: str, path: Path) -> None:
    digest = hash_file(path, _MAX_HASHED_BYTES)
    total.update(f"{name}\0{digest}\0".encode("utf-8", "surrogatepass"))


def input_files(folder: Path, out: Path) -> Iterator[Path]:
    """Yield the files of the report in *folder*, in order; not those of reports further down."""
    skipped = files.resolved(out)
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if not (name == OUTPUT_FOLDER and Path(place) == folder)
            and name not in _VERSION_CONTROL
            and files.resolved(Path(place, name)) != skipped
            and not _is_other_report(Path(place, name), folder)
        )
        for name in sorted(names):
            if not is_own_file(name) and not name.startswith(OFFICE_LOCKS):
                yield Path(place, name)


def _is_other_report(folder: Path, own: Path) -> bool:
    """Return whether *folder* is a report of its own below the report *own*."""
    if folder.relative_to(own).parts[0] in OWN_FOLDERS:
        return False
    return (folder / DATA_FILE).is_file()


def previous_name(folder: Path) -> str:
    """Return last year's folder or file that the report in *folder* names, if any."""
    path = folder / DATA_FILE
    source = read_source(path)[0] if files.is_inside(path, folder) else None
    root = parse_yaml(source)[0] if source else None
    if not isinstance(root, Mapping):
        return ""
    return read_entries(root, (PREVIOUS_KEY,), where=None).text(PREVIOUS_KEY)
