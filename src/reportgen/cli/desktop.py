"""Files and folders that are dropped on the program."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import click

from reportgen.cli import parameters as take
from reportgen.cli.commands import Command
from reportgen.cli.published import import_
from reportgen.cli.report import PARTS, check, is_part

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp"})


@click.command(
    "open",
    cls=Command,
    help="拖到程序上的文件：报告目录就核对，Word、网页、PDF 或放着它们的目录就变成报告目录。",
)
@click.argument("paths", metavar="报告目录或文件", nargs=-1, required=True, type=take.Folder())
@click.pass_context
def dropped(context: click.Context, paths: tuple[Path, ...]) -> int:
    """Check report folders; make a report folder of anything else, beside the first of it.

    A folder with one document in it, and pictures, is what a report is made of; one with several
    documents holds finished reports, which are checked.
    """
    folders = tuple(path.parent if is_part(path) else path for path in paths)
    if all(folder.is_dir() and not _is_material(folder) for folder in folders):
        code: int = context.invoke(check, paths=folders)
    else:
        code = context.invoke(import_, files=paths, out=_free_folder(paths))
    return code


def _is_material(folder: Path) -> bool:
    """Return whether a report folder is to be made of *folder*: it holds a single document."""
    from reportgen.published import FileRole, role_of
    from reportgen.readers import is_copy

    data = folder / PARTS[0]
    files = [file for file in folder.iterdir() if file.is_file() and file.name[0] not in ".~"]
    if any(file.name == data.name or is_copy(file, data) for file in files):
        return False
    return [role_of(file) for file in files].count(FileRole.DOCUMENT) == 1


def _free_folder(paths: tuple[Path, ...]) -> Path:
    """Return the name of a new folder beside the first document, or picture, of *paths*."""
    document = min(paths, key=lambda path: path.suffix.lower() in PICTURES)
    stem = document.name if document.is_dir() else document.stem
    names = (f"{stem}-报告{n if n > 1 else ''}" for n in count(1))
    return next(place for name in names if not (place := document.with_name(name)).exists())
