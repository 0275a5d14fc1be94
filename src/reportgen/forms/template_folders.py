"""Folders of template files, the first that has a file before the others."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from reportgen.files import Stamp, stamp_of
from reportgen.problems import EnvironmentProblem, system_reason
from reportgen.source import SourceFile

FORM_FILE = "form.yaml"
REPORT_FILE = "report.yaml"
STYLE_FILE = "style.yaml"
SKELETON_FILE = "report.md.j2"
STARTER_FILE = "starter.md"
RULES_FILE = "checks.yaml"
SENTENCES_FILE = "sentences.yaml"
COMPILED_FILE = "form.json"
OWN_TEMPLATES = "templates"
"""The folder in a report folder whose files come before the shipped ones."""
MAX_TEXT_BYTES = 1_000_000
"""The longest template of a page or a scaffold, far above what one needs."""


class TemplateFolders(Struct, frozen=True):
    """The folders that templates are looked up in, most preferred first."""

    roots: tuple[Path, ...]

    def find(self, relative: Path) -> Path | None:
        """Return the preferred file at *relative*, or None."""
        return next(iter(self.find_all(relative)), None)

    def find_all(self, relative: Path) -> list[Path]:
        """Return every file at *relative*, the preferred one first."""
        paths = (root / relative for root in self.roots)
        return [path for path in paths if path.is_file()]

    def files_of(self, report: str, form: str) -> Iterator[tuple[str, Path, Stamp]]:
        """Yield every file the form is made of: its path below the root, the file, its stamp.

        The files lie in the form's folder, except for the rules it shares.  Of rules, every
        root's file counts: one may change what another says.
        """
        rules = {f"{report}/{form}/{RULES_FILE}", f"{report}/{RULES_FILE}", RULES_FILE}
        names = {*rules, f"{report}/{SENTENCES_FILE}", f"{report}/{REPORT_FILE}"}
        for root in self.roots:
            for place, _, files in os.walk(root / report / form):
                below = Path(place).relative_to(root).as_posix()
                names.update(f"{below}/{name}" for name in files if name != COMPILED_FILE)
        for name in sorted(names):
            for root in self.roots:
                path = root / name
                if stamp := _stamp(path):
                    yield name, path, stamp
                    if name not in rules:
                        break

    def names(self, relative: Path) -> list[str]:
        """Return the names of the folders below *relative* in any root, sorted."""
        found: set[str] = set()
        for folder in (root / relative for root in self.roots):
            if folder.is_dir():
                with os.scandir(folder) as entries:
                    found.update(entry.name for entry in entries if entry.is_dir())
        return sorted(found)


def _stamp(path: Path) -> Stamp | None:
    """Return the stamp of the file *path*, None when there is no such file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return stamp_of(status) if stat.S_ISREG(status.st_mode) else None


def read_text(path: Path) -> SourceFile:
    """Return the text of the template *path*, line ends as LF.

    Raises EnvironmentProblem when it cannot be read or is too long.
    """
    try:
        if path.stat().st_size > MAX_TEXT_BYTES:
            message = f"模板 {path} 过大：不能超过 {MAX_TEXT_BYTES // 1_000_000} MB"
            raise EnvironmentProblem(message, "删去用不到的内容")
        return SourceFile(str(path), path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise EnvironmentProblem(f"模板 {path} 不是 UTF-8 编码", "另存为 UTF-8 编码") from error
    except OSError as error:
        reason = system_reason(error)
        raise EnvironmentProblem(f"无法读取模板 {path}：{reason}", "检查这个文件") from error
