"""What lies below a folder of many reports: report folders, finished files, and what is neither.

Nothing is passed over in silence: a folder that somebody handed in without a ``report.yaml`` is
returned with the reason, because its organ would be missing from every total.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from msgspec import Struct

from reportgen.files import is_inside, resolved
from reportgen.outputs import origin_of, written_for
from reportgen.problems import system_reason
from reportgen.readers.files import DATA_FILE, NARRATIVE_FILE, misnamed
from reportgen.readers.inputs import OFFICE_LOCKS, OUTPUT_FOLDER, OWN_FOLDERS, is_own_file

FINISHED = (
    ".doc", ".docx", ".et", ".htm", ".html", ".json", ".mht", ".mhtml", ".ofd", ".pdf", ".wps",
    ".xls", ".xlsx",
)  # fmt: skip
"""What the names of finished files end in, where they are looked for in a folder."""
_TEXTS = (".md", ".txt")
"""What the names of files end in that may be a report copied as text, or something else."""
REPLIES_FOLDER = "回执"
"""The folder of reply sheets, beside the summary of a batch."""
MAX_DEPTH = 20
"""The levels of folders that are looked at."""
_NOT_READ = (".odf", ".ods", ".odt", ".rtf")
"""What the names of documents end in that may be a report, but that no reader takes."""
_ARCHIVES = (".7z", ".gz", ".rar", ".tar", ".zip")
_MOST_NAMED = 3


class FinishedFile(Struct, frozen=True):
    """A file that may be a finished report, outside of report folders."""

    path: Path
    loose: bool
    """Whether it lies beside the folders of units, and not in the folder of one unit."""


class LeftOut(Struct, frozen=True):
    """A folder or file that is no report, with the reason."""

    path: Path
    wording: str
    """The wording of the rule ``organ-left-out``; empty for its main message."""
    file: str = ""
    """The names of the files that the reason is about."""
    reason: str = ""
    """What the system says, if a folder cannot be read."""


class Survey(Struct, frozen=True):
    """What lies below a folder, each list in the order of the paths."""

    reports: tuple[Path, ...]
    """The report folders."""
    finished: tuple[FinishedFile, ...]
    """The files that may be finished reports."""
    left_out: tuple[LeftOut, ...]
    """Everything else that somebody may have handed in."""


def survey_folder(root: Path, skipped: Collection[Path] = (), key: bytes = b"") -> Survey:
    """Return what lies below *root*, which may be a report folder itself.

    The paths *skipped*, folders named ``output``, hidden folders and the program's own files are
    passed over, also the finished files that a batch over *root* made; the record of these is
    sealed with the user's *key*.  Links to folders are not followed, because they could lead in
    circles, nor links to files elsewhere, which the sender of a folder has no right to read.
    """
    walk = _FolderWalk(root, frozenset(map(resolved, skipped)))
    walk.look(root, 0)
    made = _made_here(root, walk.reports, {item.path.parent for item in walk.finished}, key)
    finished = (item for item in walk.finished if item.path not in made)
    return Survey(
        tuple(sorted(walk.reports)),
        tuple(sorted(finished, key=lambda item: item.path)),
        tuple(sorted(walk.left_out, key=lambda item: item.path)),
    )


def _made_here(
    root: Path, reports: Collection[Path], folders: Collection[Path], key: bytes
) -> set[Path]:
    """Return the files in *folders* that a batch over *root* made of one or all of its *reports*.

    It writes the files of ``root/某局`` to ``out/某局``.
    """
    known = {report.relative_to(root).parts for report in reports}
    made = set()
    for folder in folders:
        parts = folder.relative_to(root).parts
        ends = (parts[begin:] for begin in range(1, len(parts)))
        sources = [root, *(root.joinpath(*end) for end in ends if end in known)]
        names = written_for(folder, (origin_of(source, folder) for source in sources), key)
        made |= {folder / name for name in names}
    return made


class _FolderWalk:
    """Looks at folders and gathers what is in them."""

    def __init__(self, root: Path, skipped: frozenset[Path]) -> None:
        self._root = root
        self._skipped = skipped
        self.reports: list[Path] = []
        self.finished: list[FinishedFile] = []
        self.left_out: list[LeftOut] = []

    def look(self, place: Path, depth: int) -> bool:
        """Gather what is in and below *place*; return whether there is a report or a file of one.

        *depth* is 0 for the folder that was asked for.
        """
        if depth > MAX_DEPTH:
            self.left_out.append(LeftOut(place, "too-deep"))
            return False
        begun = len(self.finished), len(self.left_out)
        try:
            folders, names = self._entries(place, depth)
        except OSError as error:
            self.left_out.append(LeftOut(place, "unreadable", reason=system_reason(error)))
            return False
        is_report = DATA_FILE in names
        if is_report:
            self.reports.append(place)
            folders = [folder for folder in folders if folder.name not in OWN_FOLDERS]
        held = [self.look(folder, depth + 1) for folder in folders]
        if is_report:  # what else lies in a report folder is its author's own affair
            del self.finished[begun[0] :], self.left_out[begun[1] :]
            return True
        is_shared = depth == 0 or any(held)
        if not is_shared and names:  # the parts of one unit's folder are not told one by one
            del self.left_out[begun[1] :]
        return self._judge(place, folders, names, is_shared=is_shared) or any(held)

    def _entries(self, place: Path, depth: int) -> tuple[list[Path], list[str]]:
        """Return the folders in *place* that are looked at, and the names of its files, sorted."""
        folders, names = [], []
        with os.scandir(place) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                path = Path(entry.path)
                if entry.name.startswith((".", *OFFICE_LOCKS)) or is_own_file(entry.name):
                    continue
                if self._skipped and resolved(path) in self._skipped:
                    continue
                if entry.name == DATA_FILE:  # what it is, is told when the report is read
                    names.append(entry.name)
                elif entry.is_symlink() and not (path.is_file() and is_inside(path, self._root)):
                    self.left_out.append(LeftOut(path, "link"))
                elif not entry.is_dir():
                    names.append(entry.name)
                elif entry.name != OUTPUT_FOLDER and (depth or entry.name != REPLIES_FOLDER):
                    folders.append(path)
        return folders, names

    def _judge(
        self, place: Path, folders: list[Path], names: list[str], *, is_shared: bool
    ) -> bool:
        """Gather what the files *names* of *place*, no report folder, are.

        A folder that *is_shared* holds the folders of several units.  Return whether there is a
        file of a report.
        """
        files = [name for name in names if name.lower().endswith(FINISHED)]
        packed = [name for name in names if name.lower().endswith(_ARCHIVES)]
        if is_shared or not (files or packed):
            texts = (name for name in names if name.lower().endswith(_TEXTS))
            files += [name for name in texts if name != NARRATIVE_FILE]
        if other := misnamed(place / DATA_FILE):
            self.left_out.append(LeftOut(place, "misnamed", other))
            return True
        self.finished += [FinishedFile(place / name, is_shared) for name in files]
        if is_shared:
            self.left_out += [LeftOut(place / name, "archive", name) for name in packed]
            strange = (name for name in names if name.lower().endswith(_NOT_READ))
            self.left_out += [LeftOut(place / name, "not-read", name) for name in strange]
        elif not files and packed:
            self.left_out.append(LeftOut(place, "archive", listed(packed)))
        elif not files and names:
            self.left_out.append(LeftOut(place, "", listed(names)))
        elif not files and not folders:
            self.left_out.append(LeftOut(place, "empty"))
        return bool(files)


def listed(names: list[str]) -> str:
    """Return the first few of *names* as a list."""
    more = f"等 {len(names)} 个文件" if len(names) > _MOST_NAMED else ""
    return "、".join(names[:_MOST_NAMED]) + more
